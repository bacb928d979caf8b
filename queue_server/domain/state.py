"""The hall as it stands now: one mutable object that only `evolve` touches, in place.

Everything in it follows from the events since the day was opened, so replaying them gives the same state. What is kept
beside the plain facts (lanes, counts) is there so that a step costs the same with ten and a hundred thousand waiting;
so is `moved_back`, who waits with a negative credit and has waited longer than the place in the lane says.
`changes` says what the last events touched: the engine takes it to know which rows to write and which views to push.
"""

from __future__ import annotations

from copy import copy
from typing import Any

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from queue_server.domain.events import AlertBegan
from queue_server.domain.lanes import Lane, LaneKey, entry_of, lane_of
from queue_server.domain.lifecycle import StepState
from queue_server.domain.records import CounterRecord, Ticket
from queue_server.domain.rules import Rules
from queue_server.domain.supervised import Supervised
from queue_server.errors import NotFound, UnknownService

ABSENT = (StepState.PARKED, StepState.NO_SHOW)
"""Out of the queue, and may return."""


class Call(Struct, frozen=True, kw_only=True, gc=False):
    """One call or recall, as boards announce it. `seq` is the journal's own."""

    seq: int
    at: int
    ticket: str
    counter: str
    recall: bool = False


class Served(Struct, frozen=True, kw_only=True, gc=False):
    """One finished step of a service, for the estimates: how long serving took (milliseconds)."""

    seq: int
    at: int
    took: int
    counter: str | None = None


class Undoable(Struct, kw_only=True, gc=False):
    """What a counter's last command found before it changed it, so that undo restores it exactly.

    `first` and `last` are the seqs of the command's events.
    """

    command: str
    at: int
    first: int
    last: int
    tickets: dict[str, Ticket] = field(default_factory=dict)
    counters: dict[str, CounterRecord] = field(default_factory=dict)


class RollEntry(Struct, kw_only=True, gc=False):
    """What was last entered from a prefix's paper roll: its tickets in order, and what was `before` them, if anything.

    That is an ordinal and, since a range may have begun anew, a rank (records.py).
    """

    before: int | None
    rank_before: int | None = None
    tickets: list[str]


class Hold(Struct, frozen=True, kw_only=True, gc=False):
    """`evacuated_since`: since when everybody is to leave the building; None in a hold that is no more than that."""

    reason: str
    since: int
    evacuated_since: int | None = None


class Changes(Struct, kw_only=True):
    """What events touched since somebody last took this: ids, and whether everything may look different (`hall`)."""

    tickets: set[str] = field(default_factory=set)
    counters: set[str] = field(default_factory=set)
    services: set[str] = field(default_factory=set)
    gone: set[tuple[str, int]] = field(default_factory=set)
    """Steps (ticket, index) that an undo took away again, or whose ticket it made one that goes on."""
    hall: bool = False
    closed: bool = False
    """The day ended."""


