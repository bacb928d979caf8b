"""From how far a board is read: what the formula says, and that a far seat is told what it needs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.views.legibility import FORMS, Legibility, legibility, longest_number, short_side_mm


def read(inches: float = 55, farthest: float = 8, longest: str = "A888", layout: str = "calls") -> Legibility:
    return legibility(inches=inches, farthest_m=farthest, layout=layout, upright=False, longest=longest)


@pytest.mark.parametrize(("inches", "millimetres"), [(32, 398), (43, 535), (55, 685), (65, 809)])
def test_a_panels_shorter_side_follows_from_its_diagonal(inches: int, millimetres: int):
    """As panels of 16 to 9 are sold."""
    assert round(short_side_mm(inches)) == millimetres


def test_a_called_number_is_read_as_far_as_82_times_its_capitals():
    """A capital of 160 mm is seen under 0.7 degrees from 13 metres."""
    found = read()

    assert found.call_m == pytest.approx(found.call_mm * 82 / 1000, abs=0.05)
    assert found.call_mm == pytest.approx(685 * 22 * 0.714 / 67.5, rel=0.01)


def test_a_longer_number_is_set_smaller_and_read_less_far():
    """The mall's longest number decides, not the one that looks best."""
    assert (
        read(longest="WWW8888").call_m < read(longest="AAA8888").call_m < read(longest="AA888").call_m == read().call_m
    )
    assert longest_number([("A", 999), ("WW", 999), ("B", 99999)]) == "WW888"
    assert longest_number([]) == "A888"


def test_rows_grow_for_a_far_seat_until_a_page_would_hold_too_few():
    """Lists are set as large as the farthest seat needs, to a limit, and what is beyond it is said."""
    near, far, beyond = (read(layout="serving", farthest=farthest) for farthest in (2, 5, 12))

    assert near.row_ok
    assert far.row_ok
    assert near.row_m < far.row_m < beyond.row_m
    assert not beyond.row_ok


@given(
    inches=st.floats(10, 150),
    farthest=st.floats(1, 60),
    form=st.sampled_from(sorted(FORMS)),
    longest=st.sampled_from(["A888", "AB888", "WWW8888"]),
)
def test_the_panel_that_is_named_would_do(inches: float, farthest: float, form: tuple[str, bool], longest: str):
    """Whoever buys what is said to be wanted has a board whose calls are read from the farthest seat."""
    layout, upright = form
    found = legibility(inches=inches, farthest_m=farthest, layout=layout, upright=upright, longest=longest)

    bought = legibility(
        inches=found.wanted_inches, farthest_m=farthest, layout=layout, upright=upright, longest=longest
    )

    assert bought.call_m >= round(farthest, 1) - 0.1
    assert found.call_ok == (inches >= found.wanted_inches) or abs(inches - found.wanted_inches) <= 1


def test_what_is_read_exactly_as_far_as_the_farthest_seat_passes():
    """A board that is said to be read from 12.0 m holds for a seat at 12.0 m, whatever the next digits are."""
    reach = read().call_m

    found = legibility(inches=55, farthest_m=reach, layout="calls", upright=False, longest="A888")

    assert found.call_m == reach
    assert found.call_ok
