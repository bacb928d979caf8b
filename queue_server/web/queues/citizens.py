"""What citizens say of themselves: taken where a service asks for it, and read by the clerk who has called them.

Nothing of it stands in an event, a view that is pushed, a log line or a refusal.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from msgspec.structs import replace

from queue_server.domain.acts import ActKind
from queue_server.errors import Invalid, NotFound
from queue_server.letters import composed
from queue_server.letters.identity import identity
from queue_server.letters.lines import has_unseen
from queue_server.letters.phones import phone
from queue_server.registry.citizens import Citizen
from queue_server.settings import Settings
from queue_server.settings.asking import Question
from queue_server.settings.questions import questions_of
from queue_server.web.ask import Ask
from queue_server.web.noting import note
from queue_server.wire.api import CitizenView, IssueRequest, PosterRequest

ASKED = {"name": "a name", "phone": "a phone", "identity": "an identity number"}


Asked = Ask[IssueRequest] | Ask[PosterRequest]
"""Who takes a ticket."""


def understood(ask: Asked, services: Iterable[str]) -> Citizen:
    """What was said, as it would be kept. Raises Invalid, without what was said; also for what nobody asked for."""
    given = ask.body.citizen
    if given is None:
        return Citizen()
    asked = [question for service in services for _, question in questions_of(ask.parts.settings(), service)]
    numbers = [question for question in asked if question.asks == "identity"]
    said = Citizen(
        name=_name(given.name or ""),
        phone=_phone(given.phone or ""),
        identity=_identity(given.identity or "", numbers),
    )
    kinds = {str(question.asks) for question in asked}
    for field in ("name", "phone", "identity"):
        if getattr(said, field) is not None and field not in kinds:
            raise Invalid(
                f"None of these services asks for {ASKED[field]}.", reason="not_asked", field=f"citizen.{field}"
            )
    return said


async def keep(ask: Asked, ticket: str, services: Iterable[str], said: Citizen) -> str | None:
    """The reference of what is kept of it; None where that is nothing."""
    questions = (question for service in services for _, question in questions_of(ask.parts.settings(), service))
    if not any(question.asks == "identity" and question.keep for question in questions):
        said = replace(said, identity=None)
    if said == Citizen():
        return None
    reference = await asyncio.to_thread(ask.parts.registry.citizens.add, ticket, said)
    ask.words.append(reference)
    return reference


def _name(said: str) -> str | None:
    name = composed(" ".join(said.split()))
    if has_unseen(name):
        raise Invalid("A name has letters only.", reason="name", field="citizen.name")
    return name or None


def _phone(said: str) -> str | None:
    try:
        return phone(said)
    except ValueError:
        raise Invalid("A phone number has 4 to 15 digits.", reason="phone", field="citizen.phone") from None


def _identity(said: str, questions: Iterable[Question]) -> str | None:
    """A number that is right for all who ask for one; as it is where nobody does."""
    found = said.strip() or None
    for question in questions:
        try:
            found = identity(said, question.number or "", question.shapes, question.check_digits)
        except ValueError:
            raise Invalid("That is no such number.", reason="identity", field="citizen.identity") from None
    return found


async def citizen(ask: Ask[None]) -> CitizenView:
    """What a ticket's citizen said of themselves, for the clerk who has called it. That it was read is recorded."""
    reference = ask.ticket.citizen
    found = None if reference is None else await asyncio.to_thread(ask.parts.registry.citizens.read, reference)
    if found is None:
        raise NotFound("That ticket's citizen said nothing, or it was forgotten or put on hold.")
    await note(ask, ActKind.CITIZEN_READ, about=f"ticket:{ask.ticket.id}")
    return CitizenView(
        ticket=ask.ticket.id,
        name=found.name,
        phone=found.phone,
        identity=found.identity,
        purposes=_purposes(ask.parts.settings(), [step.service for step in ask.ticket.steps], found),
    )


def _purposes(settings: Settings, services: Iterable[str], found: Citizen) -> dict[str, dict[str, str]]:
    return {
        question.asks: dict(question.purpose)
        for service in services
        for _, question in questions_of(settings, service)
        if getattr(found, question.asks) is not None
    }
