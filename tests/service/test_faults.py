"""Faults: noted once, kept to their part, gone when it works again."""

from __future__ import annotations

import pytest

from queue_server.errors import Refused, Unavailable
from queue_server.service.faults import MOST, Fault, Faults


def faults_at(*now: int) -> tuple[Faults, list[str]]:
    """At these instants, and what was told of them."""
    instants = iter(now)
    faults, told = Faults(lambda: next(instants)), list[str]()
    faults.changed.append(lambda fault: told.append(f"{fault.kind} {fault.subject}"))
    return faults, told


def fail(faults: Faults, error: Exception, kind: str = "view", subject: str = "board:b") -> None:
    with faults.part(kind, subject, Refused):
        raise error


def test_a_fault_goes_no_further_than_its_part():
    """It is noted with its kind, since when, and nothing of what its message says."""
    faults, told = faults_at(7)

    fail(faults, KeyError("a ticket's id"))

    (noted,) = faults
    assert (noted.kind, noted.subject, noted.error, noted.since) == ("view", "board:b", "KeyError", 7)
    assert "id" not in noted.said
    assert told == ["view board:b"]


def test_the_same_fault_again_is_told_once():
    """What is tried every few seconds would else fill the log."""
    faults, told = faults_at(7)

    for _ in range(3):
        fail(faults, KeyError())

    assert len(list(faults)) == len(told) == 1


def test_another_fault_of_the_same_part_takes_its_place():
    """It is another thing to look for, and began when the first did."""
    faults, _ = faults_at(7)
    fail(faults, KeyError())

    fail(faults, Unavailable("Disk full"))

    assert [(noted.error, noted.since) for noted in faults] == [("Unavailable", 7)]


def test_a_part_that_works_again_has_no_fault():
    """It is told as its beginning was; a part that never failed says nothing."""
    faults, told = faults_at(7)
    fail(faults, KeyError())

    for subject in ("board:b", "board:b", "board:c"):
        with faults.part("view", subject):
            pass

    assert list(faults) == []
    assert told == ["view board:b"] * 2


def test_what_is_meant_to_pass_does():
    """A refusal is an answer and no fault."""
    faults, _ = faults_at()

    with pytest.raises(Refused):
        fail(faults, Refused("No."))

    assert list(faults) == []


def test_only_so_many_are_kept():
    """A hall in which everything fails does not fill the memory with it."""
    faults, _ = faults_at(*range(MOST + 1))

    for number in range(MOST + 10):
        fail(faults, KeyError(), subject=str(number))

    assert len(list(faults)) == MOST


def test_what_fails_in_two_ways_by_turns_is_told_once_of_each():
    """Two phones that are not reached, each in its own way, fill no log; once it has worked, both are news again."""
    faults, told = Faults(lambda: 0), list[Fault]()
    faults.changed.append(told.append)

    for _ in range(3):
        faults.note("messages", "phones", OSError())
        faults.note("messages", "phones", ValueError())
    faults.over("messages", "phones")
    faults.note("messages", "phones", OSError())

    assert [fault.error for fault in told] == ["OSError", "ValueError", "ValueError", "OSError"]
