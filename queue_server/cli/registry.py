"""The registry of a data folder, open for one command: beside a running server, or without one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from queue_server.registry.keys import personal_keys
from queue_server.registry.store import Registry, open_registry
from queue_server.settings import load


@contextmanager
def opened(data: Path, config: Path | None = None) -> Iterator[Registry]:
    """Made if missing; closed, and with it written, when the block ends. What opens or seals anything names the mall's
    `config`, which may have its keys elsewhere. Raises ConfigWrong.
    """
    settings = load(config) if config is not None else None
    registry = open_registry(
        data / "registry.db",
        keys=None
        if settings is None or config is None
        else lambda make: personal_keys(settings, config.parent, data, make=make),
    )
    try:
        yield registry
    finally:
        registry.close()
