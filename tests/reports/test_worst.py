"""The worst half-hour: one rule, whatever says it, and no title that its own chart denies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from queue_server.reports.finding import Finding, placed
from queue_server.reports.numbers import Group
from queue_server.reports.report import make
from queue_server.reports.words import Words
from queue_server.reports.worst import worst
from tests.reports.test_few import WEEK, read_of
from tests.views.hall import RULES

EN = Words("en", RULES)


def cell(slot: int, half: float, count: int, day: int = 1) -> Group:
    return Group(key=(day, slot), issued=count, count=count, half=half, most=half)


def titles(*cells: Group, language: str = "en") -> dict[str, str]:
    """Of the chart of the day and of the heat map, both of the same half-hours."""
    hours = [replace(one, key=one.key[1:]) for one in cells]
    made = make(
        replace(read_of(50), half_hours=hours, cells=list(cells)),
        WEEK,
        Words(language, RULES),
        behind=lambda **more: "",
    )
    return {one.id: one.title for one in made.sections if one.id in ("day", "week")}


def test_a_far_worse_half_hour_of_nineteen_is_not_passed_over():
    """It is named with how many it is of, and beside it the worst with enough people."""
    assert titles(cell(20, 600, 20), cell(21, 9120, 19)) == {
        "day": "Waits were longest between 10:30 and 11:00: half waited up to 2 h 32 min (only 19 called);"
        " where 20 or more were called, between 10:00 and 10:30: up to 10 min, over all days together",
        "week": "Tuesday at 10:30 is the slowest: half wait up to 2 h 32 min (only 19 called);"
        " where 20 or more were called, Tuesday at 10:00: up to 10 min",
    }


def test_of_enough_people_nothing_is_added():
    """The worst is the worst."""
    assert titles(cell(20, 600, 20), cell(21, 9120, 20)) == {
        "day": "Waits were longest between 10:30 and 11:00: half waited up to 2 h 32 min, over all days together",
        "week": "Tuesday at 10:30 is the slowest: half wait up to 2 h 32 min",
    }


def test_where_every_half_hour_is_of_few_the_worst_says_so():
    """Together they are enough to ask when it was worst, and no other is held against it."""
    assert titles(cell(20, 600, 12), cell(21, 900, 11))["week"] == (
        "Tuesday at 10:30 is the slowest: half wait up to 15 min (only 11 called)"
    )


@pytest.mark.parametrize("language", ["en", "id", "ar", "az", "ka"])
def test_every_language_names_both(language: str):
    """The count, and the medians of both."""
    for title in titles(cell(20, 600, 25), cell(21, 3600, 13), language=language).values():
        assert "13" in title
        assert "10" in title
        assert "{" not in title


@given(st.lists(st.tuples(st.integers(60, 9_000), st.integers(1, 60)), min_size=1, max_size=20))
def test_no_half_hour_that_is_drawn_waited_longer(drawn: list[tuple[int, int]]):
    """Than the one that is called the worst, and none of enough people longer than the one beside it."""
    cells = [cell(at, half, count) for at, (half, count) in enumerate(drawn)]
    found = worst(cells)

    if found is None:
        assert sum(count for _, count in drawn) < 20
        return
    assert found.top.half == max(half for half, _ in drawn)
    enough = [half for half, count in drawn if count >= 20]
    assert (found.steady.half if found.steady else None) == max(enough, default=None)


def test_the_first_sentence_goes_by_the_same_rule():
    """The worst and its neighbours, if enough were called in them; else the worst of enough, as the titles say."""
    late = Finding(kind="late", service="card")
    together = placed(late, [cell(18, 600, 90), cell(20, 3600, 15), cell(21, 3000, 15), cell(18, 900, 300, day=3)])
    alone = placed(late, [cell(18, 600, 90), cell(20, 3600, 3), cell(18, 900, 300, day=3)])

    assert (together.weekday, together.first_slot, together.last_slot) == (1, 20, 22)
    assert (alone.weekday, alone.first_slot, alone.last_slot) == (3, 18, 19)
