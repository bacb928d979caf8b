"""In which order the pieces of a line stand on paper when some are read from the right and some from the left.

Text is cut into runs of one direction and one font; within a run the shaper knows the order, between runs this
file does. It is Unicode's bidirectional algorithm (UAX 9) for one line without explicit embeddings: strong
letters decide (X, W2, W7), numbers go from left to right (W, I1, I2), what is neutral goes with both
neighbours or with the line (N1, N2), and runs are turned round level by level (L2). Numbers inside Latin
text, names inside Arabic text and brackets around either come out as in a browser.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple, Protocol, TypeVar

_LEFT = {"L"}
_RIGHT = {"R", "AL"}
_NUMBER = {"EN", "AN"}


class Span(NamedTuple):
    """Characters `start` to `end` of the text, on one level: even ones are read from the left."""

    start: int
    end: int
    level: int

    @property
    def rtl(self) -> bool:
        return self.level % 2 == 1


def spans(text: str, *, rtl: bool) -> list[Span]:
    """The text's spans of one level, in the order in which they are read."""
    levels = _levels(text, base=1 if rtl else 0)
    found: list[Span] = []
    start = 0
    for index in range(1, len(levels) + 1):
        if index == len(levels) or levels[index] != levels[start]:
            found.append(Span(start, index, levels[start]))
            start = index
    return found


class _Levelled(Protocol):
    @property
    def level(self) -> int: ...


_S = TypeVar("_S", bound=_Levelled)


def on_paper(read: list[_S]) -> list[_S]:
    """The same spans from left to right (rule L2)."""
    shown = list(read)
    if not shown:
        return shown
    highest = max(span.level for span in shown)
    for level in range(highest, 0, -1):
        index = 0
        while index < len(shown):
            end = index
            while end < len(shown) and shown[end].level >= level:
                end += 1
            shown[index:end] = reversed(shown[index:end])
            index = max(end, index + 1)
    return shown


def _levels(text: str, *, base: int) -> list[int]:
    """One level per character: even is read from the left."""
    line = "R" if base else "L"
    level_of = {"L": 2 * base, "R": 1, "#": 2}
    return [level_of[kind] for kind in _neutrals_resolved(_directions(text, line), line)]


def _directions(text: str, line: str) -> list[str]:
    """`L`, `R`, `#` for a number that is not part of text from the left (W7), "" for what is neutral."""
    kinds = _numbers_joined([unicodedata.bidirectional(character) for character in text])
    found: list[str] = []
    strong = line
    for kind in kinds:
        if kind in _LEFT:
            strong = "L"
            found.append("L")
        elif kind in _RIGHT:
            strong = "R"
            found.append("R")
        elif kind in _NUMBER:
            found.append("L" if strong == "L" and kind == "EN" else "#")
        else:
            found.append("")
    return found


def _numbers_joined(kinds: list[str]) -> list[str]:
    """A sign between digits, and a percent or currency sign beside them, is a part of the number (W4, W5).

    A mark that stands on a letter is what that letter is (W1).
    """
    joined = list(kinds)
    for index, kind in enumerate(kinds):
        before = joined[index - 1] if index else ""
        after = kinds[index + 1] if index + 1 < len(kinds) else ""
        if kind == "NSM" or (kind in {"ES", "CS"} and before == after and before in _NUMBER):
            joined[index] = before
        elif kind == "ET" and "EN" in {before, after}:
            joined[index] = "EN"
    return joined


def _neutrals_resolved(directions: list[str], line: str) -> list[str]:
    """What is neutral joins two neighbours of one direction, else goes with the line; a number counts as
    read from the right here (N1, N2)."""
    resolved: list[str] = []
    for index, direction in enumerate(directions):
        if direction:
            resolved.append(direction)
            continue
        before = (resolved[-1] if resolved else line).replace("#", "R")
        after = next((other for other in directions[index:] if other), line).replace("#", "R")
        resolved.append(before if before == after else line)
    return resolved
