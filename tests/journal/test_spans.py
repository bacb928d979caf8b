"""What a counter did with its day: one span per state, none overlapping, nothing between them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from queue_server.database import open_to_read
from queue_server.domain import commands as c
from queue_server.journal.day_facts import names_from_json
from queue_server.journal.sqlite import open_journal
from tests.journal.hall import MINUTE, Hall


class Spans:
    def __init__(self, folder: Path) -> None:
        self.hall = Hall(open_journal(folder / "journal.db"))
        self.hall.open_day()
        self.start = self.hall.at
        self.path = folder / "journal.db"

    def of(self, counter: str) -> list[tuple]:
        """State, reason, from, to; in minutes since the first command."""
        db = open_to_read(self.path)
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


def test_a_span_says_whose_work_it_was(spans: Spans):
    """The service that was at work; of a free counter the agency, where it works for one only."""
    hall = spans.hall
    each_minute(hall, c.OpenCounter)
    hall.do(c.OpenCounter, counter="3", clerk="citra")
    hall.issue("pass")
    each_minute(hall, c.CallNext, c.StartService, c.FinishService)

    db = open_to_read(spans.path)
    told = db.execute("SELECT counter, state, service, agency FROM counter_spans ORDER BY counter, from_at").fetchall()
    db.close()
    assert told == [
        ("1", "idle", None, None),
        ("1", "walking", "pass", "a"),
        ("1", "serving", "pass", "a"),
        ("1", "idle", None, None),
        ("3", "idle", None, "b"),
    ]


def test_it_is_kept_when_the_hall_stood_still(spans: Spans):
    """Holds, evacuations and outages, from when to when and why; one that goes on has no end yet."""
    hall = spans.hall
    reason = next(iter(hall.state.rules.reasons))
    hall.do(c.HoldHall, reason=reason, by="sari")
    hall.at += MINUTE
    hall.do(c.EvacuateHall, by="sari")
    hall.at += MINUTE
    hall.do(c.EndEvacuation, by="sari")
    hall.at += MINUTE
    hall.do(c.ReleaseHall, by="sari")
    hall.at += MINUTE
    hall.do(c.NoteRestart)
    hall.do(c.HoldHall, reason=reason, by="sari")

    db = open_to_read(spans.path)
    told = db.execute("SELECT from_at, state, to_at, reason FROM hall_spans ORDER BY from_at, state").fetchall()
    db.close()
    at = [spans.start + minutes * MINUTE for minutes in range(5)]
    assert told == [
        (at[0], "held", at[1], reason),
        (at[1], "evacuated", at[2], "evacuation"),
        (at[2], "held", at[3], told[2][3]),
        (at[3], "away", at[4], "restart"),
        (at[4], "held", None, reason),
    ]


def test_a_renamed_service_reads_rightly_later(spans: Spans):
    """Each day keeps what things were called when it ended."""
    hall = spans.hall
    passport = replace(hall.state.rules.services["pass"], name={"en": "Travel papers"})
    hall.do(c.SetRules, rules=replace(hall.state.rules, services={**hall.state.rules.services, "pass": passport}))
    hall.close_day()
    hall.open_day()

    db = open_to_read(spans.path)
    kept = {day: names_from_json(names) for day, names in db.execute("SELECT day, names FROM days").fetchall()}
    db.close()
    assert [names.services["pass"]["en"] for names in kept.values()] == ["Travel papers", "pass"]
    assert kept["2026-11-23"].of["pass"] == "a"


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
