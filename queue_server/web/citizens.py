"""What citizens say of themselves: taken where a service asks for it, and read by the clerk who has called them.

Nothing of it stands in an event, a view that is pushed, a log line or a refusal.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from unicodedata import category

from queue_server.domain.acts import ActKind
from queue_server.errors import Invalid, NotFound
from queue_server.letters import composed
from queue_server.letters.phones import phone
from queue_server.registry.citizens import Citizen
from queue_server.settings import Settings
from queue_server.settings.questions import questions_of
from queue_server.web.ask import Ask
from queue_server.web.noting import note
from queue_server.wire.api import CitizenGiven, CitizenView, IssueRequest


async def keep(ask: Ask[IssueRequest], ticket: str, services: Iterable[str]) -> str | None:
    """The reference of what was said; None where it was nothing. Raises Invalid for what nobody asked for."""
    given = ask.body.citizen
    if given is None:
        return None
    said = understood(given)
    asked = {question.asks for service in services for _, question in questions_of(ask.parts.settings(), service)}
    for field in ("name", "phone"):
        if getattr(said, field) is not None and field not in asked:
            raise Invalid(f"None of these services asks for a {field}.", reason="not_asked", field=f"citizen.{field}")
    if said == Citizen():
        return None
    reference = await asyncio.to_thread(ask.parts.registry.citizens.add, ticket, said)
    ask.words.append(reference)
    return reference


def understood(given: CitizenGiven) -> Citizen:
    """As it is kept. Raises Invalid, without what was said."""
    return Citizen(name=_name(given.name or ""), phone=_phone(given.phone or ""))


def _name(said: str) -> str | None:
    name = composed(" ".join(said.split()))
    if any(category(sign) in ("Cc", "Cf", "Co", "Cs", "Cn") and sign not in "\u200c\u200d" for sign in name):
        raise Invalid("A name has letters only.", reason="name", field="citizen.name")
    return name or None


def _phone(said: str) -> str | None:
    try:
        return phone(said)
    except ValueError:
        raise Invalid("A phone number has 4 to 15 digits.", reason="phone", field="citizen.phone") from None


async def citizen(ask: Ask[None]) -> CitizenView:
    """What a ticket's citizen said of themselves, for the clerk who has called it. That it was read is recorded."""
    reference = ask.ticket.citizen
    found = None if reference is None else await asyncio.to_thread(ask.parts.registry.citizens.read, reference)
    if found is None:
        raise NotFound("That ticket's citizen said nothing, or it was forgotten.")
    await note(ask, ActKind.CITIZEN_READ, about=f"ticket:{ask.ticket.id}")
    return CitizenView(
        ticket=ask.ticket.id,
        name=found.name,
        phone=found.phone,
        purposes=_purposes(ask.parts.settings(), [step.service for step in ask.ticket.steps], found),
    )


def _purposes(settings: Settings, services: Iterable[str], found: Citizen) -> dict[str, dict[str, str]]:
    return {
        question.asks: dict(question.purpose)
        for service in services
        for _, question in questions_of(settings, service)
        if getattr(found, question.asks) is not None
    }
