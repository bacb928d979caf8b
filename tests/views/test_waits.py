"""What is told of a wait to come: only where an open counter can serve, and of the same people whom it counts."""

from __future__ import annotations

from queue_server.domain import commands as c
from queue_server.domain.estimate import bands, forecast
from queue_server.domain.records import Estimate
from queue_server.views.floor import floor_view
from queue_server.views.menu import kiosk_view, mall_view
from queue_server.views.queues import queue_view
from queue_server.views.slip import slip_view
from queue_server.views.ticket import ticket_page, ticket_view
from queue_server.wire.api import MallService, TicketView, Wait
from tests.views.hall import JAKARTA, MINUTE, Hall

FIGURE = Estimate(p50=5 * MINUTE, p90=9 * MINUTE)


def estimates(hall: Hall) -> dict[str, Estimate]:
    """As the server reckons them, without what recent truth says of them."""
    found = forecast(hall.state, hall.at)
    waits = found.services | found.priority | found.tickets
    return {name: bands(wait, [], found.others.get(name, 0)) for name, wait in waits.items()}


def card(hall: Hall, known: dict[str, Estimate]) -> MallService:
    return mall_view(hall.state, hall.at, known, tz=JAKARTA).agencies[0].services[0]


def public(hall: Hall, ticket: str, known: dict[str, Estimate]) -> TicketView:
    return ticket_view(hall.state, hall.ticket(ticket), staff=False, estimates=known, track_base="")


def test_no_figure_is_told_while_no_counter_is_open():
    """Menu, kiosk, ticket, phone, queue, floor and slip say `no_counter`, whatever an estimate still says."""
    hall = Hall()
    ticket = hall.issue()
    hall.issue()
    known = {"card": FIGURE, ticket: FIGURE, "card elderly": FIGURE}

    offered = card(hall, known)
    at_kiosk = kiosk_view(hall.state, "k1", hall.at, known, ("ready", None), tz=JAKARTA).agencies[0].services[0]
    seen = public(hall, ticket, known)
    phone = ticket_page(hall.state, hall.ticket(ticket), estimates=known, track_base="").ticket
    queue = queue_view(hall.state, "card", hall.at, known)
    floor = floor_view(hall.state, hall.at, known).services[0]
    slip = slip_view(hall.state, hall.ticket(ticket), estimates=known, tz=JAKARTA)

    for said in (offered, at_kiosk, seen, phone, queue, floor):
        assert (said.estimated_wait, said.wait_reason) == (None, "no_counter")
    assert (offered.waiting, offered.wait_behind, offered.priority) == (2, None, {})
    assert seen.people_ahead == 0
    assert slip.wait is not None
    assert slip.wait.value == "Belum ada loket yang buka"


def test_a_figure_comes_and_goes_with_the_counters():
    """An open counter that serves it is enough; a paused one, a closed one and one of another service are none."""
    hall = Hall()
    ticket = hall.issue()
    told: list[str | None] = []

    def look() -> None:
        told.append(public(hall, ticket, {"card": FIGURE}).wait_reason)

    hall.open("c3")
    look()
    hall.open("c1")
    look()
    hall.at_counter(c.PauseCounter, "c1", reason="break")
    look()
    hall.at_counter(c.ResumeCounter, "c1")
    look()
    hall.at_counter(c.CloseCounter, "c1")
    look()

    assert told == ["no_counter", None, "no_counter", None, "no_counter"]


def test_an_addressed_ticket_has_no_counter_while_its_own_is_paused():
    """That others could serve its service does not help whoever may be called by one counter alone."""
    hall = Hall()
    hall.open("c1")
    hall.open("c2")
    mine, other = hall.issue(counter="c2"), hall.issue()
    hall.at_counter(c.PauseCounter, "c2", reason="break")

    known = estimates(hall)

    assert public(hall, mine, known).wait_reason == "no_counter"
    assert public(hall, other, known).wait_reason is None


def test_who_was_called_or_is_done_has_no_reason_to_be_told():
    """`wait_reason` is of those who wait."""
    hall = Hall()
    hall.open("c1")
    ticket = hall.issue()
    hall.call("c1")
    hall.at_counter(c.PauseCounter, "c1", reason="break")

    assert public(hall, ticket, {}).wait_reason is None


def test_what_is_counted_is_what_is_estimated():
    """Nobody waits for cards, but three births are called before at the same counter: all three are told."""
    hall = Hall()
    hall.open("c1")
    for _ in range(3):
        hall.issue("birth")
    hall.later(MINUTE)
    before = card(hall, estimates(hall))
    ticket = hall.issue(language="en")

    known = estimates(hall)
    seen = public(hall, ticket, known)
    slip = slip_view(hall.state, hall.ticket(ticket), estimates=known, tz=JAKARTA)

    assert (before.waiting, before.wait_behind) == (0, 3)
    assert before.estimated_wait is not None
    assert (seen.people_ahead, seen.wait_behind) == (0, 3)
    assert slip.ahead is not None
    assert slip.ahead.value == "3"


def test_the_count_follows_at_once_the_estimate_within_a_second():
    """When somebody of the same service leaves, the count falls without a new forecast."""
    hall = Hall()
    hall.open("c1")
    first, second = hall.issue(), hall.issue()
    known = estimates(hall)

    hall.carry_out(c.CancelTicket(at=hall.at, ticket=first))

    assert public(hall, second, known).wait_behind == 0


def test_whoever_stands_behind_a_newcomer_is_not_counted():
    """An appointment in the afternoon waits already, and is called later than whoever comes now."""
    hall = Hall()
    hall.open("c1")
    hall.issue(booked_at=hall.at + 300 * MINUTE)
    hall.call("c1")
    hall.issue(booked_at=hall.at + 300 * MINUTE)

    offered = card(hall, estimates(hall))

    assert (offered.waiting, offered.wait_behind) == (1, 0)


def test_priority_shows_its_effect():
    """Each category with another target has its own wait and its own people; those with the usual one have none."""
    hall = Hall()
    hall.open("c1")
    for _ in range(3):
        hall.issue()

    offered = card(hall, estimates(hall))

    assert (offered.wait_behind, set(offered.priority)) == (3, {"elderly"})
    assert offered.priority["elderly"].wait_behind == 0
    assert offered.priority["elderly"].estimated_wait == Wait(p50_s=0, p90_s=0)


def test_whoever_takes_a_ticket_with_priority_is_told_what_the_menu_said():
    """Before the next forecast the new ticket has the newcomer's wait of its own category."""
    hall = Hall()
    hall.open("c1")
    for _ in range(3):
        hall.issue()
    known = estimates(hall)

    seen = public(hall, hall.issue(category="elderly"), known)

    assert (seen.estimated_wait, seen.wait_behind) == (Wait(p50_s=0, p90_s=0), 0)
