"""Was history edited? Every row is hashed again, and every day must open with the hash that closed the one before.

Reads only, and works beside a running server. A row that was changed, taken out or put in is found by its number. Rows
cut off at the end leave a chain that is whole: who wants to know keeps a `last_hash` elsewhere and gives it as
`expected`, which must then be somewhere in the chain.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from queue_server.database import Database, open_to_read
from queue_server.domain.events import AnyEvent, DayOpened
from queue_server.journal import chain
from queue_server.journal.past import is_day

READ_ROWS = 5_000


class Report(Struct, frozen=True, kw_only=True):
    """What `verify` found. `wrong_seq` is the first wrong row and `wrong` says what is; None in a whole chain."""

    rows: int
    days: int
    last_seq: int
    last_hash: str
    wrong_seq: int | None = None
    wrong: str | None = None


_decode = msgspec.json.Decoder(AnyEvent).decode


class _Walk:
    """Where the check stands; `check` says what is wrong with the next row, if anything is."""

    def __init__(self, expected: str | None) -> None:
        self.seq = 0
        self.hash = chain.START
        self.closing = ""
        self.day = ""
        self.days = 0
        self.expected = expected

    def check(self, seq: int, stream: str, at: int, data: bytes, digest: bytes) -> str | None:
        if seq != self.seq + 1:
            return f"rows {self.seq + 1} to {seq - 1} are missing"
        if chain.link(self.hash, seq, stream, at, data) != digest:
            return "it does not hash to what it says: it was changed, or the row before it was"
        if is_day(stream) and (wrong := self._check_day(stream, data)):
            return wrong
        self.seq, self.hash = seq, digest
        if is_day(stream):
            self.closing = digest.hex()
        if self.expected == digest.hex():
            self.expected = None
        return None

    def _check_day(self, stream: str, data: bytes) -> str | None:
        try:
            event = _decode(data)
        except msgspec.DecodeError as error:
            return f"it is no event that this version knows: {error}"
        if stream == self.day:
            return None
        if not isinstance(event, DayOpened) or event.day != stream:
            return f"the day {stream} does not begin with its opening"
        if event.before != self.closing:
            return "the day does not open with the hash that closed the one before"
        self.day = stream
        self.days += 1
        return None


def verify(path: Path, *, expected: str | None = None) -> Report:
    """Check the whole chain. Raises `Broken` where there is no journal, `Fault` where the file cannot be read."""
    db = open_to_read(path)
    try:
        return _verify(db, expected)
    finally:
        db.close()


def _verify(db: Database, expected: str | None) -> Report:
    walk = _Walk(expected)
    wrong_seq, wrong = None, None
    for row in _rows(db):
        wrong = walk.check(*row)
        if wrong is not None:
            wrong_seq = row[0]
            break
    if wrong is None and walk.expected is not None:
        wrong_seq, wrong = walk.seq, f"no row has the hash {walk.expected}: rows were cut off at the end"
    return Report(
        rows=walk.seq,
        days=walk.days,
        last_seq=walk.seq,
        last_hash=walk.hash.hex(),
        wrong_seq=wrong_seq,
        wrong=wrong,
    )


def _rows(db: Database) -> Iterator[tuple[Any, ...]]:
    """Some at a time, so that a running server's WAL is not held back."""
    seq = -1
    while True:
        rows = db.execute(
            "SELECT seq, stream, at, data, hash FROM events WHERE seq > ? ORDER BY seq LIMIT ?", (seq, READ_ROWS)
        ).fetchall()
        yield from rows
        if len(rows) < READ_ROWS:
            return
        seq = rows[-1][0]
