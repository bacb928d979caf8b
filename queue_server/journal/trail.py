"""Who did what, as the events of a day say it: for whoever asks one day. Pure.

A move at a counter names the counter; whose it was is whoever had opened it then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from queue_server.domain import events as e
from queue_server.journal.promises import Recorded


class Did(Struct, frozen=True, kw_only=True):
    """One thing that somebody did. `what` is an act (domain/acts.py) or the name of an event; `act` names its address.

    `about` is a ticket's number, a service, a person, a device; `at` milliseconds.
    """

    seq: int
    at: int
    what: str
    by: str | None = None
    counter: str | None = None
    about: str | None = None
    why: str | None = None
    times: int = 1
    act: str | None = None
    done_at: int | None = None
    details: dict[str, str] = {}


_NOBODYS = (e.DayOpened, e.Restarted, e.Stopped, e.TicketExpired, e.SlipReported, e.AddressReleased)

_KEPT = (e.RulesSet, e.ClosingSigned, e.TicketCancelled, e.TicketSteppedAway, e.TicketReturned)
"""What is shown whoever did it: what was done to a place by its link has nobody's name, and says so."""

_CITIZENS = (e.TicketCancelled, e.TicketSteppedAway, e.TicketReturned)
"""What a citizen may do, too: its counter, if it had one, is no sign of who did it."""


def trail(rows: Iterable[Recorded]) -> Iterator[Did]:
    """What people did on one day, in order; `rows` are all of that day."""
    clerks: dict[str, str] = {}
    numbers: dict[str, str] = {}
    due_back: dict[str, int] = {}
    for seq, event, _ in rows:
        _learn(event, clerks, numbers, due_back)
        if isinstance(event, e.ActNoted):
            yield _act(seq, event)
        elif not isinstance(event, _NOBODYS) and not _by_time(event, due_back):
            did = _move(seq, event, clerks, numbers)
            if did.by is not None or isinstance(event, _KEPT):
                yield did
        if isinstance(event, e.CounterLeft):
            clerks.pop(event.counter, None)


def _by_time(event: e.Event, due_back: dict[str, int]) -> bool:
    """Nobody did that: the time for which a citizen had let others pass was over."""
    return isinstance(event, e.TicketReturned) and event.by is None and event.at >= due_back.get(event.ticket, 0)


def _learn(event: e.Event, clerks: dict[str, str], numbers: dict[str, str], due_back: dict[str, int]) -> None:
    if isinstance(event, e.CounterOpened):
        clerks[event.counter] = event.clerk
    elif isinstance(event, e.TicketIssued):
        numbers[event.ticket] = event.number
    elif isinstance(event, e.DayOpened):
        numbers.update((ticket.id, ticket.number) for ticket in event.carried)
        due_back.update((ticket.id, ticket.step.back_at) for ticket in event.carried if ticket.step.back_at is not None)
    elif isinstance(event, e.TicketSteppedAway):
        due_back[event.ticket] = event.until
    elif isinstance(event, e.Undone):
        for was in event.counters:
            if was.clerk is not None:
                clerks[was.id] = was.clerk


def _act(seq: int, event: e.ActNoted) -> Did:
    return Did(
        seq=seq,
        at=event.at,
        what=event.what,
        by=event.by,
        about=event.about,
        why=event.why,
        times=event.times,
        act=event.act,
        done_at=event.done_at,
        details=event.details,
    )


def _move(seq: int, event: e.Event, clerks: dict[str, str], numbers: dict[str, str]) -> Did:
    counter: str | None = getattr(event, "counter", None)
    by = _said(event, "by") or _said(event, "clerk")
    if by is None and counter and not isinstance(event, _CITIZENS):
        by = clerks.get(counter)
    ticket = _said(event, "ticket")
    about = numbers.get(ticket, ticket) if ticket else _said(event, "service") or _said(event, "day")
    return Did(seq=seq, at=event.at, what=type(event).__name__, by=by, counter=counter, about=about, why=_why(event))


def _why(event: e.Event) -> str | None:
    if isinstance(event, _CITIZENS) and event.by is None:
        return "by_rule" if event.then else "by_link"
    return _said(event, "reason") or _said(event, "outcome")


def _said(event: Any, name: str) -> str | None:
    found = getattr(event, name, None)
    return found if isinstance(found, str) and found else None
