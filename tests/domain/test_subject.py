"""Which ticket an answer is about."""

from __future__ import annotations

from queue_server.domain import commands as c
from queue_server.domain.decide import HANDLERS
from queue_server.domain.subject import SUBJECTS, subject
from tests.domain.hall import Hall, rules


def test_every_command_says_whom_its_answer_is_about():
    """A new command cannot forget to say it."""
    assert SUBJECTS.keys() == HANDLERS.keys()


def test_a_call_that_finishes_another_first_is_about_who_is_called():
    """The finish comes first in the record; nobody is called where nobody waits."""
    hall = Hall(rules())
    hall.open("1")
    hall.issue("passport", "anna")
    hall.issue("passport", "budi")
    hall.serve("1")
    command = c.CallNext(at=hall.at, counter="1", clerk="clerk 1")

    called = hall.carry_out(command)
    hall.does(c.StartService, counter="1")
    nobody = hall.carry_out(command)

    assert subject(command, called) == "budi"
    assert subject(command, nobody) is None


def test_an_undone_call_is_about_who_is_back_at_the_counter():
    """Undo names whom the command moved first, whatever addresses are freed after it."""
    hall = Hall(rules())
    hall.open("1")
    hall.issue("passport", "anna")
    hall.call("1")
    command = c.Undo(at=hall.at, counter="1", clerk="clerk 1")

    events = hall.carry_out(command)

    assert subject(command, events) == "anna"
