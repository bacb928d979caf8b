"""Slips: what a reprint says about itself, and what is believed of a report."""

from typing import Any

import pytest

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.records import Outlook
from tests.domain.hall import MORNING, SECOND, Hall, rules


def a_slip(*reports: str) -> Hall:
    """Anna's first job, and what was reported of it."""
    hall = Hall()
    hall.issue("passport", "anna", kiosk="door", slip_job="first")
    for state in reports:
        hall.does(c.ReportSlip, ticket="anna", job="first", state=state, sent=True)
    return hall


def again(hall: Hall, job: str = "second", **fields: Any) -> list[e.AnyEvent]:
    return hall.does(c.RequestSlip, ticket="anna", job=job, reason="lost", by="desk", **fields)


def slip(hall: Hall) -> tuple[str, str | None, int]:
    ticket = hall.ticket("anna")
    return ticket.slip.state, ticket.slip.job, ticket.slip.copy


@pytest.mark.parametrize(
    ("outlook", "sent", "reason"),
    [(None, False, None), (Outlook(leaves=True), True, None), (Outlook(leaves=False, reason="gone"), False, "gone")],
)
def test_a_ticket_says_itself_what_becomes_of_its_slip(outlook: Outlook | None, sent: bool, reason: str | None):
    """A slip that leaves at once, or has to wait, needs no second event; one of which nothing is known gets one."""
    hall = Hall()
    outlooks = {"slips": outlook} if outlook is not None else {}

    hall.issue("passport", "anna", kiosk="door", slip_job="first", outlooks=outlooks)

    issued = hall.history[-1]
    assert isinstance(issued, e.TicketIssued)
    assert (issued.slip_sent, issued.slip_reason) == (sent, reason)
    assert (hall.ticket("anna").slip.sent, hall.ticket("anna").slip.reason) == (sent, reason)


def test_a_slip_that_was_to_leave_and_stayed_expires_here():
    """What the server could not make is not the agent's: it ends with its time, like any that never left."""
    hall = Hall()
    hall.issue("passport", "anna", kiosk="door", slip_job="first", outlooks={"slips": Outlook(leaves=True)})

    hall.does(c.ReportSlip, ticket="anna", job="first", state="queued", reason="not_drawn", stayed=True)
    stayed = hall.ticket("anna").slip
    hall.later(25 * SECOND)
    hall.tick()

    assert (stayed.state, stayed.reason, stayed.sent) == ("queued", "not_drawn", False)
    assert (hall.ticket("anna").slip.state, hall.ticket("anna").slip.reason) == ("not_printed", "not_drawn")


@pytest.mark.parametrize(("reported", "copy"), [("printed", 1), ("unknown", 1), ("not_printed", 0)])
def test_a_reprint_is_a_copy_unless_nothing_printed_for_sure(reported: str, copy: int):
    """Two papers that look like originals would be two people with one number."""
    hall = a_slip(reported)

    events = again(hall)

    assert events == [
        e.SlipRequested(
            at=MORNING,
            ticket="anna",
            job="second",
            printer="slips",
            expires_at=MORNING + 25 * SECOND,
            copy=copy,
            reason="lost",
            by="desk",
        )
    ]
    assert slip(hall) == ("queued", "second", copy)


def test_copies_are_counted():
    """The third paper says that it is the second copy."""
    hall = a_slip("printed")
    again(hall)
    hall.does(c.ReportSlip, ticket="anna", job="second", state="printed")

    again(hall, "third")

    assert slip(hall) == ("queued", "third", 2)


def test_one_doubtful_attempt_makes_all_later_ones_copies():
    """Also after one that is known not to have printed."""
    hall = a_slip("unknown")
    again(hall)
    hall.does(c.ReportSlip, ticket="anna", job="second", state="not_printed")

    again(hall, "third")

    assert hall.ticket("anna").slip.copy == 2


def test_a_job_that_has_not_left_is_cancelled_first():
    """Then no paper of it can come out, and the next is no copy."""
    hall = a_slip()

    cancelled, asked = again(hall)

    assert cancelled == e.SlipReported(at=MORNING, ticket="anna", job="first", state="not_printed", reason="cancelled")
    assert isinstance(asked, e.SlipRequested)
    assert asked.copy == 0


