"""Rows of days that are over, for statistics: in a connection of its own, so that nobody waits for who reads long."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from queue_server.database import Database, open_to_read

_DAYS = """
    WITH RECURSIVE days (name) AS (
        SELECT min(day) FROM steps WHERE day >= :first AND day < :end
        UNION ALL
        SELECT (SELECT min(day) FROM steps WHERE day > name AND day < :end) FROM days WHERE name IS NOT NULL
    )
    SELECT name FROM days WHERE name IS NOT NULL
    AND EXISTS (SELECT 1 FROM steps INDEXED BY steps_of_past_days WHERE day = name AND past = 1)
"""
_AFTER = "~"
"""Sorts after whatever follows a date in a day's name."""
_KEY = "day, issued_at, ticket, step"


class PastRows:
    """Any thread may ask, one at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reading = Lock()
        self._db: Database | None = None

    def close(self) -> None:
        with self._reading:
            if self._db is not None:
                self._db.close()
                self._db = None

    def _open(self) -> Database:
        if self._db is None:
            self._db = open_to_read(self._path)
        return self._db

    def days(self, first: str, last: str) -> list[str]:
        """The business days of these dates that are over and have steps, oldest first."""
        with self._reading:
            rows = self._open().execute(_DAYS, {"first": first, "end": last + _AFTER}).fetchall()
        return [day for (day,) in rows]

    def rows(self, day: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """The steps of a day that were queued, in the order of the table's key."""
        named = ",".join(columns)
        sql = f"SELECT {named} FROM steps WHERE day = ? AND queued_at IS NOT NULL ORDER BY {_KEY}"
        with self._reading:
            return self._open().execute(sql, (day,)).fetchall()
