"""What a counter did with its day: one span per state, none overlapping, nothing between them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from queue_server.database import open_to_read
from queue_server.domain import commands as c
from queue_server.journal.sqlite import open_journal
from tests.journal.hall import MINUTE, Hall


class Spans:
    def __init__(self, folder: Path) -> None:
        self.hall = Hall(open_journal(folder / "journal.db"))
        self.hall.open_day()
        self.start = self.hall.at
        self._path = folder / "journal.db"

    def of(self, counter: str) -> list[tuple]:
        """State, reason, from, to; in minutes since the first command."""
        db = open_to_read(self._path)
        rows = db.execute(
            "SELECT state, reason, from_at, to_at FROM counter_spans WHERE counter = ? ORDER BY from_at", (counter,)
        ).fetchall()
        db.close()
        return [(state, reason, self._minutes(since), self._minutes(until)) for state, reason, since, until in rows]

    def _minutes(self, at: int | None) -> float | None:
        return None if at is None else (at - self.start) / MINUTE


@pytest.fixture
def spans(tmp_path: Path):
    spans = Spans(tmp_path)
    yield spans
    spans.hall.journal.close()


def each_minute(hall: Hall, *kinds: type[c.CounterCommand], **fields: Any) -> None:
    for kind in kinds:
        hall.do(kind, counter="1", clerk="ani", **fields)
        hall.at += MINUTE


def test_a_counters_day_is_told_without_gaps(spans: Spans):
    """Idle, idle while somebody waits, walking, serving, idle again; the last span ends with the counter's closing."""
    hall = spans.hall
    each_minute(hall, c.OpenCounter)
    hall.issue("pass")
    hall.at += MINUTE
    each_minute(hall, c.CallNext, c.StartService, c.FinishService, c.CloseCounter)

    assert spans.of("1") == [
        ("idle", None, 0, 1),
        ("idle_waiting", None, 1, 2),
        ("walking", None, 2, 3),
        ("serving", None, 3, 4),
        ("idle", None, 4, 5),
    ]


def test_a_span_that_goes_on_has_no_end(spans: Spans):
    """What a counter does now is in the table too, open at its end."""
    each_minute(spans.hall, c.OpenCounter)

    assert spans.of("1") == [("idle", None, 0, None)]


def test_pauses_are_kept_by_reason(spans: Spans):
    """Managers see why a counter was paused, not only that it was."""
    each_minute(spans.hall, c.OpenCounter)
    each_minute(spans.hall, c.PauseCounter, reason="break")
    each_minute(spans.hall, c.ResumeCounter)

    assert spans.of("1") == [("idle", None, 0, 1), ("paused", "break", 1, 2), ("idle", None, 2, None)]


def test_who_waits_elsewhere_makes_no_counter_idle_while_waiting(spans: Spans):
    """Only somebody whom this counter could call counts."""
    each_minute(spans.hall, c.OpenCounter)
    spans.hall.issue("land")

    assert spans.of("1") == [("idle", None, 0, None)]


def test_another_counter_taking_the_last_who_waits_ends_the_span(spans: Spans):
    """Idle while people wait is over as soon as somebody else has called them."""
    hall = spans.hall
    each_minute(hall, c.OpenCounter)
    hall.do(c.OpenCounter, counter="2", clerk="budi")
    hall.issue("pass")
    hall.at += MINUTE
    hall.do(c.CallNext, counter="2", clerk="budi")

    assert spans.of("1") == [("idle", None, 0, 1), ("idle_waiting", None, 1, 2), ("idle", None, 2, None)]
    assert spans.of("2") == [("idle_waiting", None, 1, 2), ("walking", None, 2, None)]


def test_an_outage_is_nobodys_work(spans: Spans):
    """While the server was away nobody could act: spans end when it went and begin anew when it is back."""
    hall = spans.hall
    each_minute(hall, c.OpenCounter)
    each_minute(hall, c.PauseCounter, reason="break")
    hall.at += 30 * MINUTE
    hall.do(c.NoteRestart)

    assert spans.of("1") == [("idle", None, 0, 1), ("paused", "break", 1, 1), ("paused", "break", 32, None)]


def test_a_stop_in_good_order_ends_what_was_being_done(spans: Spans):
    """The server was there until it was stopped, so the time since the last event is somebody's."""
    hall = spans.hall
    each_minute(hall, c.OpenCounter)
    hall.at += 4 * MINUTE
    hall.do(c.NoteStop)
    stopped = spans.of("1")
    hall.at += 30 * MINUTE
    hall.do(c.NoteRestart)

    assert stopped == [("idle", None, 0, 5)]
    assert spans.of("1") == [("idle", None, 0, 5), ("idle", None, 35, None)]


def test_the_day_ends_every_span(spans: Spans):
    """No span runs over the end of its business day."""
    hall = spans.hall
    each_minute(hall, c.OpenCounter)
    hall.close_day()
    hall.open_day()

    assert spans.of("1") == [("idle", None, 0, 15 * 60)]
