"""Which business day it is and which rules hold on it: the engine's view of config.toml.

A changed file is taken in the middle of a day only if it breaks nothing that is in use; otherwise the journal's rules
go on to hold until the day ends, and an alarm says why. What a supervisor changed wins until then, too.
"""

from __future__ import annotations

from datetime import date

from queue_server.domain.rules import Rules
from queue_server.domain.rules_change import breaking_changes, in_use
from queue_server.domain.state import State
from queue_server.service.rulebook import BusinessDay, day_at, day_of, rules_for
from queue_server.settings import Settings


class Days:
    """Days and rules as a mall's settings have them; `always_open` for demonstrations."""

    def __init__(self, settings: Settings, *, always_open: bool = False, listens_at: str = "") -> None:
        self.settings = settings
        self._always_open = always_open
        self._listens_at = listens_at

    def begin(self, now: int) -> tuple[BusinessDay, Rules]:
        """The business day of the instant `now` (milliseconds) and its rules."""
        day = day_at(self.settings, now)
        return day, self._rules(day)

    def rules_now(self, state: State) -> tuple[Rules | None, list[str]]:
        """The file's rules for the day that is open, or None and the reasons why they cannot be taken now."""
        rules = state.supervised.over(self._rules(day_of(self.settings, date.fromisoformat(state.day))))
        if rules == state.rules:
            return None, []
        broken = breaking_changes(state.rules, rules, in_use(state))
        return (None, broken) if broken else (rules, [])

    def _rules(self, day: BusinessDay) -> Rules:
        return rules_for(self.settings, day, always_open=self._always_open, listens_at=self._listens_at)
