"""`antrean privacy`: what is kept of one citizen, and the key by which it is sealed. Works beside a running server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from queue_server.cli.options import config_option, data_option
from queue_server.registry.keys import fresh, personal_keys
from queue_server.registry.store import Registry, open_registry
from queue_server.settings import load


@click.group(short_help="The key of personal words, and how it is exchanged.")
def command() -> None:
    """The key by which notes, names and phones are sealed."""


@command.command(short_help="Print a fresh key for personal words.")
def key() -> None:
    """Print a fresh key: put it as the first line of the file that `[privacy] key_file` names, or data/personal.key."""
    click.echo(fresh())


@command.command(short_help="Say how much is still sealed by older keys.")
@config_option
@data_option
def keys(config: Path, data: Path) -> None:
    """Say how many texts are not sealed by the first key of the file yet. The server seals them within a minute."""
    with _opened(config, data) as registry:
        click.echo(str(0 if registry.personal.is_empty() else registry.personal.sealed_by_others()))


@contextmanager
def _opened(config: Path, data: Path) -> Iterator[Registry]:
    """The registry with the mall's own keys, wherever config.toml has them."""
    settings = load(config)
    registry = open_registry(data / "registry.db", keys=lambda: personal_keys(settings, config.parent, data))
    try:
        yield registry
    finally:
        registry.close()
