"""`steps`, `counter_spans` and what else statistics read, made from rows of events into tables that are empty yet.

`rebuild` keeps them; a comparison carries the events itself. What the server writes while it runs and what this makes
are held equal by a test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

import msgspec

from queue_server.domain import events as e
from queue_server.domain.events import AnyEvent, Event
from queue_server.domain.evolve import evolve
from queue_server.domain.state import State
from queue_server.journal import day_facts, imported, past
from queue_server.journal.promises import Row
from queue_server.journal.rows import StepKey, StepRow, rows_of
from queue_server.journal.spans import SpanKeeper, SpanRow
from queue_server.journal.verify import Walk, wrong_row

Progress = Callable[[str], None]
"""Told the name of each stream before it is made."""


class Tables(past.Earlier, day_facts.DayTables, Protocol):
    """Where the rows go; each kind of store has its own."""

    def write_steps(self, steps: Mapping[StepKey, StepRow | None], day: str) -> None:
        """Make or change rows, take away those that are None. `day` is the latest business day: others are past."""

    def write_spans(self, spans: Iterable[SpanRow]) -> None: ...


def rebuild(rows: Iterable[Row], tables: Tables, progress: Progress = lambda stream: None) -> int:
    """Fill the tables; gives the number of events. Raises `JournalDamaged` where the chain is broken."""
    walk, remake = Walk(), Remake(tables)
    for row in rows:
        if not walk.check(row):
            raise wrong_row(walk.wrong_seq, walk.wrong)
        if remake.begins(row.stream):
            progress(row.stream)
        remake.carry(row)
    remake.finish()
    return walk.seq


_decode = msgspec.json.Decoder(AnyEvent).decode

AT_ONCE = 1_000
"""Imported rows that are written together."""


class Remake:
    """Carries every stream; a business day is written when the next one begins, all the rest by `finish`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._streams: dict[str, _Stream] = {}
        self._imported: list[e.Event] = []
        self._importing = ""
        self._day = ""

    def begins(self, stream: str) -> bool:
        """Whether the next event of this stream is the first."""
        return stream not in self._streams and stream != self._importing

    def carry(self, row: Row) -> None:
        """The rows in their order. Raises `JournalDamaged` for one that this version cannot read, or no state take."""
        event = _read(row)
        if imported.is_imported(event):
            self._importing = row.stream
            taken_back = isinstance(event, e.DayTakenBack)
            if taken_back:
                self._import()  # what it takes back is written first
            self._imported.append(event)
            if taken_back or len(self._imported) >= AT_ONCE:
                self._import()
            return
        self._import()  # what follows may be about a ticket of it
        if self.begins(row.stream):
            if past.is_day(row.stream):
                self._day = row.stream
                for earlier in [name for name in self._streams if past.is_day(name)]:
                    self._streams.pop(earlier).write(row.stream)
            self._streams[row.stream] = _Stream(self._tables)
        try:
            self._streams[row.stream].carry(row.seq, event)
        except Exception as error:
            said = f"this version cannot carry it into the hall ({type(error).__name__}: {error})"
            raise wrong_row(row.seq, said) from error

    def _import(self) -> None:
        """Write what was gathered of an import."""
        if not self._imported:
            return
        steps, spans = imported.rows_of(self._imported)
        self._tables.write_steps(dict(steps), self._day)
        self._tables.write_spans(spans)
        day_facts.keep(self._tables, "", self._imported)
        self._imported = []

    def finish(self) -> None:
        """There are no more rows. Raises `JournalDamaged` where the last command is torn, so that no rows follow."""
        self._import()
        for stream in self._streams.values():
            try:
                stream.write(self._day)
            except AttributeError as error:  # a day without its rules
                raise wrong_row(stream.seq, "the row that belongs after it is missing") from error


def _read(row: Row) -> AnyEvent:
    try:
        event: AnyEvent = _decode(row.data)
    except msgspec.MsgspecError as error:
        raise wrong_row(row.seq, f"it is no event that this version knows: {error}") from error
    return event


class _Stream:
    """One day while its events are carried into the state; a row that changes often is written once, at the end."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self.seq = 0
        self._state = State()
        self._keeper = SpanKeeper()
        self._command: list[Event] = []
        self._steps: dict[StepKey, StepRow | None] = {}

    def carry(self, seq: int, event: Event) -> None:
        if not event.then:
            self._end_command()
        self.seq, self._state.seq = seq, seq - 1
        evolve(self._state, event)
        self._keeper.follow(self._state, event)
        self._command.append(event)

    def write(self, day: str) -> None:
        """`day` is the latest business day: rows of all others are past."""
        self._end_command()
        self._tables.write_steps(self._steps, day)
        spans = {(row.day, row.counter, row.from_at): row for row in self._keeper.take()}
        self._tables.write_spans(spans.values())

    def _end_command(self) -> None:
        """Rows are made when a command is complete, as the server does it."""
        changes = self._state.take_changes()
        rows, gone = rows_of(self._state, changes)
        self._steps.update(dict.fromkeys(gone))
        self._steps.update((row.key, row) for row in rows)
        past.follow(self._tables, past.late_of(self._state, self._command))
        day_facts.keep(self._tables, self._state.day, self._command)
        self._command = []
