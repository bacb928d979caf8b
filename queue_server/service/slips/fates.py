"""What is to be believed, said and done of a slip: decided here, carried out in printing.py and around it. Pure.

Only what is known not to have printed is made again by itself. Of a job that has left only its agent knows; where the
agent stays away that is said, and corrected when it is back.
"""

from __future__ import annotations

from enum import Enum

from queue_server.domain.lifecycle import GIVEN_UP
from queue_server.domain.records import Outlook, Slip, Ticket
from queue_server.domain.rules import Rules
from queue_server.domain.slip_life import OPEN, SETTLED, SlipState
from queue_server.service.slips.printers import LOOKING, PASSING, Device
from queue_server.wire import printing as wire

AWAY_MS = 10_000
"""After so long without a link an agent is not expected back soon."""

SILENT_MS = 120_000
"""A linked agent says what became of a job at most so long after its time to live: it settles and gives up before."""

TRIES = 3
"""How many further attempts the server makes for one ticket without being asked."""

ASSUMED = frozenset({"agent_offline", "interrupted", "no_answer"})
"""Reasons of an `unknown` that is only ours: the agent may still know. `interrupted` had begun to print."""

HOPELESS = frozenset({"uncovered", "no_layout", "invalid", "expired", "cancelled"})
"""Another printer would fare no better, or comes too late."""

NOT_DRAWN = "not_drawn"
"""Why a slip waits that the server cannot make."""

Told = tuple[SlipState, str | None]
"""What is to be said of a job: its state and the reason."""

CANCELLED: Told = (SlipState.NOT_PRINTED, "cancelled")

# What a slip is


def may_change(state: SlipState, reason: str | None) -> bool:
    """Whether the agent still has, or may have, something to say of such a job."""
    return state in OPEN or (state is SlipState.UNKNOWN and reason in ASSUMED)


def may_come_out(slip: Slip) -> bool:
    """Whether paper of it may come out by itself: at once, or when somebody mends the printer."""
    return slip.job is not None and slip.sent and slip.state is not SlipState.NONE and slip.state not in SETTLED


def is_here(slip: Slip) -> bool:
    """It has a job that has not left for any agent."""
    return slip.state is SlipState.QUEUED and not slip.sent and slip.job is not None


def never_printed(slip: Slip) -> bool:
    """Whether its agent's word that it has no such job to print means that no paper came.

    Of one that had begun it means only that the agent has forgotten: paper may lie there.
    """
    return slip.state is SlipState.QUEUED or (
        slip.state is SlipState.UNKNOWN and slip.reason in ASSUMED - {"interrupted"}
    )


def is_over(ticket: Ticket) -> bool:
    """Its number is not valid any more, so its paper would only mislead."""
    return ticket.step.state in GIVEN_UP


def is_stuck(slip: Slip) -> bool:
    """It waits at a printer for somebody to come."""
    return slip.state is SlipState.QUEUED and slip.sent and slip.reason is not None and slip.reason not in PASSING


def may_leave(ticket: Ticket) -> bool:
    """What has come to an end does not leave; one cancelled on its way out is let go of."""
    return ticket.slip.state not in SETTLED and not is_over(ticket)


# Leaving


def why_down(device: Device) -> str | None:
    """Why this printer makes nothing; None where it does, or where its agent will say in a moment."""
    state, why = device
    return why if state == "down" and why != LOOKING else None


def outlook(device: Device, *, linked: bool, neighbour: bool) -> Outlook | None:
    """What becomes of a fresh slip at a printer; None: the `neighbour` that stands in makes it, by a job of its own."""
    why = why_down(device)
    return None if why is not None and neighbour else Outlook(leaves=linked, reason=why)


# Another attempt


class Again(Enum):
    """Where a slip that is known not to have printed is made once more."""

    HERE = "here"
    NEIGHBOUR = "neighbour"
    NOWHERE = "nowhere"


def may_try(ticket: Ticket, tries: int, now: int) -> bool:
    """Whether the server may make the slip again by itself. A reprint is left to who asked for it."""
    slip = ticket.slip
    return not slip.copy and not is_over(ticket) and tries < TRIES and (slip.expires_at or 0) > now


def again(result: wire.Result, ticket: Ticket, device: Device) -> Again:
    """The same printer only where the line broke: paper, cover and cutter want a person first, and staff ask for that
    reprint.
    """
    other_job = ticket.slip.job != result.job
    if other_job or result.reason in HOPELESS or result.outcome == "expired" or is_over(ticket):
        return Again.NOWHERE
    return Again.HERE if result.reason == "lost" and device[0] != "down" else Again.NEIGHBOUR


def elsewhere(rules: Rules, ticket: Ticket) -> list[str]:
    """Who could make this slip where it is not: the kiosk's own printer, then the neighbour of where it is."""
    here = ticket.slip.printer
    kiosk, printer = rules.kiosks.get(ticket.kiosk or ""), rules.printers.get(here or "")
    own, neighbour = kiosk.printer if kiosk else None, printer.fallback if printer else None
    return [id_ for id_ in dict.fromkeys((own, neighbour)) if id_ is not None and id_ != here]


# What agents say


def state_of(result: wire.Result) -> SlipState:
    """One whose time ran out has not printed."""
    return SlipState.NOT_PRINTED if result.outcome == "expired" else SlipState(result.outcome)


def reason_of(result: wire.Result, slip: Slip) -> str | None:
    """What citizen and staff are told. A piece that may hang from the printer matters more than why it does."""
    if result.outcome == "printed":
        return None
    if result.outcome == "expired":
        return result.reason if result.reason not in (None, "expired") else slip.reason or "expired"
    if result.outcome == "not_printed" and result.torn and result.reason != "lost":
        return "torn"
    return result.reason


def never_got(ticket: Ticket, now: int, *, asked_back: bool) -> Told | None:
    """What must be said of a sent job that its agent does not know; None: it may still be sent."""
    slip = ticket.slip
    if slip.state is SlipState.PRINTING:  # it had begun, so its agent lost its memory
        return SlipState.UNKNOWN, "interrupted"
    if asked_back or is_over(ticket):
        return CANCELLED
    return (SlipState.NOT_PRINTED, "expired") if (slip.expires_at or 0) <= now else None


def assumed(slip: Slip, now: int, away_ms: int | None) -> Told | None:
    """What must be said by now of a sent job whose agent has been away for so long (None: it is linked), or None."""
    if slip.state not in OPEN or not slip.sent:
        return None
    overdue = now - (slip.expires_at or 0)
    if away_ms is None:
        return (SlipState.UNKNOWN, "no_answer") if overdue > SILENT_MS else None
    if away_ms <= AWAY_MS:
        return None
    if slip.state is SlipState.PRINTING:
        return SlipState.UNKNOWN, "interrupted"
    if overdue > 0:
        return SlipState.UNKNOWN, "agent_offline"
    return (SlipState.QUEUED, "agent_offline") if slip.reason != "agent_offline" else None
