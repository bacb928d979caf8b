"""The waiting list of a board: who waits at its counters, in due order, with the wait that is told everywhere."""

from __future__ import annotations

from msgspec.structs import replace

from queue_server.domain.estimate import bands, forecast
from queue_server.domain.records import Estimate
from queue_server.views.board import board_view
from queue_server.views.presentation import BoardLook, Presentation
from queue_server.views.waits import place_in_line
from queue_server.wire.boards import BoardWaiting
from tests.views.hall import RULES, SECOND, Hall

LISTING = Presentation(boards={name: BoardLook(layout="waiting") for name in ("all", "west")})


def estimates(hall: Hall) -> dict[str, Estimate]:
    found = forecast(hall.state, hall.at)
    return {name: bands(wait, [], 0) for name, wait in (found.services | found.priority | found.tickets).items()}


def listed(hall: Hall, board: str = "all") -> tuple[BoardWaiting, ...]:
    return board_view(hall.state, board, LISTING, now=hall.at, estimates=estimates(hall)).queue


def test_whoever_is_due_first_stands_first_with_the_wait_that_the_ticket_tells():
    """The board says of a number what its phone page says, and an elderly person who is due earlier stands before."""
    hall = Hall()
    hall.open("c1")
    first = hall.issue()
    hall.later(SECOND)
    elderly = hall.issue(category="elderly")

    rows = listed(hall)

    assert [row.number for row in rows] == ["A002", "A001"]
    for row, ticket in zip(rows, (elderly, first), strict=True):
        told = place_in_line(hall.state, hall.ticket(ticket), estimates(hall))[1].estimated_wait
        assert row.estimated_wait is not None
        assert row.estimated_wait == told


def test_without_an_open_counter_no_wait_is_told():
    """Instead of a figure that nobody can keep, the list says why there is none."""
    hall = Hall()
    hall.issue()

    (row,) = listed(hall)

    assert (row.estimated_wait, row.wait_reason) == (None, "no_counter")


def test_only_those_who_wait_for_the_boards_counters_are_listed():
    """Nobody looks for a number in a zone that it is not called to; whoever is called waits no more."""
    hall = Hall()
    hall.open("c3")
    hall.issue()
    hall.issue("passport")
    hall.issue("passport")
    hall.call("c3")

    assert [row.number for row in listed(hall, "west")] == ["C002"]
    assert {row.number for row in listed(hall)} == {"A001", "C002"}


def test_a_blind_mall_lists_by_number_and_tells_no_waits():
    """From the list nobody learns who is called next."""
    hall = Hall(replace(RULES, policy=replace(RULES.policy, blind=True)))
    hall.open("c1")
    hall.issue()
    hall.later(SECOND)
    hall.issue(category="elderly")

    assert listed(hall) == (BoardWaiting(number="A001"), BoardWaiting(number="A002"))


def test_another_layout_makes_no_list():
    """What a board does not show is neither reckoned nor sent."""
    hall = Hall()
    hall.issue()

    assert board_view(hall.state, "all", now=hall.at).queue == ()
