"""In which order the pieces of a line stand on paper when some are read from the right and some from the left.

Text is cut into runs of one direction and one font; within a run the shaper knows the order, between runs this
file does. It is Unicode's bidirectional algorithm (UAX 9) for one line without explicit embeddings: strong
letters decide (X, W2, W7), numbers go from left to right (W, I1, I2), a pair of brackets goes with what it holds
(N0), what is neutral with both neighbours or with the line (N1, N2), and runs are turned round level by level (L2).
Numbers inside Latin text, names inside Arabic text and brackets around either come out as in a browser.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple, Protocol, TypeVar

_LEFT = {"L"}
_RIGHT = {"R", "AL"}
_NUMBER = {"EN", "AN"}

_CLOSED_BY = dict(zip("([{⁅⁽₍⌈⌊⟦⟨⟪⟮〈《「『【〔〖（［｛｢", ")]}⁆⁾₎⌉⌋⟧⟩⟫⟯〉》」』】〕〗）］｝｣", strict=True))
"""Brackets that people type, out of Unicode's BidiBrackets.txt; quotation marks are none."""

_DEEPEST = 63
"""Open brackets beyond this many are not paired (BD16)."""


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


def read_from_right(text: str) -> bool | None:
    """What the text's first strong letter says (rules P2, P3); None where it has none."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in _LEFT or kind in _RIGHT:
            return kind in _RIGHT
    return None


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
    return [
        level_of[kind] for kind in _neutrals_resolved(_brackets_resolved(text, _directions(text, line), line), line)
    ]


def _directions(text: str, line: str) -> list[str]:
    """`L`, `R`, `#` for a number that is not part of text from the left (W7), "" for what is neutral."""
    found: list[str] = []
    strong = line
    for kind in _numbers_joined(_kinds(text, line)):
        if kind in _LEFT or kind in _RIGHT:
            strong = "L" if kind in _LEFT else "R"
            found.append(strong)
        elif kind in _NUMBER:
            found.append("L" if strong == "L" and kind == "EN" else "#")
        else:
            found.append("")
    return found


def _kinds(text: str, line: str) -> list[str]:
    """Each character's class: a mark has that of its letter (W1); digits after Arabic letters are Arabic (W2)."""
    kinds: list[str] = []
    strong = line
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind == "NSM":
            kind = kinds[-1] if kinds else line
        if kind in _LEFT or kind in _RIGHT:
            strong = kind
        elif kind == "EN" and strong == "AL":
            kind = "AN"
        kinds.append(kind)
    return kinds


def _numbers_joined(kinds: list[str]) -> list[str]:
    """One sign between digits of a kind, and percent or currency signs beside them, are part of the number (W4, W5)."""
    joined = list(kinds)
    for index in range(1, len(kinds) - 1):
        before, after = joined[index - 1], kinds[index + 1]
        signs = {"EN": {"ES", "CS"}, "AN": {"CS"}}.get(before, ())
        if before == after and kinds[index] in signs:
            joined[index] = before
    start = 0
    while start < len(joined):
        end = start + 1
        if joined[start] == "ET":
            while end < len(joined) and joined[end] == "ET":
                end += 1
            if "EN" in (*joined[:start][-1:], *joined[end : end + 1]):
                joined[start:end] = ["EN"] * (end - start)
        start = end
    return joined


def _brackets_resolved(text: str, directions: list[str], line: str) -> list[str]:
    """A pair of brackets goes with the line if anything in it does, else with what it holds where that is also what
    stands before it (N0). A number counts as read from the right."""
    resolved = list(directions)
    for opening, closing in _pairs(text, directions):
        inside = {kind.replace("#", "R") for kind in resolved[opening + 1 : closing] if kind}
        if not inside:
            continue
        direction = line
        if line not in inside:
            before = next((kind.replace("#", "R") for kind in reversed(resolved[:opening]) if kind), line)
            direction = before if before in inside else line
        for place in (opening, closing):
            resolved[place] = direction
            _marks_follow(text, resolved, place)
    return resolved


def _pairs(text: str, directions: list[str]) -> list[tuple[int, int]]:
    """Where brackets open and close, by where they open (BD16)."""
    found: list[tuple[int, int]] = []
    waiting: list[tuple[str, int]] = []
    for index, character in enumerate(text):
        if directions[index]:
            continue
        if character in _CLOSED_BY:
            if len(waiting) == _DEEPEST:
                break
            waiting.append((_CLOSED_BY[character], index))
        else:
            for depth in range(len(waiting) - 1, -1, -1):
                if waiting[depth][0] == character:
                    found.append((waiting[depth][1], index))
                    del waiting[depth:]
                    break
    return sorted(found)


def _marks_follow(text: str, resolved: list[str], place: int) -> None:
    """Marks that stand on a bracket go with it."""
    for index in range(place + 1, len(text)):
        if unicodedata.bidirectional(text[index]) != "NSM":
            break
        resolved[index] = resolved[place]


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
