"""A clerk's terminal: what it shows and which moves it offers."""

from typing import Any

import pytest
from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain.lifecycle import StepState
from queue_server.errors import NotFound
from queue_server.views.desk import counter_detail, counter_view, counter_views, desk_view, moves
from tests.views.hall import HOUR, MIDNIGHT, MINUTE, NINE, RULES, SECOND, Hall, both

SHOWN: dict[str, Any] = {"estimates": {}, "track_base": ""}


def desk(hall: Hall, counter: str = "c1"):
    return desk_view(hall.state, counter, hall.at, **SHOWN)


def test_a_closed_counter_can_only_be_opened():
    """Before somebody works there nothing else makes sense."""
    hall = Hall()

    assert moves(hall.state, "c1", hall.at) == ("open",)


def test_moves_follow_the_ticket():
    """What is offered is what the server would take now, from the call to the finish."""
    hall = Hall()
    hall.open("c1")
    hall.later(MINUTE)
    always = {"pause", "auto-call", "help", "walk-up"}

    idle = set(moves(hall.state, "c1", hall.at))
    hall.issue()
    hall.call("c1")
    called = set(moves(hall.state, "c1", hall.at))
    hall.at_counter(c.StartService, "c1")
    serving = set(moves(hall.state, "c1", hall.at))
    hall.at_counter(c.PauseCounter, "c1", reason="break")
    paused = set(moves(hall.state, "c1", hall.at))

    assert idle == always | {"call-next", "close"}
    ticket = {"park", "transfer", "note", "cases", "undo"}
    assert called == always | ticket | {"recall", "start", "no-show", "put-back"}
    assert serving == always | ticket | {"call-next", "finish"}
    assert paused == (always - {"pause"}) | ticket | {"finish", "resume"}


def test_a_held_hall_offers_no_call_and_no_no_show():
    """While the hall is held nobody is called, and nobody has failed to come, but whoever is there is served."""
    hall = Hall()
    hall.open("c1")
    hall.issue()
    hall.call("c1")
    hall.carry_out(c.HoldHall(at=hall.at, reason="power", by="boss"))

    possible = moves(hall.state, "c1", hall.at)

    assert "start" in possible
    assert {"call-next", "recall", "no-show"}.isdisjoint(possible)
    assert desk(hall).held == "power"


def test_help_is_asked_for_or_answered():
    """One of the two is possible: what was asked already is not asked again."""
    hall = Hall()
    hall.open("c1")

    before = {"help", "help-answered"} & set(moves(hall.state, "c1", hall.at))
    hall.at_counter(c.AskHelp, "c1")
    after = {"help", "help-answered"} & set(moves(hall.state, "c1", hall.at))

    assert (before, after) == ({"help"}, {"help-answered"})


def test_an_evacuation_leaves_nothing_that_calls_or_issues():
    """While everybody leaves the building nobody is called, sent away as missing, or given a ticket."""
    hall = Hall()
    hall.open("c1")
    hall.carry_out(c.EvacuateHall(at=hall.at, by="boss"))

    possible = set(moves(hall.state, "c1", hall.at))

    assert possible == {"pause", "close", "auto-call", "help"}


def test_who_may_return_is_a_move_as_long_as_somebody_may():
    """The button to take somebody back is there with the first who may return."""
    hall = Hall()
    hall.open("c1")
    hall.issue()
    hall.call("c1")

    before = "return" in desk(hall).moves
    hall.at_counter(c.ParkTicket, "c1")

    assert (before, "return" in desk(hall).moves) == (False, True)


def test_a_chosen_ticket_may_be_called_only_where_the_mall_allows_it():
    """Picking is the mall's permission, and a blind queue has none."""
    hall = Hall()
    hall.open("c1")
    hall.issue()

    plain = (desk(hall).picking, "call" in moves(hall.state, "c1", hall.at))
    hall.policy(picking=True)
    picking = (desk(hall).picking, "call" in moves(hall.state, "c1", hall.at))
    hall.policy(picking=True, blind=True)
    blind = (desk(hall).picking, "call" in moves(hall.state, "c1", hall.at))

    assert (plain, picking, blind) == ((False, False), (True, True), (False, False))


def test_a_terminal_in_a_blind_mall_shows_nobody_who_waits():
    """To a clerk; a supervisor who looks at the same screen sees who is next."""
    hall = Hall()
    hall.open("c1")
    hall.issue()

    seen = len(desk(hall).queue.next)
    hall.policy(blind=True)

    clerks, others = desk(hall), desk_view(hall.state, "c1", hall.at, **SHOWN, sees_order=True)

    assert (seen, clerks.queue.next, clerks.queue.waiting, clerks.blind) == (1, (), 1, True)
    assert (len(others.queue.next), others.blind) == (1, False)


def test_the_end_of_the_day_offers_nothing():
    """After closing no press does anything."""
    hall = Hall()
    hall.open("c1")
    hall.carry_out(c.Tick(at=hall.state.ends_at))

    assert moves(hall.state, "c1", hall.state.ends_at) == ()


