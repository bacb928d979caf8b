"""One ticket as its holder and as staff see it."""

import msgspec

from queue_server.domain import commands as c
from queue_server.domain.lifecycle import StepState
from queue_server.domain.records import Estimate, Promise, Step, Ticket
from queue_server.views.instants import rfc3339
from queue_server.views.ticket import ticket_page, ticket_view
from queue_server.wire.api import Wait
from queue_server.wire.live import TicketPageView
from tests.views.hall import MINUTE, SECOND, Hall, both

BASE = "https://mall.example"


def public(hall: Hall, ticket: str, **estimates: Estimate):
    return ticket_view(hall.state, hall.ticket(ticket), staff=False, estimates=estimates, track_base=BASE)


def staff(hall: Hall, ticket: str, **more):
    return ticket_view(hall.state, hall.ticket(ticket), staff=True, estimates={}, track_base=BASE, **more)


def test_the_public_view_has_no_clerk_and_no_note_at_all():
    """Whoever holds the slip learns nothing about clerks and notes, not even that there are such keys."""
    hall = Hall()
    hall.open("c1")
    ticket = hall.issue()
    hall.call("c1")

    said = msgspec.json.decode(msgspec.json.encode(public(hall, ticket)))

    assert "note" not in said
    assert "clerk" not in said["steps"][0]
    assert said == {
        "id": "t1",
        "number": "A001",
        "state": "called",
        "category": "regular",
        "language": "id",
        "day": "2026-11-24",
        "issued_at": "2026-11-24T02:00:00.000Z",
        "steps": [
            {
                "service": "card",
                "agency": "civil",
                "state": "called",
                "queued_at": "2026-11-24T02:00:00.000Z",
                "due_at": "2026-11-24T02:15:00.000Z",
                "first_called_at": "2026-11-24T02:00:00.000Z",
                "called_at": "2026-11-24T02:00:00.000Z",
                "started_at": None,
                "finished_at": None,
                "counter": "c1",
                "outcome": None,
                "waited_s": 0,
            }
        ],
        "people_ahead": 0,
        "estimated_wait": None,
        "track_url": "https://mall.example/t/t1",
        "slip": {"state": "none", "reason": None},
        "wait_behind": None,
        "wait_reason": None,
        "cases": 1,
        "current": 0,
    }


def test_staff_see_the_clerk_and_the_note():
    """Staff see who called and what was noted."""
    hall = Hall()
    hall.open("c1")
    ticket = hall.issue()
    hall.call("c1")

    said = msgspec.to_builtins(staff(hall, ticket, note="brings an interpreter"))

    assert said["steps"][0]["clerk"] == "clerk-c1"
    assert said["note"] == "brings an interpreter"


def test_nobody_sees_another_agencys_clerks():
    """Within an agency only its own clerks are named; a step elsewhere keeps the key without a name."""
    hall = Hall()
    hall.open("c1")
    ticket = hall.issue()
    hall.call("c1")

    own = staff(hall, ticket, agencies=frozenset({"civil"}))
    other = staff(hall, ticket, agencies=frozenset({"travel"}))

    assert own.steps[0].clerk == "clerk-c1"
    assert other.steps[0].clerk is None


def test_people_ahead_are_those_due_earlier_for_the_same_service():
    """A smaller target puts somebody ahead; who waits for something else does not count."""
    hall = Hall()
    first = hall.issue()
    hall.issue("birth")
    hall.later(MINUTE)
    elderly = hall.issue(category="elderly")
    last = hall.issue()

    ahead = {ticket: public(hall, ticket).people_ahead for ticket in (elderly, first, last)}

    assert ahead == {elderly: 0, first: 1, last: 2}


