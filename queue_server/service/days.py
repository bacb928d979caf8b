"""Which business day it is and which rules hold on it: the engine's view of config.toml.

A changed file is taken in the middle of a day only if it breaks nothing that is in use; otherwise the journal's rules
go on to hold until the day ends, and an alarm says why. What a supervisor changed wins until then, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import chain, count
from zoneinfo import ZoneInfoNotFoundError

from queue_server.domain.rules import Rules
from queue_server.domain.rules_change import breaking_changes, in_use
from queue_server.domain.state import State
from queue_server.errors import ConfigWrong
from queue_server.service.presenting import presentation_of
from queue_server.service.rulebook import BusinessDay, Later, day_after, day_at, opens_after, rules_for
from queue_server.settings import Settings

NOTHING_LATER = Later(services={}, kiosks={})


class Days:
    """Days and rules as a mall's settings have them; `always_open` for demonstrations."""

    def __init__(self, settings: Settings, *, always_open: bool = False, listens_at: str = "") -> None:
        self.settings = settings
        self.presentation = presentation_of(settings)
        self._always_open = always_open
        self._later: tuple[str, Later] = "", NOTHING_LATER
        self._listens_at = listens_at

    @property
    def mall(self) -> str:
        """The id of the mall that config.toml is of."""
        return str(self.settings.mall.id)

    def take(self, settings: Settings, state: State) -> None:
        """A changed config.toml. Raises ConfigWrong where it is another mall's than the state."""
        _check_mall(state, settings)
        self.settings = settings
        self._later = "", NOTHING_LATER
        self.presentation = presentation_of(settings)

    def opens_later(self, state: State) -> Later:
        """When what is closed opens for the first time after the state's day, as config.toml has it now."""
        day = _day_of(state)
        if day is None:
            return NOTHING_LATER
        if self._later[0] != day.name:
            try:
                self._later = day.name, opens_after(self.settings, day)
            except ZoneInfoNotFoundError:  # no day can be opened by this file; its own alarm says so
                return NOTHING_LATER
        return self._later[1]

    def check(self, state: State) -> None:
        """Raises ConfigWrong where the state is another mall's than the file."""
        _check_mall(state, self.settings)

    def begin(self, now: int, state: State) -> tuple[BusinessDay, Rules]:
        """The business day of the instant `now` (milliseconds), which follows the state's, and its rules."""
        last = None if state.ended_early else _day_of(state)
        day = day_at(self.settings, now) if last is None else day_after(self.settings, last, now)
        return day, self._rules(day)

    def rules_now(self, state: State) -> tuple[Rules | None, list[str]]:
        """The file's rules for the day that is open, or None and the reasons why they cannot be taken now.

        The day keeps the bounds that it was opened with, whatever `day_starts` says meanwhile.
        """
        day = _day_of(state)
        assert day is not None, "no day is open"
        rules = state.supervised.over(self._rules(day))
        if rules == state.rules:
            return None, []
        broken = breaking_changes(state.rules, rules, in_use(state))
        return (None, broken) if broken else (rules, [])

    def _rules(self, day: BusinessDay) -> Rules:
        return rules_for(self.settings, day, always_open=self._always_open, listens_at=self._listens_at)


def unused(name: str, days: Iterable[str]) -> str:
    """A day's name as no day had it yet: where a clock that was ahead has opened it before, `2026-11-24.2` is new."""
    known = set(days)
    names = chain((name,), (f"{name}.{number}" for number in count(2)))
    return next(candidate for candidate in names if candidate not in known)


def _day_of(state: State) -> BusinessDay | None:
    """The day that the state is of, open or over; None before the first."""
    if not state.day:
        return None
    return BusinessDay(
        date=date.fromisoformat(state.day.partition(".")[0]), starts_at=state.starts_at, ends_at=state.ends_at
    )


def _check_mall(state: State, settings: Settings) -> None:
    """A journal is one mall's for ever."""
    if state.mall not in ("", settings.mall.id):
        raise ConfigWrong(
            [
                f'config.toml: mall.id: "{settings.mall.id}" is another mall than "{state.mall}", whose journal this'
                " data folder holds; a mall never changes its id, and another mall needs a folder of its own (--data)"
            ]
        )
