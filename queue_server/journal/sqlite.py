"""The journal in one SQLite file.

One connection writes, in the writer's thread when there is an event loop (writer.py), else in the caller's; another one
reads. Rows are encoded and hashed in `append`, so that `last` is right at once; the writer only hands them to SQLite.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import msgspec

from queue_server.database import BUSY_MS, Database, Fault, malformed, open_file, open_to_read, writing
from queue_server.domain.events import AnyEvent
from queue_server.domain.records import Ticket
from queue_server.errors import FileDamaged, JournalDamaged, Unavailable
from queue_server.journal import chain, past
from queue_server.journal.promises import Batch, Key, OnCommit, OnFailure, Recorded, Remembered, Tail
from queue_server.journal.rows import StepKey, StepRow
from queue_server.journal.schema import MIGRATIONS
from queue_server.journal.spans import SpanRow
from queue_server.journal.tables import insert_events, write_spans, write_steps
from queue_server.journal.writer import Writer

CHECKPOINT_PAGES = 200
"""Pages of the WAL after which SQLite moves them into the file: few, so that no commit has to wait long for that."""

READ_ROWS = 1_000
"""Rows fetched at a time: no read transaction stays open, which would keep the WAL growing."""

encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(AnyEvent).decode


class Encoded(NamedTuple):
    """A batch as the writer takes it: the events' parameters in the order of the columns."""

    batch: Batch
    rows: list[tuple[Any, ...]]


def open_journal(
    path: Path,
    *,
    loop: AbstractEventLoop | None = None,
    on_commit: OnCommit | None = None,
    on_failure: OnFailure | None = None,
    busy_ms: int = BUSY_MS,
) -> SqliteJournal:
    """Open a journal, made if missing. Without a loop each `append` commits before it returns.

    `busy_ms` is how long a commit waits for another program's lock on the file. Raises `Unavailable` where the file
    cannot be opened (`FileDamaged` where it is malformed), `Broken` where a newer version has written it.
    """
    return SqliteJournal(path, loop, on_commit or (lambda seq: None), on_failure or (lambda error: None), busy_ms)


