"""Pre-printed paper rolls: which numbers were torn off, and a mistyped entry taken back."""

from __future__ import annotations

from typing import Any

import pytest

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.rules import Prefix
from tests.domain.hall import MINUTE, MORNING, Hall, rules, service

ROLL = rules(service("passport", "P", paper_roll=True, quota=30), prefixes={"P": Prefix(end=99, used_up="wrap")})


def torn(hall: Hall, last: int, ids: int = 9, **fields: Any) -> list[str]:
    tickets = tuple(f"{hall.at} {i}" for i in range(ids))
    events = hall.does(c.EnterRoll, service="passport", last=last, tickets=tickets, by="desk", **fields)
    return [event.number for event in events if isinstance(event, e.TicketIssued)]


def test_a_roll_is_issued_up_to_the_last_number_torn_off():
    """Staff enter the last number; all before it are issued, and from there each is a ticket like any other."""
    hall = Hall(ROLL)
    hall.open("2")

    first = torn(hall, 2)
    hall.later(MINUTE)
    more = torn(hall, 5)

    assert (first, more) == (["P001", "P002"], ["P003", "P004", "P005"])
    assert hall.ticket(hall.call("2") or "").number == "P001"


def test_a_roll_may_begin_in_its_middle():
    """Paper does not start anew each morning; it wraps where its prefix does."""
    hall = Hall(ROLL)

    assert torn(hall, 1, first=98) == ["P098", "P099", "P001"]


def test_a_roll_that_begins_anew_is_called_in_the_order_of_tearing():
    """998, 999, 1, 2: whoever tore off earlier is called earlier, and so is whoever comes after an entry taken back."""
    hall = Hall(ROLL)
    hall.open("2")
    torn(hall, 98, first=97)
    for entry, last in (("b", 2), ("c", 1)):
        tickets = tuple(f"{entry} {place}" for place in range(3))
        hall.does(c.EnterRoll, service="passport", last=last, tickets=tickets, by="desk")
        if entry == "b":
            hall.does(c.TakeRollBack, service="passport", by="desk")

    called = []
    for _ in range(4):
        called.append(hall.ticket(hall.call("2") or "").number)
        hall.does(c.StartService, counter="2")

    assert called == ["P097", "P098", "P099", "P001"]


@pytest.mark.parametrize("first", [-3, 0, 100, 10**30])
def test_a_roll_begins_with_a_number_that_it_has(first: int):
    """What the prefix's range does not hold is on no paper."""
    hall = Hall(ROLL)

    refusal = hall.refusal(c.EnterRoll, service="passport", last=3, first=first, tickets=("a",), by="desk")

    assert (refusal.code, refusal.reason, refusal.fields["field"]) == ("invalid", "roll", "first")


def test_a_roll_steps_as_its_prefix_does():
    """A number between two steps is on no paper."""
    agreed = rules(service("passport", "P", paper_roll=True), prefixes={"P": Prefix(start=1, step=2)})
    entry = {"service": "passport", "tickets": ("a", "b"), "by": "desk"}

    assert Hall(agreed).refuses(c.EnterRoll, last=4, first=2, **entry) == ("invalid", "roll")
    assert torn(Hall(agreed), 3, first=1) == ["P001", "P003"]


@pytest.mark.parametrize(
    ("last", "fields", "refused"),
    [
        (3, {}, ("invalid", "roll")),
        (200, {}, ("invalid", "roll")),
        (9, {"first": 4}, ("invalid", "roll")),
        (9, {"tickets": ("only one",)}, ("invalid", "roll")),
        (31, {"tickets": tuple(f"t{i}" for i in range(28))}, ("quota_reached", "quota_reached")),
        (4, {"service": "visa"}, ("invalid", "no_roll")),
        (4, {"service": "gardening"}, ("unknown_service", None)),
    ],
)
def test_a_number_that_does_not_follow_is_refused(last: int, fields: dict[str, Any], refused: tuple[str, str | None]):
    """A slip of the finger issues nothing."""
    hall = Hall(ROLL)
    torn(hall, 3)

    entry = {"service": "passport", "last": last, "tickets": tuple("abcdefgh"), "by": "desk", **fields}

    assert hall.refuses(c.EnterRoll, **entry) == refused


def test_a_roll_that_comes_round_to_a_held_number_is_refused():
    """Paper cannot skip a number, so whoever still holds it must be done first."""
    agreed = rules(service("passport", "P", paper_roll=True), prefixes={"P": Prefix(end=3, used_up="wrap")})
    hall = Hall(agreed)
    torn(hall, 3)
    entry = {"service": "passport", "last": 1, "tickets": ("next",), "by": "desk"}

    refused = hall.refuses(c.EnterRoll, **entry)
    hall.does(c.CancelTicket, ticket=f"{MORNING} 0")

    assert refused == ("illegal_move", "number_held")
    assert len(hall.does(c.EnterRoll, **entry)) == 1


