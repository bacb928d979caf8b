"""What the things of a span of days were called then, and what the mall had agreed on: last year's report reads as last
year, whatever has been renamed, moved or removed since.

It also knows which days were lived elsewhere: of them only history was imported.

Of a span the names are the latest that it knew, so that one service is one line; the rules (targets, who belongs to
whom, the order of counters) are those that its last day ended with. Days that the journal has no rules of, imported
ones, are read by today's, and by their own clock.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta

from msgspec.structs import asdict, replace

from queue_server.database import Connection
from queue_server.domain.rules import Rules
from queue_server.domain.state import State
from queue_server.journal.day_facts import Names, names_from_json, names_of
from queue_server.journal.promises import History
from queue_server.reports.words import Words

KEPT = 32
"""Days whose rules are remembered: those of a day that is over never change."""

_DAYS = """
    SELECT day, names, EXISTS (SELECT 1 FROM events WHERE stream = day) FROM days
    WHERE day >= ? AND day < ? ORDER BY day DESC
"""
_LAST = "SELECT day, timezone FROM days WHERE day < ? ORDER BY day DESC LIMIT 1"


class ThatDay:
    """`connection` and `history` give one for this question; `state` is the hall now. Takes time: for a thread."""

    def __init__(
        self, connection: Callable[[], Connection], history: Callable[[], History], state: Callable[[], State]
    ) -> None:
        self._connection = connection
        self._history = history
        self._state = state
        self._rules: dict[str, Rules] = {}

    def words(self, language: str, first: date, last: date) -> Words:
        """How a report of these days says things."""
        state = self._state()
        end = (last + timedelta(days=1)).isoformat()
        with closing(self._connection()) as db:
            day, zone = db.execute(_LAST, (end,)).fetchone() or (None, "")
            found = db.execute(_DAYS, (first.isoformat(), end)).fetchall()
        now = first.isoformat() <= state.day < end
        rules = state.rules if now or day is None or day == state.day else self._ended_with(day, state.rules)
        if zone and zone != rules.timezone and not now:
            rules = replace(rules, timezone=zone)  # an imported day's clock is its own
        # a day is nearly always as the one before it
        rows = [names for _, names, _ in found]
        told = [names for place, names in enumerate(rows) if place == 0 or names != rows[place - 1]]
        known = [names_of(state.rules)] if now else []
        imported = {date.fromisoformat(name[:10]): not lived for name, _, lived in reversed(found)}
        return Words(language, rules, latest([*known, *map(names_from_json, told)]), imported, state.rules.timezone)

    def _ended_with(self, day: str, otherwise: Rules) -> Rules:
        known = self._rules.get(day)
        if known is None:
            with closing(self._history()) as history:
                found = history.rules_on(day)
            if found is None:
                return otherwise
            while len(self._rules) >= KEPT:
                del self._rules[next(iter(self._rules))]
            known = self._rules[day] = found
        return known


def latest(names: list[Names]) -> Names:
    """Each thing by the first of these that knows it."""
    found: dict[str, dict[str, object]] = {field: {} for field in Names.__struct_fields__}
    for one in names:
        for field, known in asdict(one).items():
            for id_, said in known.items():
                found[field].setdefault(id_, said)
    return Names(**found)  # type: ignore[arg-type]  # each field as it was in the others
