"""Waits through the day: half of the people, nine in ten, the target; below it who waited, and how many worked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from queue_server.charts.paper import WIDE, Frame, axis, band, drawing, element, legend, line, text, values


class Slot(Struct, frozen=True, kw_only=True):
    """One span of the day. Seconds; None where too few were called for a percentile to say anything.

    `said` is read where the pointer is over it, its first line the time.
    """

    label: str
    half: float | None = None
    most: float | None = None
    waiting: float | None = None
    counters: float | None = None
    said: tuple[str, ...] = ()


class Words(Struct, frozen=True, kw_only=True):
    title: str
    desc: str
    half: str
    most: str
    target: str
    waiting: str
    counters: str
    waits: Callable[[float], str]
    count: Callable[[float], str]


TALL, LOW, LEAST, GAP = 190.0, 64.0, 44.0, 34.0
LEFT, RIGHT, TOP, FOOT = 62.0, 14.0, 30.0, 24.0


def waits_through_the_day(id_: str, slots: Sequence[Slot], target: float | None, words: Words) -> str:
    """All panels share their columns, so what is below says why what is above rose; each has an axis of its own, since
    two counters of five are much and two people of two hundred are nothing."""
    most = max((value for slot in slots for value in (slot.half, slot.most) if value is not None), default=0)
    people = max((slot.waiting for slot in slots if slot.waiting is not None), default=0)
    working = max((slot.counters for slot in slots if slot.counters is not None), default=0)
    upper = Frame(
        left=LEFT,
        top=TOP,
        width=WIDE - LEFT - RIGHT,
        height=TALL,
        columns=len(slots),
        axis=axis(max(most, target or 0) * 1.02, words.waits, seconds=True),
    )
    lower = Frame(
        left=LEFT,
        top=TOP + TALL + GAP,
        width=upper.width,
        height=LOW,
        columns=len(slots),
        axis=axis(people, words.count, steps=2),
    )
    least = Frame(
        left=LEFT,
        top=lower.bottom + GAP,
        width=upper.width,
        height=LEAST,
        columns=len(slots),
        axis=axis(working, words.count, steps=2),
    )
    signs = [("line half", words.half), ("band", words.most)]
    keys = legend([*signs, ("line target", words.target)] if target is not None else signs, LEFT, 14)
    waited = any(slot.waiting is not None for slot in slots)
    worked = waited and any(slot.counters is not None for slot in slots)
    foot = least if worked else lower if waited else upper
    said = values(upper, [slot.said for slot in slots], bottom=foot.bottom)
    below = ""
    if waited:
        below += lower.grid() + _people(lower, slots) + legend([("bar", words.waiting)], LEFT, lower.top - 10)
    if worked:
        below += least.grid() + line(_stairs(least, [slot.counters for slot in slots]), "counters")
        below += legend([("line counters", words.counters)], LEFT, least.top - 10)
    return drawing(
        id_,
        words.title,
        words.desc,
        WIDE,
        foot.bottom + FOOT,
        upper.grid(),
        _waits(upper, slots, target, words),
        below,
        foot.under([slot.label for slot in slots], edges=True),
        keys,
        said,
    )


def _waits(frame: Frame, slots: Sequence[Slot], target: float | None, words: Words) -> str:
    drawn = band(
        (
            (frame.x(index), frame.y(slot.most), frame.y(slot.half))
            if slot.most is not None and slot.half is not None
            else None
            for index, slot in enumerate(slots)
        ),
        "band",
    )
    drawn += line(_points(frame, [slot.most for slot in slots]), "most")
    drawn += line(_points(frame, [slot.half for slot in slots]), "half")
    if target is not None:
        y = frame.y(target)
        drawn += element("line", class_="line target", x1=frame.left, x2=frame.left + frame.width, y1=y, y2=y)
        drawn += text(words.waits(target), class_="on-line", x=frame.left + frame.width, y=y - 5, text_anchor="end")
    return drawn


def _people(frame: Frame, slots: Sequence[Slot]) -> str:
    return "".join(
        element(
            "rect",
            class_="bar",
            x=frame.x(index) - frame.step * 0.38,
            y=frame.y(slot.waiting),
            width=frame.step * 0.76,
            height=max(0.0, frame.bottom - frame.y(slot.waiting)),
        )
        for index, slot in enumerate(slots)
        if slot.waiting
    )


def _points(frame: Frame, found: Sequence[float | None]) -> list[tuple[float, float] | None]:
    return [None if value is None else (frame.x(index), frame.y(value)) for index, value in enumerate(found)]


def _stairs(frame: Frame, found: Sequence[float | None]) -> list[tuple[float, float] | None]:
    """A count that holds for the whole span: level within it, a step between two."""
    points: list[tuple[float, float] | None] = []
    for index, value in enumerate(found):
        if value is None:
            points.append(None)
        else:
            points += [(frame.x(index - 0.5), frame.y(value)), (frame.x(index + 0.5), frame.y(value))]
    return points
