"""Tickets away from the counter: issuing, cancelling, returning, notes, corrections."""

from typing import Any

import pytest

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.issuing import MAX_SERVICES
from queue_server.domain.records import Address, Estimate, Promise, Ticket
from queue_server.domain.rules import Credits
from tests.domain.hall import MINUTE, MORNING, SECOND, Hall, counter, rules


def issue(hall: Hall, **fields: Any) -> e.TicketIssued:
    (event,) = hall.does(c.IssueTicket, ticket="anna", services=("passport",), **fields)
    assert isinstance(event, e.TicketIssued)
    return event


def test_a_ticket_is_issued_with_all_that_was_decided():
    """Number, promise, printer and the slip's time limit are in the event, so a replay needs nothing else."""
    hall = Hall()
    hall.open("2")

    events = hall.does(
        c.IssueTicket,
        ticket="anna",
        services=("passport", "tax"),
        category="elderly",
        kiosk="door",
        slip_job="job",
        estimates={"passport": Estimate(p50=5, p90=9)},
    )

    assert events == [
        e.TicketIssued(
            at=MORNING,
            ticket="anna",
            number="P001",
            prefix="P",
            ordinal=1,
            services=("passport", "tax"),
            category="elderly",
            language="id",
            promise=Promise(target=10 * MINUTE, p50=5, p90=9),
            kiosk="door",
            printer="slips",
            slip_job="job",
            slip_expires_at=MORNING + 25 * SECOND,
        )
    ]
    assert [step.state for step in hall.ticket("anna").steps] == ["waiting", "planned"]


def test_no_wait_is_promised_where_no_open_counter_can_call():
    """The target is promised always, a wait only where an open counter may call this very step."""
    hall = Hall()
    told = {"passport": Estimate(p50=5, p90=9)}
    closed = hall.does(c.IssueTicket, ticket="anna", services=("passport",), estimates=told)[0]
    hall.open("1", "2")
    open_ = hall.does(c.IssueTicket, ticket="budi", services=("passport",), estimates=told)[0]
    hall.does(c.PauseCounter, counter="2", reason="lunch")
    addressed = hall.does(c.IssueTicket, ticket="cici", services=("passport",), counter="2", estimates=told)[0]

    promises = [event.promise for event in (closed, open_, addressed) if isinstance(event, e.TicketIssued)]

    assert promises == [
        Promise(target=30 * MINUTE),
        Promise(target=30 * MINUTE, p50=5, p90=9),
        Promise(target=30 * MINUTE),
    ]


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"services": ("gardening",)}, ("unknown_service", None)),
        ({"services": ()}, ("invalid", "services")),
        ({"services": ("passport", "passport")}, ("invalid", "services")),
        ({"services": tuple(f"s{i}" for i in range(MAX_SERVICES + 1))}, ("invalid", "services")),
        ({"category": "hurried"}, ("invalid", "category")),
        ({"language": "tlh"}, ("invalid", "language")),
        ({"printer": "plotter", "slip_job": "job"}, ("not_found", None)),
        ({"counter": "7"}, ("not_found", None)),
        ({"counter": "2"}, ("counter_closed", "closed")),
        ({"counter": "3"}, ("invalid", "counter_does_not_serve")),
    ],
)
def test_what_makes_no_sense_is_refused(fields: dict[str, Any], refused: tuple[str, str | None]):
    """Each mistake has its code and reason, and the words say what there is instead."""
    hall = Hall()
    hall.open("3")

    assert hall.refuses(c.IssueTicket, **{"ticket": "anna", "services": ("passport",), **fields}) == refused


@pytest.mark.parametrize(
    ("fields", "printer"),
    [
        ({"kiosk": "door", "slip_job": "job"}, "slips"),
        ({"kiosk": "door"}, None),
        ({"kiosk": "stairs", "slip_job": "job"}, None),
        ({"kiosk": "unknown", "slip_job": "job"}, None),
        ({"slip_job": "job"}, None),
        ({"printer": "spare", "slip_job": "job"}, "spare"),
    ],
)
def test_the_slip_comes_out_of_the_kiosks_printer_or_the_one_chosen(fields: dict[str, Any], printer: str | None):
    """A kiosk without a printer, or one that config.toml does not list, issues without a slip."""
    issued = issue(Hall(), **fields)

    assert (issued.printer, issued.slip_job) == (printer, "job" if printer else None)


