"""Who works where: opening, moving, pausing, closing, screens that are gone, help."""

from typing import Any

import pytest

from queue_server.domain import commands as c
from queue_server.domain import events as e
from tests.domain.hall import MINUTE, MORNING, Hall


def test_two_clerks_cannot_have_one_counter():
    """Whoever opened it first works there until closing."""
    hall = Hall()
    hall.open("1")

    assert hall.refuses(c.OpenCounter, counter="1", clerk="other") == ("counter_busy", "other_clerk")


def test_opening_ones_own_counter_again_does_no_harm():
    """A second press, or a page that was loaded anew; a pause ends."""
    hall = Hall()
    hall.open("1")

    again = hall.does(c.OpenCounter, counter="1", clerk="clerk 1")
    hall.does(c.PauseCounter, counter="1", reason="lunch")
    from_pause = hall.does(c.OpenCounter, counter="1", clerk="clerk 1")

    assert again == []
    assert from_pause == [e.CounterResumed(at=MORNING, counter="1")]


def test_a_clerk_who_opens_another_counter_leaves_the_first():
    """One clerk, one counter: those who waited for the counter wait for all, those for the clerk come along."""
    hall = Hall()
    hall.open("1", "3")
    hall.issue("passport", "for 1", counter="1")
    hall.issue("passport", "for the clerk")
    hall.does(c.TransferTicket, counter="3", ticket="for the clerk", to_clerk="clerk 1")

    events = hall.does(c.OpenCounter, counter="2", clerk="clerk 1")

    assert events == [
        e.CounterOpened(at=MORNING, counter="2", clerk="clerk 1"),
        e.CounterLeft(at=MORNING, then=True, counter="1"),
        e.AddressReleased(at=MORNING, then=True, ticket="for 1"),
    ]
    assert hall.state.counters["1"].state == "closed"


@pytest.mark.parametrize("started", [False, True])
def test_a_counter_with_somebody_at_it_is_not_left(started: bool):
    """Neither closed nor exchanged for another while a citizen is called or served there."""
    hall = Hall()
    hall.open("1")
    hall.issue("passport", "anna")
    hall.call("1")
    if started:
        hall.does(c.StartService, counter="1")

    assert hall.refuses(c.CloseCounter, counter="1") == ("counter_busy", "occupied")
    assert hall.refuses(c.OpenCounter, counter="2", clerk="clerk 1") == ("counter_busy", "occupied")


def test_closing_releases_those_who_waited_for_it_or_its_clerk():
    """Nobody waits for an empty chair."""
    hall = Hall()
    hall.open("1", "2")
    hall.issue("passport", "for 1", counter="1")
    hall.issue("passport", "for clerk 1")
    hall.issue("passport", "for 2", counter="2")
    hall.does(c.TransferTicket, counter="2", ticket="for clerk 1", to_clerk="clerk 1")

    events = hall.does(c.CloseCounter, counter="1")
    again = hall.does(c.CloseCounter, counter="1")

    released = {event.ticket for event in events if isinstance(event, e.AddressReleased)}
    assert events[0] == e.CounterLeft(at=MORNING, counter="1", by="clerk 1")
    assert released == {"for 1", "for clerk 1"}
    assert hall.step("for 2").address is not None
    assert again == []


def test_whoever_waits_for_a_clerk_follows_where_the_clerk_can_serve():
    """A clerk who moves on takes along whom the other counter serves, and leaves the rest to all."""
    hall = Hall()
    hall.open("1")
    hall.open("2")
    for ticket, service in (("anna", "passport"), ("budi", "visa")):
        hall.issue(service, ticket)
        hall.does(c.TransferTicket, counter="1", ticket=ticket, to_clerk="clerk 1")
    hall.does(c.CloseCounter, counter="2")

    hall.does(c.OpenCounter, counter="2", clerk="clerk 1")

    assert hall.step("anna").address is not None
    assert hall.step("budi").address is None
    assert hall.call("2") == "anna"


def test_whoever_waits_for_a_clerk_is_freed_where_the_skills_are_others():
    """A clerk who opens elsewhere with fewer skills serves fewer: nobody waits for what is not called."""
    hall = Hall()
    hall.open("1")
    hall.issue("passport", "anna")
    hall.does(c.TransferTicket, counter="1", ticket="anna", to_clerk="clerk 1")

    hall.does(c.OpenCounter, counter="2", clerk="clerk 1", skills=("visa",))

    assert hall.step("anna").address is None


