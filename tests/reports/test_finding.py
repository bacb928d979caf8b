"""The first sentence: what changed most, when, and beside it how many counters were open."""

from __future__ import annotations

from msgspec.structs import replace

from queue_server.reports.finding import finding, placed, with_counters
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
        "Waits for Service card rose from 18 min to 31 min, most of all on Tuesday between 09:00 and 10:30,"
        " when 2 counters were open instead of up to 5."
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
    """An hour, half a day or the whole day around the worst half-hour: the first with enough people."""
    found = finding(WHOLE, WHOLE, [of("card", 1860)], [of("card", 1080)])
    hour = placed(found, [cell(1, 18, 1900, count=12), cell(1, 19, 600, count=8), cell(2, 18, 60, count=19)])
    morning = placed(found, [cell(1, 16, 300, count=9), cell(1, 20, 1900, count=11)])
    whole = placed(found, [cell(1, 16, 300, count=9), cell(1, 27, 1900, count=11)])

    assert [(one.weekday, one.first_slot, one.last_slot) for one in (hour, morning, whole)] == [
        (1, 18, 20),
        (1, 16, 21),
        (1, 16, 28),
    ]


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
