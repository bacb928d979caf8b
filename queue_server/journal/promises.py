"""What the engine may rely on, whatever keeps the journal. tests/journal/promises.py holds every kind to it.

- Rows are kept in the order of `append`, each batch whole or not at all, and nothing that was committed goes away.
- `append` never waits for a disk when the journal was opened with an event loop. What gathers while a commit runs is
  committed together next.
- `durable_seq` and `on_commit` never run ahead of the disk.
- After a failed write, or `discard`, nothing is taken (`Unavailable`) until `reopen`. What had been appended and not
  reported as committed is then either there or not: `last` says which.
- Each row carries the hash of the row before it, through all streams.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

from msgspec import Struct

from queue_server.domain.events import Event
from queue_server.domain.records import Ticket
from queue_server.domain.rules import Rules
from queue_server.journal.past import Late
from queue_server.journal.rows import StepKey, StepRow
from queue_server.journal.spans import SpanRow

OnCommit = Callable[[int], None]
"""Called in the event loop with the `seq` that is now on disk."""
OnFailure = Callable[[Exception], None]
"""Called in the event loop, once per failure: everything after `durable_seq` is not known."""


class Key(Struct, frozen=True, kw_only=True):
    """An idempotency key, kept with the first event that it led to.

    `key` and `body` are keyed hashes, never what the caller sent. `result` is the ticket's or counter's id, `status`
    the HTTP status that was answered.
    """

    key: bytes
    body: bytes
    result: str | None
    status: int


class Batch(Struct, frozen=True, kw_only=True):
    """What one command brought about: its events from `first_seq` on, and the rows that follow from them.

    `stream` is the business day, `2026-11-24`; imported history has streams of other names (imported.py). `gone`
    are steps that an undo took away again, `late` the events about tickets of earlier days (past.py).
    """

    first_seq: int
    stream: str
    events: tuple[Event, ...]
    key: Key | None = None
    steps: tuple[StepRow, ...] | list[StepRow] = ()
    gone: tuple[StepKey, ...] | list[StepKey] = ()
    spans: tuple[SpanRow, ...] | list[SpanRow] = ()
    late: tuple[Late, ...] = ()

    @property
    def last_seq(self) -> int:
        return self.first_seq + len(self.events) - 1


class Recorded(NamedTuple):
    """One row of the journal."""

    seq: int
    event: Event
    key: Key | None


class UsedKey(NamedTuple):
    """An idempotency key that was used, with the `seq` and `at` of the event that it led to."""

    seq: int
    at: int
    key: Key


class Tail(NamedTuple):
    """The last row: its `seq` (0 before the first), its stream, its hash."""

    seq: int
    stream: str
    hash: bytes


class Row(NamedTuple):
    """One row as it is stored: `data` is the event's JSON to the byte, `hash` covers all the rest (chain.py)."""

    seq: int
    stream: str
    at: int
    data: bytes
    hash: bytes


class History(Protocol):
    """Reading what happened, through a connection of its own. Any thread may ask, and keeps no writer waiting."""

    def close(self) -> None:
        """Let go of what is open."""

    def last(self) -> Tail:
        """The last row on disk."""

    def last_lived(self) -> Tail:
        """The last row on disk of a business day: what the hall lived, whatever was imported since."""

    def last_at(self) -> int:
        """When that happened (milliseconds), 0 before the first."""

    def read_from(self, seq: int) -> Iterator[Row]:
        """The rows on disk from `seq` on, as they are stored: nothing of them is checked (verify.py) or understood.

        Goes on to whatever is the last row by then. Raises `JournalDamaged` where one cannot be read.
        """

    def days(self) -> list[str]:
        """The streams that are business days, oldest first."""

    def named_days(self) -> list[str]:
        """Every day that has a name: these, and those of which only history was imported."""

    def read_day(self, stream: str) -> Iterator[Recorded]:
        """A stream's rows in order. Raises `JournalDamaged` at the first that does not hash to what it says."""

    def rules_on(self, day: str) -> Rules | None:
        """The rules that a day ended with, or has now; None of a day that is not there.

        Raises `JournalDamaged` where their row does not hash to what it says.
        """

    def closing_of(self, day: str) -> Row | None:
        """The row that closed a day; None while it goes on."""

    def keys_since(self, at: int) -> Iterator[UsedKey]:
        """The idempotency keys of events from `at` (milliseconds) on."""

    def load_ticket(self, ticket: str) -> Ticket | None:
        """A ticket that is over, or of an earlier day, as its rows say: without addresses and undo memory.

        One that goes on today has no rows yet; the state tells of it.
        """

    def find_number(self, number: str, day: str) -> list[str]:
        """The ids of the tickets that had a number on a day, the latest first; of today's only those that are over."""

    def mentions(self, word: str, *, streams: int) -> bool:
        """Whether an event of the last so many business days holds this text: for sweeping orphans of the registry."""


class Journal(History, Protocol):
    @property
    def durable_seq(self) -> int:
        """The last `seq` known to be on disk."""

    def append(self, batch: Batch) -> None:
        """Take a batch. Raises `Unavailable` after a failure, `ValueError` if `first_seq` is not the next."""

    def discard(self) -> None:
        """Drop what is not on its way to the disk yet, and take nothing until `reopen`: as after a failed write.

        For an engine that found a fault of its own; `on_failure` is not called.
        """

    def reopen(self) -> None:
        """Start again after a failure, from what is on disk. Raises `Unavailable` while that cannot be."""

    def reader(self) -> History:
        """Another connection to the same history: for statistics, webhooks and whatever else takes its time.

        Whoever asked closes it.
        """

    def close(self) -> None:
        """Commit what has gathered and let go of the file."""

    def last(self) -> Tail:
        """The last row appended (on disk or on its way)."""

    def last_lived(self) -> Tail:
        """The last row appended of a business day."""
