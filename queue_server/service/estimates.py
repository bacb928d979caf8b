"""How long people will wait, told to everybody alike and worked out at most once a second.

The expectation is one forward run of the hall's own dispatch (domain/estimate.py). How it has to be stretched, and
how wide the range around it must be, follows from what recent expectations came to. Where no open counter serves a
service yet, it is told as though one opened now: nobody is told nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from queue_server.domain import events as e
from queue_server.domain.commands import Estimate
from queue_server.domain.estimate import bands, forecast, spread_of, usual_ms
from queue_server.domain.state import State

EVERY_MS = 1_000
KEPT = 200
"""Finished waits whose expectation is compared with the truth."""

LEARNED_FROM = "regular"
"""The category that is forecast for newcomers; others may wait less on purpose."""


class Estimates:
    """`services` for somebody who comes now, `tickets` for those who wait."""

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
                    queued_at = state.tickets[event.ticket].step.queued_at
                    if expected and queued_at is not None:
                        self._errors.append((event.at - queued_at) / expected)
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
        spread = spread_of(self._errors)
        self._expected = found.services
        unserved = {
            s: usual_ms(state, s) * (1 + state.waiting(s)) for s in state.rules.services if s not in found.services
        }
        self.services = {s: bands(wait, spread) for s, wait in (found.services | unserved).items()}
        self.tickets = {t: bands(wait, spread) for t, wait in found.tickets.items()}
