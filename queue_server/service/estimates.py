"""How long people will wait, told to everybody alike and worked out at most once a second.

The expectation is one forward run of the hall's own dispatch (domain/estimate.py); how wide the range around it must be
follows from how far recent expectations were from the truth.
"""

from __future__ import annotations

from collections import deque

from queue_server.domain.commands import Estimate
from queue_server.domain.estimate import bands, forecast, spread_of
from queue_server.domain.state import State

EVERY_MS = 1_000
KEPT = 200
"""Finished waits whose promise is compared with the truth."""


class Estimates:
    """`services` for somebody who comes now, `tickets` for those who wait; empty where nothing can be said."""

    def __init__(self) -> None:
        self.services: dict[str, Estimate] = {}
        self.tickets: dict[str, Estimate] = {}
        self._at: int | None = None
        self._errors: deque[float] = deque(maxlen=KEPT)

    def learn(self, promised: int, waited: int) -> None:
        """A wait is over: what was expected and what it came to (milliseconds)."""
        if promised > 0:
            self._errors.append(waited / promised)

    def refresh(self, state: State, now: int) -> None:
        """Work out anew, unless that was done within the last second."""
        if self._at is not None and 0 <= now - self._at < EVERY_MS:
            return
        self._at = now
        if not state.open:
            self.services, self.tickets = {}, {}
            return
        expected = forecast(state, now)
        spread = spread_of(self._errors)
        self.services = {s: bands(wait, spread) for s, wait in expected.services.items()}
        self.tickets = {t: bands(wait, spread) for t, wait in expected.tickets.items()}
