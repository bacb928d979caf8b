"""What a display is told: the calls of its zones, newest first, and nothing that no longer holds."""

import pytest

from queue_server.domain import commands as c
from queue_server.errors import NotFound
from queue_server.views.board import board_view
from queue_server.views.presentation import BoardLook, Presentation
from tests.views.hall import SECOND, Hall, both

LISTING = Presentation(boards={"west": BoardLook(rows=2, waiting_list=True)})
"""The board in the west lists who waits."""


def calls(hall: Hall, board: str = "all") -> list[tuple[str, str, bool]]:
    return [(call.number, call.counter, call.recall) for call in board_view(hall.state, board).calls]


def serve(hall: Hall, counter: str) -> None:
    """Call the next and be done with it."""
    hall.call(counter)
    hall.at_counter(c.StartService, counter)
    hall.at_counter(c.FinishService, counter)


def test_calls_come_newest_first_with_the_journals_seq():
    """A display announces each call once and in order, recalls included."""
    hall = Hall()
    hall.open("c1")
    hall.issue()
    hall.call("c1")
    called = hall.state.seq
    hall.later(SECOND)
    hall.at_counter(c.Recall, "c1")

    newest, oldest = board_view(hall.state, "all").calls

    assert (newest.seq, newest.recall, newest.at) == (called + 1, True, "2026-11-24T02:00:01.000Z")
    assert (oldest.seq, oldest.recall, oldest.at) == (called, False, "2026-11-24T02:00:00.000Z")
    assert (oldest.number, oldest.counter, oldest.label, oldest.zone) == ("A001", "c1", "1", "east")
    assert (oldest.category, oldest.language) == ("regular", "id")


def test_a_board_shows_its_own_zones_only():
    """Nobody is sent across the hall by a display of another zone."""
    hall = Hall()
    for counter in ("c1", "c3"):
        hall.open(counter)
    hall.issue()
    hall.issue("passport")
    hall.call("c1")
    hall.call("c3")

    west = board_view(hall.state, "west")

    assert [call.number for call in west.calls] == ["C001"]
    assert [(s.counter, s.number, s.state) for s in west.serving] == [("c3", "C001", "called")]
    assert west.zones[0].name == both("Barat", "West")
    assert west.directions == {}
    assert board_view(hall.state, "all").directions == {"east": both("Di kiri", "On the left")}


def test_a_board_names_all_its_counters_in_the_malls_order():
    """A display leafs through them in this order, so that nobody is passed over."""
    hall = Hall()

    everywhere, west = board_view(hall.state, "all"), board_view(hall.state, "west")

    assert everywhere.counters == tuple(hall.state.rules.counters)
    assert west.counters == ("c3",)


def test_five_calls_within_a_second_are_all_there():
    """Also a board of two rows tells every call of a busy second."""
    hall = Hall()
    hall.open("c3")
    for _ in range(3):
        hall.issue("passport")
        serve(hall, "c3")
    hall.open("c1")
    for _ in range(12):
        hall.issue()
        serve(hall, "c1")

    assert len(calls(hall, "west")) == 3
    assert len(calls(hall, "all")) == 12
    assert calls(hall, "all")[0] == ("A012", "c1", False)


def test_an_undone_call_is_gone_at_once():
    """A call that was undone leaves the board, as if it had not been."""
    hall = Hall()
    hall.open("c1")
    hall.issue()
    hall.call("c1")

    hall.at_counter(c.Undo, "c1")

    assert calls(hall) == []
    assert board_view(hall.state, "all").serving == ()


def test_a_call_that_was_put_back_is_gone():
    """A mistaken call sends nobody to the counter any more, also when the ticket is called there again."""
    hall = Hall()
    hall.open("c1")
    hall.issue()
    hall.call("c1")
    hall.later(SECOND)
    hall.at_counter(c.PutBack, "c1")
    put_back = calls(hall)
    hall.later(SECOND)
    hall.call("c1")

    again = board_view(hall.state, "all").calls

    assert put_back == []
    assert [call.at for call in again] == ["2026-11-24T02:00:02.000Z"]


