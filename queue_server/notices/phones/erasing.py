"""No phone is told of a ticket any more, whoever says so: the server, or a command beside it. Both by the file alone.

The server's memory looks whether the file has changed before it tells anybody anything (kept.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from queue_server.database import open_file, open_to_read, writing
from queue_server.notices.phones.kept import MIGRATIONS

FILE = "phones.db"
"""In the data folder."""


class PhonesFile:
    """The file of a data folder; where there is none, no phone was ever told."""

    def __init__(self, data: Path) -> None:
        self._path = data / FILE

    def following(self, ticket: str) -> int:
        """How many phones are told of it."""
        if not self._path.is_file():
            return 0
        db = open_to_read(self._path)
        try:
            return int(db.execute("SELECT count(*) FROM phones WHERE ticket = ?", (ticket,)).fetchone()[0])
        finally:
            db.close()

    def erase(self, tickets: Iterable[str]) -> None:
        """Their phones go out of the file and its log, and no other is taken for these tickets. Safe to repeat."""
        if not self._path.is_file():
            return
        gone = [(ticket,) for ticket in tickets]
        db = open_file(self._path, MIGRATIONS, forgets=True)
        try:
            with writing(db) as connection:
                connection.executemany("INSERT OR IGNORE INTO erased (ticket) VALUES (?)", gone)
                connection.executemany("DELETE FROM phones WHERE ticket = ?", gone)
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            db.close()
