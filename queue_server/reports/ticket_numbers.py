"""Whether two writings of a ticket's number mean the same one, and which come near it. Pure.

Spaces, signs, case and leading zeros are how somebody wrote it: `a47`, `A 047` and `A-047` are one number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MOST_NEAR = 8
NEAR_BY = 5
"""So far from what was asked a number of the same series is still near."""
_PARTS = re.compile(r"(.*?)(\d*)$")

Key = tuple[str, int | None]
"""The series, and the number in it."""


def key(number: str) -> Key:
    said = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", number)).upper()
    found = _PARTS.fullmatch(said)
    series, digits = found.groups() if found is not None else (said, "")
    return series, int(digits) if digits else None


def near(number: str, known: Iterable[str]) -> list[str]:
    """Numbers of other series, and those that stand beside it in its own; the nearest first."""
    series, place = key(number)
    found: dict[Key, tuple[int, int, str]] = {}
    for one in known:
        other, at = key(one)
        if (other, at) == (series, place):
            continue
        if other == series and place is not None and at is not None and abs(at - place) <= NEAR_BY:
            found[other, at] = (1, abs(at - place), one)
        elif at == place and at is not None:
            found[other, at] = (0, 0, one)
    return [one for _, _, one in sorted(found.values())][:MOST_NEAR]
