"""What somebody may ask about what is kept of them: a copy, an end, a hold. Command and browser do it by these alone.

Each is on record, ticket by ticket. The chain of the journal cannot forget: what goes or is put on hold are the words
that it only refers to, and the account and addresses of staff.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from queue_server.domain.acts import ActKind
from queue_server.handover.persons import Journal, Kept, KeptOfClerk, of_clerk
from queue_server.registry.people import Person
from queue_server.registry.store import Registry


class Doer(Struct, frozen=True, kw_only=True):
    """Who does it, as records say it, and from where."""

    by: str
    address: str | None = None


class FollowingPhones(Protocol):
    """The phones that are told of tickets, wherever those are kept."""

    def following(self, ticket: str) -> int:
        """How many are told of it."""

    def erase(self, tickets: Iterable[str]) -> None:
        """Nothing of them is kept, and none is told of these tickets any more."""


def copies(
    registry: Registry, journal: Journal, phones: FollowingPhones, tickets: Iterable[str], doer: Doer
) -> tuple[Kept, ...]:
    """All that is kept with these tickets. Raises NotFound."""
    found = tuple(replace(journal.of_ticket(registry, ticket), phones=phones.following(ticket)) for ticket in tickets)
    for kept in found:
        _note(registry, ActKind.PERSON_EXPORTED, f"ticket:{kept.ticket}", doer)
    return found


def erase(registry: Registry, phones: FollowingPhones, found: Iterable[Kept], doer: Doer) -> int:
    """Their words go for good, those on hold, too, and what their phones gave to be told; how many texts.

    By what today's tickets are counted stays until the day is over: it tells nothing of whose they are, and without it
    the same person had one more of the tickets that a day has for each.
    """
    gone, found = 0, tuple(found)
    phones.erase(kept.ticket for kept in found)
    for kept in found:
        forgotten = sum(registry.personal.forget(reference) for reference in kept.words)
        registry.personal.hold((), False, ticket=kept.ticket)
        _note(registry, ActKind.CITIZEN_ERASED, f"ticket:{kept.ticket}", doer, gone=forgotten)
        gone += forgotten
    return gone


def hold(registry: Registry, found: Iterable[Kept], held: bool, doer: Doer) -> int:
    """Nobody reads their words, and no job takes them away, until that is ended; how many texts it changed.

    What is written about these tickets meanwhile is on hold, too, and no note is taken.
    """
    changed, what = 0, ActKind.CITIZEN_HELD if held else ActKind.CITIZEN_RELEASED
    for kept in found:
        texts = registry.personal.hold(kept.words, held, ticket=kept.ticket)
        _note(registry, what, f"ticket:{kept.ticket}", doer, texts=texts)
        changed += texts
    return changed


def copy_of_staff(registry: Registry, journal: Journal | None, person: Person, doer: Doer) -> KeptOfClerk:
    """All that is kept of somebody of the staff. `journal` is None where no server ever ran."""
    kept = of_clerk(registry, journal, person)
    _note(registry, ActKind.PERSON_EXPORTED, person.id, doer)
    return kept


def erase_staff(registry: Registry, journal: Journal | None, person: Person, doer: Doer) -> None:
    """Account, sessions and every address go; records keep the pseudonym."""
    kept = of_clerk(registry, journal, person)
    registry.people.remove(person.id)
    places = registry.acts.forget_places(person.id) + registry.acts.forget_addresses(kept.addresses)
    _note(registry, ActKind.PERSON_ERASED, person.id, doer, addresses=places)


def _note(registry: Registry, what: ActKind, about: str, doer: Doer, **details: int) -> None:
    registry.acts.note(what, by=doer.by, about=about, address=doer.address, details=details)
