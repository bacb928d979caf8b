"""One business day's steps as columns: an array for each thing that is grouped by, asked for or measured.

A column is some bytes a step where a row is some hundred, and is counted as a whole. Words (an agency's id, a clerk's
pseudonym…) are codes that mean the same on all days, so that the columns of many days are simply put one after the
other. What a wait is, and how a step ended, is said by domain/measures.py when a day's columns are made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import repeat
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from queue_server.domain import measures
from queue_server.domain.lifecycle import StepState
from queue_server.domain.measures import Fate

Array = NDArray[Any]
Columns = dict[str, Array]

RAW = (
    "issued_at",
    "ticket",
    "step",
    "number",
    "agency",
    "service",
    "counter",
    "clerk",
    "category",
    "channel",
    "kiosk",
    "language",
    "outcome",
    "state",
    "was",
    "queued_at",
    "booked_at",
    "first_called_at",
    "left_at",
    "started_at",
    "served_ms",
    "held_ms",
    "target",
    "p50",
    "p90",
    "walk_s",
    "service_s",
    "missed",
    "finished_at",
)
"""What is needed of a row of `steps` (journal/rows.py), in this order."""

WORDS = ("agency", "service", "counter", "clerk", "category", "channel", "kiosk", "language", "outcome")
"""Columns of codes of words; 0 is none."""
SPAN_WORDS = ("agency", "service", "counter", "clerk", "reason")
"""The same of counters' time."""
FATES = tuple(Fate)
FATE_CODES = {fate: code for code, fate in enumerate(FATES)}
SECONDS = ("wait_s", "walk_s", "service_s", "p50_s", "p90_s", "stay_s")
"""Columns of whole seconds: what was measured, what was promised to whom a wait was measured, and how long somebody sat
there until they were called or left.

Each is one more than it is, since 0 says that it has not happened."""
DTYPES: dict[str, type[Any]] = {
    **dict.fromkeys((*WORDS, *SPAN_WORDS), np.uint16),
    **dict.fromkeys(("half_hour", "fate", "state"), np.uint8),
    **dict.fromkeys(SECONDS, np.uint32),
    "mark": np.uint16,
    "into_s": np.uint16,
    "target_s": np.uint32,
    "ms": np.uint32,
}
"""What each column is made of."""

FIRST, RETURNED, PROMISED, WITHIN, ESTIMATED, WITHIN_P50, WITHIN_P90 = (1 << bit for bit in range(7))
"""Bits of a step's mark: the ticket's first step; came back after a no-show; of a wait: there was a target, it was
within it, there was an estimate, it was within the shorter and within the longer time told of it."""
FLAG_BITS = 7
MARKS = len(FATES) << FLAG_BITS
"""A mark is a step's flags, and above them the code of how it ended."""

HALF_HOURS = 48
_QUARTER_MS = 900_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Words:
    """Codes of words, by column. Only added to: a code means the same for ever."""

    def __init__(self) -> None:
        self._codes: dict[str, dict[str, int]] = {name: {"": 0} for name in {*WORDS, *SPAN_WORDS}}
        self._words: dict[str, list[str]] = {name: [""] for name in {*WORDS, *SPAN_WORDS}}

    def code(self, column: str, word: str | None) -> int:
        codes = self._codes[column]
        if word is None:
            return 0
        code = codes.get(word)
        if code is None:
            code = codes[word] = len(codes)
            self._words[column].append(word)
        return code

    def all(self, column: str) -> Sequence[str]:
        """Every word by its code."""
        return self._words[column]

    def counts(self) -> dict[str, int]:
        """How many codes each column has, that of no word among them."""
        return {column: len(words) for column, words in self._words.items()}


