"""Free words (notes, reasons that are no configured code) on their way: encrypted in the registry, never in an event.

The event gets a reference. The words are on disk before it, and taken away again if it does not come about.

While what is kept of a ticket is on hold nobody writes a note about it, which nobody could read. A reason that a move
is recorded with is taken, and on hold from the start.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from queue_server.domain.codes import REFERENCE
from queue_server.domain.records import Ticket
from queue_server.domain.state import State
from queue_server.errors import IllegalMove, Invalid
from queue_server.registry.personal import Personal
from queue_server.web.parts import Parts

NOTE = "note"
"""The fault's kind where a note cannot be read; its subject is the ticket's number."""


async def keep(personal: Personal, kind: str, text: str, references: list[str], about: str | None) -> str:
    """The reference of these words, `about` a ticket. It joins `references`: once it is known whether their event is
    there, see below.
    """
    reference = await asyncio.to_thread(personal.add, kind, text.strip(), about=about)
    references.append(reference)
    return reference


async def reason_code(
    personal: Personal, reason: str, known: Mapping[str, object], references: list[str], about: str | None
) -> str:
    """A configured code as it is; other words as a reference to them."""
    for code in (reason, reason.strip().replace(" ", "_").lower()):
        if code in known:
            return code
    return REFERENCE + await keep(personal, "reason", reason, references, about)


def ticket_meant(state: State, path: Mapping[str, str], body: object) -> str | None:
    """The ticket that a request is about: the path's, or whichever a counter's move means."""
    if "ticket" in path:
        return path["ticket"]
    counter = state.counters.get(path.get("counter", ""))
    if counter is None or not hasattr(body, "ticket"):
        return None
    return body.ticket or counter.ticket


def check_not_held(parts: Parts, ticket: str | None) -> None:
    """Raises IllegalMove where no note is to be written now."""
    if ticket is not None and parts.registry.personal.is_held(ticket):
        raise IllegalMove("What is kept with that ticket is on hold: nothing more is noted now.", reason="on_hold")


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
