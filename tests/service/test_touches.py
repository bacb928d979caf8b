"""What happens, and whose views it pushes."""

from __future__ import annotations

from queue_server.domain.state import Changes
from queue_server.service import touches as on
from queue_server.service.touches import READER, PrinterTold, Recorded, Touch
from tests.service.hall import rules_of

RULES = rules_of(0)


def pushed(touch: Touch, happened: object, *watched: str) -> set[str]:
    return set(touch.which(happened, watched))


def recorded(**changes: set[str]) -> Recorded:
    return Recorded(RULES, Changes(**changes), ())  # type: ignore[arg-type]  # each test names the sets that it needs


def test_a_ticket_is_pushed_by_what_is_its_own():
    """Thousands may follow theirs; a command about one wakes no other."""
    happened = recorded(tickets={"a", "b"})

    assert pushed(on.ITS_TICKET, happened, "a", "c") == {"a"}


def test_a_counter_is_pushed_for_all_its_readers():
    """Who sees only a part of it is told, too."""
    happened = recorded(counters={"1"})

    assert pushed(on.ITS_COUNTER, happened, "1", "1" + READER + "a", "2") == {"1", "1" + READER + "a"}


def test_a_counter_is_pushed_when_its_line_moves():
    """Somebody who comes for what it serves is on its terminal, and not on that of others."""
    happened = recorded(services={"tax"})

    assert pushed(on.ITS_SERVICES, happened, "1", "2", "gone") == {"1"}


def test_boards_go_at_once_only_when_a_counter_moved():
    """A call is seen at once; somebody who takes a ticket may wait for the next tenth of a second."""
    assert pushed(on.ANY_COUNTER, recorded(counters={"1"}), "main") == {"main"}
    assert pushed(on.ANY_COUNTER, recorded(services={"tax"}), "main") == set()
    assert on.ANY_COUNTER.at_once
    assert not on.ANY_COMMAND.at_once


def test_a_kiosk_is_pushed_by_the_printer_that_it_uses():
    """Another printer's trouble is nothing to it."""
    assert pushed(on.ITS_PRINTER, PrinterTold(RULES, "p"), "k", "other") == {"k"}
    assert pushed(on.ITS_PRINTER, PrinterTold(RULES, "elsewhere"), "k") == set()
