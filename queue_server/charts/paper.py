"""What every chart is drawn with: escaped elements, a frame with axes, round steps, and the values under a pointer."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from html import escape

from msgspec import Struct

LETTER = 6.4
"""About how wide a letter of an axis or a value is, in a chart's own units."""

KEY_LETTER, WIDE_KEY_LETTER = 7.8, 9.4
"""The same of a legend, which is larger on paper: of most letters, and of Georgian ones."""
_GEORGIAN = re.compile("[\u10a0-\u10ff]")

WIDTH = 720.0
WIDE = 1180.0
"""Of charts in half of a page, and across all of it."""


def element(name: str, *inside: str, **attributes: str | float | None) -> str:
    """One element. `class_` is `class`, other underscores are hyphens; None leaves an attribute out."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_short(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{said}>{''.join(inside)}</{name}>" if inside else f"<{name}{said}/>"


def text(said: str, **attributes: str | float | None) -> str:
    return element("text", escape(said), **attributes)


def _short(value: str | float) -> str:
    if isinstance(value, str):
        return value
    return f"{value:.1f}".rstrip("0").rstrip(".")


def drawing(
    id_: str,
    title: str,
    desc: str,
    width: float,
    height: float,
    *inside: str,
    class_: str = "chart",
    role: str = "img",
) -> str:
    """The whole picture. `id_` tells it apart from the page's others; one with links in it is a `group`."""
    return element(
        "svg",
        element("title", escape(title), id=f"{id_}-title"),
        element("desc", escape(desc), id=f"{id_}-desc"),
        *inside,
        class_=class_,
        viewBox=f"0 0 {_short(width)} {_short(height)}",
        role=role,
        aria_labelledby=f"{id_}-title {id_}-desc",
    )


class Axis(Struct, frozen=True, kw_only=True):
    """From 0 to `top` in `steps`, all in the values' own unit; `say` writes one."""

    top: float
    steps: tuple[float, ...]
    say: Callable[[float], str]


ROUND = (1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 240, 300, 600, 900, 1200, 1800, 3600, 5400, 7200, 10800, 21600, 43200)
"""Steps that read well in seconds."""
MINUTE = 60.0


def axis(most: float, say: Callable[[float], str], *, steps: int = 4, seconds: bool = False) -> Axis:
    """An axis that reaches over `most` in about so many round steps."""
    most = max(most, 1.0)
    step = _round_step(most / steps, seconds=seconds)
    if seconds and step < MINUTE < most:
        step = MINUTE  # from a minute on they are said to the minute
    count = max(1, math.ceil(most / step - 1e-9))
    return Axis(top=step * count, steps=tuple(step * n for n in range(count + 1)), say=say)


def _round_step(wanted: float, *, seconds: bool) -> float:
    if seconds and wanted <= ROUND[-1]:
        return next(float(one) for one in ROUND if one >= wanted)
    power = 10.0 ** math.floor(math.log10(wanted))
    steps = (1, 2, 2.5, 5, 10) if power > 1 else (1, 2, 5, 10)  # half a counter is none
    return max(1.0, next(power * one for one in steps if power * one >= wanted))


class Frame(Struct, frozen=True, kw_only=True):
    """Where values stand: `columns` of equal width between left and right, values from the bottom up."""

    left: float
    top: float
    width: float
    height: float
    columns: int
    axis: Axis

    def x(self, column: float) -> float:
        """The middle of a column; halves are between two."""
        return self.left + (column + 0.5) * self.width / max(1, self.columns)

    @property
    def step(self) -> float:
        return self.width / max(1, self.columns)

    def y(self, value: float) -> float:
        return self.top + self.height * (1 - min(value, self.axis.top) / self.axis.top)

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def grid(self) -> str:
        """Lines across, each with its value at the side."""
        return "".join(
            element("line", class_="grid", x1=self.left, x2=self.left + self.width, y1=self.y(one), y2=self.y(one))
            + text(self.axis.say(one), class_="tick", x=self.left - 6, y=self.y(one) + 4, text_anchor="end")
            for one in self.axis.steps
        )

    def under(self, labels: Sequence[str], *, offset: float = 16, edges: bool = False) -> str:
        """Words below the columns, as many as have room; at their left edges if columns are spans of time."""
        longest = max(map(len, labels), default=1) * LETTER + 10
        every = max(1, math.ceil(longest / self.step))
        shift = 0.5 if edges else 0
        return "".join(
            text(said, class_="tick", x=self.x(index - shift), y=self.bottom + offset, text_anchor="middle")
            for index, said in enumerate(labels)
            if index % every == 0 and said
        )


def line(points: Iterable[tuple[float, float] | None], class_: str) -> str:
    """A line through the points, with a gap at each None; a point alone is a dot."""
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    drawn = [
        element("polyline", class_=f"line {class_}", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in run))
        for run in runs
        if len(run) > 1
    ]
    alone = [
        element("circle", class_=f"dot {class_}", cx=run[0][0], cy=run[0][1], r=3) for run in runs if len(run) == 1
    ]
    return "".join(drawn + alone)


def band(points: Iterable[tuple[float, float, float] | None], class_: str) -> str:
    """The area between two lines: x, upper y, lower y; with gaps at None."""
    runs: list[list[tuple[float, float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return "".join(
        element(
            "polygon",
            class_=class_,
            points=" ".join(
                [f"{x:.1f},{high:.1f}" for x, high, _ in run] + [f"{x:.1f},{low:.1f}" for x, _, low in reversed(run)]
            ),
        )
        for run in runs
        if len(run) > 1
    )


def values(
    frame: Frame, said: Sequence[Sequence[str]], *, top: float | None = None, bottom: float | None = None
) -> str:
    """What is read where the pointer is: a line through the column and its values, seen only then."""
    top = frame.top if top is None else top
    bottom = frame.bottom if bottom is None else bottom
    found = []
    for index, lines in enumerate(said):
        if not lines:
            continue
        middle = frame.x(index)
        wide = max(map(len, lines)) * LETTER + 16
        right = middle + wide + 8 > frame.left + frame.width
        at = middle - wide - 8 if right else middle + 8
        tip = element("rect", class_="tip-box", x=at, y=top, width=wide, height=16 * len(lines) + 8, rx=4)
        tip += "".join(
            text(one, class_="tip-first" if row == 0 else "tip-text", x=at + 8, y=top + 16 * (row + 1))
            for row, one in enumerate(lines)
        )
        found.append(
            element(
                "g",
                element("title", escape("\n".join(lines))),
                element("rect", class_="hit", x=middle - frame.step / 2, y=top, width=frame.step, height=bottom - top),
                element(
                    "g",
                    element("line", class_="guide", x1=middle, x2=middle, y1=top, y2=bottom),
                    tip,
                    class_="tip",
                ),
                class_="at",
            )
        )
    return "".join(found)


def legend(entries: Iterable[tuple[str, str]], left: float, top: float) -> str:
    """Each sign with its words: (class of the sign, words)."""
    drawn, at = "", left
    for class_, said in entries:
        shape = (
            element("line", class_=f"line {class_.removeprefix('line ')}", x1=at, x2=at + 18, y1=top - 4, y2=top - 4)
            if class_.startswith("line ")
            else element("rect", class_=class_, x=at, y=top - 10, width=18, height=11)
        )
        drawn += shape + text(said, class_="key", x=at + 23, y=top)
        at += 23 + key_width(said) + 18
    return drawn


def key_width(said: str) -> float:
    """About how wide a legend's words are."""
    wide = len(_GEORGIAN.findall(said))
    return (len(said) - wide) * KEY_LETTER + wide * WIDE_KEY_LETTER
