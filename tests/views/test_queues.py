"""Who waits, in which order and why."""

import pytest
from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain.records import Estimate
from queue_server.domain.rules import Rules
from queue_server.errors import NotFound, UnknownService
from queue_server.views.desk import counter_detail
from queue_server.views.queues import counter_places, counter_queue, queue_view, queues
from queue_server.wire.api import Place, Wait
from tests.views.hall import MINUTE, RULES, SECOND, Hall, both


def order(places: tuple[Place, ...]) -> list[tuple[int, str, str]]:
    return [(place.place, place.number, place.why) for place in places]


def test_a_queue_says_each_place_its_due_time_and_reason():
    """Fairness can be read: place, due time, wait and why."""
    hall = Hall()
    hall.open("c1")
    hall.issue()
    hall.later(MINUTE)
    hall.issue(category="elderly")

    view = queue_view(hall.state, "card", hall.later(6 * MINUTE), {"card": Estimate(p50=MINUTE, p90=2 * MINUTE)})

    assert (view.service, view.agency, view.name) == ("card", "civil", both("Layanan card", "Service card"))
    assert (view.open, view.reason, view.waiting, view.open_counters, view.target_s) == (True, None, 2, 1, 900)
    assert (view.longest_wait_s, view.estimated_wait) == (420, Wait(p50_s=60, p90_s=120))
    assert view.order[0] == Place(
        ticket="t2",
        number="A002",
        service="card",
        category="elderly",
        place=1,
        queued_at="2026-11-24T02:01:00.000Z",
        due_at="2026-11-24T02:06:00.000Z",
        waited_s=360,
        why="due",
        overdue=True,
        language="id",
    )
    assert order(view.order) == [(1, "A002", "due"), (2, "A001", "due")]
    assert not view.order[1].overdue


def test_reasons_name_addresses_and_appointments():
    """Who waits for one counter and who has an appointment stands there for another reason than others."""
    hall = Hall()
    hall.open("c1")
    hall.issue(booked_at=hall.at + MINUTE)
    hall.issue(counter="c1")
    hall.issue()

    places = queue_view(hall.state, "card", hall.at, {}).order

    assert order(places) == [(1, "A001", "booked"), (2, "A002", "addressed"), (3, "A003", "due")]
    assert places[0].waited_s == 0


def test_a_counter_that_helps_out_sees_those_later():
    """`help_after` shifts the order at this counter only, and nobody is overdue for it alone."""
    hall = Hall()
    hall.open("c2")
    hall.issue()
    hall.later(MINUTE)
    hall.issue("passport")
    hall.later(15 * MINUTE)

    queue = counter_queue(hall.state, "c2", hall.at, blind=False)

    assert order(queue.next) == [(1, "C001", "due"), (2, "A001", "helped")]
    assert queue.next[1].due_at == "2026-11-24T02:25:00.000Z"
    assert queue.next[1].overdue
    assert (queue.waiting, queue.longest_wait_s) == (2, 960)


def test_a_counter_sees_only_whom_it_may_call():
    """Other services and other counters' own are not in its queue."""
    hall = Hall()
    hall.open("c1")
    hall.open("c2")
    hall.issue("birth")
    hall.issue(counter="c2")

    queue = counter_queue(hall.state, "c1", hall.at, blind=False)

    assert (queue.waiting, order(queue.next)) == (1, [(1, "B001", "due")])


def test_a_blind_queue_shows_nobody():
    """How many and how long is said, who is next is not."""
    hall = Hall()
    hall.open("c1")
    hall.issue()

    queue = counter_queue(hall.state, "c1", hall.later(SECOND), blind=True)

    assert (queue.waiting, queue.longest_wait_s, queue.next) == (1, 1, ())


def test_the_longest_wait_is_nobodys_credit():
    """Whoever came from another counter stands first by credit, but has not waited longest here."""
    hall = Hall()
    hall.open("c1")
    hall.issue("birth", "card")
    hall.later(MINUTE)
    hall.issue()
    hall.later(9 * MINUTE)
    hall.at_counter(c.CallNext, "c1")
    hall.at_counter(c.StartService, "c1")
    hall.at_counter(c.FinishService, "c1")

    view = queue_view(hall.state, "card", hall.later(MINUTE), {})

    assert order(view.order) == [(1, "B001", "due"), (2, "A001", "due")]
    assert [place.waited_s for place in view.order] == [60, 600]
    assert view.longest_wait_s == 600


@pytest.mark.parametrize(("gone", "place", "due"), [(c.ParkTicket, 2, "02:25:00"), (c.PutBack, 1, "02:15:00")])
def test_a_credit_changes_the_place_and_not_the_wait(gone: type[c.CounterCommand], place: int, due: str):
    """Whoever comes back has waited since they were queued; what the return cost them is in the time due."""
    hall = Hall()
    hall.open("c1")
    back = hall.issue()
    hall.later(5 * MINUTE)
    hall.issue()
    hall.later(5 * MINUTE)
    hall.call("c1")
    hall.at_counter(gone, "c1")
    hall.later(5 * MINUTE)
    if gone is c.ParkTicket:
        hall.carry_out(c.ReturnTicket(at=hall.at, ticket=back, by="clerk-c1"))

    view = queue_view(hall.state, "card", hall.later(MINUTE), {})

    mine = next(one for one in view.order if one.ticket == back)
    assert (mine.place, mine.waited_s, mine.queued_at) == (place, 16 * 60, "2026-11-24T02:00:00.000Z")
    assert view.longest_wait_s == counter_queue(hall.state, "c1", hall.at, blind=False).longest_wait_s == 16 * 60
    assert mine.due_at == f"2026-11-24T{due}.000Z"


