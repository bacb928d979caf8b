"""What a report asks for: the right days, the right weekdays, and of whom it is."""

from __future__ import annotations

from datetime import date

import pytest

from queue_server.reports.numbers import CounterTime, Group, Slot, Where
from queue_server.reports.period import Period
from queue_server.reports.report import make, read
from queue_server.reports.words import Words
from tests.views.hall import RULES

TUESDAY = Period(first=date(2026, 11, 24), last=date(2026, 11, 24))
OF_CARD = Group(key=("card",), issued=50, count=50, half=1800, most=2400, within=0.9)
THEIRS = Where(agencies=frozenset({"registry"}), category="elderly")


class Asked:
    """Answers the same to every question, and keeps the questions."""

    def __init__(self) -> None:
        self.known = ["2026-11-24"]
        self.questions: list[tuple[str, Period, tuple[str, ...], Where]] = []

    async def groups(
        self, period: Period, by: tuple[str, ...], where: Where, *, waits_alone: bool = False
    ) -> list[Group]:
        self.questions.append(("groups", period, by, where))
        if by == ("weekday", "half_hour"):
            return [Group(key=(1, 20), count=40, half=1800)]
        return []

    async def with_whole(self, period: Period, by: tuple[str, ...], where: Where) -> tuple[list[Group], Group]:
        self.questions.append(("whole", period, by, where))
        earlier = Group(key=("card",), issued=50, count=50, half=600, most=900, within=0.99)
        found = OF_CARD if period == TUESDAY else earlier
        return [found], found

    async def days(self, period: Period, where: Where) -> list[str]:
        self.questions.append(("days", period, (), where))
        return []

    async def slots(self, period: Period, where: Where) -> list[Slot]:
        self.questions.append(("slots", period, (), where))
        return [Slot(counters=2)] * 48

    async def counter_time(self, period: Period, where: Where) -> list[CounterTime]:
        self.questions.append(("time", period, (), where))
        return []

    async def counter_days(self, period: Period, where: Where) -> list[str]:
        return self.known

    async def service_times(self, period: Period, where: Where) -> list[tuple[int, int]]:
        self.questions.append(("service", period, (), where))
        return []

    async def targets(self, period: Period, where: Where) -> dict[str, tuple[int, ...]]:
        self.questions.append(("targets", period, (), where))
        return {}


async def asked() -> list[tuple[str, Period, tuple[str, ...], Where]]:
    numbers = Asked()
    found = await read(numbers, TUESDAY, THEIRS)
    assert found.finding.kind == "rose"
    return numbers.questions


async def test_usual_is_asked_of_the_same_weekday_in_the_eight_weeks_before():
    """A Tuesday is held against Tuesdays."""
    weeks = Period(first=date(2026, 9, 29), last=date(2026, 11, 23))

    [usual] = [where for kind, period, by, where in await asked() if (kind, period, by) == ("groups", weeks, ())]

    assert usual.weekdays == frozenset({1})


async def test_it_is_held_against_the_day_before():
    """All of it, and by service."""
    assert [period.first.day for kind, period, _, _ in await asked() if kind == "whole"] == [24, 23]


async def test_a_day_is_held_against_the_last_that_was_open():
    """A Monday against a Friday, if nobody queued in between."""

    class Closed(Asked):
        async def days(self, period: Period, where: Where) -> list[str]:
            await super().days(period, where)
            return ["2026-11-19", "2026-11-20"]

    monday = Period(first=date(2026, 11, 23), last=date(2026, 11, 23))
    found = await read(Closed(), monday, THEIRS)
    said = make(found, monday, Words("en", RULES), behind=lambda **more: "").compared

    assert found.then == Period(first=date(2026, 11, 20), last=date(2026, 11, 20))
    assert said == "Friday, 20 November 2026"


async def test_a_day_that_goes_on_is_held_against_as_much_of_others():
    """Until the same half-hour, what was before as what is usual, and says so; its own figures are all there are."""
    numbers = Asked()
    found = await read(numbers, TUESDAY, THEIRS, until=21)
    usual = [(kind, period.first.day, where.until) for kind, period, by, where in numbers.questions if where.until < 48]
    then = [(kind, period.first.day, where.cut) for kind, period, by, where in numbers.questions if where.cut]
    said = make(found, TUESDAY, Words("en", RULES), behind=lambda **more: "").compared

    assert usual == [("groups", 29, 21)]
    assert then == [("whole", 23, ("2026-11-23", 21))]
    assert said == "Monday, 23 November 2026, until 10:30"


async def test_a_week_that_goes_on_is_held_against_as_much_of_the_one_before():
    """Its last day is cut at the same time of day, and its other days are whole; what is usual is of whole days."""
    numbers, week = Asked(), Period(first=date(2026, 11, 23), last=date(2026, 11, 24))
    found = await read(numbers, week, THEIRS, until=21)
    cut = [(kind, period.first.day, where.cut) for kind, period, by, where in numbers.questions if where.cut]
    said = make(found, week, Words("en", RULES), behind=lambda **more: "").compared

    assert cut == [("whole", 16, ("2026-11-17", 21))]
    assert all(where.until == 48 for _, _, _, where in numbers.questions)
    assert said == "16 \u2013 17 November 2026, the last day until 10:30"


async def test_the_time_of_counters_says_of_which_days_it_is():
    """Where nothing is known of some days on which people queued; of all of them it needs no word."""

    class Week(Asked):
        async def days(self, period: Period, where: Where) -> list[str]:
            await super().days(period, where)
            return ["2026-11-23", "2026-11-24"]

        async def counter_time(self, period: Period, where: Where) -> list[CounterTime]:
            return [CounterTime(counter="c1", seconds={"serving": 600, "idle": 600})]

    async def title(*known: str) -> str:
        numbers, week = Week(), Period(first=date(2026, 11, 23), last=date(2026, 11, 27))
        numbers.known = list(known)
        report = make(await read(numbers, week, THEIRS), week, Words("en", RULES), behind=lambda **more: "")
        return next(section.title for section in report.sections if section.id == "counters")

    one, all_of_them = await title("2026-11-24"), await title("2026-11-23", "2026-11-24")

    assert one.endswith("(known only of Tuesday, 24 November 2026)")
    assert "known only" not in all_of_them


async def test_the_hours_and_the_counters_are_those_of_the_service_that_rose():
    """On the weekday that the sentence names."""
    questions = await asked()

    assert [where.service for _, _, by, where in questions if by == ("weekday", "half_hour")] == ["", "card", ""]
    then = [where for kind, _, _, where in questions if kind == "slots"]
    assert [(where.service, where.weekdays) for where in then] == [("card", frozenset({1})), ("", frozenset(range(7)))]


@pytest.mark.parametrize("kind", ["groups", "whole", "slots", "time", "service", "targets"])
async def test_no_question_is_of_more_than_the_reader_may_see(kind: str):
    """Whatever is asked, for a chart or a sentence, is narrowed as the report is."""
    those = [where for asked_of, _, _, where in await asked() if asked_of == kind]

    assert those
    assert {(where.agencies, where.category) for where in those} == {(frozenset({"registry"}), "elderly")}
