"""What a phone is told, given what it knows: each thing once, and nothing that is not so any more."""

from __future__ import annotations

from queue_server.domain import commands as c
from queue_server.domain.records import Ticket
from queue_server.notices.phones.saying import as_told, saying
from tests.domain.hall import MINUTE, SECOND, Hall

NEAR = 1


class Phone:
    """One that hears all that is to be said of a ticket."""

    def __init__(self, hall: Hall, ticket: Ticket) -> None:
        self.hall = hall
        self.id = ticket.id
        self.told = as_told(hall.state, ticket, NEAR)
        self.heard: list[str] = []

    def hears(self) -> str | None:
        """What is new now."""
        new = saying(self.hall.state, self.hall.state.tickets[self.id], self.told, NEAR)
        if new is None:
            return None
        self.told = new.told
        self.heard.append(new.kind)
        return new.kind


def waiting(hall: Hall, ahead: int) -> Phone:
    """With so many before it."""
    for _ in range(ahead):
        hall.issue("passport")
        hall.later(SECOND)
    return Phone(hall, hall.issue("passport", "mine"))


def test_it_is_told_once_that_it_is_nearly_due():
    """When so few are ahead as the mall says; not before, and not with each that goes."""
    hall = Hall()
    hall.open("1")
    phone = waiting(hall, 3)

    heard = [phone.hears()]
    for _ in range(3):
        hall.serve("1")
        heard.append(phone.hears())
        hall.does(c.FinishService, counter="1")

    assert heard == [None, None, "near", None]


def test_whoever_is_near_already_is_not_told_so():
    """The page that asks to be told shows it."""
    hall = Hall()

    assert waiting(hall, 0).hears() is None


def test_it_is_told_of_each_call_and_each_recall():
    """Once each; the second as called again."""
    hall = Hall()
    hall.open("1")
    phone = waiting(hall, 0)

    hall.call("1")
    heard = [phone.hears(), phone.hears()]
    hall.later(20 * SECOND)
    hall.does(c.Recall, counter="1")
    heard += [phone.hears(), phone.hears()]

    assert heard == ["called", None, "again", None]


def test_a_call_that_is_taken_back_is_told():
    """Whoever is on the way must not find somebody else there; the next call is a first one."""
    hall = Hall()
    hall.open("1")
    phone = waiting(hall, 0)

    hall.call("1")
    heard = [phone.hears()]
    hall.does(c.PutBack, counter="1")
    heard += [phone.hears(), phone.hears()]
    hall.later(MINUTE)
    hall.call("1")
    heard.append(phone.hears())

    assert heard == ["called", "taken_back", None, "called"]


def test_nothing_is_taken_back_of_which_nothing_was_heard():
    """A call and its undoing within a second are no news."""
    hall = Hall()
    hall.open("1")
    phone = waiting(hall, 0)

    hall.call("1")
    hall.does(c.Undo, counter="1")

    assert phone.hears() is None


def test_whoever_was_missed_is_told():
    """The last that a phone says is not that somebody should go."""
    hall = Hall()
    hall.open("1")
    phone = waiting(hall, 0)
    hall.call("1")
    phone.hears()
    hall.later(20 * SECOND)
    hall.does(c.Recall, counter="1")
    hall.later(20 * SECOND)

    hall.does(c.MarkNoShow, counter="1")

    assert [phone.hears(), phone.hears()] == ["missed", None]


def test_it_is_told_that_it_is_passed_on():
    """Once, and then of the call at the other counter."""
    hall = Hall()
    hall.open("1")
    phone = waiting(hall, 0)
    hall.call("1")
    phone.hears()
    hall.does(c.StartService, counter="1")

    hall.does(c.TransferTicket, counter="1", service="visa")
    heard = [phone.hears(), phone.hears()]
    hall.later(SECOND)
    hall.call("1")
    heard.append(phone.hears())

    assert heard == ["moved", None, "called"]


def test_somebody_set_aside_who_waits_again_is_not_told_of_a_call_taken_back():
    """That call was followed."""
    hall = Hall()
    hall.open("1")
    phone = waiting(hall, 0)
    hall.call("1")
    phone.hears()
    hall.does(c.StartService, counter="1")
    hall.does(c.ParkTicket, counter="1")

    hall.does(c.ReturnTicket, ticket="mine")

    assert phone.hears() == "near"


def test_nobody_is_nearly_due_while_the_hall_is_held():
    """Nobody is called, so nobody's turn comes nearer."""
    hall = Hall()
    hall.open("1")
    phone = waiting(hall, 2)
    hall.serve("1")
    hall.does(c.HoldHall, reason="fire", by="manager")
    held = phone.hears()

    hall.does(c.ReleaseHall, by="manager")

    assert (held, phone.hears()) == (None, "near")