def test_undoing_a_move_frees_whom_the_old_counter_does_not_serve():
    """Whoever was sent to the clerk at the new counter waits for all once the clerk is back at the old one."""
    hall = Hall()
    hall.open("2")
    hall.does(c.OpenCounter, counter="3", clerk="clerk 2")
    hall.open("1")
    hall.issue("visa", "anna")
    hall.does(c.TransferTicket, counter="1", ticket="anna", to_clerk="clerk 2")

    hall.does(c.Undo, counter="3", clerk="clerk 2")

    assert hall.state.counters["2"].clerk == "clerk 2"
    assert hall.step("anna").address is None


def test_only_its_clerk_closes_a_counter():
    """Somebody else's is not one's to close."""
    hall = Hall()
    hall.open("1")

    assert hall.refuses(c.CloseCounter, counter="1", clerk="other") == ("forbidden", "other_clerk")


def test_a_pause_has_a_configured_reason():
    """The managers read how long and what for."""
    hall = Hall()
    hall.open("1")

    assert hall.refuses(c.PauseCounter, counter="1", reason="fire") == ("invalid", "reason")
    assert hall.does(c.PauseCounter, counter="1", reason="lunch") == [
        e.CounterPaused(at=MORNING, counter="1", reason="lunch")
    ]
    assert hall.does(c.PauseCounter, counter="1", reason="lunch") == []
    assert hall.does(c.PauseCounter, counter="1", reason="meeting") != []
    assert hall.does(c.ResumeCounter, counter="1") == [e.CounterResumed(at=MORNING, counter="1")]
    assert hall.does(c.ResumeCounter, counter="1") == []


def test_a_counter_whose_screen_is_gone_is_paused_as_away():
    """Nobody is called to an empty chair; when the screen is there again, it goes on by itself."""
    hall = Hall()
    hall.open("1")
    hall.issue("passport", "anna")

    gone = hall.does(c.ScreenGone, counter="1")
    refused = hall.refuses(c.CallNext, counter="1")
    back = hall.does(c.ScreenBack, counter="1")

    assert gone == [e.CounterPaused(at=MORNING, counter="1", reason="away")]
    assert refused == ("counter_closed", "paused")
    assert back == [e.CounterResumed(at=MORNING, counter="1")]
    assert hall.call("1") == "anna"


def test_a_screen_changes_nothing_about_a_pause_or_a_closed_counter():
    """A clerk's own pause goes on when the screen comes back, and a closed counter stays closed."""
    hall = Hall()
    hall.open("1")
    hall.does(c.PauseCounter, counter="1", reason="lunch")

    assert hall.does(c.ScreenGone, counter="1") == []
    assert hall.does(c.ScreenBack, counter="1") == []
    assert hall.does(c.ScreenGone, counter="2") == []


def test_only_the_screen_of_whoever_works_there_is_missed():
    """A screen of somebody who looks on, or who worked there before, neither pauses the counter nor lets it go on."""
    hall = Hall()
    hall.open("1")

    kept = hall.does(c.ScreenGone, counter="1", clerk="somebody")
    hall.does(c.ScreenGone, counter="1")
    away = hall.does(c.ScreenBack, counter="1", clerk="somebody")

    assert (kept, away) == ([], [])
    assert hall.state.counters["1"].pause_reason == "away"


def test_help_is_asked_once_and_answered_once():
    """The supervisors are alerted until one answers."""
    hall = Hall()
    hall.open("1")

    asked, again = hall.does(c.AskHelp, counter="1"), hall.does(c.AskHelp, counter="1")
    answered = hall.does(c.AnswerHelp, counter="1", by="sup")

    assert asked == [e.HelpAsked(at=MORNING, counter="1")]
    assert again == []
    assert answered == [e.HelpAnswered(at=MORNING, counter="1", by="sup")]
    assert hall.does(c.AnswerHelp, counter="1", by="sup") == []


