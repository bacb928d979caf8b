"""`steps` and `counter_spans` made from events alone, one event after the other, into a database that has neither yet.

`rebuild` makes them to keep, `verify` to compare. What the server writes while it runs and what this makes are held
equal by a test.
"""

from __future__ import annotations

from queue_server.database import Connection
from queue_server.domain.events import Event
from queue_server.domain.evolve import evolve
from queue_server.domain.state import State
from queue_server.errors import JournalDamaged
from queue_server.journal import past
from queue_server.journal.rows import StepKey, StepRow, rows_of
from queue_server.journal.spans import SpanKeeper
from queue_server.journal.tables import write_spans, write_steps


class Remake:
    """Carries every stream; a business day is written when the next one begins, all the rest by `finish`."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._streams: dict[str, _Stream] = {}
        self._day = ""

    def begins(self, stream: str) -> bool:
        """Whether the next event of this stream is the first."""
        return stream not in self._streams

    def carry(self, seq: int, stream: str, event: Event) -> None:
        """The events in their order. Raises `JournalDamaged` for one that no state of this version can take."""
        if self.begins(stream):
            if past.is_day(stream):
                self._day = stream
                for earlier in [name for name in self._streams if past.is_day(name)]:
                    self._streams.pop(earlier).write(stream)
            self._streams[stream] = _Stream(self.connection)
        try:
            self._streams[stream].carry(seq, event)
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
            raise JournalDamaged(f"this version cannot carry it into the hall ({said})", seq=seq) from error

    def finish(self) -> None:
        for stream in self._streams.values():
            stream.write(self._day)


class _Stream:
    """One day while its events are carried into the state; a row that changes often is written once, at the end."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
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

    def write(self, day: str) -> None:
        """`day` is the latest business day: rows of all others are past."""
        self._end_command()
        write_steps(self._connection, self._steps, day)
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
