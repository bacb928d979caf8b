"""One value over days, weeks or months, beside a target and what it was before; and the small trend in a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from queue_server.charts.paper import WIDTH, Axis, Frame, axis, drawing, element, legend, line, text, values

LEFT, RIGHT, TOP, TALL, FOOT = 62.0, 14.0, 30.0, 150.0, 26.0


class Line(Struct, frozen=True, kw_only=True):
    """`class_` is `half`, `most` or `before` of charts.css."""

    name: str
    class_: str
    values: tuple[float | None, ...]


def course(
    id_: str,
    title: str,
    desc: str,
    labels: Sequence[str],
    lines: Sequence[Line],
    said: Sequence[Sequence[str]],
    say: Callable[[float], str],
    *,
    target: tuple[float, str] | None = None,
    share: bool = False,
    seconds: bool = False,
    marks: Sequence[str | None] = (),
) -> str:
    """`target` is a value and its words; `share` fixes the axis from 0 to 1. `marks` name columns with a note."""
    most = max((value for one in lines for value in one.values if value is not None), default=0)
    scale = (
        Axis(top=1.0, steps=(0.0, 0.25, 0.5, 0.75, 1.0), say=say)
        if share
        else axis(max(most, target[0] if target else 0), say, seconds=seconds)
    )
    frame = Frame(left=LEFT, top=TOP, width=WIDTH - LEFT - RIGHT, height=TALL, columns=len(labels), axis=scale)
    drawn = frame.grid()
    if target is not None:
        y = frame.y(target[0])
        drawn += element("line", class_="line target", x1=frame.left, x2=frame.left + frame.width, y1=y, y2=y)
    for one in lines:
        points = [None if value is None else (frame.x(at), frame.y(value)) for at, value in enumerate(one.values)]
        drawn += line(points, one.class_)
        if len(labels) <= 40:
            drawn += "".join(
                element("circle", class_=f"dot {one.class_}", cx=point[0], cy=point[1], r=3)
                for point in points
                if point is not None
            )
    drawn += "".join(
        text("✱", class_="note-mark", x=frame.x(at), y=frame.top + 10, text_anchor="middle")
        for at, mark in enumerate(marks)
        if mark
    )
    keys = [(f"line {one.class_}", one.name) for one in lines]
    if target is not None:
        keys.append(("line target", target[1]))
    return drawing(
        id_,
        title,
        desc,
        WIDTH,
        frame.bottom + FOOT,
        drawn,
        frame.under(labels),
        legend(keys, LEFT, 14),
        values(frame, said),
    )


SPARK_WIDE, SPARK_TALL = 96.0, 24.0


def spark(id_: str, title: str, found: Sequence[float | None], *, target: float | None = None) -> str:
    """A trend without axes: its place in a row says of what, `title` says from what to what."""
    known = [value for value in found if value is not None]
    top = max([*known, target or 0, 1e-9])
    step = (SPARK_WIDE - 8) / max(1, len(found) - 1)

    def at(index: int, value: float) -> tuple[float, float]:
        return 4 + index * step, 3 + (SPARK_TALL - 6) * (1 - value / top)

    points = [None if value is None else at(index, value) for index, value in enumerate(found)]
    drawn = ""
    if target is not None:
        y = at(0, target)[1]
        drawn += element("line", class_="line target", x1=4, x2=SPARK_WIDE - 4, y1=y, y2=y)
    drawn += line(points, "half")
    if points and points[-1] is not None:
        drawn += element("circle", class_="dot half", cx=points[-1][0], cy=points[-1][1], r=2.5)
    return drawing(id_, title, title, SPARK_WIDE, SPARK_TALL, drawn, class_="chart spark")
