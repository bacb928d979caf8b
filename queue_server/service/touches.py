"""What happens in the hall, and whose view it may change: the words in which a topic says what touches it.

Something happens (a command is recorded, a printer tells how it is), and each kind of topic names the touches that push
it. Which kind names which is a table: `web/topics.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from msgspec import Struct

from queue_server.domain import events as e
from queue_server.domain.rules import Rules
from queue_server.domain.state import Changes

READER = "\x1f"
"""What stands behind this in a topic is who reads it: not everybody sees as much of the same thing."""


class Recorded(Struct, frozen=True):
    """A command came to these events."""

    rules: Rules
    changes: Changes
    events: tuple[e.AnyEvent, ...]


class PrinterTold(Struct, frozen=True):
    """A printer is otherwise than it was."""

    rules: Rules
    printer: str


class DeviceTold(Struct, frozen=True):
    """A device came, went, or gave a sign of life."""


class FaultTold(Struct, frozen=True):
    """A part of the server fails, or works again."""


class BoardsTold(Struct, frozen=True):
    """Somebody has put something on the boards, or taken it off."""


class Touch(Struct, frozen=True):
    """When something of this kind happens, the views of `which` of the watched subjects may look different.

    Those that are `at_once` do not wait for the next tenth of a second.
    """

    by: type[Struct]
    which: Callable[[Any, Collection[str]], Iterable[str]]
    at_once: bool = False


def named(subject: str) -> str:
    """What a subject names, whoever reads it."""
    return subject.partition(READER)[0]


def _every(happened: object, watched: Collection[str]) -> Iterable[str]:
    return watched


def _its_ticket(happened: Recorded, watched: Collection[str]) -> Iterable[str]:
    return [ticket for ticket in happened.changes.tickets if ticket in watched]


def _its_counter(happened: Recorded, watched: Collection[str]) -> Iterable[str]:
    return [subject for subject in watched if named(subject) in happened.changes.counters]


def _its_services(happened: Recorded, watched: Collection[str]) -> Iterable[str]:
    changed, counters = happened.changes.services, happened.rules.counters
    if not changed:
        return ()
    return [
        subject
        for subject in watched
        if (counter := counters.get(named(subject))) is not None and not changed.isdisjoint(counter.services)
    ]


def _if_counters(happened: Recorded, watched: Collection[str]) -> Iterable[str]:
    return watched if happened.changes.counters else ()


def _if_slips(happened: Recorded, watched: Collection[str]) -> Iterable[str]:
    slips = any(
        isinstance(event, e.SlipReported | e.SlipRequested)
        or (isinstance(event, e.TicketIssued) and event.slip_job is not None)
        for event in happened.events
    )
    return watched if slips else ()


def _its_printer(happened: PrinterTold, watched: Collection[str]) -> Iterable[str]:
    """The kiosks that print there, or would if their own printer could not."""
    rules = happened.rules
    for place in rules.kiosks.values():
        own = rules.printers.get(place.printer or "")
        if place.id in watched and own is not None and happened.printer in (own.id, own.fallback):
            yield place.id


ANY_COMMAND = Touch(Recorded, _every)
ANY_COUNTER = Touch(Recorded, _if_counters, at_once=True)
ANY_SLIP = Touch(Recorded, _if_slips)
ITS_TICKET = Touch(Recorded, _its_ticket)
ITS_COUNTER = Touch(Recorded, _its_counter, at_once=True)
ITS_SERVICES = Touch(Recorded, _its_services)
ITS_PRINTER = Touch(PrinterTold, _its_printer, at_once=True)
ANY_PRINTER = Touch(PrinterTold, _every)
ANY_DEVICE = Touch(DeviceTold, _every)
ANY_WORD = Touch(BoardsTold, _every, at_once=True)
ANY_FAULT = Touch(FaultTold, _every)
