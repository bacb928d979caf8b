"""All that is kept about one person, for whoever has a right to it: a citizen by a ticket, a clerk by a pseudonym.

What the journal has is given as it stands there, for it cannot be changed; words come from the registry while they are
kept, and can be forgotten there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from queue_server.database import Connection, open_to_read
from queue_server.domain import events as e
from queue_server.domain.codes import REFERENCE
from queue_server.errors import AntreanError, NotFound
from queue_server.journal.sqlite.history import SqliteHistory
from queue_server.journal.trail import Did, trail
from queue_server.letters import number_parts
from queue_server.letters.phones import phone
from queue_server.registry.people import Person
from queue_server.registry.second_factors import Factor
from queue_server.registry.store import Registry
from queue_server.reports.story import TicketEvents

FOR_EVER = 2**62

_DAY_OF = "SELECT day FROM steps WHERE ticket = ? LIMIT 1"
_OPEN_DAY = "SELECT stream FROM events WHERE stream GLOB '[0-9]*-*' ORDER BY seq DESC LIMIT 1"
_ISSUED = "SELECT data FROM events WHERE stream = ? AND instr(data, ?)"

_issued = msgspec.json.Decoder(e.AnyEvent).decode


class Kept(Struct, frozen=True, kw_only=True):
    """`events` are of the journal, with their numbers; `words` of the registry, by reference."""

    ticket: str
    day: str
    events: tuple[dict[str, Any], ...]
    words: dict[str, Any]
    held: tuple[str, ...] = ()
    """References of the words that are on hold."""

    phones: int = 0
    """So many phones are told of it while its page is closed."""


class KeptOfClerk(Struct, frozen=True, kw_only=True):
    """`did` is what the journal says that they did; times are milliseconds since the epoch."""

    person: Person
    second_factor: Factor | None
    has_badge: bool
    by_provider: bool
    sessions: list[Any]
    places: list[tuple[str, int, int]]
    addresses: dict[str, str]
    did: list[Did]


class Journal:
    """A data folder's journal, to read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._events = TicketEvents(self._open)

    def _open(self) -> Connection:
        return open_to_read(self._path).conn

    def tickets(self, registry: Registry, asked: str, day: str | None) -> list[str]:
        """The ids of whatever somebody names: an id, a number of a day (the latest where none is said), a phone.

        Raises NotFound.
        """
        parts = number_parts(asked)
        if self._day_of(asked) is not None:
            found = [asked]
        elif parts is not None and parts[0]:
            found = self._numbered(parts, day)
        else:
            found = [given.ticket for given in _with_phone(registry, asked)]
        if not found:
            raise NotFound(f"Nothing is kept under {asked!r}; name a ticket's id, its number (with --day) or a phone.")
        return found

    def _numbered(self, parts: tuple[str, int], day: str | None) -> list[str]:
        db = self._open()
        try:
            on = day or self._latest(db)
            rows = db.execute(_ISSUED, (on, b'"type":"TicketIssued"')).fetchall()
        finally:
            db.close()
        issued = [event for (data,) in rows if isinstance(event := _issued(data), e.TicketIssued)]
        return [event.ticket for event in issued if number_parts(event.number) == parts]

    def _latest(self, db: Connection) -> str:
        found = db.execute(_OPEN_DAY).fetchone()
        return str(found[0]) if found else ""

    def _day_of(self, ticket: str) -> str | None:
        db = self._open()
        try:
            found = db.execute(_DAY_OF, (ticket,)).fetchone()
            latest = self._latest(db)
        finally:
            db.close()
        if found:
            return str(found[0])
        return latest if latest and self._events.of_ticket(latest, ticket) else None

    def of_ticket(self, registry: Registry, ticket: str) -> Kept:
        """Raises NotFound where the journal does not know it."""
        day = self._day_of(ticket)
        if day is None:
            raise NotFound(f"The journal has no ticket {ticket!r}.")
        events = self._events.of_ticket(day, ticket)
        named = references(event for _, event in events)
        return Kept(
            ticket=ticket,
            day=day,
            events=tuple({"seq": seq, **msgspec.to_builtins(event)} for seq, event in events),
            words={one: _words(registry, one) for one in named},
            held=registry.personal.held(named),
        )

    def did(self, person: str) -> Iterator[Did]:
        """What somebody did, and what was done about them, on all days."""
        history = SqliteHistory(self._path)
        try:
            for day in history.days():
                yield from (did for did in trail(history.read_day(day)) if person in (did.by, did.about))
        finally:
            history.close()


def references(events: Iterable[e.Event]) -> list[str]:
    """Of all words that a ticket's events name, each once."""
    found: dict[str, None] = {}
    for event in events:
        for name in ("note", "citizen"):
            if isinstance(one := getattr(event, name, None), str):
                found[one] = None
        reason = getattr(event, "reason", None)
        if isinstance(reason, str) and reason.startswith(REFERENCE):
            found[reason.removeprefix(REFERENCE)] = None
    return list(found)


def of_clerk(registry: Registry, journal: Journal | None, person: Person) -> KeptOfClerk:
    """`journal` is None where no server ever ran."""
    did = list(journal.did(person.id)) if journal is not None else []
    acts = [one.act for one in did if one.act and one.by == person.id]
    return KeptOfClerk(
        person=person,
        second_factor=registry.second_factors.get(person.id),
        has_badge=registry.badges.has(person.id),
        by_provider=registry.provided.has(person.id),
        sessions=registry.sessions.of(person.id),
        places=registry.acts.places(person.id, 0, FOR_EVER),
        addresses=registry.acts.addresses(acts),
        did=did,
    )


def _words(registry: Registry, reference: str) -> Any:
    """The text; what a citizen said as its fields; None where it was forgotten."""
    try:
        text = registry.personal.read(reference, though_held=True)
    except AntreanError as error:
        return {"unreadable": error.detail}
    return text


def _with_phone(registry: Registry, asked: str) -> list[Any]:
    try:
        wanted = phone(asked)
    except ValueError:
        return []
    return registry.citizens.with_phone(wanted) if wanted else []
