"""Free words (notes, reasons that are no configured code) on their way: encrypted in the registry, never in an event.

The event gets a reference. The words are on disk before it, and taken away again if it does not come about.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from queue_server.domain.codes import REFERENCE
from queue_server.domain.records import Ticket
from queue_server.errors import Invalid
from queue_server.registry.personal import Personal
from queue_server.web.parts import Parts

NOTE = "note"
"""The fault's kind where a note cannot be read; its subject is the ticket's number."""


async def keep(personal: Personal, kind: str, text: str, references: list[str]) -> str:
    """The reference of these words. It joins `references`: once it is known whether their event is there, see below."""
    reference = await asyncio.to_thread(personal.add, kind, text.strip())
    references.append(reference)
    return reference


async def reason_code(personal: Personal, reason: str, known: Mapping[str, object], references: list[str]) -> str:
    """A configured code as it is; other words as a reference to them."""
    for code in (reason, reason.strip().replace(" ", "_").lower()):
        if code in known:
            return code
    return REFERENCE + await keep(personal, "reason", reason, references)


def say_why() -> Invalid:
    """The refusal of what is recorded with a reason, and came without."""
    return Invalid("Say why.", reason="field", field="reason")


async def keep_or_forget(personal: Personal, references: list[str], used: bool) -> None:
    """The event that names them is on disk, or there will be none."""
    for reference in references:
        await asyncio.to_thread(personal.keep if used else personal.forget, reference)


def notes_at(parts: Parts, counter: str) -> dict[str, str]:
    """The note of the ticket at a counter, by its reference; nothing for a counter that there is not."""
    state = parts.engine.state
    record = state.counters.get(counter)
    ticket = state.tickets.get(record.ticket or "") if record else None
    text = note_text(parts, ticket) if ticket else None
    return {ticket.note: text} if ticket and ticket.note and text else {}


def note_text(parts: Parts, ticket: Ticket) -> str | None:
    """A ticket's note, for staff. One that cannot be read is that note's fault: whoever holds the ticket is served."""
    if ticket.note is None:
        return None
    with parts.engine.faults.part(NOTE, ticket.note, shown=ticket.number):
        return parts.registry.personal.read(ticket.note)
    return None
