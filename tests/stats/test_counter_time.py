"""Counters' time against a notebook that paints every second of every counter into a box."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from queue_server.stats.sight import Sight
from queue_server.stats.statistics import open_statistics
from queue_server.wire.stats import CounterTime, StatsQuestion
from tests.journal.test_reckoning import Play
from tests.stats.test_exact import today_of

STATES = ("serving", "walking", "idle_waiting", "idle")


def told(time: CounterTime | None) -> dict[str, int]:
    """By state, a pause by its reason, as the notebook has it; without what came to nothing."""
    assert time is not None
    found = {state: getattr(time, f"{state}_s") for state in STATES}
    found |= {f"paused {reason}": seconds for reason, seconds in time.paused_by.items()}
    assert time.open_s == sum(found.values())
    return {state: seconds for state, seconds in found.items() if seconds}


@pytest.mark.parametrize("seed", range(4))
def test_counters_time_is_what_a_notebook_says(tmp_path: Path, seed: int):
    """Of any day with holds, pauses and outages: every second of a counter is in one half-hour and one state."""
    play = Play(tmp_path / "journal.db", Random(seed))
    for _ in range(250):
        play.step()
    play.end()
    play.hall.open_day()
    boxes: Counter[tuple[str, str, str]] = Counter()
    for counter, seconds in play.book.boxes.items():
        for at, state in seconds.items():
            began = datetime.fromtimestamp(at, UTC)
            boxes[counter, f"{began:%H}:{'30' if began.minute >= 30 else '00'}", state] += 1
    # from the last move to the day's end nobody paints, but the counters go on
    question = StatsQuestion(from_="2026-11-23", to="2026-11-23", group=("counter", "half_hour"))
    last = datetime.fromtimestamp(play.until, UTC)
    statistics = open_statistics(tmp_path / "journal.db", tmp_path / "statistics.db")

    found = statistics.counter_time(question, Sight(), today_of(play.hall))

    statistics.close()
    play.hall.journal.close()
    ended = f"{last:%H}:{'30' if last.minute >= 30 else '00'}"
    rows = {(row.key["counter"], row.key["half_hour"]): told(row.time) for row in found.rows}
    before = {key: said for key, said in rows.items() if (key[1] or "") < ended}
    expected: dict[tuple[str, str], dict[str, int]] = {}
    for (counter, half_hour, state), count in boxes.items():
        if half_hour < ended:
            expected.setdefault((counter, half_hour), {})[state] = count
    assert expected
    assert before == expected
