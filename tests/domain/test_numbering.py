"""Numbers: prefix, three digits, start, end, step, and what follows when a range is used up."""

from typing import Any

import pytest

from queue_server.domain import commands as c
from queue_server.domain.numbering import holder, number
from queue_server.domain.rules import Prefix
from tests.domain.hall import HOUR, Hall, rules, service


def a_hall(**range_: Any) -> Hall:
    return Hall(rules(prefixes={"P": Prefix(**range_)}))


def numbers(hall: Hall, count: int) -> list[str]:
    return [hall.issue("passport").number for _ in range(count)]


@pytest.mark.parametrize(("ordinal", "text"), [(1, "A001"), (12, "A012"), (999, "A999"), (1000, "A1000")])
def test_a_number_has_three_digits_at_least(ordinal: int, text: str):
    """The prefix and the counter, filled up to three digits."""
    assert number("A", ordinal) == text


def test_each_prefix_counts_for_itself():
    """Numbers of one service do not depend on another's."""
    hall = Hall()

    given = [hall.issue(service).number for service in ("passport", "tax", "passport", "visa")]

    assert given == ["P001", "T001", "P002", "V001"]


def test_numbers_go_from_start_in_steps():
    """`start` and `step` are the prefix's own."""
    assert numbers(a_hall(start=100, step=5), 3) == ["P100", "P105", "P110"]


def test_a_used_up_range_goes_on_where_the_mall_wants_that():
    """`continue` counts on past the end."""
    assert numbers(a_hall(start=8, end=9, used_up="continue"), 4) == ["P008", "P009", "P010", "P011"]


def test_a_used_up_range_refuses_where_the_mall_wants_that():
    """`refuse` gives no number past the end."""
    hall = a_hall(end=2, used_up="refuse")

    numbers(hall, 2)

    refused = hall.refuses(c.IssueTicket, ticket="third", services=("passport",))
    assert refused == ("quota_reached", "numbers_used_up")


def test_services_that_share_a_prefix_count_in_one_series():
    """One series and one range: nobody gets a number that the other service gave."""
    agreed = rules(service("visa", "P"), prefixes={"P": Prefix(end=3, used_up="refuse")})
    hall = Hall(agreed)

    given = [hall.issue(wanted).number for wanted in ("passport", "visa", "passport")]

    assert given == ["P001", "P002", "P003"]
    refused = hall.refuses(c.IssueTicket, ticket="fourth", services=("visa",))
    assert refused == ("quota_reached", "numbers_used_up")


def test_a_number_that_looks_like_one_that_is_held_is_skipped():
    """A ticket carried over keeps its number to itself, though today's prefix is of another alphabet."""
    hall = Hall(rules(service("passport", "А", carry_over=True)))
    first = hall.issue("passport", "anna")
    hall.close_day()
    tomorrow = rules(service("passport", "A", open=((hall.at, hall.at + HOUR),)))

    hall.open_day(tomorrow, hall.state.ends_at)

    assert first.number == "А001"
    assert hall.issue("passport").number == "A002"


@pytest.mark.parametrize(
    "typed",
    ["P001", "p1", "P 1", "P-1", "p. 001", "p01", " p\u00a0001 ", "P0001", "Ｐ００１", "Р1", "P١", "P१", "\u200eP1"],
)
def test_a_number_is_found_however_it_is_typed(typed: str):
    """Capitals, zeros, signs between, full-width letters, digits of other scripts, letters that look alike."""
    hall = Hall()
    hall.issue("passport", "anna")

    assert holder(hall.state, typed) == "anna"


@pytest.mark.parametrize("typed", ["", "P", "1", "-1", "P1P", "P-", "V1", "P1" + "0" * 30])
def test_what_is_no_number_finds_nobody(typed: str):
    """Nothing is guessed."""
    hall = Hall()
    hall.issue("passport", "anna")

    assert holder(hall.state, typed) is None


def test_a_georgian_number_is_found_from_either_alphabet():
    """The ordinary letter stands on the slip; what a keyboard's capitals send is the same."""
    hall = Hall(rules(service("passport", "ა")))
    hall.issue("passport", "anna")

    assert [holder(hall.state, typed) for typed in ("ა1", "Ა1")] == ["anna", "anna"]


def test_a_range_wraps_around_numbers_that_are_still_held():
    """`wrap` begins again and skips whoever is still on the way: waiting, called, parked or absent."""
    hall = a_hall(end=4, used_up="wrap")
    hall.open("1")
    numbers(hall, 4)
    hall.serve("1")
    hall.does(c.FinishService, counter="1")
    hall.does(c.CallNext, counter="1")
    hall.does(c.ParkTicket, counter="1")
    hall.does(c.CancelTicket, ticket="ticket 4")

    given = numbers(hall, 2)

    assert given == ["P001", "P004"]


def test_a_range_that_is_wholly_held_gives_no_number():
    """Nobody gets a number that somebody else in the hall has."""
    hall = a_hall(end=2, used_up="wrap")

    numbers(hall, 2)

    refused = hall.refuses(c.IssueTicket, ticket="third", services=("passport",))
    assert refused == ("quota_reached", "numbers_used_up")


def test_a_day_begins_at_the_first_number_and_skips_those_carried_over():
    """Numbers start anew each business day; what a ticket from yesterday still holds is left out."""
    agreed = rules(service("passport", "P", carry_over=True))
    hall = Hall(agreed)
    hall.open("2")
    numbers(hall, 3)
    hall.serve("2")
    hall.close_day()

    hall.later(8 * HOUR)
    hall.open_day(agreed, hall.state.ends_at)
    tomorrow = rules(service("passport", "P", open=((hall.at, hall.at + HOUR),)))
    hall.does(c.SetRules, rules=tomorrow)

    assert hall.states("ticket 2", "ticket 3") == ["waiting", "waiting"]
    assert numbers(hall, 2) == ["P001", "P004"]