def test_a_day_that_begins_far_from_the_start_says_where():
    """Nobody is invented: the first entry of a day that is more than a few numbers long names the first one torn."""
    hall = Hall(ROLL)
    entry = {"service": "passport", "last": 26, "tickets": tuple(f"t{i}" for i in range(30)), "by": "desk"}

    refusal = hall.refusal(c.EnterRoll, **entry)

    assert (refusal.code, refusal.reason, refusal.fields) == (
        "invalid",
        "roll_first",
        {"field": "first", "start": "P001"},
    )
    assert torn(hall, 26, first=25) == ["P025", "P026"]
    assert torn(hall, 28) == ["P027", "P028"]


def test_a_new_roll_may_be_long_if_it_is_said_to_be_new():
    """`first` is the prefix's start where that is so."""
    assert len(torn(Hall(ROLL), 20, ids=20, first=1)) == 20


def test_whoever_tore_the_last_number_off_has_a_category():
    """Staff see one person, not those before."""
    hall = Hall(ROLL)

    torn(hall, 3, category="elderly")

    assert [ticket.category for ticket in hall.state.tickets.values()] == ["regular", "regular", "elderly"]
    entry = {"service": "passport", "last": 4, "tickets": ("a",), "by": "desk", "category": "tall"}
    assert hall.refuses(c.EnterRoll, **entry) == ("invalid", "category")


# A mistyped entry


def back(hall: Hall) -> list[e.AnyEvent]:
    return hall.does(c.TakeRollBack, service="passport", by="desk")


def test_a_mistyped_entry_is_taken_back_whole():
    """The roll and the quota stand where they stood, and the numbers come anew."""
    hall = Hall(ROLL)
    torn(hall, 2)
    hall.later(MINUTE)
    torn(hall, 9)

    back(hall)

    assert hall.state.waiting("passport") == 2
    assert hall.state.issued["passport"] == 2
    hall.later(MINUTE)
    assert torn(hall, 3) == ["P003"]


def test_the_days_first_entry_is_taken_back_to_nothing():
    """Then the roll may begin where it really began."""
    hall = Hall(ROLL)
    torn(hall, 6)

    back(hall)

    hall.later(MINUTE)
    assert torn(hall, 56, first=55) == ["P055", "P056"]


def test_only_what_follows_the_last_one_called_is_taken_back():
    """Whoever was called is there; a number before them, too. Those behind may not be."""
    hall = Hall(ROLL)
    hall.open("2")
    torn(hall, 6)
    called = [hall.serve("2"), hall.serve("2")]
    hall.does(c.CancelTicket, ticket=f"{MORNING} 4", by="desk")

    back(hall)

    assert hall.states(*called, f"{MORNING} 2") == ["served", "serving", "cancelled"]
    hall.later(MINUTE)
    assert torn(hall, 3) == ["P003"]


def test_an_entry_is_taken_back_once():
    """Not the one before it, not after its last number was called, and not where nothing was entered."""
    hall = Hall(ROLL)
    hall.open("2")
    nothing = hall.refusal(c.TakeRollBack, service="passport", by="desk")
    torn(hall, 1)
    hall.call("2")
    acted = hall.refuses(c.TakeRollBack, service="passport", by="desk")
    hall.later(MINUTE)
    torn(hall, 2)
    back(hall)
    twice = hall.refusal(c.TakeRollBack, service="passport", by="desk")
    other = hall.refuses(c.TakeRollBack, service="visa", by="desk")

    assert (nothing.code, nothing.reason) == (twice.code, twice.reason) == ("illegal_move", "undo_nothing")
    assert nothing.detail.endswith("nothing was entered.")
    assert twice.detail.startswith("The last entry was taken back already")
    assert acted == ("illegal_move", "undo_acted_on")
    assert other == ("invalid", "no_roll")


def test_a_number_cancelled_by_hand_stays_so_once_its_entry_is_taken_back():
    """Undoing the cancel would bring somebody back whose number is given anew."""
    hall = Hall(ROLL)
    hall.open("2")
    torn(hall, 3)
    hall.does(c.CancelTicket, ticket=f"{MORNING} 2", by="clerk 2")

    back(hall)

    assert hall.refuses(c.Undo, counter="2")[0] == "illegal_move"


def test_what_was_taken_back_is_nobodys_number():
    """The number is again the one's who had it before, where the roll has gone round; nothing counts the mistake."""
    short = rules(service("passport", "P", paper_roll=True), prefixes={"P": Prefix(end=3, used_up="wrap")})
    hall = Hall(short)
    hall.open("2")
    torn(hall, 3)
    early = []
    for _ in range(3):
        early.append(hall.serve("2"))
        hall.does(c.FinishService, counter="2")
    hall.later(MINUTE)
    torn(hall, 2)

    back(hall)

    assert [hall.state.numbers[number] for number in ("P001", "P002", "P003")] == early
    assert [ticket.void for ticket in hall.state.tickets.values()] == [False, False, False, True, True]
