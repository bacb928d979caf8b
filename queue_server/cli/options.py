"""Options that several commands have, the same everywhere."""

from __future__ import annotations

from pathlib import Path

import click
from msgspec.structs import replace

from queue_server.settings import Settings

config_option = click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("config.toml"),
    show_default=True,
    help="The mall's file.",
)

data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data"),
    show_default=True,
    help="The server's folder: journal, registry, keys.",
)


def unlimited(settings: Settings) -> Settings:
    """The same mall for machines that play citizens, who press faster than people do."""
    return replace(settings, limits=replace(settings.limits, tickets_per_kiosk=None, per_token=None, requests=None))