def test_undo_is_shown_as_long_as_it_works():
    """The clerk sees what undo takes back and until when; then it is gone."""
    hall = Hall()
    hall.open("c1")
    hall.issue()
    hall.call("c1")

    shown = desk(hall).undo
    hall.later(10 * SECOND + 1)

    assert shown is not None
    assert (shown.command, shown.until) == ("call-next", "2026-11-24T02:00:10.000Z")
    assert desk(hall).undo is None
    assert "undo" not in moves(hall.state, "c1", hall.at)


def test_a_no_show_says_when_it_may_be_marked():
    """The countdown runs over the calls that are still missing, and reaches 0 when the server would take it."""
    hall = Hall()
    hall.open("c1")
    hall.issue()
    before = desk(hall).no_show_in_s
    hall.call("c1")

    at_call = desk(hall)
    hall.later(10 * SECOND)
    waited = desk(hall)
    hall.at_counter(c.Recall, "c1")
    recalled = desk(hall)
    hall.later(10 * SECOND)
    hall.at_counter(c.MarkNoShow, "c1")

    assert (before, at_call.no_show_in_s, recalled.no_show_in_s) == (0, 20, 10)
    assert (at_call.calls_missing, at_call.call_counts_in_s) == (1, 10)
    assert (waited.calls_missing, waited.call_counts_in_s) == (1, 0)
    assert (recalled.calls_missing, recalled.call_counts_in_s) == (0, 0)
    assert (at_call.calls, recalled.calls) == (1, 2)
    assert "no-show" in at_call.moves


def test_the_timer_runs_from_the_last_call_then_from_the_start():
    """One timer: how long ago the call was, then how long serving takes, against what is usual."""
    hall = Hall()
    hall.open("c1")
    hall.issue()
    idle = desk(hall)
    hall.call("c1")
    hall.later(15 * SECOND)
    hall.at_counter(c.Recall, "c1")
    called = desk(hall)
    hall.later(15 * SECOND)
    hall.at_counter(c.StartService, "c1")
    serving = desk(hall)

    assert (idle.timer_from, idle.target_s) == (None, None)
    assert (called.timer_from, called.target_s) == ("2026-11-24T02:00:15.000Z", 300)
    assert serving.timer_from == "2026-11-24T02:00:30.000Z"


def test_whoever_is_set_aside_goes_for_a_reason_of_its_own_list():
    """A mall that names reasons for parking is offered those, and no reason for a reprint or a hold."""
    hall = Hall(replace(RULES, park_reasons={"documents": both("Berkas", "Papers")}))
    hall.open("c1")
    hall.issue()
    hall.call("c1")

    hall.at_counter(c.ParkTicket, "c1", ticket="t1", reason="documents")

    assert [named.id for named in desk(hall).park_reasons] == ["documents"]
    assert [ticket.state for ticket in desk(hall).parked] == ["parked"]


def test_a_desk_offers_what_the_mall_has_configured():
    """Services, colleagues, outcomes and reasons come with their words."""
    hall = Hall()
    hall.open("c1")
    hall.open("c3")

    view = desk(hall)

    assert [named.id for named in view.serving_services] == ["card", "birth"]
    assert [named.id for named in view.transfer_services] == ["card", "birth", "passport", "roll"]
    assert [(named.id, named.name) for named in view.transfer_counters] == [("c3", both("3", "3"))]
    assert view.outcomes[0].name == both("Selesai", "Done")
    assert [named.id for named in view.pause_reasons] == ["break"]
    assert [named.id for named in view.park_reasons] == ["power"]
    assert (view.away_after_s, view.closes_at) == (60, "2026-11-24T09:00:00.000Z")


def test_a_desk_says_where_nobody_may_be_sent():
    """As a transfer would be refused: a pause keeps people away, a quota that is reached does not."""
    hall = Hall()
    hall.open("c1")
    for _ in range(3):
        hall.issue("passport")
    hall.carry_out(c.PauseService(at=hall.at, service="birth", reason="power", by="ops"))

    closed = {one.id: one.closed for one in desk(hall).transfer_services}

    assert closed == {"card": None, "birth": "paused", "passport": None, "roll": None}


def test_what_is_open_all_day_has_no_hour_of_closing():
    """The end of the day is not an hour at which a service closes."""
    hall = Hall()
    hall.open("c1")
    card = replace(hall.state.rules.services["card"], open=((MIDNIGHT, MIDNIGHT + 24 * HOUR),))
    hall.change(services={**hall.state.rules.services, "card": card})

    assert desk(hall).closes_at is None


def test_a_clerks_skills_narrow_the_desk():
    """A clerk who may serve one thing is shown that one's queue."""
    hall = Hall()
    hall.carry_out(c.OpenCounter(at=hall.at, counter="c1", clerk="new", skills=("birth",)))
    hall.issue()
    hall.issue("birth")

    view = desk(hall)

    assert [named.id for named in view.serving_services] == ["birth"]
    assert (view.queue.waiting, view.queue.next[0].number) == (1, "B001")
    assert view.counter.services == ("card", "birth")