DESK = rules(counter("2", "passport", desk=True, printer="slips"))


@pytest.mark.parametrize(
    ("fields", "printer"),
    [
        ({"by": "clerk 2"}, "slips"),
        ({"by": "sup", "counter": "2"}, "slips"),
        ({"by": "sup", "desk": "2"}, "slips"),
        ({"by": "clerk 2", "counter": "1"}, "slips"),
        ({"by": "clerk 2", "printer": "spare"}, "spare"),
        ({"by": "clerk 2", "kiosk": "stairs"}, None),
        ({"by": "clerk 2", "slip_job": None}, None),
        ({"by": "clerk 1"}, None),
        ({"by": "clerk 1", "desk": "9"}, None),
        ({"kiosk": "stairs"}, None),
    ],
)
def test_a_reception_desks_slips_come_out_of_its_printer(fields: dict[str, Any], printer: str | None):
    """Whoever works there, is let in there alone, or names it; unless they say another place or none."""
    hall = Hall(DESK)
    hall.open("1", "2")

    issued = issue(hall, **{"slip_job": "job", **fields})

    assert (issued.printer, issued.slip_job) == (printer, "job" if printer else None)


def test_a_walk_ups_ticket_waits_for_the_counter_where_the_citizen_stands():
    """The reception desk issues for somebody who is at a counter already."""
    hall = Hall()
    hall.open("2")

    issued = issue(hall, counter="2", by="desk")

    assert issued.address == Address(counter="2", until=MORNING + 20 * MINUTE)


# Out of the queue, and into it again


def test_a_citizen_cancels_and_the_counter_is_free():
    """A ticket that was called is cancelled too; its planned services go with it."""
    hall = Hall()
    hall.open("1")
    hall.issue("passport", "anna", "tax")
    hall.call("1")

    hall.does(c.CancelTicket, ticket="anna")

    assert [step.state for step in hall.ticket("anna").steps] == ["cancelled", "cancelled"]
    assert hall.state.counters["1"].ticket is None


def test_who_is_served_cannot_be_cancelled():
    """That is a finish, with its outcome."""
    hall = Hall()
    hall.open("1")
    hall.issue("passport", "anna")
    hall.serve("1")

    assert hall.refuses(c.CancelTicket, ticket="anna") == ("illegal_move", "cancel_from_serving")
    assert hall.refuses(c.CancelTicket, ticket="nobody") == ("not_found", None)


@pytest.mark.parametrize(("share", "base"), [(1.0, 0), (0.5, 5), (0.0, 10), (-1.0, 20)])
def test_a_return_credits_the_configured_share_of_the_wait(share: float, base: int):
    """Called after 10 minutes, back at 25: as if it had come a share of 10 minutes ago; negative goes to the back."""
    hall = Hall(rules(policy={"credits": Credits(give_back=share)}))
    hall.open("2")
    hall.issue("passport", "anna")
    hall.later(10 * MINUTE)
    hall.call("2")
    hall.later(MINUTE)
    hall.does(c.ParkTicket, counter="2", reason="copy_machine")
    hall.later(14 * MINUTE)

    hall.does(c.ReturnTicket, ticket="anna", by="desk")

    step = hall.step("anna")
    assert step.queued_at == MORNING
    assert step.queued_at - step.credit == hall.at - round(share * 10 * MINUTE)
    assert (step.calls, step.counter, step.left_at, step.reason) == (0, None, None, None)
    assert step.first_called_at == MORNING + 10 * MINUTE


def test_who_returns_waits_for_everybody():
    """An address belonged to the wait before; by now its counter may not even be there."""
    hall = Hall()
    hall.open("1", "2")
    hall.issue("passport", "anna", counter="2")
    hall.call("2")
    hall.does(c.ParkTicket, counter="2")
    hall.does(c.CloseCounter, counter="2")

    hall.does(c.ReturnTicket, ticket="anna")

    assert hall.call("1") == "anna"


def test_a_no_show_returns_while_the_grace_period_lasts():
    """Up to its last millisecond, and not after."""
    hall = a_no_show()
    hall.later(30 * MINUTE)

    hall.does(c.ReturnTicket, ticket="anna")

    assert hall.states("anna") == ["waiting"]