def test_who_returned_to_the_queue_is_no_longer_called():
    """A no-show's call stays in the history until the person waits again."""
    hall = Hall()
    hall.policy(no_show_calls=1, no_show_apart_ms=0)
    hall.open("c1")
    ticket = hall.issue()
    hall.call("c1")
    hall.at_counter(c.MarkNoShow, "c1")
    missed = calls(hall)

    hall.carry_out(c.ReturnTicket(at=hall.at, ticket=ticket))

    assert missed == [("A001", "c1", False)]
    assert calls(hall) == []


def test_a_cancelled_ticket_is_no_longer_called():
    """Who cancels while called is waited for no longer."""
    hall = Hall()
    hall.open("c1")
    ticket = hall.issue()
    hall.call("c1")

    hall.carry_out(c.CancelTicket(at=hall.at, ticket=ticket))

    assert calls(hall) == []


def test_calls_stay_in_the_history_when_the_journey_goes_on():
    """Finished, transferred or on to the next service: the call was right and stays."""
    hall = Hall()
    hall.open("c1")
    hall.issue("card", "passport")
    hall.issue()
    serve(hall, "c1")
    hall.call("c1")
    hall.at_counter(c.StartService, "c1")
    hall.at_counter(c.TransferTicket, "c1", service="birth")

    assert calls(hall) == [("A002", "c1", False), ("A001", "c1", False)]


def test_a_call_leaves_when_its_ticket_is_sent_on_before_it_came():
    """Nobody walks on to a counter that has passed the ticket to another already."""
    hall = Hall()
    hall.open("c1")
    hall.issue()
    hall.call("c1")

    hall.at_counter(c.TransferTicket, "c1", service="birth")

    assert calls(hall) == []


def test_a_board_is_closed_when_nobody_may_come_and_nobody_waits():
    """At half past six an empty hall says that it is closed; while somebody waits it does not."""
    hall = Hall()
    evening = hall.state.rules.services["card"].open[-1][1]

    assert board_view(hall.state, "all", now=evening - 1).open
    assert not board_view(hall.state, "all", now=evening).open
    hall.issue()
    assert board_view(hall.state, "all", now=evening).open


def test_the_volume_goes_by_the_hour():
    """Each volume holds from its time on, the day's last one until the first of the next morning."""
    look = BoardLook(volume=((8 * 60, 100), (12 * 60, 60)))

    assert [look.volume_at(minute) for minute in (0, 8 * 60, 11 * 60, 12 * 60, 23 * 60)] == [60, 100, 100, 60, 60]
    assert BoardLook().volume_at(0) == 100


def test_who_waits_is_counted_once_and_listed_in_due_order():
    """A board counts each waiting ticket of its zones once, and lists them where it is to."""
    hall = Hall()
    hall.issue("passport")
    hall.later(SECOND)
    hall.issue("passport", category="elderly")
    hall.issue()

    everywhere, west = board_view(hall.state, "all", LISTING), board_view(hall.state, "west", LISTING)

    assert (everywhere.waiting, everywhere.waiting_list) == (3, ())
    assert (west.waiting, west.waiting_list) == (2, ("C002", "C001"))


def test_a_blind_queue_is_listed_by_number():
    """Where clerks must not know who is next, the board does not tell them either."""
    hall = Hall()
    hall.policy(blind=True)
    hall.issue("passport")
    hall.later(SECOND)
    hall.issue("passport", category="elderly")

    assert board_view(hall.state, "west", LISTING).waiting_list == ("C001", "C002")


def test_a_held_hall_is_said_in_the_malls_words():
    """Everybody in the hall reads why nothing goes on."""
    hall = Hall()
    hall.carry_out(c.HoldHall(at=hall.at, reason="power", by="boss"))

    board = board_view(hall.state, "all")

    assert (board.held, board.held_text) == ("power", both("Listrik mati", "Power failure"))


def test_a_board_that_the_mall_does_not_have_is_not_found():
    """A wrong id is said, not shown as an empty board."""
    hall = Hall()

    with pytest.raises(NotFound):
        board_view(hall.state, "nowhere")
