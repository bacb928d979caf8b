"""All that tells people, put together for a server: what it watches, what it reads, what it sends."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from queue_server.journal.promises import Journal
from queue_server.notices.following import Following
from queue_server.notices.outbox import Outbox
from queue_server.notices.sending import Post
from queue_server.notices.watching import Watch
from queue_server.registry.file import wall_clock
from queue_server.service.engine import Engine
from queue_server.settings import Settings
from queue_server.wire.api import DeviceView

FILE = "outbox.db"


class Telling:
    """`data` is the server's folder, `folder` that of config.toml."""

    def __init__(
        self,
        engine: Engine,
        journal: Journal,
        settings: Callable[[], Settings],
        devices: Callable[[], Iterable[DeviceView]],
        data: Path,
        folder: Path,
    ) -> None:
        self.outbox = Outbox(data / FILE)
        self._history = journal.reader()
        following = Following(self.outbox, self._history, lambda: engine.state.rules, settings, wall_clock)
        self.watch = Watch(engine, lambda: settings().alerts, devices)
        self.post = Post(engine, self.outbox, following, settings, folder, wall_clock)

    def close(self) -> None:
        self._history.close()
        self.outbox.close()