def test_the_longest_wait_is_of_those_who_are_asked_about():
    """Whoever came back to another service is nobody's longest wait here, and nobody's once called or a day later."""
    hall = Hall()
    hall.open("c1")
    back = hall.issue("birth")
    hall.later(10 * MINUTE)
    hall.call("c1")
    hall.at_counter(c.ParkTicket, "c1")
    hall.carry_out(c.ReturnTicket(at=hall.at, ticket=back, by="clerk-c1"))
    hall.issue()

    before = queue_view(hall.state, "card", hall.later(MINUTE), {}).longest_wait_s
    hall.call("c1")
    hall.at_counter(c.ParkTicket, "c1")
    after = [queue_view(hall.state, service, hall.at, {}).longest_wait_s for service in ("birth", "card")]

    assert (before, after) == (60, [0, 60])


def test_time_in_which_the_hall_was_held_is_no_wait():
    """A hold stops the clock of everybody's wait and is left out of it afterwards."""
    hall = Hall()
    hall.issue()
    hall.carry_out(c.HoldHall(at=hall.later(MINUTE), reason="power", by="boss"))
    during = queue_view(hall.state, "card", hall.later(5 * MINUTE), {})
    hall.carry_out(c.ReleaseHall(at=hall.at, by="boss"))
    after = queue_view(hall.state, "card", hall.later(MINUTE), {})

    assert (during.longest_wait_s, during.order[0].waited_s) == (60, 60)
    assert (after.longest_wait_s, after.order[0].waited_s) == (120, 120)


def test_agency_staff_see_their_own_queues():
    """An agency's people are shown no other agency's queues."""
    hall = Hall()

    assert [view.service for view in queues(hall.state, hall.at, {})] == ["card", "birth", "passport", "roll"]
    own = queues(hall.state, hall.at, {}, agencies=frozenset({"travel"}))
    assert [view.service for view in own] == ["passport", "roll"]


def test_an_order_holds_fifty_places():
    """A view stays small however many wait; the number of those who wait is exact."""
    hall = Hall()
    for _ in range(60):
        hall.issue()

    view = queue_view(hall.state, "card", hall.at, {})

    assert (view.waiting, len(view.order), view.order[-1].number) == (60, 50, "A050")


def other_rules(targets: dict[str, int], help_after: dict[str, int] | None = None) -> Rules:
    """With other targets of `card`, and `help_after` at c2."""
    card, helper = RULES.services["card"], RULES.counters["c2"]
    return replace(
        RULES,
        services={**RULES.services, "card": replace(card, targets={**card.targets, **targets})},
        counters={**RULES.counters, "c2": replace(helper, help_after=help_after or helper.help_after)},
    )


def test_a_preview_of_targets_changes_nothing():
    """A supervisor sees the order that other targets would give, and the hall keeps its own."""
    hall = Hall()
    hall.issue()
    hall.later(MINUTE)
    hall.issue(category="elderly")

    preview = queue_view(hall.state.under(other_rules({"elderly": 20 * MINUTE})), "card", hall.at, {})

    assert order(preview.order) == [(1, "A001", "due"), (2, "A002", "due")]
    assert order(queue_view(hall.state, "card", hall.at, {}).order) == [(1, "A002", "due"), (2, "A001", "due")]


def test_a_preview_shows_what_is_then_done():
    """Saving what was previewed gives the order that was shown, for a service and at a counter."""
    hall = Hall()
    hall.open("c2")
    for wanted, category in (
        ("card", "regular"),
        ("passport", "regular"),
        ("card", "elderly"),
        ("passport", "elderly"),
    ):
        hall.issue(wanted, category=category)
        hall.later(MINUTE)
    targets, help_after = {"regular": 2 * MINUTE}, {"card": 3 * MINUTE, "passport": MINUTE}

    other = other_rules(targets, help_after)
    preview = hall.state.under(other)
    shown = counter_places(preview, "c2", hall.at)
    alone = queue_view(preview, "card", hall.at, {}).order
    hall.change(services=other.services, counters=other.counters)

    assert shown == counter_queue(hall.state, "c2", hall.at, blind=False).next
    assert alone == queue_view(hall.state, "card", hall.at, {}).order


def test_what_does_not_exist_is_refused():
    """A wrong id is said by name."""
    hall = Hall()

    with pytest.raises(UnknownService):
        queue_view(hall.state, "nothing", hall.at, {})
    with pytest.raises(NotFound):
        counter_detail(hall.state, "c9", hall.at, estimates={}, track_base="")
