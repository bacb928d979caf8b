"""Single days compete with weekdays: one very bad Friday is not lost among the other Fridays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from queue_server.reports.finding import Finding, finding, placed
from queue_server.reports.numbers import Group, Slot, Where
from queue_server.reports.period import Period
from queue_server.reports.report import read
from queue_server.reports.said import sentence
from queue_server.reports.stretches import hours, worst_stretch
from queue_server.reports.words import Words
from tests.reports.test_finding import of
from tests.reports.test_read import Asked
from tests.views.hall import RULES

FRIDAYS = ["2026-11-06", "2026-11-13", "2026-11-20", "2026-11-27"]
MORNING = range(18, 24)
MONTH = replace(of("", 300, count=6_000), most=1_500)


def on(day: str | int, half: float, count: int = 20) -> list[Group]:
    """A morning of that day."""
    return [Group(key=(day, at), count=count, half=half, within=0.3) for at in MORNING]


def fridays(*halves: float) -> tuple[list[Group], list[Group]]:
    """By weekday, where the half is what the middle Fridays had, and by date; the other days are calm."""
    ordered = sorted(halves)
    cells = [*on(4, ordered[len(ordered) // 2], 20 * len(halves)), *on(0, 240, 400)]
    return cells, [cell for day, half in zip(FRIDAYS, halves, strict=False) for cell in on(day, half)]


def test_one_very_bad_friday_is_said_with_its_date():
    """The weekday's median hides it, and the sentence says which Friday it was."""
    cells, days = fridays(300, 5_400, 300, 300)

    found = finding(MONTH, MONTH, [], [], cells, days)

    assert (found.kind, found.date, found.weekday) == ("peak", "2026-11-13", 4)
    assert sentence(found, Words("en", RULES)).startswith("On Friday 13 November between 09:00 and 12:00 half waited")


@pytest.mark.parametrize("halves", [(5_400, 5_400, 5_000, 5_200), (3_000, 5_400)])
def test_what_is_so_on_every_friday_is_said_of_fridays(halves: tuple[float, ...]):
    """One of them is always the worst; that alone makes it no day of its own."""
    cells, days = fridays(*halves)

    found = finding(MONTH, MONTH, [], [], cells, days)

    assert (found.kind, found.date, found.weekday) == ("peak", None, 4)


def test_a_rise_says_the_day_that_made_it():
    """The service's own hours of that date, where half of what its Fridays suffered was on one."""
    cells, days = fridays(900, 5_400, 840, 900)

    said = placed(Finding(kind="rose", service="card", now=900, before=300), cells, (), days)

    assert (said.date, said.first_slot, said.last_slot) == ("2026-11-13", 18, 24)
    assert "longest on Friday 13 November between 09:00 and 12:00" in sentence(said, Words("en", RULES))


def test_a_day_with_a_sharp_peak_is_worse_than_one_that_was_mild_for_long():
    """What people suffered is counted over the whole day, however short the hours are that its sentence names."""
    sharp = [Group(key=("2026-11-17", at), count=20, half=8_600 if at == 21 else 6_000, within=0.3) for at in MORNING]
    mild = on("2026-11-18", 5_000)
    cells = [*on(1, 300, 80), *on(2, 300, 80), *on(0, 240, 400)]

    found = worst_stretch(cells, [*mild, *sharp, *on("2026-11-16", 240, 400)], hours)

    assert found is not None
    assert (found.of, found.half) == ("2026-11-17", 8_600)
    assert found.last - found.first < len(MORNING)


def test_a_day_of_few_is_not_named():
    """Of nineteen in its whole morning nothing is said, however long they waited."""
    few = [replace(cell, count=3) for cell in on("2026-11-13", 9_000)]

    assert worst_stretch(on(0, 240, 400), [*few, *on("2026-11-02", 240, 400)], hours) == hours(on(0, 240, 400))


@pytest.mark.parametrize("language", ["id", "en", "az", "ka", "ar"])
def test_every_language_says_weekday_and_date(language: str):
    """Which Friday is as much of the sentence as that it was one."""
    cells, days = fridays(300, 5_400, 300, 300)

    said = sentence(finding(MONTH, MONTH, [], [], cells, days), Words(language, RULES))

    assert Words(language, RULES).weekday(4).casefold() in said.casefold()
    assert "13" in said


class Month(Asked):
    """One bad Friday in a month."""

    async def groups(
        self, period: Period, by: tuple[str, ...], where: Where, *, waits_alone: bool = False
    ) -> list[Group]:
        await super().groups(period, by, where, waits_alone=waits_alone)
        cells, days = fridays(300, 5_400, 300, 300)
        return cells if by == ("weekday", "half_hour") else days if by == ("day", "half_hour") else []

    async def with_whole(self, period: Period, by: tuple[str, ...], where: Where) -> tuple[list[Group], Group]:
        return [], MONTH

    async def slots(self, period: Period, where: Where) -> list[Slot]:
        await super().slots(period, where)
        return [Slot(counters=1 if at in MORNING else 5) for at in range(48)]


async def test_the_counters_beside_it_are_those_of_that_day():
    """How many were open that morning, not on Fridays. Of a week and of a long span none is asked."""
    month, asked = Period(first=date(2026, 11, 1), last=date(2026, 11, 30)), Month()
    found = await read(asked, month, Where())
    of_slots = [period for kind, period, _, _ in asked.questions if kind == "slots"]
    others = {}
    for days in (7, 62, 63):
        span, other = replace(month, last=month.first + timedelta(days=days - 1)), Month()
        await read(other, span, Where())
        others[days] = [by for _, _, by, _ in other.questions if by == ("day", "half_hour")]

    assert found.finding.date == "2026-11-13"
    assert of_slots[0] == Period(first=date(2026, 11, 13), last=date(2026, 11, 13))
    assert sentence(found.finding, Words("en", RULES)).count("when 1 counter was open instead of up to 5") == 1
    assert {days: bool(by) for days, by in others.items()} == {7: False, 62: True, 63: False}
