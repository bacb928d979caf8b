"""The journal's tables as they stand at one moment, row by row, for whoever takes them elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from queue_server.database import Database, open_to_read

TABLES = {
    "events": "seq, stream, at, data, hash",
    "steps": "*",
    "counter_spans": "*",
    "days": "*",
    "hall_spans": "*",
}
"""What is taken, and which of its columns: not the hashes of Idempotency-Keys, which are forgotten after a day."""

_ORDER = {"events": "seq", "steps": "day, issued_at, ticket, step", "counter_spans": "day, counter, from_at"}


class Copied:
    """All of it is of one moment, whatever the server writes meanwhile."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def count(self, table: str) -> int:
        return int(self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def columns(self, table: str) -> list[str]:
        return [name for name, *_ in self._db.execute(f"SELECT {TABLES[table]} FROM {table} LIMIT 0").description]

    def rows(self, table: str) -> Iterator[tuple[Any, ...]]:
        yield from self._db.execute(f"SELECT {TABLES[table]} FROM {table} ORDER BY {_ORDER.get(table, 'day')}")


@contextmanager
def copied(path: Path) -> Iterator[Copied]:
    """Raises Broken where there is no journal."""
    with closing(open_to_read(path)) as db:
        db.execute("BEGIN")
        yield Copied(db)
