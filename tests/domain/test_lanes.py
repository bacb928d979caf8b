"""A lane keeps its order and its head, whatever comes and goes."""

from weakref import ref

from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.lanes import Entry, Lane, tag_of
from queue_server.domain.records import Address

bases = st.lists(st.integers(0, 50), max_size=60)


class Name(str):
    """A ticket's id of which one can know whether anybody still has it."""


def entry(base: int, number: int) -> Entry:
    return Entry(base, base, number, f"t{number}")


@given(bases, st.lists(st.integers(0, 100), max_size=60))
def test_a_lane_is_a_sorted_list(coming: list[int], leaving: list[int]):
    """After any comings and goings it holds what a sorted list would, and knows how many stand before each place."""
    lane = Lane()
    plain: list[Entry] = []
    for number, base in enumerate(coming):
        lane.add(entry(base, number))
        plain = sorted([*plain, entry(base, number)])
        if leaving and plain and leaving[0] % 3 == 0:
            lane.remove(plain.pop(leaving.pop(0) % len(plain)))

    assert list(lane) == plain
    assert len(lane) == len(plain)
    assert [lane.earlier(e) for e in plain] == list(range(len(plain)))
    assert not plain or lane.first() == plain[0]


def test_a_lane_gives_back_the_space_of_those_who_left():
    """The head moves on by an offset, and what lies before it does not grow without bound."""
    lane, kept = Lane(), []

    for number in range(10_000):
        name = Name(number)
        kept.append(ref(name))
        lane.add(Entry(number, number, number, name))
        del name
        if number >= 10:
            lane.remove(lane.first())

    assert len(lane) == 10
    assert sum(name() is not None for name in kept) < 1_000


def test_a_tag_says_whom_a_step_waits_for():
    """One counter, one clerk, or everybody."""
    tags = [tag_of(address) for address in (None, Address(counter="1"), Address(clerk="ani"))]

    assert tags == ["", "counter:1", "clerk:ani"]
