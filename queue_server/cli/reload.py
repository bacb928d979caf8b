"""`antrean reload`: the running server reads config.toml again, and says whether it could take it today."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import click

from queue_server.cli.options import data_option
from queue_server.compose import ADDRESS
from queue_server.errors import Broken
from queue_server.registry.roles import Role
from queue_server.registry.store import open_registry


@click.command(short_help="Take a changed config.toml into the running server.")
@data_option
def command(data: Path) -> None:
    """Let the server that runs on this data folder read its config.toml again.

    What it says holds at once. Where it would take away something that is in use (a service with people waiting, an
    open counter), today's rules stay, the file holds from the next day on, and this command says why; exit status 1.
    """
    address = data / ADDRESS
    if not address.is_file():
        raise Broken(f"No server has run on {data}. Is --data the right folder?")
    answer = ask(address.read_text(encoding="utf-8").strip(), data)
    if answer.get("taken"):
        click.echo("config.toml is taken.")
        return
    reasons = answer.get("refused") or [answer.get("detail", "The server did not say why.")]
    raise Broken("\n".join(["config.toml is not taken today:", *reasons]))


def ask(url: str, data: Path) -> dict[str, Any]:
    """The server's answer; asked with a token that is revoked again at once."""
    registry = open_registry(data / "registry.db")
    try:
        bearer = registry.tokens.create(Role.ADMIN, name="reload")
        token = registry.tokens.find(bearer)
        try:
            return _post(f"{url}/api/v1/reload", bearer)
        finally:
            if token is not None:
                registry.tokens.revoke(token.id)
    finally:
        registry.close()


def _post(url: str, bearer: str) -> dict[str, Any]:
    request = urllib.request.Request(url, b"{}", {"Authorization": f"Bearer {bearer}"})  # noqa: S310 - our own server
    request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return dict(json.load(answer))
    except urllib.error.HTTPError as refused:
        return dict(json.load(refused))
    except OSError as error:
        raise Broken(f"The server at {url} does not answer ({error}). Is it running?") from error
