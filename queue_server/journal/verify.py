"""Is the journal what was written? Every row is hashed again, and every day must open with the hash that closed the
one before; the file's pages and indexes must fit together; and the tables must say what the events say.

Reads only, and works beside a running server. A row that was changed, taken out or put in is found by its number. Rows
cut off at the end leave a chain that is whole: who wants to know keeps a `last_hash` elsewhere and gives it as
`expected`, which must then be somewhere in the chain.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from queue_server.database import Database, Fault, check_version, damage_of, malformed, open_aside, open_to_read
from queue_server.domain.events import AnyEvent, DayOpened
from queue_server.errors import JournalDamaged
from queue_server.journal import chain
from queue_server.journal.compare import differences
from queue_server.journal.past import is_day
from queue_server.journal.remake import Remake
from queue_server.journal.schema import MIGRATIONS, check_released
from queue_server.journal.tables import EVENT_COLUMNS

READ_ROWS = 5_000


class Report(Struct, frozen=True, kw_only=True):
    """What `verify` found. `wrong_seq` is the first wrong row and `wrong` says what is; None in a whole chain.

    `damage` is what SQLite finds wrong with the file, `differing` what the tables say that the events do not: both can
    be mended from events that are whole.
    """

    rows: int
    days: int
    last_seq: int
    last_hash: str
    wrong_seq: int | None = None
    wrong: str | None = None
    damage: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        return self.wrong_seq is None and not self.damage and not self.differing


class Row(NamedTuple):
    """One row of `events` as it is stored, and the event in it."""

    columns: tuple[Any, ...]
    event: AnyEvent


_decode = msgspec.json.Decoder(AnyEvent).decode


class Walk:
    """Goes over the rows in their order and stops at the first that is wrong: `wrong_seq` and `wrong` say which."""

    def __init__(self, expected: str | None = None) -> None:
        self.seq = 0
        self.hash = chain.START
        self.days = 0
        self.wrong_seq: int | None = None
        self.wrong: str | None = None
        self._closing = ""
        self._day = ""
        self._expected = expected

    def batches(self, db: Database) -> Iterator[list[Row]]:
        """The right rows from here to the end, some at a time, so that a running server's WAL is not held back."""
        while self.wrong is None:
            found: list[tuple[Any, ...]] = []
            try:
                found = db.execute(_READ, (self.seq, READ_ROWS)).fetchall() if self.seq else _first(db)
            except Fault as error:
                if not malformed(error):
                    raise
                self.stop(self.seq + 1, f"it, or a row after it, cannot be read ({error})")
            rows = []
            for columns in found:
                event = self._check(*columns[:5])
                if event is None:
                    break
                rows.append(Row(columns, event))
            yield rows
            if not rows or (len(found) < READ_ROWS and self.wrong is None):
                return

    def end(self, db: Database, remake: Remake) -> None:
        """There are no more rows. Finishes what is made of them, where none is wrong.

        A chain cannot tell that rows were lost from its end, with a page of the table. But each row has its entry in an
        index, in other pages: as many entries as rows prove that none is missing. Where the index is damaged itself,
        the other tables bear witness.
        """
        if self.wrong is None and self._expected is not None:
            self.stop(self.seq, f"no row has the hash {self._expected}: rows were cut off at the end")
        entries = _entries(db)
        if self.wrong is None and entries > self.seq:
            self.stop(self.seq, f"an index knows {entries - self.seq} more rows after it, which cannot be read")
        if self.wrong is not None:
            return
        remake.finish()
        if entries != self.seq and differences(db.conn, remake.connection):
            self.stop(self.seq, "nothing proves that no rows after it were lost: index and tables are damaged as well")

    def _check(self, seq: int, stream: str, at: int, data: bytes, digest: bytes) -> AnyEvent | None:
        if seq != self.seq + 1:
            self.stop(seq, f"rows {self.seq + 1} to {seq - 1} are missing")
            return None
        if not chain.holds(self.hash, seq, stream, at, data, digest):
            self.stop(seq, "it does not hash to what it says: it was changed, or the row before it was")
            return None
        try:
            event: AnyEvent = _decode(data)
        except msgspec.DecodeError as error:
            self.stop(seq, f"it is no event that this version knows: {error}")
            return None
        if is_day(stream):
            if stream != self._day and (wrong := self._opening(stream, event)):
                self.stop(seq, wrong)
                return None
            self._closing = digest.hex()
        self.seq, self.hash = seq, digest
        if self._expected == digest.hex():
            self._expected = None
        return event

    def _opening(self, stream: str, event: AnyEvent) -> str | None:
        if not isinstance(event, DayOpened) or event.day != stream:
            return f"the day {stream} does not begin with its opening"
        if event.before != self._closing:
            return "the day does not open with the hash that closed the one before"
        self._day = stream
        self.days += 1
        return None

    def stop(self, seq: int, wrong: str) -> None:
        """This row is wrong; nothing after it is looked at."""
        self.wrong_seq, self.wrong = seq, wrong


_READ = f"SELECT {','.join(EVENT_COLUMNS)} FROM events NOT INDEXED WHERE seq > ? ORDER BY seq LIMIT ?"


def _entries(db: Database) -> int:
    """How many rows the index over streams knows; -1 where it cannot be read."""
    try:
        found = db.execute("SELECT count(*) FROM events INDEXED BY events_by_stream").fetchone()
    except Fault as error:
        if not malformed(error):
            raise
        return -1
    return int(found[0])


def _first(db: Database) -> list[tuple[Any, ...]]:
    """The first rows, also those that somebody put before number 1."""
    return db.execute(_READ, (-(2**63), READ_ROWS)).fetchall()


def verify(path: Path, *, expected: str | None = None) -> Report:
    """Check all of it. Raises `Broken` where there is no journal, `Fault` where the file cannot be opened."""
    with closing(open_to_read(path)) as db, closing(open_aside(MIGRATIONS)) as aside:
        older = check_version(db, path, MIGRATIONS)
        check_released(db)
        damage = damage_of(db)
        walk, remake = Walk(expected), Remake(aside.conn)
        carry(db, walk, remake)
        db.execute("BEGIN")  # from here on one moment: what a server adds meanwhile is in none of the tables
        carry(db, walk, remake)
        walk.end(db, remake)
        # the tables of an older version say other things
        differing = [] if older or walk.wrong is not None else differences(db.conn, aside.conn)
        db.execute("ROLLBACK")
    return Report(
        rows=walk.seq,
        days=walk.days,
        last_seq=walk.seq,
        last_hash=walk.hash.hex(),
        wrong_seq=walk.wrong_seq,
        wrong=walk.wrong,
        damage=tuple(damage),
        differing=tuple(differing),
    )


def carry(db: Database, walk: Walk, remake: Remake) -> None:
    """The rows that the walk has not seen yet, into the tables that are made of them."""
    for rows in walk.batches(db):
        for (seq, stream, *_), event in rows:
            try:
                remake.carry(seq, stream, event)
            except JournalDamaged as damaged:
                walk.stop(seq, damaged.detail)
                return