class LocalTime:
    """The mall's wall clock; offsets are looked up once for each quarter of an hour, which is when they change."""

    def __init__(self, timezone: str) -> None:
        self._zone = ZoneInfo(timezone)
        self._known: dict[int, tuple[int, int]] = {}

    def half_hour(self, at: int) -> int:
        """Which of the day's 48, as a clock on the wall shows it: an hour that comes twice is counted twice in it."""
        return self._quarter(at // _QUARTER_MS)[0]

    def into_half_hour(self, at: int) -> int:
        """Whole seconds since it began."""
        return self._quarter(at // _QUARTER_MS)[1] + at % _QUARTER_MS // 1_000

    def _quarter(self, quarter: int) -> tuple[int, int]:
        """The half-hour that a quarter is in, and so many seconds into it it begins."""
        found = self._known.get(quarter)
        if found is None:
            local = (_EPOCH + timedelta(milliseconds=quarter * _QUARTER_MS)).astimezone(self._zone)
            found = self._known[quarter] = local.hour * 2 + local.minute // 30, local.minute % 30 * 60
        return found


def columns_of(rows: Iterable[Sequence[Any]], words: Words, clock: LocalTime, until: int | None = None) -> Columns:
    """The columns of one day's rows (each as `RAW` has it, in the order of the journal's key); all were queued.
    `until` is now, of a day that goes on."""
    of = _turned(rows)
    waits = list(map(measures.waited, of["queued_at"], of["booked_at"], of["first_called_at"], of["held_ms"]))
    began = [at or 0 for at in map(measures.wait_began, of["queued_at"], of["booked_at"])]
    fates = list(map(fate_of, of["state"], of["was"], of["missed"], of["started_at"], of["served_ms"]))
    came_back = map(measures.came_back, fates, of["missed"])
    flags = map(_flags, of["step"], came_back, waits, of["target"], of["p50"], of["p90"])
    found = {name: np.array([words.code(name, word) for word in of[name]], dtype=np.uint16) for name in WORDS}
    found["half_hour"] = np.array(list(map(clock.half_hour, began)), dtype=np.uint8)
    found["into_s"] = np.array(list(map(clock.into_half_hour, began)), dtype=np.uint16)
    stayed = map(_stayed, began, of["first_called_at"], of["left_at"], of["state"], repeat(until))
    found["stay_s"] = _seconds(map(_whole, stayed))
    found["fate"] = np.array([FATE_CODES[fate] for fate in fates], dtype=np.uint8)
    marks = [FATE_CODES[fate] << FLAG_BITS | flag for fate, flag in zip(fates, flags, strict=True)]
    found["mark"] = np.array(marks, dtype=np.uint16)
    found["wait_s"] = _seconds(map(_whole, waits))
    found["walk_s"] = _seconds(of["walk_s"])
    found["service_s"] = _seconds(of["service_s"])
    for told in ("p50", "p90"):  # what was promised counts once it can be compared with what came true
        known = (ms if wait is not None else None for wait, ms in zip(waits, of[told], strict=True))
        found[f"{told}_s"] = _seconds(map(_whole, known))
    return found


def _turned(rows: Iterable[Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """Rows as columns."""
    turned = list(zip(*rows, strict=True))
    return dict(zip(RAW, turned, strict=True)) if turned else dict.fromkeys(RAW, ())


def fate_of(state: str, was: str | None, missed: int, started_at: int | None, served_ms: int) -> Fate:
    """How a step ended, as its row says."""
    before = StepState(was) if was is not None else None
    return measures.fate(StepState(state), before, missed=missed, started=started_at is not None or served_ms > 0)


def _flags(step: int, came_back: bool, wait: int | None, target: int | None, p50: int | None, p90: int | None) -> int:
    flags = (FIRST if step == 0 else 0) | (RETURNED if came_back else 0)
    if wait is None:
        return flags
    if target is not None:
        flags |= PROMISED | (WITHIN if wait <= target else 0)
    if p50 is not None and p90 is not None:
        half, most = measures.kept(wait // 1_000, p50 // 1_000, p90 // 1_000)
        flags |= ESTIMATED | (WITHIN_P50 if half else 0) | (WITHIN_P90 if most else 0)
    return flags


def _stayed(began: int, called_at: int | None, left_at: int | None, state: str, until: int | None) -> int | None:
    """From when a wait began to the first call, or until its step left; of who still waits, until now."""
    ended = called_at or left_at or (until if state == StepState.WAITING else None)
    return None if ended is None else max(0, ended - began)


def _whole(ms: int | None) -> int | None:
    return None if ms is None else ms // 1_000


def _seconds(values: Iterable[int | None]) -> Array:
    return np.array([0 if value is None else value + 1 for value in values], dtype=np.uint32)
