"""`steps` and `counter_spans` made again from the events alone, in one transaction: the old rows stay until it is done.

What the server writes while it runs and what this makes are held equal by a test. Needs as much free disk as the two
tables take, and the data folder for itself (`database.lock_folder`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from queue_server.database import Connection, open_file, writing
from queue_server.domain.events import AnyEvent, Event
from queue_server.domain.evolve import evolve
from queue_server.domain.state import State
from queue_server.errors import JournalDamaged
from queue_server.journal import past
from queue_server.journal.rows import StepKey, StepRow, rows_of
from queue_server.journal.schema import MIGRATIONS
from queue_server.journal.spans import SpanKeeper
from queue_server.journal.sqlite import CHECKPOINT_PAGES
from queue_server.journal.tables import write_spans, write_steps
from queue_server.journal.verify import verify

_decode = msgspec.json.Decoder(AnyEvent).decode

Progress = Callable[[str], None]
"""Told the name of each stream before it is made."""


def rebuild(path: Path, progress: Progress = lambda stream: None) -> int:
    """Make the tables again; gives the number of events read. Raises `JournalDamaged` where the chain is broken."""
    report = verify(path)
    if report.wrong_seq is not None:
        raise JournalDamaged(f"Row {report.wrong_seq} is wrong: {report.wrong}.", seq=report.wrong_seq)
    db = open_file(path, MIGRATIONS, checkpoint_pages=CHECKPOINT_PAGES)
    try:
        with writing(db) as connection:
            connection.execute("DELETE FROM steps")
            connection.execute("DELETE FROM counter_spans")
            _replay(connection, past.last_day(db), progress)
    finally:
        db.close()
    return report.rows


def _replay(connection: Connection, last_day: str, progress: Progress) -> None:
    streams: dict[str, _Stream] = {}
    for seq, name, data in connection.execute("SELECT seq, stream, data FROM events ORDER BY seq"):
        stream = streams.get(name)
        if stream is None:
            progress(name)
            if past.is_day(name):
                for earlier in [other for other in streams if past.is_day(other)]:
                    streams.pop(earlier).finish()
            stream = streams[name] = _Stream(connection, last_day)
        stream.carry(seq, _decode(data))
    for stream in streams.values():
        stream.finish()


class _Stream:
    """One day while its events are carried into the state; a row that changes often is written once, at the end."""

    def __init__(self, connection: Connection, last_day: str) -> None:
        self._connection = connection
        self._last_day = last_day
        self._state = State()
        self._keeper = SpanKeeper()
        self._command: list[Event] = []
        self._steps: dict[StepKey, StepRow | None] = {}

    def carry(self, seq: int, event: Event) -> None:
        if not event.then:
            self._end_command()
        self._state.seq = seq - 1
        evolve(self._state, event)
        self._keeper.follow(self._state, event)
        self._command.append(event)

    def finish(self) -> None:
        self._end_command()
        write_steps(self._connection, self._steps, self._last_day)
        spans = {(row.day, row.counter, row.from_at): row for row in self._keeper.take()}
        write_spans(self._connection, spans.values())

    def _end_command(self) -> None:
        """Rows are made when a command is complete, as the server does it."""
        changes = self._state.take_changes()
        rows, gone = rows_of(self._state, changes)
        self._steps.update(dict.fromkeys(gone))
        self._steps.update((row.key, row) for row in rows)
        past.follow(self._connection, self._command, changes.tickets)
        self._command = []
