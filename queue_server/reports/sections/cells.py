"""What the sections of a report are made of: cells of each kind, and what a service level is held against."""

from __future__ import annotations

from collections.abc import Callable

from queue_server.reports.numbers import HALF_HOURS
from queue_server.reports.tables import Cell
from queue_server.reports.words import Words

Behind = Callable[..., str]
"""The address of the steps behind a number; what is named narrows it."""

LEVEL = 0.9
"""What a service level is drawn against: nine in ten within the target."""


def tenths_cell(value: float | None, words: Words) -> Cell:
    return Cell(value=None if value is None else round(value, 2), said=words.tenths(value))


def count_cell(value: float | None, words: Words) -> Cell:
    return Cell(value=value, said=words.count(value))


def wait_cell(value: float | None, words: Words, *, few: bool = False, out: bool = False) -> Cell:
    return Cell(value=value, said=words.wait(value), few=few and value is not None, out=out)


def change_cell(now: float | None, then: float | None, words: Words) -> Cell:
    return Cell(value=None if now is None or then is None else now - then, said=words.change(now, then))


def clock_cell(at: int, words: Words, *, link: str = "") -> Cell:
    """When a half-hour begins."""
    return Cell(value=at % HALF_HOURS * (86_400 // HALF_HOURS), said=words.half_hour(at), link=link)


def share_cell(value: float | None, words: Words) -> Cell:
    return Cell(value=value, said=words.share(value))
