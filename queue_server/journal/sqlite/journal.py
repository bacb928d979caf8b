"""Writing the journal's file.

One connection writes, in the writer's thread when there is an event loop (writer.py), else in the caller's; another one
reads (history.py). Rows are encoded and hashed in `append`, so that `last` is right at once; the writer only hands them
to SQLite.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from queue_server.database import BUSY_MS, Connection, Fault, malformed, open_file, writing
from queue_server.errors import Unavailable
from queue_server.journal import chain, day_facts
from queue_server.journal.past import follow, is_day
from queue_server.journal.promises import Batch, OnCommit, OnFailure, Tail
from queue_server.journal.rows import StepKey, StepRow
from queue_server.journal.spans import SpanRow
from queue_server.journal.sqlite.history import SqliteHistory, decode, last_lived_of, tail_of
from queue_server.journal.sqlite.schema import MIGRATIONS
from queue_server.journal.sqlite.tables import SqliteTables, insert_events
from queue_server.journal.writer import Writer

CHECKPOINT_PAGES = 200
"""Pages of the WAL after which SQLite moves them into the file: few, so that no commit has to wait long for that."""

encode = msgspec.json.Encoder().encode


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


class SqliteJournal(SqliteHistory):
    def __init__(
        self, path: Path, loop: AbstractEventLoop | None, on_commit: OnCommit, on_failure: OnFailure, busy_ms: int
    ) -> None:
        self._busy_ms = busy_ms
        self._on_commit = on_commit
        self._on_failure = on_failure
        self._broken = False
        super().__init__(path)
        self._loop = loop
        self._writer = self._new_writer()

    def _new_writer(self) -> Writer[Encoded] | None:
        if self._loop is None:
            return None
        return Writer(self._loop, self._write, landed=self._landed, failed=self._failed)

    def _open(self) -> None:
        try:
            self._db = open_file(self._path, MIGRATIONS, checkpoint_pages=CHECKPOINT_PAGES, busy_ms=self._busy_ms)
        except (Fault, OSError) as error:
            raise self.explained(error, "opened") from error
        super()._open()
        try:
            self._tail = tail_of(self._reader)
            self._lived = last_lived_of(self._reader)
            self._day = self._lived.stream
        except (Fault, OSError) as error:
            raise self.explained(error, "opened") from error
        self._durable_seq = self._written = self._tail.seq

    # Writing

    @property
    def write_connection(self) -> Connection:
        """What writes, for whoever must see what it promises; another one after `reopen`."""
        return self._db.conn

    @property
    def durable_seq(self) -> int:
        return self._durable_seq

    def last(self) -> Tail:
        return self._tail

    def last_lived(self) -> Tail:
        return self._lived

    def append(self, batch: Batch) -> None:
        if self._broken:
            raise Unavailable("The journal takes nothing until it is opened again.")
        if batch.first_seq != self._tail.seq + 1:
            raise ValueError(f"{batch.first_seq} does not follow {self._tail.seq}.")
        encoded, self._tail = self._encode(batch)
        if is_day(batch.stream):
            self._lived = self._tail
        if self._writer is not None:
            self._writer.take(encoded)
            return
        try:
            self._write([encoded])
        except Exception as error:
            self._failed(error)
            raise self.explained(error, "written") from error
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
            tables = SqliteTables(connection)
            insert_events(connection, [row for encoded in taken for row in encoded.rows])
            for batch, _ in taken:
                if batch.stream != day and is_day(batch.stream):
                    tables.set_aside(day)
                    day = batch.stream
                steps.update(dict.fromkeys(batch.gone))
                steps.update((row.key, row) for row in batch.steps)
                spans.update(((row.day, row.counter, row.from_at), row) for row in batch.spans)
                day_facts.keep(tables, batch.stream, batch.events)
            tables.write_steps(steps, day)
            tables.write_spans(spans.values())
            for batch, _ in taken:
                follow(tables, batch.late)
        self._day, self._written = day, taken[-1].batch.last_seq

    def _landed(self, taken: list[Encoded]) -> None:
        self._durable_seq = taken[-1].batch.last_seq
        self._on_commit(self._durable_seq)

    def _failed(self, error: Exception) -> None:
        self._broken = True
        self._on_failure(self.explained(error, "written") if malformed(error) else error)

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
            raise self.explained(error, "written") from error
        self._writer = self._new_writer()
        self._broken = False

    def reader(self) -> SqliteHistory:
        return SqliteHistory(self._path)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._broken = True
        with self._reading:
            self._let_go()

    def _let_go(self) -> None:
        self._reader.close()
        self._db.close()