@pytest.mark.parametrize("command", [c.PauseCounter, c.ResumeCounter, c.SetAutoCall, c.AskHelp])
def test_a_closed_counter_does_nothing(command: type[c.CounterCommand]):
    """Open it first."""
    more: dict[type[c.Command], dict[str, Any]] = {c.PauseCounter: {"reason": "lunch"}, c.SetAutoCall: {"on": True}}

    assert Hall().refuses(command, counter="1", **more.get(command, {})) == ("counter_closed", "closed")


# Auto-call


def test_a_free_counter_calls_by_itself_if_its_clerk_wants_that():
    """After the configured time since it became free, whoever is due first."""
    hall = Hall()
    hall.open("1")
    hall.issue("passport", "anna")
    hall.does(c.SetAutoCall, counter="1", on=True)
    hall.later(10_000 - 1)
    too_early = hall.tick()
    hall.later(1)

    events = hall.tick()

    assert too_early == []
    assert events == [
        e.TicketCalled(
            at=hall.at, counter="1", clerk="clerk 1", ticket="anna", due_at=MORNING + 30 * MINUTE, why="auto"
        )
    ]
    assert hall.does(c.SetAutoCall, counter="1", on=True) == []


def test_auto_call_goes_on_after_each_citizen():
    """The configured time after a finish the next is called."""
    hall = Hall()
    hall.open("1")
    hall.issue("passport", "anna")
    hall.issue("passport", "budi")
    hall.does(c.SetAutoCall, counter="1", on=True)
    hall.serve("1")
    hall.does(c.FinishService, counter="1")
    hall.later(10_000)

    hall.tick()

    assert hall.state.counters["1"].ticket == "budi"


def test_auto_call_takes_whoever_comes_to_a_counter_that_has_long_been_free():
    """The time counts from when the counter became free, so a newcomer is called at once."""
    hall = Hall()
    hall.open("1")
    hall.does(c.SetAutoCall, counter="1", on=True)
    hall.later(5 * MINUTE)
    hall.tick()
    hall.issue("passport", "anna")

    assert hall.due() == hall.at
    hall.tick()
    assert hall.state.counters["1"].ticket == "anna"


@pytest.mark.parametrize("stop", ["pause", "off", "hold", "gone"])
def test_auto_call_stops_where_nobody_is_called(stop: str):
    """A pause, a hold, a screen that is gone, or a clerk who does not want it any more."""
    hall = Hall()
    hall.open("1")
    hall.does(c.SetAutoCall, counter="1", on=True)
    hall.issue("passport", "anna")
    match stop:
        case "pause":
            hall.does(c.PauseCounter, counter="1", reason="lunch")
        case "off":
            hall.does(c.SetAutoCall, counter="1", on=False)
        case "hold":
            hall.does(c.HoldHall, reason="fire", by="sup")
        case "gone":
            hall.does(c.ScreenGone, counter="1")
    hall.later(10 * MINUTE)

    assert hall.tick() == []


@pytest.mark.parametrize("stop", ["pause", "hold", "outage"])
def test_auto_call_starts_its_time_anew_when_the_counter_can_call_again(stop: str):
    """After a pause, a hold or an outage the clerk has the configured time."""
    hall = Hall()
    hall.open("1")
    hall.does(c.SetAutoCall, counter="1", on=True)
    hall.later(MINUTE)
    if stop == "pause":
        hall.does(c.PauseCounter, counter="1", reason="lunch")
    if stop == "hold":
        hall.does(c.HoldHall, reason="fire", by="sup")
    else:
        hall.issue("passport", "anna")
    hall.later(MINUTE)
    match stop:
        case "pause":
            hall.does(c.ResumeCounter, counter="1")
        case "hold":
            hall.does(c.ReleaseHall, by="sup")
            hall.issue("passport", "anna")
        case "outage":
            hall.does(c.NoteRestart)

    assert hall.due() == hall.at + 10_000


def test_an_undone_call_is_not_called_again_at_once():
    """The clerk has the configured time to do something else."""
    hall = Hall()
    hall.open("1")
    hall.does(c.SetAutoCall, counter="1", on=True)
    hall.issue("passport", "anna")
    hall.later(MINUTE)
    hall.tick()

    hall.does(c.Undo, counter="1")

    assert hall.tick() == []
    assert hall.due() == hall.at + 10_000
