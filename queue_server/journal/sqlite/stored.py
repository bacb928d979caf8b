"""The rows of `events` as they are stored, in their order, whatever state the file is in.

Fetched in the order of the table itself: an index may be damaged, and the table says more than any.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from queue_server.database import Database, Fault, malformed
from queue_server.journal.promises import Row
from queue_server.journal.sqlite.tables import EVENT_COLUMNS
from queue_server.journal.verify import wrong_row

READ_ROWS = 5_000
"""Fetched at a time, so that a running server's write-ahead log is not held back."""

Stored = tuple[Any, ...]
"""The columns of `events`; in a damaged file even their kinds may be others."""

FIRST = -(2**63)

_READ = f"SELECT {','.join(EVENT_COLUMNS)} FROM events NOT INDEXED WHERE seq > ? ORDER BY seq LIMIT ?"


def stored(db: Database, after: int | None = None) -> Iterator[list[Stored]]:
    """All rows after a `seq`, some at a time; without one also those that somebody put before number 1.

    Raises `JournalDamaged` at a row that cannot be read.
    """
    last = FIRST if after is None else after
    while True:
        try:
            rows = db.execute(_READ, (last, READ_ROWS)).fetchall()
        except Fault as error:
            if not malformed(error):
                raise
            seq = 1 if last == FIRST else last + 1
            raise wrong_row(seq, f"it, or a row after it, cannot be read ({error})") from error
        if rows:
            yield rows
            last = rows[-1][0]
        if len(rows) < READ_ROWS:
            return


def first_five(columns: Stored) -> Row:
    """What the chain covers."""
    return Row(*columns[:5])
