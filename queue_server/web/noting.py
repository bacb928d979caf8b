"""Keeping what somebody did by a request, or was refused: who it was and from where is filled in.

registry/acts.py says the rest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from aiohttp import web

from queue_server.domain.acts import LONGEST, ActKind
from queue_server.errors import Forbidden, RateLimited, Refused, Unauthorized, Unavailable
from queue_server.registry.acts import Acts
from queue_server.web.ask import Ask
from queue_server.web.identity.access import CALLER, HELD, NOBODY, Caller, admit
from queue_server.web.parts import Parts
from queue_server.web.permissions import ANYONE

BRACES = {ord("{"): None, ord("}"): None}
"""A route's pattern as a code: `/tickets/{ticket}` is `/tickets/ticket`."""


def doer(caller: Caller) -> str | None:
    """By whom: somebody's pseudonym, a token's number."""
    return (caller.id if caller.id.startswith("token:") else caller.clerk) or None


async def note(
    ask: Ask[Any],
    what: ActKind,
    *,
    about: str | None = None,
    agency: str | None = None,
    why: str | None = None,
    details: Mapping[str, object] | None = None,
) -> None:
    """On disk when this returns; it is in the journal a moment later."""
    await asyncio.to_thread(
        ask.parts.registry.acts.note,
        what,
        by=doer(ask.caller),
        about=about,
        agency=agency,
        why=why,
        address=ask.request.remote,
        details=details,
    )


async def note_refusal(parts: Parts, request: web.Request, route: str, error: Exception) -> None:
    """Whatever somebody tried that is not theirs, or did too often, by route; those that are alike count as one."""
    if isinstance(error, RateLimited):
        what = ActKind.RATE_ALARM
    elif isinstance(error, Forbidden) or (isinstance(error, Unauthorized) and error.reason == "token"):
        what = ActKind.REFUSED
    else:
        return
    with suppress(Unavailable):  # the registry's own alarm says so
        await asyncio.to_thread(
            parts.registry.acts.note,
            what,
            by=doer(caller_of(parts, request)),
            about=f"{request.method}:{route.translate(BRACES)}"[:LONGEST],
            why=error.reason,
            address=request.remote,
        )


def note_tight(acts: Acts, connections: int) -> None:
    """Room for connections becomes short; once, so the loop may wait for it."""
    with suppress(Unavailable):
        acts.note(ActKind.CONNECTIONS_ALARM, details={"open": connections})


def caller_of(parts: Parts, request: web.Request) -> Caller:
    """Who asks, also where they were not let in."""
    known: Caller = request.get(CALLER, NOBODY)
    if known is NOBODY:
        with suppress(Refused, Unavailable):
            known = admit(parts.doors, request, ANYONE, HELD)
    return known
