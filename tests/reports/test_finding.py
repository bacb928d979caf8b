"""The first sentence: what changed most, when, and beside it how many counters were open."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from queue_server.reports.finding import Finding, finding, placed, with_counters
from queue_server.reports.numbers import Group, Slot
from queue_server.reports.said import sentence
from queue_server.reports.words import Words
from tests.views.hall import RULES


def of(service: str, half: float, *, count: int = 100, within: float = 0.95) -> Group:
    return Group(key=(service,), issued=count, count=count, half=half, most=half * 2, within=within)


def cell(day: int, slot: int, half: float, count: int = 30) -> Group:
    return Group(key=(day, slot), count=count, half=half)


WHOLE = of("", 900)
DAYS = [
    cell(0, 18, 300),
    cell(1, 18, 1900),
    cell(1, 19, 1800),
    cell(1, 20, 1700),
    cell(1, 21, 400),
]


def test_what_rose_most_is_said_with_its_hours_and_counters():
    """The service whose people lost most, on its worst weekday, from the first of the bad half-hours to the last."""
    found = finding(WHOLE, WHOLE, [of("card", 1860), of("passport", 700)], [of("card", 1080), of("passport", 560)])
    slots = [replace(Slot(), counters=2 if 18 <= at <= 20 else 5) for at in range(48)]
    said = with_counters(placed(found, DAYS), slots)

    assert sentence(said, Words("en", RULES)) == (
        "Waits for Service card rose from 18 min to 31 min, and its waits were longest on Tuesday between 09:00"
        " and 10:30, when 2 counters were open instead of up to 5."
    )


def test_counters_are_named_only_where_they_were_fewer():
    """With nearly all of them open, their number explains nothing."""
    found = finding(WHOLE, WHOLE, [of("card", 1860)], [of("card", 1080)])
    said = with_counters(placed(found, DAYS), [Slot(counters=5)] * 48)

    assert sentence(said, Words("en", RULES)).endswith("on Tuesday between 09:00 and 10:30.")


def test_a_wait_that_rose_everywhere_is_a_whole_sentence():
    """Where too few waited in any half-hour, it says no hours, and ends."""
    found = finding(WHOLE, WHOLE, [of("card", 1860)], [of("card", 1080)])
    said = placed(found, [cell(1, 18, 1900, count=19)])

    assert sentence(said, Words("en", RULES)) == "Waits for Service card rose from 18 min to 31 min."


def test_a_small_week_still_says_when():
    """The hour or the two hours around the worst half-hour, else the hours of all services, else the day alone: half
    a day would say nothing of when."""
    found = finding(WHOLE, WHOLE, [of("card", 1860)], [of("card", 1080)])
    hour = placed(found, [cell(1, 18, 1900, count=12), cell(1, 19, 600, count=8), cell(2, 18, 60, count=19)])
    spread = [cell(1, 16, 300, count=9), cell(1, 20, 1900, count=11)]
    day, together = placed(found, spread), placed(found, spread, DAYS)

    assert [(one.weekday, one.first_slot, one.last_slot) for one in (hour, day, together)] == [
        (1, 18, 20),
        (1, None, None),
        (1, 18, 21),
    ]
    assert sentence(day, Words("en", RULES)).endswith("to 31 min, and its waits were longest on Tuesday.")
    assert "all services together were longest on Tuesday between 09:00" in sentence(together, Words("en", RULES))


def test_a_morning_of_few_counters_goes_before_all_that_moved():
    """Day, hours, counters: what many suffered at once, however little the week's medians say of it."""
    friday = [cell(4, at, half) for at, half in zip(range(19, 25), (4440, 5400, 5820, 5400, 4800, 4500), strict=True)]
    calm = [cell(day, at, 60, count=60) for day in range(5) for at in range(26, 30)]
    week, before = replace(of("", 300, count=1380), most=1800), replace(of("", 240, count=1400), most=720)
    found = finding(week, before, [of("card", 240)], [of("card", 44)], [*friday, *calm])
    slots = [Slot(counters=2 if 19 <= at < 25 else 5, waiting=9) for at in range(48)]

    assert sentence(with_counters(found, slots), Words("en", RULES)) == (
        "On Friday between 09:30 and 12:30 half waited up to 1 h 37 min, when 2 counters were open instead of up to 5."
        " On the whole nine in ten waited no longer than 30 min (before: 12 min)."
    )


