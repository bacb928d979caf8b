"""What happened to a ticket away from the counter: issued, given up, returned, corrected."""

from __future__ import annotations

from queue_server.domain.events.event import Event
from queue_server.domain.records import Address, Promise


class TicketIssued(Event, frozen=True, kw_only=True):
    """A citizen has a place.

    The first service waits, the others are planned; `slip_job` asks `printer` for the paper. `slip_sent`: its agent is
    there, so the job leaves as soon as this is on disk. `slip_reason` is why it has to wait, where that is known.
    `note` and `citizen` (a name or phone) are references into the registry, which may forget what they stand for.
    """

    ticket: str
    number: str
    prefix: str
    ordinal: int
    services: tuple[str, ...]
    category: str
    language: str
    promise: Promise
    channel: str = "kiosk"
    kiosk: str | None = None
    by: str | None = None
    booked_at: int | None = None
    address: Address | None = None
    note: str | None = None
    citizen: str | None = None
    printer: str | None = None
    slip_job: str | None = None
    slip_expires_at: int | None = None
    slip_sent: bool = False
    slip_reason: str | None = None


class TicketCancelled(Event, frozen=True, kw_only=True):
    """`by` is a clerk's pseudonym, or None for the citizen."""

    ticket: str
    by: str | None = None


class TicketLeft(Event, frozen=True, kw_only=True):
    """Nobody saw the answer that gave this ticket: whoever asked for it had gone."""

    ticket: str


class RollTakenBack(Event, frozen=True, kw_only=True):
    """These `tickets` of a paper roll were entered by mistake: nobody holds them, and their numbers come anew.

    `ordinal` is the last one that stays entered, or None where the day's first entry is taken back whole.
    """

    service: str
    prefix: str
    ordinal: int | None
    tickets: tuple[str, ...]
    by: str


class TicketExpired(Event, frozen=True, kw_only=True):
    ticket: str


class TicketReturned(Event, frozen=True, kw_only=True):
    """`by` is a clerk's pseudonym, or None: the citizen's own doing before they were due back, else by time alone."""

    ticket: str
    credit: int
    by: str | None = None
    reason: str | None = None


class TicketSteppedAway(Event, frozen=True, kw_only=True):
    """Its citizen lets others pass until `until`; `counter` is where it was called, if it was.

    `by` is a clerk's pseudonym, or None for the citizen.
    """

    ticket: str
    until: int
    counter: str | None = None
    by: str | None = None


class AddressReleased(Event, frozen=True, kw_only=True):
    """A step that waited for one counter or clerk waits for all from now on."""

    ticket: str


class CasesSet(Event, frozen=True, kw_only=True):
    ticket: str
    cases: int
    by: str


class NoteAttached(Event, frozen=True, kw_only=True):
    ticket: str
    note: str | None
    by: str


class OutcomeCorrected(Event, frozen=True, kw_only=True):
    ticket: str
    step: int
    outcome: str
    reason: str
    by: str


class PersonalDataErased(Event, frozen=True, kw_only=True):
    """Personal rows and their key under this reference are gone."""

    reference: str
