"""Taking the counter's last command back: exactly, for a few seconds, one level, not once somebody acted on it."""

from collections.abc import Callable
from typing import Any

import pytest

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.rules import Prefix
from queue_server.domain.undo import undoable
from tests.domain.hall import MINUTE, MORNING, SECOND, Hall, rules, service


def waiting() -> Hall:
    """Anna (a journey of two) and budi wait, cici waits for counter 2 alone; counters 1 and 2 are open."""
    hall = Hall(rules(policy={"no_show_calls": 1, "no_show_apart_ms": 0}))
    hall.open("1", "2")
    hall.issue("passport", "anna", "tax")
    hall.issue("passport", "budi")
    hall.issue("passport", "cici", counter="2")
    hall.later(10 * MINUTE)
    return hall


def called() -> Hall:
    hall = waiting()
    hall.call("1")
    hall.later(20 * SECOND)
    return hall


def serving() -> Hall:
    hall = called()
    hall.does(c.StartService, counter="1")
    hall.later(3 * MINUTE)
    return hall


def paused() -> Hall:
    hall = called()
    hall.does(c.PauseCounter, counter="1", reason="lunch")
    return hall


#: One row for every command of a counter that can be undone: what came before, the command, the word for it.
UNDOABLE: list[tuple[Callable[[], Hall], type[c.CounterCommand], dict[str, Any], str]] = [
    (waiting, c.CallNext, {"counter": "1"}, "call-next"),
    (serving, c.CallNext, {"counter": "1", "outcome": "done"}, "finish"),
    (waiting, c.CallTicket, {"counter": "1", "ticket": "budi"}, "call-next"),
    (called, c.Recall, {"counter": "1"}, "recall"),
    (called, c.StartService, {"counter": "1"}, "start"),
    (serving, c.FinishService, {"counter": "1", "outcome": "done"}, "finish"),
    (called, c.MarkNoShow, {"counter": "1"}, "no-show"),
    (called, c.PutBack, {"counter": "1"}, "put-back"),
    (called, c.ParkTicket, {"counter": "1"}, "park"),
    (serving, c.ParkTicket, {"counter": "1", "reason": "copy_machine"}, "park"),
    (waiting, c.ParkTicket, {"counter": "1", "ticket": "cici"}, "park"),
    (serving, c.TransferTicket, {"counter": "1", "service": "visa"}, "transfer"),
    (called, c.TransferTicket, {"counter": "1", "to_counter": "2"}, "transfer"),
    (waiting, c.TransferTicket, {"counter": "1", "ticket": "cici", "service": "tax"}, "transfer"),
    (waiting, c.OpenCounter, {"counter": "3", "clerk": "new"}, "open"),
    (waiting, c.OpenCounter, {"counter": "3", "clerk": "clerk 2"}, "open"),
    (called, c.PauseCounter, {"counter": "1", "reason": "lunch"}, "pause"),
    (paused, c.ResumeCounter, {"counter": "1"}, "resume"),
    (waiting, c.CloseCounter, {"counter": "2"}, "close"),
    (called, c.SetAutoCall, {"counter": "1", "on": True}, "auto-call"),
    (called, c.AskHelp, {"counter": "1"}, "help"),
]


@pytest.mark.parametrize(("before", "command", "fields", "word"), UNDOABLE)
def test_undo_restores_exactly(
    before: Callable[[], Hall], command: type[c.CounterCommand], fields: dict[str, Any], word: str
):
    """Tickets, counters, addresses, lanes, calls and times are as they were; only the journal goes on."""
    hall = before()
    facts = hall.state.facts()
    clerk = hall.state.counters[fields["counter"]].clerk or fields["clerk"]
    first = hall.state.seq + 1
    hall.does(command, **fields)
    last = hall.state.seq
    hall.later(5 * SECOND)

    undone, *rest = hall.does(c.Undo, counter=fields["counter"], clerk=clerk)

    assert hall.state.facts() == facts
    assert isinstance(undone, e.Undone)
    assert (undone.command, undone.seqs, rest) == (word, (first, last), [])


