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
    """The live figures as they were when a half-hour ended, `at` 09:30: who waited, the longest wait so far of them,
    the share of all waits until then that were within their target, open counters, all served until then. Null is what
    nobody wrote down, and the share while nobody had been called."""

    at: str
    waiting: int
    longest_wait_s: int
    within_target: float | None
    counters: int | None
    served: int | None


class UsualView(Struct, frozen=True, kw_only=True):
    """Each live figure as it was at this time of the day (`at`) on this weekday, the median of the `days` of the eight
    weeks before; null where nothing is known. `today` is today, half-hour by half-hour."""

    weekday: int
    at: str
    days: int
    waiting: int | None
    longest_wait_s: int | None
    within_target: float | None
    counters: int | None
    served: int | None
    today: tuple[HalfHour, ...]
