"""What one imported ticket lived through, as far as whoever wrote it down says. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from queue_server.domain import measures
from queue_server.domain.measures import Fate
from queue_server.domain.records import Step, Ticket
from queue_server.reports.words import Words

Said = tuple[int | None, str, str]
"""When (milliseconds), the kind of event that it would have been, and what happened."""

ENDS = {
    Fate.SERVED: "ServiceFinished",
    Fate.TRANSFERRED: "TicketTransferred",
    Fate.NO_SHOW: "TicketMissed",
    Fate.ABANDONED: "TicketCancelled",
}


def lines_of(ticket: Ticket, words: Words) -> Iterator[Said]:
    """One step after the other; of a step that was only planned nothing."""
    for step in ticket.steps:
        if step.queued_at is None:
            continue
        yield step.queued_at, "TicketIssued", words.t("story.queued", service=words.name("service", step.service))
        if step.first_called_at is not None:
            yield step.first_called_at, "TicketCalled", _at_counter("called", step, words)
        if step.started_at is not None:
            yield step.started_at, "ServiceStarted", _at_counter("started", step, words)
        fate = measures.fate_of(step)
        yield step.finished_at or step.left_at, ENDS.get(fate, ""), words.t(f"ended.{fate}")


def _at_counter(what: str, step: Step, words: Words) -> str:
    if step.counter is None:
        return words.t(f"story.{what}_somewhere")
    return words.t(f"story.{what}", counter=words.name("counter", step.counter))
