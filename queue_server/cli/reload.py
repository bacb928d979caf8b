"""`antrean reload`: the running server reads config.toml again, and says whether it could take it today."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import click

from queue_server.cli.options import data_option
from queue_server.errors import Broken
from queue_server.registry.passes import Passes
from queue_server.registry.store import open_registry
from queue_server.service.listening import ADDRESS

PATH = "/api/v1/reload"


@click.command(short_help="Take a changed config.toml into the running server.")
@data_option
@click.option("--config", type=click.Path(dir_okay=False, path_type=Path), help="The file that is meant, to be sure.")
def command(data: Path, config: Path | None) -> None:
    """Let the server that runs on this data folder read its config.toml again.

    What it says holds at once. Where it would take away something that is in use (a service with people waiting, an
    open counter), today's rules stay, the file holds from the next day on, and this command says why; exit status 1.
    """
    address = data / ADDRESS
    if not address.is_file():
        raise Broken(f"No server has run on {data}. Is --data the right folder?")
    answer = ask(address.read_text(encoding="utf-8").strip(), data, config)
    if answer.get("taken"):
        click.echo("The file is taken.")
        return
    if answer.get("refused"):
        raise Broken("\n".join(["The file is not taken today, but from the next day on:", *answer["refused"]]))
    raise Broken(f"The file is not taken:\n{answer.get('detail', 'The server did not say why.')}")


def ask(url: str, data: Path, config: Path | None) -> dict[str, Any]:
    """The server's answer; asked with a pass for this one question."""
    registry = open_registry(data / "registry.db")
    try:
        shown = Passes(registry.secret("passes")).make(f"POST {PATH}", registry.now())
    finally:
        registry.close()
    return _post(url + PATH, shown, {"file": str(config.resolve())} if config else {})


def _post(url: str, bearer: str, body: dict[str, str]) -> dict[str, Any]:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Authorization": f"Bearer {bearer}"})  # noqa: S310 - our own server
    request.add_header("Content-Type", "application/json")
    # never through a proxy of the environment: it is the server on this machine, and a pass is in it
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=_tls()))
    try:
        with opener.open(request, timeout=30) as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as refused:
        return dict(json.load(refused))
    except OSError as error:
        raise Broken(f"The server at {url} does not answer ({error}). Is it running?") from error


def _tls() -> ssl.SSLContext:
    """The certificate is the mall's, not this address's; a pass that another machine got is good once, for this."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