class SqliteJournal:
    def __init__(
        self, path: Path, loop: AbstractEventLoop | None, on_commit: OnCommit, on_failure: OnFailure, busy_ms: int
    ) -> None:
        self._path = path
        self._busy_ms = busy_ms
        self._on_commit = on_commit
        self._on_failure = on_failure
        self._reading = Lock()
        self._broken = False
        self._open()
        self._loop = loop
        self._writer = self._new_writer()

    def _new_writer(self) -> Writer[Encoded] | None:
        if self._loop is None:
            return None
        return Writer(self._loop, self._write, landed=self._landed, failed=self._failed)

    def _open(self) -> None:
        try:
            self._db = open_file(self._path, MIGRATIONS, checkpoint_pages=CHECKPOINT_PAGES, busy_ms=self._busy_ms)
            self._reader = open_to_read(self._path)
            self._tail = _tail(self._reader)
            # from the row itself where it can be: an index may be damaged
            self._day = self._tail.stream if past.is_day(self._tail.stream) else past.last_day(self._reader)
        except (Fault, OSError) as error:
            raise self._explained(error, "opened") from error
        self._durable_seq = self._written = self._tail.seq

    def _explained(self, error: Exception, done: str) -> Unavailable:
        if malformed(error):
            return self._damaged(str(error))
        return Unavailable(f"The journal {self._path} cannot be {done}: {error}.")

    def _damaged(self, what: str) -> FileDamaged:
        verify = f"antrean verify --data {self._path.parent}"
        return FileDamaged(f"The journal {self._path} is damaged ({what}). `{verify}` says what mends it.")

    # Writing

    @property
    def durable_seq(self) -> int:
        return self._durable_seq

    def last(self) -> Tail:
        return self._tail

    def last_at(self) -> int:
        row = self._fetch("SELECT at FROM events WHERE seq = ?", (self._tail.seq,))
        return row[0][0] if row else 0

    def append(self, batch: Batch) -> None:
        if self._broken:
            raise Unavailable("The journal takes nothing until it is opened again.")
        if batch.first_seq != self._tail.seq + 1:
            raise ValueError(f"{batch.first_seq} does not follow {self._tail.seq}.")
        encoded, self._tail = self._encode(batch)
        if self._writer is not None:
            self._writer.take(encoded)
            return
        try:
            self._write([encoded])
        except Exception as error:
            self._failed(error)
            raise self._explained(error, "written") from error
        self._landed([encoded])

    def _encode(self, batch: Batch) -> tuple[Encoded, Tail]:
        """The rows, and what the last one will then be."""
        seq, before = self._tail.seq, self._tail.hash
        stream, key = batch.stream, batch.key
        columns = (None, None, None, None) if key is None else (key.key, key.body, key.result, key.status)
        rows = []
        for event in batch.events:
            seq += 1
            data = encode(event)
            before = chain.link(before, seq, stream, event.at, data)
            rows.append((seq, stream, event.at, data, before, *columns))
            columns = (None, None, None, None)
        return Encoded(batch, rows), Tail(seq, stream, before)

    def _write(self, taken: list[Encoded]) -> None:
        """Commit all of them, in one transaction. Runs in the writer's thread."""
        if taken[0].batch.first_seq != self._written + 1:
            raise Unavailable("A row that would have come before was lost.")
        for encoded in taken:
            for row in encoded.rows:
                decode(row[3])  # half a microsecond, for never keeping what a restart could not read
        steps: dict[StepKey, StepRow | None] = {}
        spans: dict[tuple[str, str, int], SpanRow] = {}
        day = self._day
        with writing(self._db) as connection:
            insert_events(connection, [row for encoded in taken for row in encoded.rows])
            for batch, _ in taken:
                if batch.stream != day and past.is_day(batch.stream):
                    past.set_aside(connection, day)
                    day = batch.stream
                steps.update(dict.fromkeys(batch.gone))
                steps.update((row.key, row) for row in batch.steps)
                spans.update(((row.day, row.counter, row.from_at), row) for row in batch.spans)
            write_steps(connection, steps, day)
            write_spans(connection, spans.values())
            for batch, _ in taken:
                past.follow(connection, batch.events, {row.ticket for row in batch.steps})
        self._day, self._written = day, taken[-1].batch.last_seq

    def _landed(self, taken: list[Encoded]) -> None:
        self._durable_seq = taken[-1].batch.last_seq
        self._on_commit(self._durable_seq)

    def _failed(self, error: Exception) -> None:
        self._broken = True
        self._on_failure(self._explained(error, "written") if malformed(error) else error)

    def discard(self) -> None:
        self._broken = True
        if self._writer is not None:
            self._writer.stop()

    def reopen(self) -> None:
        if not self._broken:
            return
        if self._writer is not None:
            self._writer.wait_stopped()
        with self._reading:
            self._let_go()
            self._open()
        try:
            # What a failed commit left at the end of the WAL must not come back with the next crash.
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except Fault as error:
            raise self._explained(error, "written") from error
        self._writer = self._new_writer()
        self._broken = False

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._broken = True
        with self._reading:
            self._let_go()

    def _let_go(self) -> None:
        self._reader.close()
        self._db.close()

    # Reading

    def days(self) -> list[str]:
        with self._read() as db:
            return past.days(db)

    def read_day(self, stream: str) -> Iterator[Recorded]:
        """Row after row as they were written: an index that lost some would give a state without them."""
        first = self._first_of(stream)
        if first is None:
            return
        seq, before = first - 1, self._hash_of(first - 1)
        while True:
            rows = self._fetch(_READ_ROWS, (seq, READ_ROWS))
            for row in rows:
                at_seq, name, at, data, digest, *key = row
                if at_seq != seq + 1 or not chain.holds(before, at_seq, name, at, data, digest):
                    raise damaged(seq + 1)
                seq, before = at_seq, digest
                if name == stream:
                    yield Recorded(seq, _event(seq, data), _key(key))
                elif past.is_day(stream) and past.is_day(name):
                    return  # imported history may stand between the rows of a day, another day does not
            if len(rows) < READ_ROWS:
                return

    def _first_of(self, stream: str) -> int | None:
        """The `seq` of a stream's first row, None of a stream that is not there."""
        ((first,),) = self._fetch("SELECT min(seq) FROM events WHERE stream = ?", (stream,))
        if first is None:
            with self._read() as db:
                there = _tail(db).stream == stream
        else:
            found = dict(
                self._fetch("SELECT seq, stream FROM events NOT INDEXED WHERE seq IN (?, ?)", (first - 1, first))
            )
            there = found.get(first) != stream or found.get(first - 1) == stream
        if there:
            raise self._damaged("the index events_by_stream does not fit its table")
        return None if first is None else int(first)

    def keys_since(self, at: int) -> Iterator[Remembered]:
        for seq, used, *key in self._fetch(_READ_KEYS, (at,)):
            yield Remembered(seq, used, Key(key=key[0], body=key[1], result=key[2], status=key[3]))

    def load_ticket(self, ticket: str) -> Ticket | None:
        with self._read() as db:
            try:
                return past.load_ticket(db.conn, ticket)
            except (ValueError, msgspec.MsgspecError) as error:
                raise self._damaged(f"table steps says of ticket {ticket}: {error}") from error

    def find_number(self, number: str, day: str) -> list[str]:
        with self._read() as db:
            return past.find_number(db, number, day)

    def mentions(self, word: str, *, streams: int) -> bool:
        with self._read() as db:
            return past.mentions(db, word, streams)

    def _fetch(self, sql: str, parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        with self._read() as db:
            return db.execute(sql, parameters).fetchall()

    @contextmanager
    def _read(self) -> Iterator[Database]:
        with self._reading:
            try:
                yield self._reader
            except Fault as error:
                raise self._explained(error, "read") from error

    def _hash_of(self, seq: int) -> bytes:
        rows = self._fetch("SELECT hash FROM events WHERE seq = ?", (seq,))
        return rows[0][0] if rows else chain.START


_READ_ROWS = """
    SELECT seq, stream, at, data, hash, key, body, result, status FROM events NOT INDEXED
    WHERE seq > ? ORDER BY seq LIMIT ?
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


def _tail(db: Database) -> Tail:
    row = db.execute("SELECT seq, stream, hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
    return Tail(*row) if row is not None else Tail(0, "", chain.START)


def damaged(seq: int) -> JournalDamaged:
    return JournalDamaged(
        f"Row {seq} of the journal does not hash to what it says: it, or the row before it, was changed."
        " `antrean verify` says what mends it.",
        seq=seq,
    )
