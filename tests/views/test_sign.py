"""What stands over one counter: when its display may go dark, and what is spoken there."""

from __future__ import annotations

from queue_server.domain import commands as c
from queue_server.views.presentation import Presentation
from queue_server.views.sign import sign_view
from tests.views.hall import HOUR, Hall


def closing(hall: Hall, counter: str) -> int:
    """When the last of its services closes today."""
    rules = hall.state.rules
    return max(end for service in rules.counters[counter].services for _, end in rules.services[service].open)


def test_a_counters_display_may_go_dark_once_nobody_comes_back():
    """Closed, after the hours of all its services, and with nobody who still waits for one of them."""
    hall = Hall()
    late = closing(hall, "c1")

    assert not sign_view(hall.state, "c1", hall.at).over
    assert sign_view(hall.state, "c1", late).over

    hall.issue("card")
    assert not sign_view(hall.state, "c1", late + HOUR).over


def test_an_open_counter_is_never_dark():
    """Its clerk may still call somebody, whatever the hour."""
    hall = Hall()
    late = closing(hall, "c1")
    hall.carry_out(c.OpenCounter(at=hall.at, counter="c1", clerk="ani"))

    assert not sign_view(hall.state, "c1", late).over


def test_a_counter_says_what_is_spoken_there():
    """As the mall has written it, and nothing where it has not."""
    hall = Hall()
    look = Presentation(tongues={"c1": ("id", "jv")})

    assert sign_view(hall.state, "c1", hall.at, look).speaks == ("id", "jv")
    assert sign_view(hall.state, "c2", hall.at, look).speaks == ()