def test_people_ahead_means_nothing_once_nobody_waits():
    """At a counter nobody is ahead; away from it the question has no answer."""
    hall = Hall()
    hall.open("c1")
    ticket = hall.issue()

    hall.call("c1")
    called = public(hall, ticket).people_ahead
    hall.at_counter(c.StartService, "c1")
    serving = public(hall, ticket).people_ahead
    hall.at_counter(c.FinishService, "c1")
    served = public(hall, ticket)

    assert (called, serving, served.people_ahead) == (0, 0, None)
    assert (served.state, served.estimated_wait) == ("served", None)


def test_a_tickets_own_estimate_comes_first():
    """What is known for this very ticket is said; else its share of a newcomer's wait, all of it for who came last."""
    hall = Hall()
    hall.open("c1")
    tickets = [hall.issue() for _ in range(3)]
    newcomer = Estimate(p50=12 * MINUTE, p90=20 * MINUTE)

    own = public(hall, tickets[0], card=newcomer, t1=Estimate(p50=MINUTE, p90=2 * MINUTE))
    derived = [public(hall, ticket, card=newcomer).estimated_wait for ticket in tickets]
    unknown = public(hall, tickets[0]).estimated_wait

    assert own.estimated_wait == Wait(p50_s=60, p90_s=120)
    assert derived == [Wait(p50_s=240, p90_s=517), Wait(p50_s=480, p90_s=871), Wait(p50_s=720, p90_s=1200)]
    assert unknown is None


def test_due_follows_todays_targets_while_waiting_and_the_promise_after():
    """A changed target moves the due time of who waits, not of who was called already."""
    hall = Hall()
    hall.open("c1")
    called, waiting = hall.issue(), hall.issue()
    hall.call("c1")
    services = dict(hall.state.rules.services)
    services["card"] = msgspec.structs.replace(services["card"], targets={"regular": 30 * MINUTE})

    hall.change(services=services)

    assert public(hall, called).steps[0].due_at == "2026-11-24T02:15:00.000Z"
    assert public(hall, waiting).steps[0].due_at == "2026-11-24T02:30:00.000Z"


def test_a_planned_step_has_no_times():
    """A journey's later step waits for nothing yet."""
    hall = Hall()
    ticket = hall.issue("card", "passport")

    planned = public(hall, ticket).steps[1]

    assert (planned.state, planned.queued_at, planned.due_at) == ("planned", None, None)


def test_a_step_says_how_long_it_waited():
    """To its first call, without what a hold took; while it waits nothing is over."""
    hall = Hall()
    hall.open("c1")
    ticket = hall.issue()
    hall.later(MINUTE)
    hall.carry_out(c.HoldHall(at=hall.at, by="ops"))
    hall.later(5 * MINUTE)
    hall.carry_out(c.ReleaseHall(at=hall.at, by="ops"))
    hall.later(MINUTE)

    waiting = public(hall, ticket).steps[0].waited_s
    hall.call("c1")
    hall.later(MINUTE)
    hall.at_counter(c.Recall, "c1")

    assert waiting is None
    assert public(hall, ticket).steps[0].waited_s == 2 * 60


def test_a_ticket_of_an_earlier_day_is_shown_as_it_ended():
    """Yesterday's ticket is still readable, even if its service is no longer offered."""
    hall = Hall()
    gone = Ticket(
        id="old",
        number="Z009",
        prefix="Z",
        ordinal=9,
        category="regular",
        language="id",
        day="2026-11-23",
        issued_at=hall.at - 86_400_000,
        steps=[
            Step(
                service="vanished",
                state=StepState.WAITING,
                queued_at=hall.at - 86_400_000,
                promise=Promise(target=10 * MINUTE),
            )
        ],
    )

    view = ticket_view(hall.state, gone, staff=False, estimates={}, track_base="")
    page = ticket_page(hall.state, gone, estimates={}, track_base="")

    assert (view.people_ahead, view.estimated_wait, view.steps[0].agency) == (None, None, "")
    assert view.steps[0].due_at == "2026-11-23T02:10:00.000Z"
    assert page.service == both("vanished", "vanished")
    assert (page.agency, page.serving, page.may_cancel) == ({}, (), False)