def test_every_command_of_a_counter_is_in_that_list():
    """None is forgotten: all that a clerk can do can be taken back, but for undo itself."""
    listed = {command for _, command, _, _ in UNDOABLE}

    assert listed == set(c.CounterCommand.__subclasses__()) - {c.Undo}


def test_an_undone_call_leaves_the_board_at_once():
    """And does not count: the step was not called."""
    hall = called()
    hall.does(c.Recall, counter="1")
    board = [call.recall for call in hall.state.calls]

    hall.does(c.Undo, counter="1")

    assert board == [False, True]
    assert [call.recall for call in hall.state.calls] == [False]


def test_undo_lasts_a_few_seconds():
    """Up to the last millisecond of them."""
    hall = called()
    hall.does(c.StartService, counter="1")
    hall.later(10 * SECOND)
    in_time = undoable(hall.state, "1", hall.at)
    hall.later(1)

    assert in_time is not None
    assert undoable(hall.state, "1", hall.at) is None
    assert hall.refuses(c.Undo, counter="1") == ("illegal_move", "undo_too_late")


def test_undo_goes_one_level_back():
    """After it there is nothing to undo until the counter does something again."""
    hall = called()
    hall.does(c.StartService, counter="1")
    hall.does(c.Undo, counter="1")

    assert hall.refuses(c.Undo, counter="1") == ("illegal_move", "undo_nothing")
    assert hall.refuses(c.Undo, counter="3", clerk="x") == ("illegal_move", "undo_nothing")


def test_only_the_counters_clerk_undoes():
    """Whoever works there, or did when the command was given."""
    hall = called()
    hall.does(c.StartService, counter="1")

    assert hall.refuses(c.Undo, counter="1", clerk="other") == ("forbidden", "other_clerk")


def a_transfer_called_elsewhere(hall: Hall) -> str:
    hall.does(c.TransferTicket, counter="1", to_counter="2")
    hall.does(c.CallTicket, counter="2", ticket="anna")
    return "1"


def a_finish_whose_next_step_is_cancelled(hall: Hall) -> str:
    hall.does(c.StartService, counter="1")
    hall.does(c.FinishService, counter="1")
    hall.does(c.CancelTicket, ticket="anna")
    return "1"


def a_pause_after_which_the_citizen_left(hall: Hall) -> str:
    hall.does(c.PauseCounter, counter="1", reason="lunch")
    hall.does(c.CancelTicket, ticket="anna")
    return "1"


def a_clerk_who_works_elsewhere_by_now(hall: Hall) -> str:
    hall.does(c.CloseCounter, counter="2")
    hall.does(c.OpenCounter, counter="3", clerk="clerk 2")
    return "2"


def a_chair_that_somebody_else_took(hall: Hall) -> str:
    hall.does(c.OpenCounter, counter="3", clerk="clerk 2")
    hall.does(c.OpenCounter, counter="2", clerk="new")
    hall.does(c.ScreenGone, counter="2")
    return "3"


def a_number_that_somebody_else_has(hall: Hall) -> str:
    hall.does(c.TransferTicket, counter="1", service="tax")
    hall.does(c.CancelTicket, ticket="anna")
    hall.issue("passport", "later")
    return "1"


def help_that_was_answered(hall: Hall) -> str:
    hall.does(c.AskHelp, counter="1")
    hall.does(c.AnswerHelp, counter="1", by="sup")
    return "1"


@pytest.mark.parametrize(
    "acting",
    [
        a_transfer_called_elsewhere,
        a_finish_whose_next_step_is_cancelled,
        a_pause_after_which_the_citizen_left,
        a_clerk_who_works_elsewhere_by_now,
        a_chair_that_somebody_else_took,
        a_number_that_somebody_else_has,
        help_that_was_answered,
    ],
)
def test_what_somebody_has_acted_on_is_not_undone(acting: Callable[[Hall], str]):
    """Another counter, a citizen, a supervisor: what they did would be lost."""
    hall = called()

    counter = acting(hall)

    clerk = hall.state.undoable[counter].counters[counter].clerk or hall.state.counters[counter].clerk
    assert undoable(hall.state, counter, hall.at) is None
    assert hall.refuses(c.Undo, counter=counter, clerk=clerk) == ("illegal_move", "undo_acted_on")