def test_a_long_wait_that_was_promised_is_no_disaster():
    """A service that takes its time and keeps its target."""
    long = [replace(cell(4, at, 5400), within=0.97) for at in range(19, 25)]
    found = finding(of("", 300, count=1380), WHOLE, [of("card", 240)], [], long)

    assert found.kind == "calm"


def test_the_longest_waits_count_too():
    """One in ten who waits much longer is not hidden by the half who does not; nor is it good news then."""
    before, now = of("card", 400), replace(of("card", 240), most=3000)

    assert sentence(finding(WHOLE, WHOLE, [now], [before]), Words("en", RULES)) == (
        "For Service card nine in ten waited up to 50 min, where it was 13 min before."
    )


@pytest.mark.parametrize(
    ("open_", "said"),
    [
        pytest.param((2, 2, 2, 5, 5, 5), ", when, until 11:00, 2 counters were open instead of up to 5.", id="until"),
        pytest.param(
            (5, 5, 2, 2, 5, 5), ", when, between 10:30 and 11:30, 2 counters were open instead of", id="between"
        ),
        pytest.param((0.5,) * 6, ", when 1 counter was open instead of up to 5.", id="half of the days"),
        pytest.param((4.5,) * 6, "half waited up to 1 h 37 min.", id="nearly all"),
    ],
)
def test_counters_are_whole_and_said_with_when_they_were_open(open_: tuple[float, ...], said: str):
    """An average over the hours is a number of counters that nobody has seen."""
    found = Finding(kind="peak", now=5_820, weekday=4, first_slot=19, last_slot=25)
    slots = [Slot(counters=open_[at - 19] if 19 <= at < 25 else 5, waiting=9) for at in range(48)]

    assert said in sentence(with_counters(found, slots), Words("en", RULES))


def test_people_before_closed_counters_are_told_of():
    """From when to when, beside how many were open on the average."""
    found = placed(finding(WHOLE, WHOLE, [of("card", 1860)], [of("card", 1080)]), DAYS)
    slots = [Slot(waiting=6, counters=0 if at == 18 else 3) for at in range(48)]

    assert sentence(with_counters(found, slots), Words("en", RULES)).endswith(
        ", and no counter was open between 09:00 and 09:30 while people waited."
    )


def test_no_language_ends_in_two_full_stops():
    """Arabic minutes are written with one of their own."""
    found = finding(WHOLE, WHOLE, [of("card", 1860)], [of("card", 1080)])

    said = [sentence(found, Words(code, RULES)) for code in ("id", "en", "az", "ka", "ar")]

    assert all(one.endswith(".") and ".." not in one and "،." not in one for one in said)


def test_the_sentence_and_the_table_blame_the_same_service():
    """The one with the smallest share in target."""
    services = [of("card", 240, count=400, within=0.8), of("passport", 300, within=0.6)]

    assert finding(WHOLE, WHOLE, services, []).service == "passport"


def test_chance_is_no_news():
    """Under twenty cases, and a move of less than two minutes, say nothing."""
    few = finding(WHOLE, WHOLE, [of("card", 1860, count=19)], [of("card", 60)])
    little = finding(WHOLE, WHOLE, [of("card", 600)], [of("card", 500)])

    assert (few.kind, little.kind) == ("calm", "calm")


def test_good_news_yields_to_bad_and_a_missed_target_to_a_rise():
    """What people lost goes first; where nothing moved, the service that misses its target most."""
    both = finding(WHOLE, WHOLE, [of("card", 300), of("passport", 900)], [of("card", 1800), of("passport", 600)])
    fell = finding(WHOLE, WHOLE, [of("card", 300)], [of("card", 1800)])
    late = finding(WHOLE, WHOLE, [of("card", 900, within=0.6), of("passport", 900, within=0.85)], [])

    assert (both.kind, both.service) == ("rose", "passport")
    assert (fell.kind, fell.service) == ("fell", "card")
    assert (late.kind, late.service, placed(late, DAYS).weekday) == ("late", "card", 1)


def test_a_day_without_people_says_so():
    """And claims no waits; a day that missed its targets in many small services is not called good."""
    empty = finding(Group(), Group(), [], [])
    short = finding(of("", 600, within=0.8), Group(), [of("card", 600, count=5, within=0.1)], [])

    assert sentence(empty, Words("en", RULES)) == "Nobody queued in this period."
    assert "Only 80 %" in sentence(short, Words("en", RULES))
