"""Rows of an import until each day of them is complete: in memory as far as they fit, else in a temporary file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from queue_server.database import Database, Migrations, open_aside
from queue_server.domain.events import ImportedEvent

MIGRATIONS = Migrations("gathered")

AT_ONCE = 500


@MIGRATIONS()
def m001_rows(db: Database) -> None:
    db.execute("CREATE TABLE rows (place INTEGER PRIMARY KEY, day TEXT NOT NULL, data BLOB NOT NULL) STRICT")
    db.execute("CREATE INDEX rows_by_day ON rows (day, place)")


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(ImportedEvent).decode


class Gathered:
    def __init__(self) -> None:
        self._db = open_aside(MIGRATIONS)
        self._new: list[tuple[str, bytes]] = []

    def add(self, day: str, event: ImportedEvent) -> None:
        self._new.append((day, _encode(event)))
        if len(self._new) >= AT_ONCE:
            self._write()

    def _write(self) -> None:
        self._db.conn.executemany("INSERT INTO rows (day, data) VALUES (?, ?)", self._new)
        self._new = []

    def days(self) -> list[tuple[str, int]]:
        """Each day and how many rows it has, oldest first."""
        self._write()
        return self._db.execute("SELECT day, count(*) FROM rows GROUP BY day ORDER BY day").fetchall()

    def of(self, day: str) -> Iterator[ImportedEvent]:
        """In the order in which they came."""
        found: Iterable[tuple[bytes]] = self._db.execute("SELECT data FROM rows WHERE day = ? ORDER BY place", (day,))
        return (_decode(data) for (data,) in found)

    def close(self) -> None:
        self._db.close()
