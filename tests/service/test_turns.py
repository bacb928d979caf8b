"""Displays that hear each other speak one at a time, each call once, whatever becomes of one of them."""

from queue_server.service.turns import LEASE_S, PATIENCE_S, Turn, Turns


def ask(turns: Turns, screen: str, call: int, now: float, earshot: str = "hall") -> Turn:
    return turns.ask(earshot, screen=screen, call=call, now=now)


def test_one_speaks_and_the_other_waits_for_it():
    """Two calls at two displays of one earshot are never heard at once; those of another earshot do not matter."""
    turns = Turns()

    assert ask(turns, "a", 1, 0.0) is Turn.SPEAK
    assert ask(turns, "b", 2, 0.1) is Turn.WAIT
    assert ask(turns, "c", 3, 0.1, "upstairs") is Turn.SPEAK
    turns.done("hall", screen="a")
    assert ask(turns, "b", 2, 0.4) is Turn.SPEAK


def test_a_call_is_spoken_once_within_an_earshot():
    """Two displays of the same zone show the call both; one speaks it."""
    turns = Turns()
    ask(turns, "a", 1, 0.0)

    assert ask(turns, "b", 1, 0.1) is Turn.HEARD
    assert ask(turns, "a", 1, 0.2) is Turn.SPEAK


def test_who_came_first_speaks_first():
    """A display with many calls gives way to another that has waited."""
    turns = Turns()
    ask(turns, "a", 1, 0.0)
    ask(turns, "b", 2, 0.1)
    turns.done("hall", screen="a")

    assert ask(turns, "a", 3, 0.2) is Turn.WAIT
    assert ask(turns, "b", 2, 0.3) is Turn.SPEAK


def test_a_display_that_vanishes_blocks_nobody_for_long():
    """One that held the turn loses it, one that only waited loses its place."""
    turns = Turns()
    ask(turns, "a", 1, 0.0)
    ask(turns, "b", 2, 1.0)

    assert ask(turns, "c", 3, LEASE_S) is Turn.SPEAK
    assert LEASE_S - 1.0 > PATIENCE_S
