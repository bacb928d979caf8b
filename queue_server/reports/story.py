"""What one ticket lived through, line by line, as the journal has it: what ends a quarrel at the desk.

A step that was undone stays in the story and says so. A ticket's events are found by its id within the rows of its day,
so whoever asks needs both. How long it waited is said by domain/measures.py, as in every report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from datetime import date, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from queue_server.database import Connection
from queue_server.domain import events as e
from queue_server.domain import measures
from queue_server.domain.records import Ticket
from queue_server.domain.slip_life import SETTLED, SlipState
from queue_server.reports.imported_story import lines_of
from queue_server.reports.words import Words
from queue_server.views.instants import seconds
from queue_server.views.slip import wait_text
from queue_server.wire.api import Wait

decode = msgspec.json.Decoder(e.AnyEvent).decode

_OF_TICKET = "SELECT seq, data FROM events WHERE stream = ? AND instr(data, ?) ORDER BY seq"
_LATER = "SELECT stream FROM events WHERE stream > ? ORDER BY stream LIMIT 1"

_NUMBERED = """
    SELECT day, ticket, service, agency, number FROM steps WHERE day >= ? AND day < ?
    ORDER BY issued_at DESC, step
"""


class TicketEvents:
    """`connection` gives one for this question."""

    def __init__(self, connection: Callable[[], Connection]) -> None:
        self._connection = connection

    def of_ticket(self, day: str, ticket: str) -> list[tuple[int, e.Event]]:
        """In their order, with their numbers. Corrections and slips of the following day are among them."""
        with closing(self._connection()) as db:
            days = [day, *(name for (name,) in db.execute(_LATER, (day,)).fetchall())]
            rows = [row for name in days for row in db.execute(_OF_TICKET, (name, ticket.encode())).fetchall()]
        found = ((seq, decode(data)) for seq, data in rows)
        return [(seq, event) for seq, event in found if ticket in _tickets(event)]

    def numbers(self, first: date, last: date, agencies: frozenset[str] | None) -> list[tuple[str, str, str, str]]:
        """Tickets of these dates that are over: day, ticket, its first service, its number; the newest first. A day
        that was opened again, `2026-11-24.2`, is of that date."""
        with closing(self._connection()) as db:
            rows = db.execute(_NUMBERED, (first.isoformat(), (last + timedelta(days=1)).isoformat())).fetchall()
        seen: dict[str, tuple[str, str, str, str]] = {}
        for name, ticket, service, agency, number in rows:
            if agencies is None or agency in agencies:
                seen.setdefault(ticket, (name, ticket, service, number))
        return list(seen.values())


def _tickets(event: e.Event) -> Iterable[str]:
    if isinstance(event, e.Undone):
        return [ticket.id for ticket in event.tickets]
    if isinstance(event, e.RollTakenBack):
        return event.tickets
    return [getattr(event, "ticket", "")]


class Line(Struct, frozen=True, kw_only=True):
    """One thing that happened. `kind` names its picture; `undone` was taken back at once and counts as if never."""

    at: str
    kind: str
    said: str
    detail: str = ""
    undone: bool = False


class Story(Struct, frozen=True, kw_only=True):
    number: str
    service: str
    agency: str
    facts: tuple[str, ...]
    lines: tuple[Line, ...]
    waited: str
    target: str
    late: bool


Clock = Callable[[int | None], str]


def told(
    events: list[tuple[int, e.Event]],
    ticket: Ticket | None,
    words: Words,
    at: Clock,
    agencies: frozenset[str] | None,
    clerks: Mapping[str, str] | None = None,
) -> Story | None:
    """None where there is no such ticket, or none that concerns `agencies`. `clerks` are names that may be read.

    `ticket` is its record, None where nobody holds it any more.
    """
    issued = next((event for _, event in events if isinstance(event, e.TicketIssued)), None)
    if issued is None:
        return _of_record(ticket, words, at, agencies) if ticket is not None else None
    if not _concerns(events, words, agencies):
        return None
    undone = [event.seqs for _, event in events if isinstance(event, e.Undone)]
    teller = Teller(words, at, clerks or {}, _settled(events))
    lines = tuple(
        Line(
            at=at(event.at),
            kind=type(event).__name__,
            said=said,
            detail=detail,
            undone=any(first <= seq <= last for first, last in undone),
        )
        for seq, event in events
        for said, detail in teller.says(event)
    )
    waited = measures.wait(ticket.steps[0]) if ticket is not None else None
    return _story(issued.number, issued.category, issued.services[0], waited, issued.promise.target, lines, words)


def _settled(events: list[tuple[int, e.Event]]) -> frozenset[str]:
    """The slips of which it became known whether they came out."""
    reports = (event for _, event in events if isinstance(event, e.SlipReported))
    return frozenset(report.job for report in reports if report.state in SETTLED)


def _of_record(ticket: Ticket, words: Words, at: Clock, agencies: frozenset[str] | None) -> Story | None:
    """Of a ticket without events of its own: it was imported."""
    first = ticket.steps[0]
    if agencies is not None and all(words.agency_of(step.service) not in agencies for step in ticket.steps):
        return None
    said = [Line(at=at(when), kind=kind, said=said) for when, kind, said in lines_of(ticket, words)]
    lines = (Line(at="", kind="", said=words.t("story.imported")), *said)
    target = first.promise.target if first.promise is not None else None
    return _story(ticket.number, ticket.category, first.service, measures.wait(first), target, lines, words)


def _story(
    number: str,
    category: str,
    service: str,
    waited: int | None,
    target: int | None,
    lines: tuple[Line, ...],
    words: Words,
) -> Story:
    return Story(
        number=number,
        service=words.name("service", service),
        agency=words.name("agency", agency) if (agency := words.agency_of(service)) else "",
        facts=tuple(
            fact
            for fact in (
                words.name("category", category) if category not in ("", "regular") else "",
                words.t("story.waited", time=words.wait(waited / 1000)) if waited is not None else "",
                words.t("story.target", time=words.wait(target / 1000)) if target else "",
            )
            if fact
        ),
        lines=lines,
        waited=words.wait(waited / 1000) if waited is not None else "",
        target=words.wait(target / 1000) if target else "",
        late=bool(target and waited and waited > target),
    )


def _concerns(events: list[tuple[int, e.Event]], words: Words, agencies: frozenset[str] | None) -> bool:
    if agencies is None:
        return True
    services = [
        service
        for _, event in events
        for service in (
            event.services
            if isinstance(event, e.TicketIssued)
            else (event.service,)
            if isinstance(event, e.TicketTransferred)
            else ()
        )
    ]
    return any(words.agency_of(name) in agencies for name in services)


class Teller:
    """Says of each event what happened, and what explains it."""

    def __init__(self, words: Words, at: Clock, clerks: Mapping[str, str], settled: frozenset[str]) -> None:
        self._words = words
        self._at = at
        self._clerks = clerks
        self._settled = settled
        """Slips of which it is known in the end whether they came out."""

    def says(self, event: e.Event) -> list[tuple[str, str]]:
        """Nothing of what nobody needs to know."""
        if isinstance(event, e.SlipReported) and not self._tells(event):
            return []
        tell = TELLS.get(type(event))
        return [tell(self, event)] if tell is not None else []

    def _t(self, key: str, **values: object) -> str:
        return self._words.t(f"story.{key}", **values)

    def _counter(self, id_: str | None) -> str:
        return self._words.name("counter", id_)

    def _reason(self, code: str | None) -> str:
        rules = self._words.rules
        names = self._words.names
        known = {**rules.reasons, **rules.park_reasons, **rules.outcomes, **names.reasons, **names.outcomes}
        return self._words.pick(known.get(code or "")) or ""

    def ticket_issued(self, event: e.TicketIssued) -> tuple[str, str]:
        place = self._words.name("kiosk", event.kiosk) if event.kiosk else self._t(f"channel.{event.channel}")
        services = " → ".join(self._words.name("service", one) for one in event.services)
        promise = event.promise
        told = self._told(promise.p50, promise.p90) if promise.p50 is not None and promise.p90 is not None else ""
        return self._t("issued", place=place, service=services), told

    def _told(self, half: int, most: int) -> str:
        """In the words of kiosk and slip, and the estimate behind them; of a wait that was none seconds say nothing."""
        wait = Wait(p50_s=seconds(half), p90_s=seconds(most))
        said = wait_text(self._words.language, wait)
        if wait.p90_s == 0:
            return self._t("told_none", said=said)
        return self._t("told", said=said, half=self._words.wait(wait.p50_s), most=self._words.wait(wait.p90_s))

    def ticket_called(self, event: e.TicketCalled) -> tuple[str, str]:
        clerk = self._clerks.get(event.clerk, "")
        said = self._t("called", counter=self._counter(event.counter))
        why = event.why if event.why in ("due", "addressed", "picked", "auto") else "due"
        detail = self._t(f"why.{why}", due=self._at(event.due_at))
        return said, f"{detail} {self._t('by_clerk', clerk=clerk)}".strip() if clerk else detail

    def ticket_recalled(self, event: e.TicketRecalled) -> tuple[str, str]:
        return self._t("recalled", counter=self._counter(event.counter)), ""

    def service_started(self, event: e.ServiceStarted) -> tuple[str, str]:
        return self._t("started", counter=self._counter(event.counter)), ""

    def service_finished(self, event: e.ServiceFinished) -> tuple[str, str]:
        outcome = self._reason(event.outcome)
        return self._t("finished"), self._t("outcome", outcome=outcome) if outcome else ""

    def ticket_missed(self, event: e.TicketMissed) -> tuple[str, str]:
        return self._t("missed", counter=self._counter(event.counter)), ""

    def ticket_put_back(self, event: e.TicketPutBack) -> tuple[str, str]:
        return self._t("put_back"), self._reason(event.reason)

    def ticket_parked(self, event: e.TicketParked) -> tuple[str, str]:
        return self._t("parked"), self._reason(event.reason)

    def ticket_stepped_away(self, event: e.TicketSteppedAway) -> tuple[str, str]:
        return self._t("stepped_away", time=self._at(event.until)), ""

    def ticket_returned(self, event: e.TicketReturned) -> tuple[str, str]:
        return self._t("returned"), self._reason(event.reason)

    def ticket_transferred(self, event: e.TicketTransferred) -> tuple[str, str]:
        return self._t("transferred", service=self._words.name("service", event.service)), self._reason(event.reason)

    def ticket_cancelled(self, event: e.TicketCancelled) -> tuple[str, str]:
        return self._t("cancelled" if event.by else "cancelled_by_holder"), ""

    def ticket_expired(self, event: e.TicketExpired) -> tuple[str, str]:
        return self._t("expired"), ""

    def outcome_corrected(self, event: e.OutcomeCorrected) -> tuple[str, str]:
        return self._t("corrected", outcome=self._reason(event.outcome) or event.outcome), self._reason(event.reason)

    def slip_requested(self, event: e.SlipRequested) -> tuple[str, str]:
        return self._t("slip_again"), self._reason(event.reason)

    def _tells(self, event: e.SlipReported) -> bool:
        """That a slip waits is no news, and that nobody knew is none where somebody came to know."""
        return event.state != SlipState.QUEUED and (event.state != SlipState.UNKNOWN or event.job not in self._settled)

    def slip_reported(self, event: e.SlipReported) -> tuple[str, str]:
        return self._t(f"slip.{SlipState(event.state)}"), ""

    def undone(self, event: e.Undone) -> tuple[str, str]:
        return self._t("undone", counter=self._counter(event.counter)), ""


TELLS: Mapping[type[e.Event], Callable[[Teller, Any], tuple[str, str]]] = {
    e.TicketIssued: Teller.ticket_issued,
    e.TicketCalled: Teller.ticket_called,
    e.TicketRecalled: Teller.ticket_recalled,
    e.ServiceStarted: Teller.service_started,
    e.ServiceFinished: Teller.service_finished,
    e.TicketMissed: Teller.ticket_missed,
    e.TicketPutBack: Teller.ticket_put_back,
    e.TicketParked: Teller.ticket_parked,
    e.TicketSteppedAway: Teller.ticket_stepped_away,
    e.TicketReturned: Teller.ticket_returned,
    e.TicketTransferred: Teller.ticket_transferred,
    e.TicketCancelled: Teller.ticket_cancelled,
    e.TicketExpired: Teller.ticket_expired,
    e.OutcomeCorrected: Teller.outcome_corrected,
    e.SlipRequested: Teller.slip_requested,
    e.SlipReported: Teller.slip_reported,
    e.Undone: Teller.undone,
}
