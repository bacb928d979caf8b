"""What statistics read about a step: seconds as DESIGN says, and the ticket made from its rows again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain.state import copy_of
from queue_server.journal.rows import rows_of, step_rows, ticket_of
from queue_server.journal.sqlite import open_journal
from tests.journal.hall import MINUTE, Hall

WHILE_HERE: dict[str, Any] = {"address": None, "before_call": None, "counted": 0, "counted_at": None}
"""Of a step: what only decisions of the day need, so that no row has it."""


@pytest.fixture
def hall(tmp_path: Path):
    journal = open_journal(tmp_path / "journal.db")
    hall = Hall(journal)
    hall.open_day()
    yield hall
    journal.close()


def row(hall: Hall, ticket: str, step: int = 0):
    return step_rows(hall.state.tickets[ticket], hall.state.rules)[step]


def serve(hall: Hall, *kinds: type[c.CounterCommand], after_ms: int) -> None:
    for kind in kinds:
        hall.at += after_ms
        hall.do(kind, counter="1", clerk="ani")


def test_seconds_are_counted_from_the_moves(hall: Hall):
    """Wait is first call less queued, walk is start less last call, service is finish less start, rounded down."""
    ticket = hall.issue("pass")
    hall.do(c.OpenCounter, counter="1", clerk="ani")

    serve(hall, c.CallNext, c.Recall, c.StartService, c.FinishService, after_ms=61_900)

    found = row(hall, ticket)
    assert (found.wait_s, found.walk_s, found.service_s) == (61, 61, 61)
    assert (found.state, found.calls, found.agency, found.counter, found.clerk) == ("finished", 2, "a", "1", "ani")


def test_the_time_of_a_hold_is_no_wait(hall: Hall):
    """The hall was held for a minute of the three until the call."""
    ticket = hall.issue("pass")
    hall.do(c.OpenCounter, counter="1", clerk="ani")
    hall.at += MINUTE
    hall.do(c.HoldHall, reason=next(iter(hall.state.rules.reasons)), by="sup")
    hall.at += MINUTE
    hall.do(c.ReleaseHall, by="sup")

    serve(hall, c.CallNext, after_ms=MINUTE)

    assert row(hall, ticket).wait_s == 120


def test_a_park_in_between_does_not_count_as_service(hall: Hall):
    """Service adds up the stretches at the counter; the wait ends with the very first call."""
    ticket = hall.issue("pass")
    hall.do(c.OpenCounter, counter="1", clerk="ani")
    serve(hall, c.CallNext, c.StartService, c.ParkTicket, after_ms=MINUTE)
    parked = row(hall, ticket)
    hall.at += 10 * MINUTE
    hall.do(c.ReturnTicket, ticket=ticket, by="ani")

    serve(hall, c.CallNext, c.StartService, c.FinishService, after_ms=MINUTE)

    assert (parked.state, parked.service_s) == ("parked", 60)
    assert (row(hall, ticket).wait_s, row(hall, ticket).service_s) == (60, 120)


def test_a_call_that_was_put_back_does_not_count(hall: Hall):
    """Whoever was called by mistake still waits for the first call."""
    ticket = hall.issue("pass")
    hall.do(c.OpenCounter, counter="1", clerk="ani")

    serve(hall, c.CallNext, c.PutBack, after_ms=MINUTE)

    assert (row(hall, ticket).wait_s, row(hall, ticket).clerk) == (None, None)


def test_a_transfer_counts_on_both_steps(hall: Hall):
    """The old step keeps what was served there; the new one starts its own wait at its own agency."""
    ticket = hall.issue("pass")
    hall.do(c.OpenCounter, counter="1", clerk="ani")
    serve(hall, c.CallNext, c.StartService, after_ms=MINUTE)
    hall.at += MINUTE
    hall.do(c.TransferTicket, counter="1", clerk="ani", service="tax")

    old, new = row(hall, ticket, 0), row(hall, ticket, 1)

    assert (old.state, old.service_s) == ("transferred", 60)
    assert (new.state, new.agency, new.queued_at, new.wait_s) == ("waiting", "b", hall.at, None)


def test_rows_make_their_ticket_again(hall: Hall):
    """A ticket that has ended can be made from its rows alone, but for what only matters while it is in the hall."""
    ticket = hall.issue("pass", "tax", category="elderly", kiosk="k", slip_job="j")
    hall.do(c.OpenCounter, counter="1", clerk="ani")
    serve(hall, c.CallNext, c.StartService, c.FinishService, c.CallNext, c.MarkNoShow, after_ms=MINUTE)
    was = hall.state.tickets[ticket]

    made = ticket_of(step_rows(was, hall.state.rules))

    kept = [copy_of(was), made]
    for forgotten in kept:
        forgotten.changed = 0
        forgotten.steps = [replace(step, **WHILE_HERE) for step in forgotten.steps]
    assert msgspec.to_builtins(kept[1]) == msgspec.to_builtins(kept[0])


def test_only_what_changed_is_written(hall: Hall):
    """A command's rows are those of the tickets that it touched, and of these only what is over."""
    other, ticket, waits = hall.issue("pass"), hall.issue("tax"), hall.issue("tax")
    hall.do(c.CancelTicket, ticket=other)
    hall.do(c.CancelTicket, ticket=ticket)

    hall.state.changes.tickets |= {ticket, waits}
    rows, gone = rows_of(hall.state, hall.state.take_changes())

    assert [r.ticket for r in rows] == [ticket]
    assert gone == []