class State:
    """The hall on one business day. `rules` must not be read before the first `RulesSet`."""

    def __init__(self) -> None:
        self.seq = 0
        self.at = 0
        self.mall = ""
        self.journal = ""
        self.day = ""
        self.starts_at = 0
        self.ends_at = 0
        self.open = False
        self.ended_early = False
        self.resumed_at = 0  # what runs out by itself starts its time anew then
        self.moving_since = 0  # a hold or the night ended; a restart stops nobody's wait
        self.clock_since = 0
        self.rules: Rules = None  # type: ignore[assignment]  # a day without rules decides nothing
        self.supervised = Supervised()
        self.held: Hold | None = None
        self.held_over: Hold | None = None
        self.paused: dict[str, str] = {}
        self.alerts: dict[tuple[str, str], AlertBegan] = {}  # those that people were told of, by rule and subject
        self.tickets: dict[str, Ticket] = {}
        self.numbers: dict[str, str] = {}  # by what is seen of a number (numbering.key), the latest ticket that has it
        self.ordinals: dict[str, int] = {}
        self.ranks: dict[str, int] = {}
        self.issued: dict[str, int] = {}
        self.rolls: dict[str, RollEntry] = {}
        self.counters: dict[str, CounterRecord] = {}
        self.lanes: dict[str, dict[LaneKey, Lane]] = {}
        self.calls: list[Call] = []
        self.served: dict[str, list[Served]] = {}
        self.finished: dict[str, int] = {}
        self.absent: dict[str, None] = {}
        self.moved_back: dict[str, None] = {}
        self.auto_calling: set[str] = set()
        self.undone_at: dict[str, int] = {}
        self.undoable: dict[str, Undoable] = {}
        self.undo_of: Undoable | None = None
        self.deadlines: list[tuple[int, str, str]] = []
        self.changes = Changes()

    # Asking

    def ticket(self, ticket: str) -> Ticket:
        """The ticket, or `not_found`."""
        try:
            return self.tickets[ticket]
        except KeyError:
            raise NotFound("There is no such ticket today.", ticket=ticket) from None

    def counter(self, counter: str) -> CounterRecord:
        """The counter, or `not_found`."""
        if counter not in self.rules.counters:
            raise NotFound(f"There is no counter {counter!r}.", counter=counter)
        return self.counters[counter]

    def counter_of(self, clerk: str | None) -> str | None:
        """The counter where this clerk works, if any; nobody works at two."""
        if not clerk:
            return None
        return next((record.id for record in self.counters.values() if record.clerk == clerk), None)

    def check_service(self, service: str) -> None:
        if service not in self.rules.services:
            raise UnknownService(f"There is no service {service!r}.", service=service)

    @property
    def evacuating(self) -> bool:
        return self.held is not None and self.held.evacuated_since is not None

    def serves(self, counter: str) -> tuple[str, ...]:
        """What the counter serves with the clerk who is there: skills only narrow it."""
        services = self.rules.counters[counter].services
        skills = self.counters[counter].skills
        return services if skills is None else tuple(s for s in services if s in skills)

    def waiting(self, service: str) -> int:
        """How many steps wait for a service."""
        return sum(map(len, self.lanes.get(service, {}).values()))

    def under(self, rules: Rules) -> State:
        """The same hall under other rules, to look at only: both share all that is in it."""
        other = copy(self)
        other.rules = rules
        return other

    def take_changes(self) -> Changes:
        """What was touched since the last call."""
        changes, self.changes = self.changes, Changes()
        return changes

    def facts(self) -> dict[str, Any]:
        """All by which two states are compared, as plain data."""
        return {
            "whose": (self.mall, self.journal),
            "day": (
                self.day,
                self.starts_at,
                self.ends_at,
                self.open,
                self.resumed_at,
                self.moving_since,
                self.clock_since,
            ),
            "rules": msgspec.to_builtins(self.rules),
            "supervised": msgspec.to_builtins(self.supervised),
            "held": msgspec.to_builtins((self.held, self.held_over)),
            "paused": dict(self.paused),
            "alerts": [msgspec.to_builtins(alert) for alert in self.alerts.values()],
            "tickets": msgspec.to_builtins(self.tickets),
            "numbers": dict(self.numbers),
            "ordinals": dict(self.ordinals),
            "ranks": dict(self.ranks),
            "issued": {service: count for service, count in self.issued.items() if count},
            "rolls": msgspec.to_builtins(self.rolls),
            "counters": msgspec.to_builtins(self.counters),
            "lanes": {s: {k: list(lane) for k, lane in lanes.items()} for s, lanes in self.lanes.items() if lanes},
            "calls": msgspec.to_builtins(self.calls),
            "served": {s: msgspec.to_builtins(rows) for s, rows in self.served.items() if rows},
            "finished": {counter: count for counter, count in self.finished.items() if count},
            "absent": sorted(self.absent),
        }

    # The lanes; only evolve calls these

    def enqueue(self, ticket: Ticket) -> None:
        step, key = ticket.step, lane_of(ticket)
        lanes = self.lanes.setdefault(step.service, {})
        lane = lanes.get(key)
        if lane is None:
            lane = lanes[key] = Lane()
        lane.add(entry_of(ticket))
        if step.credit < 0:
            self.moved_back[ticket.id] = None
        self.changes.services.add(step.service)

    def dequeue(self, ticket: Ticket) -> None:
        step, key = ticket.step, lane_of(ticket)
        lanes = self.lanes[step.service]
        lane = lanes[key]
        lane.remove(entry_of(ticket))
        if step.credit < 0:
            self.moved_back.pop(ticket.id, None)
        if not lane:
            del lanes[key]
        self.changes.services.add(step.service)

    def note_absence(self, ticket: Ticket) -> None:
        """Who is parked or did not come may return; the counters' screens list them."""
        if ticket.step.state in ABSENT:
            self.absent[ticket.id] = None
        else:
            self.absent.pop(ticket.id, None)


def copy_of(ticket: Ticket) -> Ticket:
    """A ticket that later moves will not change."""
    return replace(ticket, steps=[replace(step) for step in ticket.steps])