def test_who_may_return_is_listed_while_they_may():
    """Parked tickets stay, no-shows as long as their grace lasts, others' services not at all."""
    hall = Hall()
    hall.policy(no_show_calls=1, no_show_apart_ms=0)
    hall.open("c1")
    hall.open("c3")
    for wanted in ("card", "card", "passport"):
        hall.issue(wanted)
    hall.call("c1")
    hall.at_counter(c.ParkTicket, "c1")
    hall.later(SECOND)
    hall.call("c1")
    hall.at_counter(c.MarkNoShow, "c1")
    hall.call("c3")
    hall.at_counter(c.ParkTicket, "c3")

    both_there = [(ticket.number, ticket.state) for ticket in desk(hall).parked]
    hall.later(30 * MINUTE + 1)
    grace_over = [(ticket.number, ticket.state) for ticket in desk(hall).parked]
    hall.carry_out(c.ReturnTicket(at=hall.at, ticket="t1"))

    assert both_there == [("A002", "no_show"), ("A001", "parked")]
    assert grace_over == [("A001", "parked")]
    assert desk(hall).parked == ()
    assert hall.ticket("t1").step.state is StepState.WAITING


def test_undo_keeps_the_list_of_who_may_return_true():
    """A park that was taken back is nobody away."""
    hall = Hall()
    hall.open("c1")
    hall.issue()
    hall.call("c1")
    hall.at_counter(c.ParkTicket, "c1")
    parked = [ticket.number for ticket in desk(hall).parked]

    hall.at_counter(c.Undo, "c1")

    assert (parked, desk(hall).parked) == (["A001"], ())


def test_what_a_counter_finished_today_is_counted():
    """Each finish counts once, one that was undone not at all."""
    hall = Hall()
    hall.open("c1")
    for _ in range(2):
        hall.issue()
        hall.call("c1")
        hall.at_counter(c.StartService, "c1")
        hall.at_counter(c.FinishService, "c1")
        hall.later(SECOND)
    twice = desk(hall).served_today

    hall.at_counter(c.Undo, "c1")

    assert (twice, desk(hall).served_today) == (2, 1)


def test_a_counter_shows_its_ticket_to_staff():
    """`GET /counters` names state, clerk, ticket and the note on it."""
    hall = Hall()
    hall.open("c1")
    ticket = hall.issue(note="n1")
    hall.call("c1")

    view = counter_view(hall.state, "c1", notes={"n1": "needs a chair"}, **SHOWN)
    closed = counter_view(hall.state, "c3", **SHOWN)

    assert (view.id, view.label, view.state, view.zone, view.clerk) == ("c1", "1", "open", "east", "clerk-c1")
    assert view.ticket is not None
    assert (view.ticket.id, view.ticket.note, view.ticket.steps[0].clerk) == (ticket, "needs a chair", "clerk-c1")
    assert (closed.state, closed.ticket, closed.clerk) == ("closed", None, None)


def test_one_counter_comes_with_its_queue():
    """`GET /counters/{c}` adds who waits for it."""
    hall = Hall()
    hall.open("c1")
    hall.issue()

    detail = counter_detail(hall.state, "c1", hall.at, **SHOWN)

    assert (detail.id, detail.queue.waiting, detail.queue.next[0].number) == ("c1", 1, "A001")


def test_a_paused_counter_says_why_and_since_when():
    """Colleagues and supervisors read the reason's code."""
    hall = Hall()
    hall.open("c1")
    hall.later(MINUTE)
    hall.at_counter(c.PauseCounter, "c1", reason="break")

    view = counter_view(hall.state, "c1", **SHOWN)

    assert (view.state, view.reason, view.since) == ("paused", "break", "2026-11-24T02:01:00.000Z")


def test_agency_staff_see_counters_that_serve_them():
    """At a shared counter another agency's ticket is left out."""
    hall = Hall()
    hall.open("c2")
    hall.issue()
    hall.call("c2")

    travel = counter_views(hall.state, agencies=frozenset({"travel"}), **SHOWN)
    civil = counter_views(hall.state, agencies=frozenset({"civil"}), **SHOWN)

    assert [(view.id, view.ticket) for view in travel] == [("c2", None), ("c3", None)]
    assert [view.id for view in civil] == ["c1", "c2"]
    assert civil[1].ticket is not None
    assert len(counter_views(hall.state, **SHOWN)) == 3


def test_who_serves_another_agency_at_a_shared_counter_is_not_shown():
    """Neither the clerk nor a move nor an undo, as long as the ticket there is none of the reader's."""
    hall = Hall()
    hall.open("c2")
    hall.issue()
    hall.call("c2")

    travel, civil = (
        desk_view(hall.state, "c2", hall.at, agencies=frozenset({agency}), **SHOWN) for agency in ("travel", "civil")
    )

    assert (travel.counter.clerk, travel.moves, travel.undo) == (None, (), None)
    assert civil.counter.clerk is not None
    assert civil.moves
    assert civil.undo is not None


def test_a_counter_that_the_mall_does_not_have_is_not_found():
    """A wrong id is said."""
    hall = Hall()

    with pytest.raises(NotFound):
        desk_view(hall.state, "c9", NINE + HOUR, **SHOWN)
