"""From how far a board can be read: from the panel's inches and what its layout makes of them.

A called number can be read as far as its capitals are seen under 0.7 degrees: 82 times their height (EN 301 549,
5.1.4). Rows of a list, which are looked for and not caught in passing, as far as 200 times theirs: normal sight reads
half of that angle (distance / 400). People with low vision need 36 times at the most (US Access Board, signs in
buildings), which no panel of a hall gives far; for them calls are spoken.

Sizes are shares of the panel's shorter side, which is what the display's style sheet makes of a screen of 16 to 9; a
test in Chromium holds the two equal. A longer number is set smaller, so the mall's longest counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, sqrt

from msgspec import Struct

CALL_REACH = 82
ROW_REACH = 200
MM_PER_INCH = 25.4
SHORT_SIDE = 9 / sqrt(16**2 + 9**2)
"""Of the diagonal of a panel of 16 to 9."""

CAPITAL = 0.714
"""The height of Noto Sans' capitals and figures, in em."""
FIGURE_EM, LETTER_EM, WIDE_EM, SPACE_EM = 0.572, 0.72, 1.0, 0.2
LEAST_EM = 2.6
"""The display takes no number for narrower."""


class Form(Struct, frozen=True, kw_only=True):
    """In rem: `high` is the largest a called number is set, `room` how wide it may be, `rows` the letters of lists."""

    rem: float
    high: float
    room: float
    rows: float


LANDSCAPE, UPRIGHT = 1 / 67.5, 0.0138
FORMS: dict[tuple[str, bool], Form] = {
    ("calls", False): Form(rem=LANDSCAPE, high=22, room=74, rows=5),
    ("calls", True): Form(rem=UPRIGHT, high=26, room=66, rows=5),
    ("serving", False): Form(rem=LANDSCAPE, high=14.2, room=74, rows=2.6),
    ("serving", True): Form(rem=UPRIGHT, high=26, room=66, rows=2.6),
    ("waiting", False): Form(rem=LANDSCAPE, high=14.2, room=74, rows=2.6),
    ("waiting", True): Form(rem=UPRIGHT, high=26, room=66, rows=2.6),
    ("entrance", False): Form(rem=LANDSCAPE, high=5, room=74, rows=1.75),
    ("entrance", True): Form(rem=UPRIGHT, high=5, room=66, rows=1.75),
}
"""By layout, and whether the screen stands upright."""

LARGEST_ROW = 5.0
"""Rows are set larger for a far seat, up to this many rem: beyond it a page would hold too few."""


class Legibility(Struct, frozen=True, kw_only=True):
    """Metres from which it is read. `wanted_inches` is the least panel whose calls are read from the farthest seat."""

    call_mm: float
    call_m: float
    row_m: float
    farthest_m: float
    call_ok: bool
    row_ok: bool
    wanted_inches: int


def short_side_mm(inches: float) -> float:
    return inches * MM_PER_INCH * SHORT_SIDE


def row_mm(farthest_m: float) -> float:
    """How high a row's capitals must be for the farthest seat."""
    return farthest_m * 1000 / ROW_REACH


def call_mm(farthest_m: float) -> float:
    """How high a called number's must be."""
    return farthest_m * 1000 / CALL_REACH


def width_em(number: str) -> float:
    """How wide a number is in bold type, at the most."""
    letters = number.rstrip("0123456789")
    wide = sum(WIDE_EM if letter in "MW" else LETTER_EM for letter in letters)
    return max(LEAST_EM, wide + FIGURE_EM * (len(number) - len(letters)) + SPACE_EM)


def longest_number(prefixes: Iterable[tuple[str, int]]) -> str:
    """Of these prefixes, each with its highest number."""
    numbers = [f"{letters}{'8' * max(3, len(str(end)))}" for letters, end in prefixes]
    return max(numbers, key=width_em, default="A888")


def legibility(*, inches: float, farthest_m: float, layout: str, upright: bool, longest: str) -> Legibility:
    form = FORMS[layout, upright]
    called = min(form.high, form.room / width_em(longest)) * CAPITAL * form.rem
    mm = short_side_mm(inches) * called
    least = row_mm(farthest_m) / (CAPITAL * form.rem * short_side_mm(inches))
    row = max(form.rows, min(least, LARGEST_ROW)) * CAPITAL * form.rem * short_side_mm(inches)
    call_m, row_m = mm * CALL_REACH / 1000, row * ROW_REACH / 1000
    return Legibility(
        call_mm=round(mm, 1),
        call_m=round(call_m, 1),
        row_m=round(row_m, 1),
        farthest_m=farthest_m,
        call_ok=round(call_m, 1) >= farthest_m,
        row_ok=round(row_m, 1) >= farthest_m,
        wanted_inches=ceil(farthest_m * 1000 / CALL_REACH / called / MM_PER_INCH / SHORT_SIDE),
    )
