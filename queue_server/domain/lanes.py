"""Where waiting steps stand: one sorted lane per service, category and address.

A lane is sorted by base (`queued_at - credit`, or the time booked), so its order never depends on targets, and a step
in or out costs the same with ten and a hundred thousand waiting.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import NamedTuple

from queue_server.domain.records import Address, Step, Ticket

BOOKED = "@booked"
"""The lane of appointments: due at their time, whatever the target."""

LaneKey = tuple[str, str]
"""Category (or BOOKED) and address tag; the empty tag is for everybody."""


class Entry(NamedTuple):
    """A waiting step's place in its lane. `base` in milliseconds; the rest breaks ties."""

    base: int
    issued_at: int
    ordinal: int
    ticket: str


class Lane:
    """A sorted list whose head moves by an offset: calling the first costs the same with ten and a hundred thousand."""

    __slots__ = ("_entries", "_head")

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._head = 0

    def __len__(self) -> int:
        return len(self._entries) - self._head

    def __iter__(self) -> Iterator[Entry]:
        for index in range(self._head, len(self._entries)):
            yield self._entries[index]

    def first(self) -> Entry:
        return self._entries[self._head]

    def add(self, entry: Entry) -> None:
        entries = self._entries
        if not entries or entry > entries[-1]:
            entries.append(entry)
        else:
            insort(entries, entry, lo=self._head)

    def remove(self, entry: Entry) -> None:
        """Take out an entry that is there; the caller knows that it is."""
        index = bisect_left(self._entries, entry, lo=self._head)
        if index == self._head:
            self._head += 1
            # the space in front is given back before it outweighs what is kept
            if self._head > 256 and self._head * 2 > len(self._entries):
                del self._entries[: self._head]
                self._head = 0
        else:
            del self._entries[index]

    def earlier(self, entry: Entry) -> int:
        """How many stand before where `entry` would stand."""
        entries, head = self._entries, self._head
        if not entries or entries[-1] < entry:  # who came last is asked most
            return len(entries) - head
        return bisect_left(entries, entry, lo=head) - head


def base(step: Step) -> int:
    """Where a waiting step stands in its lane."""
    if step.booked_at is not None:
        return step.booked_at
    assert step.queued_at is not None
    return step.queued_at - step.credit


def entry_of(ticket: Ticket) -> Entry:
    return Entry(base(ticket.step), ticket.issued_at, ticket.rank, ticket.id)


def tag_of(address: Address | None) -> str:
    """The address as lanes are filed by: `counter:ID`, `clerk:ID`, or empty for everybody."""
    if address is None:
        return ""
    return f"counter:{address.counter}" if address.counter is not None else f"clerk:{address.clerk}"


def lane_of(ticket: Ticket) -> LaneKey:
    step = ticket.step
    return (BOOKED if step.booked_at is not None else ticket.category, tag_of(step.address))
