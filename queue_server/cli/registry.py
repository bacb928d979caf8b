"""The registry of a data folder, open for one command: beside a running server, or without one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from queue_server.registry.store import Registry, open_registry


@contextmanager
def opened(data: Path) -> Iterator[Registry]:
    """Made if missing; closed, and with it written, when the block ends."""
    registry = open_registry(data / "registry.db")
    try:
        yield registry
    finally:
        registry.close()