@pytest.mark.parametrize("state", ["queued", "printing"])
def test_beside_a_job_that_may_still_print_none_is_begun(state: str):
    """Wait a moment: its agent says what became of it."""
    hall = a_slip(state)

    assert hall.refuses(c.RequestSlip, ticket="anna", job="second") == ("illegal_move", "slip_open")


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"printer": "plotter"}, ("not_found", None)),
        ({"reason": "because"}, ("invalid", "reason")),
        ({"ticket": "nobody"}, ("not_found", None)),
    ],
)
def test_what_makes_no_sense_is_refused(fields: dict[str, str], refused: tuple[str, str | None]):
    """An unknown printer, reason or ticket."""
    hall = a_slip("printed")

    assert hall.refuses(c.RequestSlip, **{"ticket": "anna", "job": "second", **fields}) == refused


def test_a_reprint_comes_out_where_the_slip_did_or_where_staff_choose():
    """Or, for a ticket that never had one, at its kiosk or at the mall's first printer."""
    chosen, never = a_slip("printed"), Hall()
    never.issue("passport", "anna", kiosk="stairs")

    again(chosen, printer="spare")
    again(never)

    assert chosen.ticket("anna").slip.printer == "spare"
    assert never.ticket("anna").slip.printer == "slips"


def test_a_printer_may_be_taken_out_under_a_slip():
    """What waits for it ends by its time, and a reprint comes out at another one."""
    hall = a_slip()
    other = rules()
    del other.printers["slips"], other.kiosks["door"]
    hall.does(c.SetRules, rules=other)
    hall.later(25 * SECOND)
    hall.tick()

    ended = slip(hall)
    again(hall)

    assert ended == ("not_printed", "first", 0)
    assert hall.ticket("anna").slip.printer == "spare"


@pytest.mark.parametrize("final", ["printed", "not_printed"])
@pytest.mark.parametrize("late", ["queued", "printing", "printed", "not_printed", "unknown"])
def test_a_final_outcome_stays(final: str, late: str):
    """What is known for sure is not changed by a late word."""
    hall = a_slip(final)

    assert hall.does(c.ReportSlip, ticket="anna", job="first", state=late) == []


@pytest.mark.parametrize(("late", "believed"), [("printed", True), ("not_printed", True), ("printing", False)])
def test_a_late_result_corrects_an_unknown(late: str, believed: bool):
    """But it does not become open again."""
    hall = a_slip("unknown")

    events = hall.does(c.ReportSlip, ticket="anna", job="first", state=late, reason="r", evidence="counter")

    assert bool(events) is believed
    assert hall.ticket("anna").slip.state == (late if believed else "unknown")


def test_an_old_job_or_an_unknown_ticket_changes_nothing():
    """Reports of a job that was replaced come to nothing; a state that there is not is refused."""
    hall = a_slip("not_printed")
    again(hall)

    assert hall.does(c.ReportSlip, ticket="anna", job="first", state="printed") == []
    assert hall.does(c.ReportSlip, ticket="yesterday", job="x", state="printed") == []
    assert hall.refuses(c.ReportSlip, ticket="anna", job="second", state="eaten") == ("invalid", "slip_state")


def test_the_same_report_again_is_no_event():
    """An agent that repeats itself after a reconnect adds nothing to the journal."""
    hall = a_slip("printing")

    assert hall.does(c.ReportSlip, ticket="anna", job="first", state="printing", sent=True) == []


def test_what_prints_has_left():
    """A job that is printing is its agent's to settle, and does not expire here."""
    hall = Hall()
    hall.issue("passport", "anna", kiosk="door", slip_job="first")

    hall.does(c.ReportSlip, ticket="anna", job="first", state="printing")
    hall.later(60 * SECOND)

    assert hall.ticket("anna").slip.sent
    assert hall.tick() == []


@pytest.mark.parametrize("ended", ["cancelled", "served"])
def test_only_a_number_that_is_valid_gets_paper(ended: str):
    """A cancelled one would only mislead; who was served may need a paper to show."""
    hall = a_slip("printed")
    if ended == "cancelled":
        hall.does(c.CancelTicket, ticket="anna")

        assert hall.refuses(c.RequestSlip, ticket="anna", job="second") == ("illegal_move", "slip_over")
    else:
        hall.open("1")
        hall.does(c.CallNext, counter="1")
        hall.does(c.StartService, counter="1")
        hall.does(c.FinishService, counter="1")

        again(hall)

        assert slip(hall) == ("queued", "second", 1)


