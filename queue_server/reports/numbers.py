"""What a report asks for, and the form of its answers. Seconds throughout; None is what is not known.

Percentiles of fewer than twenty cases say little: `Group.few` tells, and pages say so.
"""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct, field

from queue_server.reports.period import Period

FEWEST = 20
HALF_HOURS = 48

Key = tuple[str | int | None, ...]


class Where(Struct, frozen=True, kw_only=True):
    """Which steps; empty is all. `agencies` is what the reader may see, and holds whatever else is asked."""

    agencies: frozenset[str] | None = None
    agency: str = ""
    service: str = ""
    counter: str = ""
    category: str = ""
    clerk: str = ""
    weekdays: frozenset[int] = frozenset(range(7))
    until: int = HALF_HOURS
    """Only those queued in half-hours before this one."""
    cut: tuple[str, int] | None = None
    """Of this date only those queued in half-hours before this one."""


class Group(Struct, frozen=True, kw_only=True):
    """Steps that were queued in the span, together. Shares from 0 to 1, of those of whom it can be said."""

    key: Key = ()
    days: int = 0
    """Of all together: the days of the span on which somebody queued in the mall."""
    issued: int = 0
    """Steps that were queued."""
    count: int = 0
    """Of them called: so many waits."""
    mean: float | None = None
    half: float | None = None
    most: float | None = None
    """Nine in ten waited no longer."""
    longest: float | None = None
    within: float | None = None
    unknown: int = 0
    """Imported, and nobody wrote down how they ended; where all are, these four are not known either."""
    served: int | None = 0
    no_shows: int | None = 0
    abandoned: int | None = 0
    """Left before they were called."""
    no_show_share: float | None = None
    """Both shares are of the steps that are over, and of which it is known how."""
    abandoned_share: float | None = None
    transfers: int | None = 0
    """Passed on to another service, served a while before or not; none of `served`."""
    walk: float | None = None
    service_half: float | None = None
    service_most: float | None = None
    promised: int = 0
    """Waits of which a time was told."""
    kept_half: float | None = None
    """Share of them that were no longer than what half should wait."""
    kept_most: float | None = None
    """And no longer than what nine in ten should wait."""
    hidden: bool = False
    """It would show one person's work, and nothing of it is told."""

    @property
    def few(self) -> bool:
        return self.count < FEWEST


class Slot(Struct, frozen=True, kw_only=True):
    """A half-hour of the mall's local day, on the average of the span's days."""

    waiting: float = 0
    counters: float | None = 0
    """None where nothing says which were open."""


class CounterTime(Struct, frozen=True, kw_only=True):
    """Seconds by state: serving, walking, idle, idle_waiting, paused."""

    counter: str
    seconds: dict[str, float] = field(default_factory=dict)


class Numbers(Protocol):
    """Whoever reckons. Every question is answered for the steps that `where` says, in local time of the mall."""

    async def groups(
        self, period: Period, by: tuple[str, ...], where: Where, *, waits_alone: bool = False
    ) -> list[Group]:
        """`by` any of agency, service, counter, category, channel, half_hour, weekday, day, week, month. With
        `waits_alone` walks, services and promises are left out, which takes a third of the time."""

    async def with_whole(self, period: Period, by: tuple[str, ...], where: Where) -> tuple[list[Group], Group]:
        """The groups, and all of them together."""

    async def days(self, period: Period, where: Where) -> list[str]:
        """The dates on which somebody queued."""

    async def slots(self, period: Period, where: Where) -> list[Slot]:
        """48 half-hours."""

    async def counter_time(self, period: Period, where: Where) -> list[CounterTime]: ...

    async def counter_days(self, period: Period, where: Where) -> list[str]:
        """The dates of which it is known what counters did."""

    async def service_times(self, period: Period, where: Where) -> list[tuple[int, int]]:
        """How often serving took how many seconds, the shortest first."""

    async def targets(self, period: Period, where: Where) -> dict[str, tuple[int, ...]]:
        """What was promised to whoever queued, by service: each time that held, the first first. Of the category that
        `where` says, or of regular people."""


def said_half_hour(at: int) -> str:
    """As the API writes it: `09:30`."""
    return f"{at // 2:02}:{at % 2 * 30:02}"


def half_hour_of(text: str) -> int | None:
    """Of what `said_half_hour` writes; None of anything else."""
    return next((at for at in range(HALF_HOURS) if said_half_hour(at) == text), None)
