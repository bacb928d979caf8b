"""What pages and programs say to reports: notes on days, and what is usual now."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct


class DayNoteRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A note on a business day, `2026-11-24`. Whoever belongs to agencies writes for those."""

    day: Annotated[str, Meta(max_length=10, pattern=r"^\d{4}-\d\d-\d\d$")]
    words: Annotated[str, Meta(min_length=1, max_length=200)]


class DayNoteView(Struct, frozen=True, kw_only=True):
    """`agencies` is null for a note on the whole mall."""

    id: str
    day: str
    words: str
    agencies: tuple[str, ...] | None


class HalfHour(Struct, frozen=True, kw_only=True):
    """Of those who took their number in this half-hour, `09:30`; percentiles of fewer than 20 say little (`few`).

    `waiting` and `counters` are averages of it: who waited, and what was open; null while it is not over, and where
    nobody knows.
    """

    at: str
    queued: int
    served: int
    wait_p50_s: float | None
    wait_max_s: float | None
    within_target: float | None
    few: bool
    waiting: float | None = None
    counters: float | None = None


class UsualView(Struct, frozen=True, kw_only=True):
    """What is usual at this half-hour of this weekday, over the eight weeks before; null where nothing is known.

    `waiting` and `counters` are averages of the half-hour, `wait_p50_s` is of those who took their number in it,
    `wait_max_s` the longest wait among them (the median of the days);
    `within_target` is of the whole day, `served` of all who took theirs until now. `today` is the day so far.
    """

    weekday: int
    at: str
    days: int
    waiting: float | None
    counters: float | None
    wait_p50_s: float | None
    wait_max_s: float | None
    within_target: float | None
    served: float | None
    today: tuple[HalfHour, ...]