def test_a_no_show_does_not_return_after_the_grace_period():
    """Then a new ticket is needed."""
    hall = a_no_show()
    hall.later(30 * MINUTE + 1)

    assert hall.refuses(c.ReturnTicket, ticket="anna") == ("illegal_move", "grace_over")


def test_grace_starts_anew_after_an_outage():
    """While the server was away nobody could come back."""
    hall = a_no_show()
    hall.later(60 * MINUTE)
    hall.does(c.NoteRestart)
    hall.later(30 * MINUTE)

    hall.does(c.ReturnTicket, ticket="anna")

    assert hall.states("anna") == ["waiting"]


def test_who_waits_cannot_return():
    """Only who is parked or did not come."""
    hall = Hall()
    hall.issue("passport", "anna")

    assert hall.refuses(c.ReturnTicket, ticket="anna") == ("illegal_move", "return_from_waiting")


def a_no_show() -> Hall:
    hall = Hall(rules(policy={"no_show_calls": 1, "no_show_apart_ms": 0}))
    hall.open("2")
    hall.issue("passport", "anna")
    hall.call("2")
    hall.does(c.MarkNoShow, counter="2")
    return hall


# What is noted on a ticket


def test_cases_and_notes_stay_on_the_ticket():
    """Several cases on one ticket; a note is a reference, never the text."""
    hall = Hall()
    hall.issue("passport", "anna")

    hall.does(c.SetCases, ticket="anna", cases=3, by="desk")
    hall.does(c.AttachNote, ticket="anna", note="~ref", by="desk")
    again = hall.does(c.SetCases, ticket="anna", cases=3, by="desk")

    assert (hall.ticket("anna").cases, hall.ticket("anna").note, again) == (3, "~ref", [])
    assert hall.refuses(c.SetCases, ticket="anna", cases=0, by="desk") == ("invalid", "cases")
    assert hall.refuses(c.SetCases, ticket="anna", cases=100, by="desk") == ("invalid", "cases")


def test_forgetting_a_person_takes_the_note_off():
    """What the reference led to is gone, so the reference goes too, and no other."""
    hall = Hall()
    hall.issue("passport", "anna", note="~ref", citizen="~name")

    hall.does(c.ForgetPerson, reference="~ref")
    after_note = (hall.ticket("anna").note, hall.ticket("anna").citizen)
    hall.does(c.ForgetPerson, reference="~name")

    assert after_note == (None, "~name")
    assert hall.ticket("anna").citizen is None


def test_a_wrong_outcome_is_corrected_later_with_a_reason():
    """Only of a step that is finished, to an outcome and for a reason that the mall knows, or that is a reference."""
    hall = Hall()
    hall.open("2")
    hall.issue("passport", "anna")
    hall.serve("2")
    right = {"ticket": "anna", "step": 0, "outcome": "referred", "reason": "lost", "by": "sup"}
    too_early = hall.refuses(c.CorrectOutcome, **right)
    hall.does(c.FinishService, counter="2", outcome="done")

    hall.does(c.CorrectOutcome, **{**right, "reason": "~words"})

    assert too_early == ("illegal_move", "not_finished")
    assert hall.step("anna").outcome == "referred"
    assert hall.refuses(c.CorrectOutcome, **{**right, "step": 1}) == ("not_found", None)
    assert hall.refuses(c.CorrectOutcome, **{**right, "outcome": "magic"}) == ("invalid", "outcome")
    assert hall.refuses(c.CorrectOutcome, **{**right, "reason": "because"}) == ("invalid", "reason")
    assert hall.refuses(c.CorrectOutcome, **{**right, "ticket": "nobody"}) == ("not_found", None)


def test_an_earlier_days_outcome_is_corrected_by_the_ticket_that_comes_along():
    """Today's state does not hold it, so the command brings it; it is recorded even when the mall is closed."""
    hall = Hall()
    hall.open("2")
    hall.issue("passport", "anna")
    hall.serve("2")
    hall.does(c.FinishService, counter="2")
    earlier: Ticket = hall.ticket("anna")
    hall.close_day()
    hall.open_day(rules(), hall.state.ends_at)

    events = hall.does(
        c.CorrectOutcome, ticket="anna", step=0, outcome="done", reason="lost", by="sup", earlier=earlier
    )

    assert events == [e.OutcomeCorrected(at=hall.at, ticket="anna", step=0, outcome="done", reason="lost", by="sup")]