def test_another_attempt_by_itself_lives_no_longer_than_the_first():
    """Or a stale number would come out of a printer long after its citizen was told to note it."""
    hall = a_slip("not_printed")

    [asked] = hall.does(c.RequestSlip, ticket="anna", job="second", until=MORNING + 5 * SECOND)

    assert isinstance(asked, e.SlipRequested)
    assert (asked.expires_at, asked.copy, asked.by) == (MORNING + 5 * SECOND, 0, None)


def test_a_job_that_its_agent_gave_back_makes_way():
    """It left, and it is known that it never prints: what follows is no copy."""
    hall = a_slip("queued")

    cancelled, asked = hall.does(c.RequestSlip, ticket="anna", job="second", printer="spare", withdrawn="first")

    assert isinstance(cancelled, e.SlipReported)
    assert (cancelled.state, cancelled.reason) == ("not_printed", "cancelled")
    assert isinstance(asked, e.SlipRequested)
    assert (asked.printer, asked.copy) == ("spare", 0)


# A number that nobody saw


@pytest.mark.parametrize(
    ("reported", "withdrawn", "taken_back", "cancelled"),
    [
        (None, None, True, True),
        ("queued", None, False, False),
        ("queued", "first", True, True),
        ("printing", None, False, False),
        ("printed", None, False, False),
        ("unknown", None, False, False),
        ("not_printed", None, False, True),
    ],
)
@pytest.mark.parametrize("rule", ["tell", "cancel"])
def test_a_number_that_nobody_saw(
    rule: str, reported: str | None, withdrawn: str | None, taken_back: bool, cancelled: bool
):
    """Paper that has not begun is taken back; the mall's rule cancels only what cannot be in anybody's hand."""
    hall = Hall(rules(policy={"unclaimed": rule}))
    hall.issue("passport", "anna", kiosk="door", slip_job="first")
    if reported is not None:
        hall.does(c.ReportSlip, ticket="anna", job="first", state=reported, sent=True)

    events = hall.does(c.LeaveTicket, ticket="anna", withdrawn=withdrawn)

    gone = e.SlipReported(at=MORNING, then=True, ticket="anna", job="first", state="not_printed", reason="cancelled")
    ended = e.TicketCancelled(at=MORNING, then=True, ticket="anna")
    expected: list[e.AnyEvent] = [e.TicketLeft(at=MORNING, ticket="anna")]
    expected += [gone] if taken_back else []
    expected += [ended] if cancelled and rule == "cancel" else []
    assert events == expected
    assert hall.ticket("anna").unclaimed


def test_an_earlier_paper_keeps_the_ticket():
    """Where an attempt before the last may have printed, somebody may hold it: nothing is cancelled."""
    hall = Hall(rules(policy={"unclaimed": "cancel"}))
    hall.issue("passport", "anna", kiosk="door", slip_job="first")
    hall.does(c.ReportSlip, ticket="anna", job="first", state="unknown", sent=True)
    hall.does(c.RequestSlip, ticket="anna", job="second")

    events = hall.does(c.LeaveTicket, ticket="anna")

    assert not any(isinstance(event, e.TicketCancelled) for event in events)


def test_a_number_is_left_once_and_only_while_it_waits_for_the_first_time():
    """Told twice nothing more happens; somebody who was called already has come."""
    hall = Hall()
    hall.open("1")
    hall.issue("passport", "anna")
    hall.issue("passport", "budi")
    hall.does(c.LeaveTicket, ticket="anna")

    assert hall.does(c.LeaveTicket, ticket="anna") == []
    hall.call("1")
    hall.does(c.StartService, counter="1")
    assert not hall.ticket("anna").unclaimed
    hall.does(c.FinishService, counter="1")
    hall.call("1")
    assert hall.does(c.LeaveTicket, ticket="budi") == []


def test_a_job_that_was_given_back_is_recorded_also_when_the_ticket_has_moved():
    """Its agent will never print it, so it must not stay queued."""
    hall = a_slip("queued")
    hall.open("1")
    hall.call("1")

    events = hall.does(c.LeaveTicket, ticket="anna", withdrawn="first")

    assert events == [e.SlipReported(at=MORNING, ticket="anna", job="first", state="not_printed", reason="cancelled")]


def test_whoever_asks_staff_for_the_paper_has_claimed_it():
    """A reprint by staff is for somebody who stands there; an attempt by itself is not."""
    hall = a_slip()
    hall.does(c.LeaveTicket, ticket="anna")

    hall.does(c.RequestSlip, ticket="anna", job="by itself")
    still = hall.ticket("anna").unclaimed
    again(hall, "by staff")

    assert (still, hall.ticket("anna").unclaimed) == (True, False)