def test_the_tickets_page_says_where_to_go_once_called():
    """Counter and way appear with the call, and go with the put-back."""
    hall = Hall()
    hall.open("c1")
    ticket = hall.issue()

    before = ticket_page(hall.state, hall.ticket(ticket), estimates={}, track_base=BASE)
    hall.call("c1")
    called = ticket_page(hall.state, hall.ticket(ticket), estimates={}, track_base=BASE)
    hall.at_counter(c.PutBack, "c1")
    after = ticket_page(hall.state, hall.ticket(ticket), estimates={}, track_base=BASE)

    assert (before.counter_label, before.direction) == (None, {})
    assert (called.counter_label, called.direction) == ("1", both("Di kiri", "On the left"))
    assert (after.counter_label, after.direction) == (None, {})
    assert before.agency == both("Dukcapil", "Civil Registry")
    assert before.documents == {"id": ("KTP asli",), "en": ("Own card",)}


def test_the_tickets_page_shows_who_is_served_meanwhile():
    """Whoever waits sees the numbers at the counters that may serve them, and only those."""
    hall = Hall()
    hall.open("c1")
    hall.open("c3")
    hall.issue()
    hall.issue("passport")
    hall.call("c1")
    hall.call("c3")
    mine = hall.issue()

    page = ticket_page(hall.state, hall.ticket(mine), estimates={}, track_base=BASE)

    assert [(s.label, s.number, s.state) for s in page.serving] == [("1", "A001", "called")]


def test_a_citizen_may_cancel_until_it_is_over():
    """What the lifecycle table allows is offered: waiting yes, being served no, closed day no."""
    hall = Hall()
    hall.open("c1")
    ticket = hall.issue()

    def offered() -> bool:
        return ticket_page(hall.state, hall.ticket(ticket), estimates={}, track_base=BASE).may_cancel

    waiting = offered()
    hall.call("c1")
    hall.at_counter(c.StartService, "c1")
    serving = offered()

    assert (waiting, serving) == (True, False)


def test_a_held_hall_is_said_on_the_tickets_page():
    """While the hall is held the page says so in the mall's words."""
    hall = Hall()
    ticket = hall.issue()
    hall.carry_out(c.HoldHall(at=hall.later(SECOND), reason="power", by="boss"))

    page = ticket_page(hall.state, hall.ticket(ticket), estimates={}, track_base=BASE)

    assert (page.held, page.held_text) == ("power", both("Listrik mati", "Power failure"))


def test_the_page_says_what_its_citizen_may_do_and_until_when():
    """Category, how long one may let others pass, when one waits again, where to come back to."""
    hall = Hall()
    hall.policy(step_away_ms=(5 * MINUTE, 10 * MINUTE), step_away_times=1)
    hall.open("c1")
    ticket = hall.issue("card", category="elderly")

    def shown() -> TicketPageView:
        return ticket_page(hall.state, hall.ticket(ticket), estimates={}, track_base=BASE)

    waiting = shown()
    hall.carry_out(c.StepAway(at=hall.at, ticket=ticket, for_ms=5 * MINUTE))
    away = shown()
    hall.carry_out(c.ComeBack(at=hall.at, ticket=ticket))
    back = shown()
    hall.call("c1")
    hall.at_counter(c.ParkTicket, "c1")
    parked = shown()

    assert (waiting.away_minutes, waiting.times_away_left, waiting.back_at) == ((5, 10), 1, None)
    assert waiting.category == hall.state.rules.categories["elderly"].name
    assert (away.back_at, away.ticket.state, away.counter_label) == (rfc3339(hall.at + 5 * MINUTE), "parked", None)
    assert (back.away_minutes, back.times_away_left, back.back_at) == ((), 0, None)
    assert (parked.back_at, parked.counter_label) == (None, "1")
    assert waiting.services == {"card": hall.state.rules.services["card"].name}