@pytest.mark.parametrize(
    ("before", "command"),
    [
        (called, c.PutBack),
        (waiting, c.CloseCounter),
    ],
)
def test_what_a_supervisor_did_in_the_clerks_place_is_not_the_clerks_to_undo(
    before: Callable[[], Hall], command: type[c.CounterCommand]
):
    """Whoever was put back stays so, a counter that was closed for its clerk stays closed."""
    hall = before()
    clerk = hall.state.counters["1"].clerk

    hall.does(command, counter="1", by="sup", reason="lost")

    assert undoable(hall.state, "1", hall.at) is None
    assert hall.refuses(c.Undo, counter="1", clerk=clerk) == ("illegal_move", "undo_nothing")


def test_a_finished_ticket_whose_number_was_given_again_stays_finished():
    """Where numbers wrap, undo never makes two people hold the same."""
    hall = Hall(rules(prefixes={"P": Prefix(end=1, used_up="wrap")}))
    hall.open("1")
    hall.issue("passport", "anna")
    hall.serve("1")
    hall.does(c.FinishService, counter="1")
    hall.issue("passport", "budi")

    assert hall.refuses(c.Undo, counter="1") == ("illegal_move", "undo_acted_on")


@pytest.mark.parametrize("supervisor", ["hold", "release", "rules"])
def test_what_changes_the_whole_hall_ends_every_undo(supervisor: str):
    """What an undo would bring back may not be right any more: places, times, services."""
    hall = called()
    if supervisor == "release":
        hall.does(c.HoldHall, reason="fire", by="sup")
    hall.does(c.StartService, counter="1")
    match supervisor:
        case "hold":
            hall.does(c.HoldHall, reason="fire", by="sup")
        case "release":
            hall.does(c.ReleaseHall, by="sup")
        case "rules":
            hall.does(c.SetRules, rules=rules(service("visa", "V", quota=100)))

    assert hall.refuses(c.Undo, counter="1") == ("illegal_move", "undo_nothing")


def test_a_screen_that_went_or_came_is_nothing_to_undo():
    """Only what a clerk did is taken back, and what was done before is not undone over it."""
    hall = called()
    hall.does(c.StartService, counter="1")
    hall.does(c.ScreenGone, counter="1")
    gone = hall.refuses(c.Undo, counter="1")
    hall.does(c.ScreenBack, counter="1")

    assert gone == ("illegal_move", "undo_nothing")
    assert hall.refuses(c.Undo, counter="1") == ("illegal_move", "undo_nothing")


def test_paper_notes_and_cases_stay_as_they_are_now():
    """What was learned of the slip in between is no less true for the undo."""
    hall = Hall()
    hall.open("1")
    hall.issue("passport", "anna", kiosk="door", slip_job="job", citizen="~name")
    hall.call("1")
    hall.does(c.ReportSlip, ticket="anna", job="job", state="printed")
    hall.does(c.ForgetPerson, reference="~name")
    hall.does(c.AttachNote, ticket="anna", note="~ref", by="desk")
    hall.does(c.SetCases, ticket="anna", cases=2, by="desk")

    hall.does(c.Undo, counter="1")

    ticket = hall.ticket("anna")
    assert (ticket.state, ticket.slip.state, ticket.note, ticket.cases) == ("waiting", "printed", "~ref", 2)
    assert ticket.citizen is None


def test_an_address_whose_counter_has_left_is_released_with_the_undo():
    """The step waits again, but not for a chair that is empty by now."""
    hall = waiting()
    hall.does(c.TransferTicket, counter="1", ticket="cici", service="tax")
    hall.does(c.CloseCounter, counter="2")

    undone, released = hall.does(c.Undo, counter="1")

    assert isinstance(undone, e.Undone)
    assert released == e.AddressReleased(at=hall.at, then=True, ticket="cici")
    assert (hall.step("cici").service, hall.step("cici").address) == ("passport", None)


