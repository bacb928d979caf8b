"""What is to be believed, said and done of a slip: decided here, carried out in printing.py. Pure.

Only what is known not to have printed is made again by itself. Of a job that has left only its agent knows; where the
agent stays away that is said, and corrected when it is back.
"""

from __future__ import annotations

from queue_server.domain.lifecycle import StepState
from queue_server.domain.records import Slip, Ticket
from queue_server.service.printers import PASSING
from queue_server.wire import printing as wire

AWAY_MS = 10_000
"""An agent that has not been linked for so long is not about to come back by itself."""

SILENT_MS = 120_000
"""A linked agent says what became of a job at most so long after its time to live: it settles and gives up before."""

TRIES = 3
"""The server makes at most so many further attempts for one ticket by itself."""

ASSUMED = frozenset({"agent_offline", "interrupted", "no_answer"})
"""Reasons of an `unknown` that is only ours: the agent may still know. `interrupted` had begun to print."""

HOPELESS = frozenset({"uncovered", "no_layout", "invalid", "expired", "cancelled"})
"""Another printer would fare no better, or comes too late."""


def may_change(state: str, reason: str | None) -> bool:
    """Whether the agent still has, or may have, something to say of such a job."""
    return state in ("queued", "printing") or (state == "unknown" and reason in ASSUMED)


def may_come_out(slip: Slip) -> bool:
    """Whether paper of it may come out by itself: at once, or when somebody mends the printer."""
    return slip.job is not None and slip.sent and slip.state in ("queued", "printing", "unknown")


def never_printed(slip: Slip) -> bool:
    """Whether its agent's word that it has no such job to print means that no paper came.

    Of one that had begun it means only that the agent has forgotten: paper may lie there.
    """
    return slip.state == "queued" or (slip.state == "unknown" and slip.reason in ASSUMED - {"interrupted"})


def is_over(ticket: Ticket) -> bool:
    """Its number is not valid any more, so its paper would only mislead."""
    return ticket.step.state in (StepState.CANCELLED, StepState.EXPIRED)


def is_stuck(slip: Slip) -> bool:
    """It waits at a printer for somebody to come."""
    return slip.state == "queued" and slip.sent and slip.reason is not None and slip.reason not in PASSING


def may_try(ticket: Ticket, tries: int, now: int) -> bool:
    """Whether the server may make the slip again by itself. A reprint is left to who asked for it."""
    slip = ticket.slip
    return not slip.copy and not is_over(ticket) and tries < TRIES and (slip.expires_at or 0) > now


def worth_another(result: wire.Result, slip: Slip) -> bool:
    """Whether a slip that is known not to have printed may come out at another attempt."""
    return slip.job == result.job and result.reason not in HOPELESS and result.outcome != "expired"


def reason_of(result: wire.Result, slip: Slip) -> str | None:
    """What citizen and staff are told. A piece that may hang from the printer matters more than why it does."""
    if result.outcome == "printed":
        return None
    if result.outcome == "expired":
        return result.reason if result.reason not in (None, "expired") else slip.reason or "expired"
    if result.outcome == "not_printed" and result.torn and result.reason != "lost":
        return "torn"
    return result.reason


def never_got(ticket: Ticket, now: int, *, asked_back: bool) -> tuple[str, str] | None:
    """What must be said of a sent job that its agent does not know; None: it may still be sent."""
    slip = ticket.slip
    if slip.state == "printing":  # it had begun, so its agent lost its memory
        return "unknown", "interrupted"
    if asked_back or is_over(ticket):
        return "not_printed", "cancelled"
    return ("not_printed", "expired") if (slip.expires_at or 0) <= now else None


def assumed(slip: Slip, now: int, away_ms: int | None) -> tuple[str, str] | None:
    """What must be said by now of a sent job whose agent has been away for so long (None: it is linked), or None."""
    if slip.state not in ("queued", "printing") or not slip.sent:
        return None
    overdue = now - (slip.expires_at or 0)
    if away_ms is None:
        return ("unknown", "no_answer") if overdue > SILENT_MS else None
    if away_ms <= AWAY_MS:
        return None
    if slip.state == "printing":
        return "unknown", "interrupted"
    if overdue > 0:
        return "unknown", "agent_offline"
    return ("queued", "agent_offline") if slip.reason != "agent_offline" else None
