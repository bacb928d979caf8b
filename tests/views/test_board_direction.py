"""What a board tells of the way to a counter: arrows, small maps, and that a counter is another than before."""

from __future__ import annotations

from queue_server.domain import commands as c
from queue_server.views.board import board_view
from queue_server.views.presentation import BoardLook, Presentation
from tests.views.hall import SECOND, Hall

LOOK = Presentation(
    boards={"west": BoardLook(arrows={"west": "left"})}, plans={"east": (("c1", "*", "c2"),), "west": (("c3",),)}
)


def test_a_board_has_its_own_arrows_and_its_zones_maps():
    """Left of one display is right of another; a map of a zone that it does not show is of no use there."""
    hall = Hall()

    west, everywhere = board_view(hall.state, "west", LOOK), board_view(hall.state, "all", LOOK)

    assert (west.arrows, west.plans) == ({"west": "left"}, {"west": (("c3",),)})
    assert (everywhere.arrows, set(everywhere.plans)) == ({}, {"east", "west"})


def test_whoever_is_sent_on_from_the_way_is_told_that_the_counter_is_another():
    """Transferred before anybody served them, and called elsewhere: the new call says so, the old one is gone."""
    hall = Hall()
    for counter in ("c1", "c2"):
        hall.open(counter)
    hall.issue("card")
    hall.call("c1")
    hall.later(SECOND)
    hall.at_counter(c.TransferTicket, "c1", to_counter="c2", service="card")
    hall.call("c2")

    (call,) = board_view(hall.state, "all").calls

    assert (call.counter, call.moved) == ("c2", True)


def test_whoever_was_served_before_is_simply_called():
    """A second counter after the first has done its work is no change of mind."""
    hall = Hall()
    for counter in ("c1", "c2"):
        hall.open(counter)
    hall.issue("card")
    hall.call("c1")
    hall.at_counter(c.StartService, "c1")
    hall.later(SECOND)
    hall.at_counter(c.TransferTicket, "c1", to_counter="c2", service="card")
    hall.call("c2")

    assert [call.moved for call in board_view(hall.state, "all").calls if call.counter == "c2"] == [False]