def test_a_ticket_has_rows_once_it_is_over(hall: Hall):
    """Not while it waits, is called or served, on any step of its journey; all of them when the last one ends."""
    ticket = hall.issue("pass", "tax")
    hall.do(c.OpenCounter, counter="1", clerk="ani")
    before = []
    for move in (c.CallNext, c.StartService, c.FinishService, c.CallNext, c.StartService):
        serve(hall, move, after_ms=MINUTE)
        before.append(hall.journal.load_ticket(ticket))

    serve(hall, c.FinishService, after_ms=MINUTE)

    after = hall.journal.load_ticket(ticket)
    assert before == [None] * 5
    assert after is not None
    assert [step.state for step in after.steps] == ["finished", "finished"]


def test_what_is_learned_of_a_ticket_that_is_over_stays_right(hall: Hall):
    """A printer's word, a correction and an undo reach rows that are written already."""
    ticket = hall.issue("pass", kiosk="k", slip_job="j1")
    hall.do(c.OpenCounter, counter="1", clerk="ani")
    serve(hall, c.CallNext, c.StartService, after_ms=MINUTE)
    serve(hall, c.FinishService, after_ms=MINUTE)
    hall.do(c.ReportSlip, ticket=ticket, job="j1", state="printed")
    hall.do(c.CorrectOutcome, ticket=ticket, step=0, outcome="referred", reason="mistake", by="ani")
    learned = hall.journal.load_ticket(ticket)
    other = hall.issue("pass")
    serve(hall, c.CallNext, after_ms=MINUTE)
    hall.do(c.CancelTicket, ticket=other, by="ani")
    ended = hall.journal.load_ticket(other)

    hall.do(c.Undo, counter="1", clerk="ani")

    assert learned is not None
    assert (learned.slip.state, learned.steps[0].outcome) == ("printed", "referred")
    assert ended is not None
    assert hall.journal.load_ticket(other) is None


def test_a_no_show_that_came_back_is_told_from_one_that_did_not(hall: Hall):
    """Also where its ticket is served in the end, or parked like everybody else who does not come."""
    ticket = hall.issue("pass")
    hall.do(c.OpenCounter, counter="1", clerk="ani")
    serve(hall, c.CallNext, c.MarkNoShow, after_ms=MINUTE)
    hall.do(c.ReturnTicket, ticket=ticket, by="ani")

    serve(hall, c.CallNext, c.StartService, c.FinishService, after_ms=MINUTE)

    found = row(hall, ticket)
    assert (found.state, found.missed, found.wait_s) == ("finished", 1, 60)


