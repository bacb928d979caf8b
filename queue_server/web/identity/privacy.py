"""What citizens and staff may ask about what is kept of them, done in the browser by whoever may (handover/rights.py).

A phone is in the body of a request, never in an address, since those are logged.
"""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from queue_server.errors import Invalid
from queue_server.handover import rights
from queue_server.handover.persons import Kept
from queue_server.registry.people import Person
from queue_server.web.ask import Ask, Nothing
from queue_server.web.identity.people import check_not_last, named
from queue_server.web.noting import doer
from queue_server.wire.privacy import (
    CitizenAsked,
    CitizenKept,
    EraseWordsRequest,
    HoldWordsRequest,
    PersonKept,
    TextsView,
)


async def export(ask: Ask[CitizenAsked]) -> tuple[CitizenKept, ...]:
    """Give out all that is kept of a citizen, ticket by ticket. That it was asked for is recorded."""
    body, parts = ask.body, ask.parts
    asked = body.ticket or body.phone
    if not asked or (body.ticket and body.phone):
        raise Invalid("Name a ticket, or a phone.", reason="field", field="ticket")

    def found() -> tuple[Kept, ...]:
        tickets = parts.records.tickets(parts.registry, asked.strip(), body.day or None)
        return rights.copies(parts.registry, parts.records, parts.phones.file, tickets, _doer(ask))

    return tuple(_view(kept) for kept in await asyncio.to_thread(found))


async def hold(ask: Ask[HoldWordsRequest]) -> TextsView:
    """Put what is kept of a citizen on hold, or end that: nobody reads it meanwhile, and no job takes it away."""
    registry, body = ask.parts.registry, ask.body
    return TextsView(
        texts=await asyncio.to_thread(lambda: rights.hold(registry, _kept(ask, body.tickets), body.held, _doer(ask)))
    )


async def erase(ask: Ask[EraseWordsRequest]) -> TextsView:
    """Forget the name, phone, notes and reasons of tickets for good; the tickets stay, with nobody's name."""
    registry, phones, body = ask.parts.registry, ask.parts.phones.file, ask.body
    return TextsView(
        texts=await asyncio.to_thread(lambda: rights.erase(registry, phones, _kept(ask, body.tickets), _doer(ask)))
    )


async def export_person(ask: Ask[Nothing]) -> PersonKept:
    """Give out all that is kept of somebody of the staff. That it was asked for is recorded."""
    person, parts = named(ask), ask.parts
    kept = await asyncio.to_thread(rights.copy_of_staff, parts.registry, parts.records, person, _doer(ask))
    return PersonKept(person=person.id, kept=msgspec.to_builtins(kept))


async def erase_person(ask: Ask[Nothing]) -> None:
    """Forget somebody of the staff for good: account, sessions and addresses. Records keep the pseudonym."""
    person: Person = named(ask)
    check_not_last(ask, person)
    await asyncio.to_thread(rights.erase_staff, ask.parts.registry, ask.parts.records, person, _doer(ask))
    ask.parts.doors.forget_all()


def _kept(ask: Ask[Any], tickets: tuple[str, ...]) -> list[Kept]:
    """Raises NotFound for one that the journal does not know, before anything is done."""
    return [ask.parts.records.of_ticket(ask.parts.registry, ticket) for ticket in tickets]


def _view(kept: Kept) -> CitizenKept:
    number = next((event["number"] for event in kept.events if event.get("number")), None)
    return CitizenKept(
        ticket=kept.ticket,
        day=kept.day,
        number=number,
        events=kept.events,
        words=kept.words,
        held=kept.held,
        phones=kept.phones,
    )


def _doer(ask: Ask[Any]) -> rights.Doer:
    return rights.Doer(by=doer(ask.caller) or "", address=ask.request.remote)
