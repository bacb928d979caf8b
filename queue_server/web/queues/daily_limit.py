"""How many tickets a day one person has at kiosks, where the mall says so.

Counted are tickets given today. A place is given back by a ticket that was cancelled before anybody called it, by one
whose number nobody saw, and by one that was never given after all. What is counted stands in the registry, as marks
(registry/daily.py); whether a ticket counts is asked of the hall's state, so a crash between the two, or a write that
failed, leaves nothing to mend. Wishes for which somebody is counted come one after the other: of two at two kiosks at
once the second sees the first, and a wish that is sent twice is one.

Staff may give a ticket without a number, and are not held back then: they see who stands before them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager

from msgspec import Struct

from queue_server.domain.records import Ticket
from queue_server.errors import Invalid, QuotaReached, Refused
from queue_server.settings import Settings
from queue_server.settings.asking import Question
from queue_server.settings.questions import questions_of
from queue_server.web.ask import Ask
from queue_server.wire.api import IssueRequest


class Counted(Struct, frozen=True):
    """One thing of which a person has so many tickets a day; `words` say which."""

    words: tuple[str, ...]
    most: int


def counted(settings: Settings, services: Iterable[str]) -> Iterator[Counted]:
    """What is counted for a ticket for these services, each thing once."""
    found: dict[tuple[str, ...], Counted] = {}
    for service in services:
        for id_, question in questions_of(settings, service):
            if question.daily is not None:
                words = (id_, *_of(settings, question, service))
                found[words] = Counted(words, question.daily)
    return iter(found.values())


def _of(settings: Settings, question: Question, service: str) -> tuple[str, ...]:
    match question.per:
        case "service":
            return ("service", service)
        case "agency":
            return ("agency", settings.services[service].agency)
        case "mall":
            return ("mall",)


def refuse_unasked(settings: Settings, services: Iterable[str]) -> None:
    """Raises Invalid where tickets are counted by a number that nobody was asked for."""
    if next(counted(settings, services), None) is not None:
        detail = "Tickets for this service are counted by an identity number; ask at the desk without one."
        raise Invalid(detail, reason="identity_needed", field="citizen.identity")


@asynccontextmanager
async def place(
    ask: Ask[IssueRequest], ticket: str, services: tuple[str, ...], identity: str | None
) -> AsyncIterator[None]:
    """Within this the ticket is given. Raises QuotaReached where this person has all of today's."""
    wanted = [] if identity is None else list(counted(ask.parts.settings(), services))
    if not wanted or identity is None:
        yield
        return
    daily = ask.parts.registry.daily
    async with ask.parts.daily_lock:
        if ask.engine.replayed(ask.key) is not None:  # its twin was here meanwhile
            yield
            return
        await ask.engine.catch_up()  # the first wish of a day opens it
        day = ask.engine.state.day
        marks = [await asyncio.to_thread(daily.mark, day, *one.words, identity) for one in wanted]
        for one, mark in zip(wanted, marks, strict=True):
            given = await asyncio.to_thread(daily.tickets, day, mark)
            tickets = ask.engine.state.tickets
            if sum(holds(tickets[known]) for known in given if known in tickets) >= one.most:
                detail = "This person has all of today's tickets for it; ask at the desk if the slip was lost."
                raise QuotaReached(detail, reason="daily_limit", most=one.most)
        await asyncio.to_thread(daily.add, day, marks, ticket)
        try:
            yield
        except Refused:
            await asyncio.to_thread(daily.forget, ticket)
            raise


def holds(ticket: Ticket) -> bool:
    """It takes one of its person's places."""
    if ticket.void or ticket.unclaimed:
        return False
    return ticket.state != "cancelled" or any(step.first_called_at is not None for step in ticket.steps)
