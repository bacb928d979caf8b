"""What the API said about each ticket of a replayed day, and whether it adds up.

Only answers count here: what was issued, called and served, how long people waited by the answers' own instants, which
number came twice, and who was lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from queue_server.domain.measures import kept, percentile, wait
from queue_server.domain.records import Step
from queue_server.wire.api import TicketView, Wait


class Course(Struct, kw_only=True):
    """One ticket. Waits are whole seconds; `told` is what was expected when it was issued."""

    agency: str
    number: str
    recorded_s: int | None
    told: Wait | None
    wait_s: int | None = None
    state: str = "waiting"


class Ledger:
    """`courses` by ticket id."""

    def __init__(self) -> None:
        self.courses: dict[str, Course] = {}
        self.duplicates: list[str] = []
        self._numbers: set[str] = set()
        self._called: set[str] = set()

    @property
    def called_so_far(self) -> int:
        return len(self._called)

    def issued(self, ticket: TicketView, agency: str, recorded_ms: int | None) -> None:
        """`recorded_ms` is how long the citizen waited on the recorded day."""
        if ticket.number in self._numbers or ticket.id in self.courses:
            self.duplicates.append(ticket.number)
        self._numbers.add(ticket.number)
        recorded_s = None if recorded_ms is None else recorded_ms // 1000
        self.courses[ticket.id] = Course(
            agency=agency, number=ticket.number, recorded_s=recorded_s, told=ticket.estimated_wait
        )

    def called(self, ticket: TicketView) -> None:
        """A ticket that was called before is a duplicate: every call of a replay is a first call."""
        course = self.courses.get(ticket.id)
        if course is None or ticket.id in self._called:
            self.duplicates.append(ticket.number)
            return
        self._called.add(ticket.id)
        course.wait_s = wait_of(ticket)

    def became(self, ticket: TicketView) -> None:
        """What has become of it."""
        course = self.courses.get(ticket.id)
        if course is not None:
            course.state = ticket.state

    def not_served(self) -> list[str]:
        """Tickets that nobody has served yet, as far as is known here."""
        return [id_ for id_, course in self.courses.items() if course.state != "served"]


def wait_of(ticket: TicketView) -> int | None:
    """Whole seconds from queued to first call of the ticket's step, or None."""
    step = ticket.steps[-1]
    if step.queued_at is None or step.first_called_at is None:
        return None
    waited = wait(Step(service=step.service, queued_at=_ms(step.queued_at), first_called_at=_ms(step.first_called_at)))
    return None if waited is None else waited // 1000


def _ms(instant: str) -> int:
    return round(datetime.fromisoformat(instant).timestamp() * 1000)


class Tally(Struct, frozen=True, kw_only=True):
    """Some tickets in numbers. Waits in whole seconds, sorted."""

    issued: int
    called: int
    served: int
    no_show: int
    cancelled: int
    waits: tuple[int, ...]
    recorded: tuple[int, ...]
    """Of those whose wait is known of the recorded day."""
    within_p50: float | None
    """The share of those who were told something that waited no longer than the shorter end: half would be right…"""
    within_p90: float | None
    """…and here nine in ten."""
    off_s: int | None
    """By how much, for half of them, the wait differed from the p50 that they were told, at most."""

    @property
    def lost(self) -> int:
        return self.issued - self.served - self.no_show - self.cancelled


def tally(courses: Iterable[Course]) -> Tally:
    all_ = list(courses)
    told = [(c.told, c.wait_s) for c in all_ if c.told is not None and c.wait_s is not None]
    held = [kept(wait, wanted.p50_s, wanted.p90_s) for wanted, wait in told]
    states = [course.state for course in all_]
    return Tally(
        issued=len(all_),
        called=sum(course.wait_s is not None for course in all_),
        served=states.count("served"),
        no_show=states.count("no_show"),
        cancelled=states.count("cancelled"),
        waits=tuple(sorted(course.wait_s for course in all_ if course.wait_s is not None)),
        recorded=tuple(sorted(course.recorded_s for course in all_ if course.recorded_s is not None)),
        within_p50=sum(half for half, _ in held) / len(told) if told else None,
        within_p90=sum(most for _, most in held) / len(told) if told else None,
        off_s=percentile(sorted(abs(wait - wanted.p50_s) for wanted, wait in told), 50),
    )
