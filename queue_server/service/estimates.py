"""How long people will wait, told to everybody alike and worked out at most once a second.

The expectation is one forward run of the hall's own dispatch (domain/estimate.py). How it has to be stretched, and
how wide the range around it must be, follows from what recent expectations came to: those of people who were called,
and those of people who wait longer than expected already, since waits that never seem to end would else not count.
Where no open counter serves a service, nobody is told a wait (views/waits.py and the promise see to that); what is
reckoned here as though one opened now only says whether those who wait would fill the time until the service closes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice

from queue_server.domain import events as e
from queue_server.domain import measures
from queue_server.domain.estimate import bands, forecast, spread_of, usual_ms
from queue_server.domain.lifecycle import StepState
from queue_server.domain.records import Estimate
from queue_server.domain.state import State

EVERY_MS = 1_000
KEPT = 200
"""Finished waits whose expectation is compared with the truth."""

LOOKED_AT = 2_000
"""So many of those who wait, the longest waiting first, are asked whether they wait longer than expected."""

LEARNED_FROM = "regular"
"""The category that is forecast for newcomers; others may wait less on purpose."""


class Estimates:
    """`services` for somebody who comes now, by `newcomer(service, category)`; `tickets` for those who wait."""

    def __init__(self) -> None:
        self.services: dict[str, Estimate] = {}
        self.tickets: dict[str, Estimate] = {}
        self._at: int | None = None
        self._expected: dict[str, int] = {}
        self._of_tickets: dict[str, int] = {}
        self._errors: deque[float] = deque(maxlen=KEPT)

    def follow(self, state: State, events: Iterable[e.AnyEvent]) -> None:
        """See who came and who was called, and learn how right the expectation was."""
        for event in events:
            match event:
                case e.TicketIssued():
                    expected = self._expected.get(event.services[0])
                    if expected and event.category == LEARNED_FROM:
                        self._of_tickets[event.ticket] = expected
                case e.TicketCalled():
                    expected = self._of_tickets.pop(event.ticket, None)
                    wait = measures.wait(state.tickets[event.ticket].step)
                    if expected and wait is not None:
                        self._errors.append(wait / expected)
                case e.TicketCancelled() | e.TicketExpired() | e.TicketTransferred():
                    self._of_tickets.pop(event.ticket, None)
                case e.RollTakenBack():
                    for ticket in event.tickets:
                        self._of_tickets.pop(ticket, None)
                case e.DayOpened():
                    self._of_tickets.clear()

    def refresh(self, state: State, now: int) -> None:
        """Work out anew, unless that was done within the last second."""
        if self._at is not None and 0 <= now - self._at < EVERY_MS:
            return
        self._at = now
        if not state.open:
            self.services, self.tickets, self._expected = {}, {}, {}
            return
        found = forecast(state, now)
        spread = spread_of([*self._errors, *self._late(state, now)])
        self._expected = found.services
        others = found.others
        newcomers = _as_though_one_opened(state) | found.services | found.priority
        self.services = {name: bands(wait, spread, others.get(name, 0)) for name, wait in newcomers.items()}
        self.tickets = {name: bands(wait, spread, others.get(name, 0)) for name, wait in found.tickets.items()}

    def _late(self, state: State, now: int) -> Iterator[float]:
        """By how much those who still wait have waited longer than was expected of them."""
        for named, expected in islice(self._of_tickets.items(), LOOKED_AT):
            ticket = state.tickets.get(named)  # unknown after a recovery, if the disk never had it
            if ticket is not None and ticket.step.state is StepState.WAITING:
                wait = measures.wait_so_far(state, ticket.step, now)
                if wait > expected:
                    yield wait / expected


def _as_though_one_opened(state: State) -> dict[str, int]:
    """How long the queue of each service would last at one counter that opened now (milliseconds)."""
    return {service: usual_ms(state, service) * (1 + state.waiting(service)) for service in state.rules.services}
