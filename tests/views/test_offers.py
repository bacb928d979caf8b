"""What may be done with one ticket, as the rules would take it."""

import pytest

from queue_server.domain import commands as c
from queue_server.views.floor import floor_view
from queue_server.views.offers import counter_moves, ticket_moves
from tests.views.hall import MINUTE, Hall


def of(hall: Hall, ticket: str, counter: str | None = None) -> tuple[str, ...]:
    return ticket_moves(hall.state, hall.ticket(ticket), hall.at, counter)


def test_moves_follow_the_ticket():
    """Each state offers its own; a served ticket's outcome can be corrected, and no other's."""
    hall = Hall()
    hall.open("c1")
    ticket = hall.issue()

    waiting = of(hall, ticket)
    hall.call("c1")
    called = of(hall, ticket)
    hall.at_counter(c.StartService, "c1")
    serving = of(hall, ticket)
    hall.at_counter(c.ParkTicket, "c1")
    parked = of(hall, ticket)
    hall.carry_out(c.ReturnTicket(at=hall.at, ticket=ticket))
    hall.call("c1")
    hall.at_counter(c.StartService, "c1")
    hall.at_counter(c.FinishService, "c1")
    served = of(hall, ticket)

    assert waiting == ("reprint", "cancel")
    assert called == ("put-back", "reprint", "cancel")
    assert serving == ("reprint",)
    assert parked == ("return", "reprint", "cancel")
    assert served == ("reprint", "correct")


def test_a_no_show_comes_back_only_while_its_grace_lasts():
    """After that a return would be refused, so it is no move."""
    hall = Hall()
    hall.policy(no_show_calls=1, grace_ms=10 * MINUTE)
    hall.open("c1")
    ticket = hall.issue()
    hall.call("c1")
    hall.later(MINUTE)
    hall.at_counter(c.MarkNoShow, "c1")

    in_time = of(hall, ticket)
    hall.later(11 * MINUTE)

    assert "return" in in_time
    assert "return" not in of(hall, ticket)


@pytest.mark.parametrize(
    ("policy", "moves"),
    [
        ({"picking": True}, ("call", "park", "transfer", "reprint", "cancel")),
        ({}, ("park", "transfer", "reprint", "cancel")),
        ({"blind": True}, ("reprint", "cancel")),
    ],
)
def test_what_a_counter_may_do_is_asked_for_that_counter(policy: dict[str, bool], moves: tuple[str, ...]):
    """Whoever waits is called, set aside and sent on from a counter where somebody works, as far as the mall allows."""
    hall = Hall()
    hall.policy(**policy)
    hall.open("c1")
    ticket = hall.issue()

    assert of(hall, ticket, "c1") == moves
    assert of(hall, ticket, "c2") == ("reprint", "cancel")  # nobody works there
    assert of(hall, ticket, "nowhere") == ("reprint", "cancel")


def test_the_end_of_the_day_leaves_only_the_correction():
    """An earlier day's outcome can still be put right, and nothing else can be done."""
    hall = Hall()
    hall.open("c1")
    ticket, left = hall.issue(), hall.issue()
    hall.call("c1")
    hall.at_counter(c.StartService, "c1")
    hall.at_counter(c.FinishService, "c1")
    hall.carry_out(c.Tick(at=hall.state.ends_at))

    assert of(hall, ticket) == ("correct",)
    assert of(hall, left) == ()


def test_a_supervisor_closes_a_counter_only_where_nobody_is():
    """On the floor a call is taken back, help answered, and a free counter closed, where the rules take it."""
    hall = Hall()
    before = counter_moves(hall.state, hall.state.counters["c1"], hall.at)
    hall.open("c1")
    free = counter_moves(hall.state, hall.state.counters["c1"], hall.at)
    hall.issue()
    hall.call("c1")
    hall.at_counter(c.AskHelp, "c1")

    called = counter_moves(hall.state, hall.state.counters["c1"], hall.at)

    assert (before, free, called) == ((), ("close",), ("help-answered", "put-back"))


def test_a_paused_service_goes_on_also_in_a_hold():
    """What may be done with a service is its own pause's affair, whatever else keeps people away."""
    hall = Hall()
    hall.carry_out(c.PauseService(at=hall.at, service="birth", reason="power", by="ops"))
    hall.carry_out(c.HoldHall(at=hall.at, by="ops"))

    moves = {service.id: service.moves for service in floor_view(hall.state, hall.at, {}).services}

    assert (moves["birth"], moves["card"]) == (("resume",), ("pause",))
