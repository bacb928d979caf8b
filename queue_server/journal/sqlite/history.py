"""Reading the journal's file, through a connection of its own.

A server that writes is never kept waiting: rows are fetched some at a time, and no read transaction stays open between,
which would keep the write-ahead log growing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import msgspec

from queue_server.database import Connection, Database, Fault, malformed, open_to_read
from queue_server.domain.events import AnyEvent, RulesSet
from queue_server.domain.records import Ticket
from queue_server.domain.rules import Rules
from queue_server.errors import FileDamaged, JournalDamaged, Unavailable
from queue_server.journal import chain
from queue_server.journal.imported import STREAM
from queue_server.journal.past import is_day
from queue_server.journal.promises import Key, Recorded, Row, Tail, UsedKey
from queue_server.journal.sqlite import earlier
from queue_server.journal.sqlite.stored import first_five, stored

READ_ROWS = 1_000
"""Rows fetched at a time."""

decode = msgspec.json.Decoder(AnyEvent).decode


class SqliteHistory:
    """Raises `Unavailable` where the file cannot be read, `FileDamaged` where it is malformed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reading = Lock()
        self._open()

    def _open(self) -> None:
        try:
            self._reader = open_to_read(self._path)
        except (Fault, OSError) as error:
            raise self.explained(error, "opened") from error

    @property
    def read_connection(self) -> Connection:
        """What reads, for whoever must see how, or when."""
        return self._reader.conn

    def close(self) -> None:
        with self._reading:
            self._reader.close()

    def explained(self, error: Exception, done: str) -> Unavailable:
        if malformed(error):
            return self.damaged(str(error))
        return Unavailable(f"The journal {self._path} cannot be {done}: {error}.")

    def damaged(self, what: str) -> FileDamaged:
        verify = f"antrean verify --data {self._path.parent}"
        return FileDamaged(f"The journal {self._path} is damaged ({what}). `{verify}` says what mends it.")

    def last(self) -> Tail:
        with self._read() as db:
            return tail_of(db)

    def last_lived(self) -> Tail:
        with self._read() as db:
            return last_lived_of(db)

    def last_at(self) -> int:
        row = self._fetch("SELECT at FROM events WHERE seq = ?", (self.last_lived().seq,))
        return row[0][0] if row else 0

    def days(self) -> list[str]:
        with self._read() as db:
            return earlier.days(db)

    def named_days(self) -> list[str]:
        with self._read() as db:
            return earlier.named_days(db)

    def read_from(self, seq: int) -> Iterator[Row]:
        with self._read() as db:
            batches = stored(db, seq - 1 if seq > 1 else None)
        while True:
            with self._read():
                rows = next(batches, None)
            if rows is None:
                return
            yield from map(first_five, rows)

    def read_day(self, stream: str) -> Iterator[Recorded]:
        """Row after row as they were written: an index that lost some would give a state without them."""
        first = self._first_of(stream)
        if first is None:
            return
        seq, before = first - 1, self._hash_of(first - 1)
        more = True
        while more:
            rows = self._fetch(_READ_DAY, (seq, READ_ROWS))
            more = len(rows) == READ_ROWS
            for row in rows:
                at_seq, name, at, data, digest, *key = row
                if at_seq != seq + 1 or not chain.holds(before, at_seq, name, at, data, digest):
                    raise damaged(seq + 1)
                seq, before = at_seq, digest
                if name == stream:
                    yield Recorded(seq, _event(seq, data), _key(key))
                elif is_day(stream):
                    if is_day(name):
                        return  # imported history may stand between the rows of a day, another day does not
                    end = self._end_of(name)
                    if end > seq:
                        seq, before, more = end, self._hash_of(end), True
                        break

    def _end_of(self, stream: str) -> int:
        """The last row of an import, 0 where that is not sure. It was written while nobody else wrote, so its rows
        stand one after the other: a hall that starts again need not read years of them."""
        if not stream.startswith(STREAM):
            return 0
        ((end,),) = self._fetch("SELECT max(seq) FROM events WHERE stream = ?", (stream,))
        found = self._fetch("SELECT stream FROM events NOT INDEXED WHERE seq = ?", (end,))
        return int(end) if found == [(stream,)] else 0

    def _first_of(self, stream: str) -> int | None:
        """The `seq` of a stream's first row, None of a stream that is not there."""
        ((first,),) = self._fetch("SELECT min(seq) FROM events WHERE stream = ?", (stream,))
        if first is None:
            with self._read() as db:
                there = tail_of(db).stream == stream
        else:
            found = dict(
                self._fetch("SELECT seq, stream FROM events NOT INDEXED WHERE seq IN (?, ?)", (first - 1, first))
            )
            there = found.get(first) != stream or found.get(first - 1) == stream
        if there:
            raise self.damaged("the index events_by_stream does not fit its table")
        return None if first is None else int(first)

    def rules_on(self, day: str) -> Rules | None:
        found = self._fetch(_READ_LAST, (day, len(_RULES_SET), _RULES_SET))
        if not found:
            return None
        seq, stream, at, data, digest = found[0]
        if not chain.holds(self._hash_of(seq - 1), seq, stream, at, data, digest):
            raise damaged(seq)
        event = _event(seq, data)
        return event.rules if isinstance(event, RulesSet) else None

    def closing_of(self, day: str) -> Row | None:
        found = self._fetch(_READ_LAST, (day, len(_DAY_CLOSED), _DAY_CLOSED))
        return Row(*found[0]) if found else None

    def keys_since(self, at: int) -> Iterator[UsedKey]:
        for seq, used, *key in self._fetch(_READ_KEYS, (at,)):
            yield UsedKey(seq, used, Key(key=key[0], body=key[1], result=key[2], status=key[3]))

    def load_ticket(self, ticket: str) -> Ticket | None:
        with self._read() as db:
            try:
                return earlier.load_ticket(db.conn, ticket)
            except (ValueError, msgspec.MsgspecError) as error:
                raise self.damaged(f"table steps says of ticket {ticket}: {error}") from error

    def find_number(self, number: str, day: str) -> list[str]:
        with self._read() as db:
            return earlier.find_number(db, number, day)

    def mentions(self, word: str, *, streams: int) -> bool:
        with self._read() as db:
            return earlier.mentions(db, word, streams)

    def _fetch(self, sql: str, parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        with self._read() as db:
            return db.execute(sql, parameters).fetchall()

    @contextmanager
    def _read(self) -> Iterator[Database]:
        with self._reading:
            try:
                yield self._reader
            except Fault as error:
                raise self.explained(error, "read") from error

    def _hash_of(self, seq: int) -> bytes:
        rows = self._fetch("SELECT hash FROM events WHERE seq = ?", (seq,))
        return rows[0][0] if rows else chain.START


_READ_DAY = """
    SELECT seq, stream, at, data, hash, key, body, result, status FROM events NOT INDEXED
    WHERE seq > ? ORDER BY seq LIMIT ?
"""
_RULES_SET = b'{"type":"RulesSet"'
_DAY_CLOSED = b'{"type":"DayClosed"'
_READ_LAST = """
    SELECT seq, stream, at, data, hash FROM events
    WHERE stream = ? AND substr(data, 1, ?) = ? ORDER BY seq DESC LIMIT 1
"""
_READ_KEYS = """
    SELECT seq, at, key, body, result, status FROM events WHERE key IS NOT NULL AND at >= ? ORDER BY at, seq
"""


def _key(columns: list[Any]) -> Key | None:
    key, body, result, status = columns
    return None if key is None else Key(key=key, body=body, result=result, status=status)


def _event(seq: int, data: bytes) -> AnyEvent:
    try:
        event: AnyEvent = decode(data)
    except msgspec.MsgspecError as error:
        raise JournalDamaged(f"Row {seq} of the journal is no event that this version knows: {error}.") from error
    return event


def tail_of(db: Database) -> Tail:
    row = db.execute("SELECT seq, stream, hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
    return Tail(*row) if row is not None else Tail(0, "", chain.START)


def last_lived_of(db: Database) -> Tail:
    tail = tail_of(db)
    if is_day(tail.stream) or not tail.seq:
        return tail  # the row itself says it: an index may be damaged
    row = db.execute(
        "SELECT seq, stream, hash FROM events WHERE stream = ? ORDER BY seq DESC LIMIT 1", (earlier.last_day(db),)
    ).fetchone()
    return Tail(*row) if row is not None else Tail(0, "", chain.START)


def damaged(seq: int) -> JournalDamaged:
    return JournalDamaged(
        f"Row {seq} of the journal does not hash to what it says: it, or the row before it, was changed."
        " `antrean verify` says what mends it.",
        seq=seq,
    )
