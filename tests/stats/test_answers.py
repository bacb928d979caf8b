"""What was answered before is answered again at once, and never once anything of it has changed."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from random import Random

import msgspec

from queue_server.stats.answers import MOST_ROWS, Answers
from queue_server.stats.sight import Sight
from queue_server.stats.statistics import Statistics, open_statistics
from queue_server.wire.stats import StatsQuestion, StatsView
from tests.journal.anything import something_late
from tests.journal.hall import Hall
from tests.stats import obvious
from tests.stats.test_exact import lived, obviously, said, today_of

OVER = StatsQuestion(from_="2026-11-23", to="2026-11-24", group=("service", "outcome"))
"""The days that are over."""


def opened(tmp_path: Path) -> tuple[Hall, Statistics]:
    hall = lived(tmp_path / "journal.db", 7, 3, 200)
    return hall, open_statistics(tmp_path / "journal.db", tmp_path / "statistics.db")


def test_a_day_that_was_corrected_is_counted_anew(tmp_path: Path):
    """The same question again is the same answer, until something of its days is learned."""
    hall, statistics = opened(tmp_path)

    def ask() -> StatsView:
        return statistics.answer(OVER, Sight(), today_of(hall))

    first, again = ask(), ask()
    chance = Random(1)
    earlier = [t for t in obvious.Reckoning(hall.history).journeys if t not in hall.state.tickets]
    for _ in range(200):
        something_late(hall, chance, earlier)
    corrected = ask()
    statistics.close()
    hall.journal.close()
    every = obviously(hall, ("day", *OVER.group), {})

    assert again is first
    assert said(corrected) != said(first)
    day_by_day = sum(measures["steps"] for key, measures in every.items() if key[0] <= OVER.to)
    assert sum(measures["steps"] for measures in said(corrected).values()) == day_by_day


def test_an_answer_is_for_those_eyes_alone(tmp_path: Path):
    """Another agency, another right to see clerks and another question have answers of their own."""
    hall, statistics = opened(tmp_path)
    today = today_of(hall)
    sights = [Sight(), Sight(agencies=frozenset({"a"})), Sight(agencies=frozenset({"b"})), Sight(folds=True)]
    by_clerk = msgspec.structs.replace(OVER, group=("clerk",))

    first = [statistics.answer(question, sight, today) for question in (OVER, by_clerk) for sight in sights]
    again = [statistics.answer(question, sight, today) for question in (OVER, by_clerk) for sight in sights]

    statistics.close()
    hall.journal.close()
    assert [id(view) for view in first] == [id(view) for view in again]
    assert len({id(view) for view in first}) == len(first)
    assert {row.key["service"] for row in first[1].rows} == {"pass"}
    assert "pass" not in {row.key["service"] for row in first[2].rows}


def test_waits_alone_are_the_same_waits(tmp_path: Path):
    """All that is said of waits, targets and ends is what a whole answer says; the rest is left empty."""
    hall, statistics = opened(tmp_path)
    question = StatsQuestion(from_="2026-11-23", to="2026-12-31", group=("service", "half_hour"))

    whole = statistics.answer(question, Sight(), today_of(hall))
    alone = statistics.answer(question, Sight(), today_of(hall), waits_alone=True)

    statistics.close()
    hall.journal.close()

    def of_waits(view: StatsView) -> list[object]:
        left = ("walk", "service", "promised")
        rows = [msgspec.to_builtins(row) for row in view.rows]
        for row in rows:
            for name in left:
                del row["measures"][name]
        return rows

    assert of_waits(alone) == of_waits(whole)
    assert alone.total is not None
    assert (alone.total.walk.count, alone.total.promised.count) == (0, 0)


def test_only_so_much_is_kept():
    """The answers that nobody has asked for the longest go first; one that is too large is given and not kept."""
    answers, made = Answers(), []

    def make(name: str, rows: int) -> list[int]:
        made.append(name)
        return [0] * rows

    for name in ("first", "second", "first"):
        answers.get(name, partial(make, name, MOST_ROWS // 2))
    answers.get("third", partial(make, "third", MOST_ROWS // 2))
    answers.get("first", partial(make, "first", MOST_ROWS // 2))
    answers.get("second", partial(make, "second", MOST_ROWS // 2))
    for _ in range(2):
        assert len(answers.get("large", partial(make, "large", MOST_ROWS + 1))) == MOST_ROWS + 1

    assert made == ["first", "second", "third", "second", "large", "large"]
