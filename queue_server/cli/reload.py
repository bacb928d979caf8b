"""`antrean reload`: the running server reads config.toml again, and says whether it could take it today."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import click

from queue_server.cli.options import data_option
from queue_server.errors import Broken
from queue_server.registry.roles import Role
from queue_server.registry.store import open_registry
from queue_server.service.listening import ADDRESS


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
    """The server's answer; asked with a token that is revoked again at once."""
    registry = open_registry(data / "registry.db")
    try:
        bearer = registry.tokens.create(Role.ADMIN, name="reload")
        token = registry.tokens.find(bearer)
        try:
            return _post(f"{url}/api/v1/reload", bearer, {"file": str(config.resolve())} if config else {})
        finally:
            if token is not None:
                registry.tokens.revoke(token.id)
    finally:
        registry.close()


def _post(url: str, bearer: str, body: dict[str, str]) -> dict[str, Any]:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Authorization": f"Bearer {bearer}"})  # noqa: S310 - our own server
    request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return dict(json.load(answer))
    except urllib.error.HTTPError as refused:
        return dict(json.load(refused))
    except OSError as error:
        raise Broken(f"The server at {url} does not answer ({error}). Is it running?") from error