def test_an_opening_that_is_undone_releases_those_who_came_to_wait_there():
    """The chair is empty again, as if it had been closed."""
    hall = waiting()
    hall.does(c.OpenCounter, counter="3", clerk="new")
    hall.does(c.TransferTicket, counter="1", ticket="budi", to_counter="3")

    _, released = hall.does(c.Undo, counter="3")

    assert released == e.AddressReleased(at=hall.at, then=True, ticket="budi")
    assert (hall.step("budi").service, hall.step("budi").address) == ("tax", None)


def test_steps_that_an_undo_takes_away_are_named():
    """The journal deletes their rows."""
    hall = serving()
    hall.does(c.TransferTicket, counter="1", service="visa")
    hall.state.take_changes()

    hall.does(c.Undo, counter="1")

    changes = hall.state.take_changes()
    assert changes.gone == {("anna", 2)}
    assert changes.services >= {"passport", "visa"}
    assert "1" in changes.counters


def test_an_undone_wait_is_one_that_auto_call_elsewhere_sees():
    """The ticket waits again, so a counter that is free and calls by itself may call it."""
    hall = Hall()
    hall.open("1", "2")
    hall.issue("passport", "anna")
    hall.does(c.CallNext, counter="1")
    hall.does(c.SetAutoCall, counter="2", on=True)
    hall.later(SECOND * 9)
    hall.tick()
    nobody = hall.due()

    hall.does(c.Undo, counter="1")

    assert nobody == hall.state.ends_at
    assert hall.due() == MORNING + 10 * SECOND


def test_a_cancel_is_the_last_command_and_can_be_taken_back():
    """After a finish and a cancel, undo brings the cancelled ticket back and leaves the finished one alone."""
    hall = Hall()
    hall.issue("passport", "anna")
    hall.issue("passport", "budi")
    hall.open("1")
    hall.call("1")
    hall.does(c.StartService, counter="1")
    hall.does(c.FinishService, counter="1")
    before = hall.state.facts()

    hall.does(c.CancelTicket, ticket="budi", by=hall.state.counters["1"].clerk)
    hall.does(c.Undo, counter="1")

    after = hall.state.facts()
    assert after["tickets"] == before["tickets"]
    assert after["lanes"] == before["lanes"]


def test_a_return_can_be_taken_back():
    """A parked ticket that was let wait again by mistake is parked again, as it was."""
    hall = Hall()
    hall.issue("passport", "anna")
    hall.open("1")
    hall.call("1")
    hall.does(c.ParkTicket, counter="1")
    before = hall.state.facts()["tickets"]

    hall.does(c.ReturnTicket, ticket="anna", by=hall.state.counters["1"].clerk)
    hall.does(c.Undo, counter="1")

    assert hall.state.facts()["tickets"] == before


def test_a_cancel_of_somebody_at_another_counter_is_taken_back_there_too():
    """Both the ticket and the counter that it was called to are as they were."""
    hall = called()
    before = hall.state.facts()

    hall.does(c.CancelTicket, ticket="anna", by="clerk 2")
    hall.does(c.Undo, counter="2")

    assert hall.state.facts() == before
    assert hall.state.counters["1"].ticket == "anna"


def test_what_a_citizen_cancels_no_counter_takes_back():
    """A citizen's own cancel is nobody's last command."""
    hall = Hall()
    hall.issue("passport", "anna")
    hall.open("1")
    hall.does(c.CancelTicket, ticket="anna")

    hall.does(c.Undo, counter="1")

    assert hall.state.tickets["anna"].state == "cancelled"
    assert hall.state.counters["1"].state == "closed"


def test_who_means_another_tickets_command_takes_nothing_back():
    """A screen that is late names the ticket that it shows; what was done about another one since stays."""
    hall = waiting()
    hall.call("1")

    assert hall.refuses(c.Undo, counter="1", ticket="budi") == ("not_at_counter", "another")
    assert hall.does(c.Undo, counter="1", ticket="anna")