def test_a_no_show_that_was_undone_never_was(hall: Hall):
    """It was taken back within seconds."""
    ticket = hall.issue("pass")
    hall.do(c.OpenCounter, counter="1", clerk="ani")
    serve(hall, c.CallNext, c.MarkNoShow, after_ms=MINUTE)

    hall.do(c.Undo, counter="1", clerk="ani")

    assert (row(hall, ticket).state, row(hall, ticket).missed) == ("called", 0)


def test_the_days_end_writes_whoever_waits_on(hall: Hall):
    """Who is carried over has rows from then on, and the next day keeps them right."""
    ticket = hall.issue("land")
    during = hall.journal.load_ticket(ticket)
    hall.close_day()
    closed = hall.journal.load_ticket(ticket)
    hall.open_day()
    hall.do(c.OpenCounter, counter="3", clerk="citra")
    hall.do(c.CallNext, counter="3", clerk="citra")

    called = hall.journal.load_ticket(ticket)

    assert during is None
    assert [found.state for found in (closed, called) if found is not None] == ["waiting", "called"]


def test_what_was_taken_back_leaves_no_row(hall: Hall):
    """A roll's mistyped entry is in no statistics, neither as issued nor as cancelled."""
    hall.do(c.EnterRoll, service="roll", last=3, tickets=("r1", "r2", "r3"), by="sari")
    hall.do(c.TakeRollBack, service="roll", by="sari")
    hall.do(c.EnterRoll, service="roll", last=1, tickets=("r4",), by="sari")
    hall.close_day()

    stored = [hall.journal.load_ticket(name) for name in ("r1", "r2", "r3", "r4")]

    assert [ticket and ticket.number for ticket in stored] == [None, None, None, "R001"]


def test_who_was_where_at_closing_can_be_told(hall: Hall):
    """All have expired, but a no-show is still one, and whoever was parked or missed left when that was."""
    hall.do(c.OpenCounter, counter="1", clerk="ani")
    names = {}
    for ends, how in (("no_show", c.MarkNoShow), ("parked", c.ParkTicket), ("called", None)):
        names[ends] = hall.issue("pass")
        serve(hall, c.CallNext, *([how] if how else []), after_ms=MINUTE)
    left = hall.state.tickets[names["no_show"]].step.left_at or 0
    names["waiting"] = hall.issue("pass", "tax")

    hall.close_day()

    rows = {was: row(hall, name) for was, name in names.items()}
    assert {r.state for r in rows.values()} == {"expired"}
    assert {was: r.was for was, r in rows.items()} == {was: was for was in names}
    assert (rows["no_show"].left_at, rows["parked"].left_at, rows["called"].left_at) == (
        left,
        left + 2 * MINUTE,
        hall.at,
    )
    assert row(hall, names["waiting"], 1).was == "planned"


def test_a_no_show_that_was_cancelled_is_still_one(hall: Hall):
    """Whatever staff do with the ticket afterwards."""
    ticket = hall.issue("pass")
    hall.do(c.OpenCounter, counter="1", clerk="ani")
    serve(hall, c.CallNext, c.MarkNoShow, after_ms=MINUTE)

    hall.do(c.CancelTicket, ticket=ticket, by="ani")

    assert (row(hall, ticket).state, row(hall, ticket).was) == ("cancelled", "no_show")


def test_a_journey_reads_the_same_on_the_next_day(hall: Hall):
    """Whoever was served as the day closed was served, also in what the rows tell later."""
    ticket = hall.issue("pass", "tax")
    hall.do(c.OpenCounter, counter="1", clerk="ani")
    serve(hall, c.CallNext, c.StartService, after_ms=MINUTE)
    hall.close_day()
    that_day = hall.state.tickets[ticket].state
    hall.open_day()

    later = hall.journal.load_ticket(ticket)

    assert later is not None
    assert (that_day, later.state, [step.state for step in later.steps]) == (
        "served",
        "served",
        ["finished", "expired"],
    )
