"""Amounts as bars: how values are spread, and how a time is divided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from msgspec import Struct

from queue_server.charts.paper import (
    LETTER,
    WIDE,
    WIDTH,
    Frame,
    axis,
    drawing,
    element,
    key_width,
    legend,
    text,
    values,
)

LEFT, RIGHT, TOP, TALL, FOOT = 62.0, 14.0, 22.0, 150.0, 26.0


class Mark(Struct, frozen=True, kw_only=True):
    """A line down through a spread, `at` in columns from the left edge."""

    at: float
    said: str
    class_: str = "half"


def spread(
    id_: str,
    title: str,
    desc: str,
    edges: Sequence[str],
    counts: Sequence[float],
    said: Sequence[Sequence[str]],
    say: Callable[[float], str],
    marks: Sequence[Mark] = (),
) -> str:
    """A histogram; `edges` name where each bar begins."""
    frame = Frame(
        left=LEFT,
        top=TOP,
        width=WIDTH - LEFT - RIGHT,
        height=TALL,
        columns=len(counts),
        axis=axis(max(counts, default=0), say),
    )
    bars = "".join(
        element(
            "rect",
            class_="bar",
            x=frame.x(index) - frame.step * 0.46,
            y=frame.y(count),
            width=frame.step * 0.92,
            height=max(0.0, frame.bottom - frame.y(count)),
        )
        for index, count in enumerate(counts)
        if count
    )
    lines = ""
    for row, mark in enumerate(marks):
        x = frame.x(mark.at - 0.5)
        lines += element("line", class_=f"line {mark.class_}", x1=x, x2=x, y1=TOP - 6, y2=frame.bottom)
        flips = x + len(mark.said) * LETTER > WIDTH - RIGHT
        lines += text(
            mark.said,
            class_="on-line",
            x=x - 5 if flips else x + 5,
            y=TOP + 4 + 15 * row,
            text_anchor="end" if flips else "start",
        )
    return drawing(
        id_,
        title,
        desc,
        WIDTH,
        frame.bottom + FOOT,
        frame.grid(),
        bars,
        frame.under(edges, edges=True),
        lines,
        values(frame, said),
    )


class Part(Struct, frozen=True, kw_only=True):
    """`class_` is one of `part-0` … `part-6` of charts.css, each with a pattern of its own."""

    class_: str
    value: float
    said: str


ROW, NAME = 26.0, 92.0


def divided(
    id_: str, title: str, desc: str, rows: Sequence[tuple[str, Sequence[Part]]], keys: Sequence[tuple[str, str]]
) -> str:
    """One bar for each row, as long as its whole, divided into parts."""
    most = max((sum(part.value for part in parts) for _, parts in rows), default=0) or 1
    wide, lines = WIDE - NAME - 8, _key_lines(keys)
    top = 20.0 * len(lines) + 6
    drawn = "".join(legend(some, NAME, 14 + 20 * row) for row, some in enumerate(lines))
    for row, (name, parts) in enumerate(rows):
        y = top + ROW * row
        drawn += text(name, class_="tick", x=NAME - 8, y=y + ROW / 2 + 3, text_anchor="end")
        x = NAME
        for part in parts:
            width = wide * part.value / most
            if width > 0.2:
                drawn += element(
                    "g",
                    element("title", escape(part.said)),
                    element("rect", class_=f"part {part.class_}", x=x, y=y + 3, width=width, height=ROW - 6),
                    class_="cell",
                )
            x += width
    return drawing(id_, title, desc, WIDE, top + ROW * len(rows) + 6, _PATTERNS, drawn)


def _key_lines(keys: Sequence[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """As many lines as the keys need."""
    lines: list[list[tuple[str, str]]] = [[]]
    used = 0.0
    for class_, said in keys:
        wide = 23 + key_width(said) + 18
        if used and used + wide > WIDE - NAME:
            lines.append([])
            used = 0
        lines[-1].append((f"part {class_}", said))
        used += wide
    return lines


# Stripes and dots, so that parts differ without colour, too; charts.css fills with them by id.
_PATTERNS = element(
    "defs",
    *(
        element(
            "pattern",
            element("rect", class_=f"ground-{kind}", width=6, height=6),
            element("path", class_=f"ink-{kind}", d=path),
            id=f"chart-{kind}",
            width=6,
            height=6,
            patternUnits="userSpaceOnUse",
        )
        for kind, path in (("walk", "M0 6 6 0"), ("wait", "M0 0h6M0 3h6"), ("pause", "M1.5 1.5h1.5v1.5h-1.5z"))
    ),
)
