"""The registry's file: one connection, one lock, the real clock.

Whoever is let in is let in by real time, whatever the mall's clock says. Any thread may call; a change holds the lock
while the disk works, so looking up from the event loop may wait that long, some hundred microseconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from queue_server.database import Connection, Fault, malformed, open_file, writing
from queue_server.errors import FileDamaged, Unavailable
from queue_server.registry.schema import MIGRATIONS

Clock = Callable[[], int]
"""Milliseconds since the epoch."""


def wall_clock() -> int:
    return time.time_ns() // 1_000_000


class RegistryFile:
    def __init__(self, path: Path, clock: Clock, busy_ms: int) -> None:
        self.now = clock
        self._path = path
        self._lock = RLock()
        with self._explained():
            self._db = open_file(path, MIGRATIONS, forgets=True, busy_ms=busy_ms)
        self._connection = self._db.conn
        self._changed = 0
        self._wal_holds_forgotten = True  # a crash may have come between deleting and emptying

    def changes(self) -> tuple[int, int]:
        """Another pair than before says that something was changed: by us, or by another program."""
        with self._lock, self._explained():
            others: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        return self._changed, others

    def read(self, sql: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        with self._lock, self._explained():
            return self._connection.execute(sql, parameters).fetchall()

    @contextmanager
    def change(self) -> Iterator[Connection]:
        """One transaction; on disk when the block has ended."""
        with self._lock, self._explained(), writing(self._db) as connection:
            yield connection
            self._changed += 1

    def has_forgotten(self) -> None:
        """Something that nobody may read any more was deleted: empty the write-ahead log, where it still stands."""
        self._wal_holds_forgotten = True
        self.empty_log()

    def empty_log(self) -> None:
        """Take what was forgotten out of the write-ahead log too; again later, if somebody reads just now."""
        if self._wal_holds_forgotten:
            with self._lock, self._explained():
                busy: int = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            self._wal_holds_forgotten = bool(busy)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (Fault, OSError) as error:
            if malformed(error):
                raise FileDamaged(
                    f"The registry {self._path} is damaged ({error}). Stop the server and restore the file from a"
                    " backup; without one move it away, and let people and devices in anew."
                ) from error
            raise Unavailable(f"The registry {self._path} does not answer: {error}.") from error
