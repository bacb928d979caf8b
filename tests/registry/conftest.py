"""A registry in a folder of its own, with a clock that the test moves."""

from __future__ import annotations

from pathlib import Path

import pytest

from queue_server.database import BUSY_MS
from queue_server.registry.store import Registry, open_registry


class Place:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "registry.db"
        self.now = 1_000_000
        self.opened: list[Registry] = []

    def open(self, busy_ms: int = BUSY_MS) -> Registry:
        registry = open_registry(self.path, clock=lambda: self.now, busy_ms=busy_ms)
        self.opened.append(registry)
        return registry

    def bytes_on_disk(self) -> bytes:
        return b"".join(path.read_bytes() for path in sorted(self.path.parent.glob("registry.db*")))


@pytest.fixture
def place(tmp_path: Path):
    place = Place(tmp_path)
    yield place
    for registry in place.opened:
        registry.close()


@pytest.fixture
def registry(place: Place) -> Registry:
    return place.open()
