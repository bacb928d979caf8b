"""Rows of days that are over, for statistics: in a connection of its own, so that nobody waits for who reads long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from queue_server.database import Database, open_to_read
from queue_server.journal.day_facts import Names, names_from_json
from queue_server.journal.sqlite.earlier import last_day

_DAYS = """
    WITH RECURSIVE days (name) AS (
        SELECT min(day) FROM {table} WHERE day >= :first AND day < :end
        UNION ALL
        SELECT (SELECT min(day) FROM {table} WHERE day > name AND day < :end) FROM days WHERE name IS NOT NULL
    )
    SELECT name, coalesce(version, 0) FROM days LEFT JOIN day_versions ON day_versions.day = name
    WHERE name IS NOT NULL AND name != :last
"""
_AFTER = "~"
"""Sorts after whatever follows a date in a day's name."""
_ORDER = {
    "steps": "day, issued_at, ticket, step",
    "counter_spans": "day, counter, from_at",
    "hall_spans": "day, from_at, state",
}
_COUNTED = {"steps": "queued_at IS NOT NULL", "counter_spans": "1", "hall_spans": "1"}


class PastRows:
    """`table` is `steps` (those that were queued), `counter_spans` or `hall_spans`.

    Any thread may ask, one at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reading = Lock()
        self._db: Database | None = None

    def close(self) -> None:
        with self._reading:
            if self._db is not None:
                self._db.close()
                self._db = None

    @contextmanager
    def _moment(self) -> Iterator[Database]:
        """All that is read within is of one moment."""
        with self._reading:
            if self._db is None:
                self._db = open_to_read(self._path)
            self._db.execute("BEGIN")
            try:
                yield self._db
            finally:
                self._db.execute("ROLLBACK")

    def file_id(self) -> str:
        """Another one in each file that was made anew."""
        with self._moment() as db:
            return str(db.execute("SELECT id FROM file_id").fetchone()[0])

    def days(self, table: str, first: str, last: str) -> dict[str, int]:
        """The business days of these dates that are over and have rows, oldest first, and the version of each: it grows
        with whatever is learned of it later."""
        with self._moment() as db:
            asked = {"first": first, "end": last + _AFTER, "last": last_day(db)}
            return dict(db.execute(_DAYS.format(table=table), asked).fetchall())

    def rows(self, table: str, day: str, columns: Sequence[str]) -> tuple[int, list[tuple[Any, ...]]]:
        """The version of a day, and its rows in the order of the table's key."""
        named = ",".join(columns)
        sql = f"SELECT {named} FROM {table} WHERE day = ? AND {_COUNTED[table]} ORDER BY {_ORDER[table]}"
        with self._moment() as db:
            version = db.execute("SELECT version FROM day_versions WHERE day = ?", (day,)).fetchone()
            return (version[0] if version else 0), db.execute(sql, (day,)).fetchall()

    def timezones(self, days: Sequence[str]) -> dict[str, str]:
        """By whose clock each day went, where that is known."""
        if not days:
            return {}
        with self._moment() as db:
            found = db.execute("SELECT day, timezone FROM days WHERE day BETWEEN ? AND ?", (min(days), max(days)))
            return {day: timezone for day, timezone in found.fetchall() if timezone}

    def names(self, day: str) -> Names | None:
        """What things were called on a day."""
        with self._moment() as db:
            found = db.execute("SELECT names FROM days WHERE day = ?", (day,)).fetchone()
        return names_from_json(found[0]) if found is not None else None
