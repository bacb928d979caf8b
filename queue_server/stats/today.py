"""Today's steps as the hall has them, ready to be counted: only what has changed since the last question is made anew.

The state forgets a day's tickets when the next one opens, and so does this.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from queue_server.domain.state import Changes, State
from queue_server.journal.day_facts import names_of
from queue_server.journal.rows import step_rows
from queue_server.stats.columns import RAW
from queue_server.stats.source import Day

AT_ONCE = 300
"""Tickets made into rows at a time, while no command is carried out: two milliseconds or so."""

_raw = attrgetter(*RAW)
_queued = RAW.index("queued_at")

Rows = tuple[tuple[Any, ...], ...]


class Today:
    def __init__(self) -> None:
        self._day = ""
        self._rows: dict[str, Rows] = {}
        self._stale: set[str] | None = None
        """Tickets that have changed; None: all."""

    def note(self, changes: Changes) -> None:
        """What the last command touched."""
        if changes.hall:  # the rules may be others, or the day
            self._stale = None
        elif self._stale is not None:
            self._stale |= changes.tickets

    def forget(self) -> None:
        """The state was made anew."""
        self._stale = None

    def catch_up(self, state: State) -> bool:
        """Make some rows anew; whether all are as the state has them now. Whoever is told no asks again, after others
        have had their turn."""
        if self._stale is None or state.day != self._day:
            self._day, self._rows, self._stale = state.day, {}, set(state.tickets)
        for _ in range(min(AT_ONCE, len(self._stale))):
            self._make(state, self._stale.pop())
        return not self._stale

    def _make(self, state: State, id_: str) -> None:
        ticket = state.tickets.get(id_)
        if ticket is None or ticket.void or ticket.day != state.day:
            self._rows.pop(id_, None)  # an earlier day's is in the journal, and kept right there
            return
        rows = map(_raw, step_rows(ticket, state.rules))
        self._rows[id_] = tuple(row for row in rows if row[_queued] is not None)

    def day(self, state: State, now: int) -> Day:
        """As it is now: to be asked right after `catch_up` said yes."""
        rows = list(self._rows.values())
        return Day(
            day=state.day,
            at=now,
            timezone=state.rules.timezone,
            languages=state.rules.languages,
            names=names_of(state.rules),
            tickets=rows,
        )
