"""Keeping what somebody did by a request: who it was and from where is filled in. registry/acts.py says the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from queue_server.domain.acts import ActKind
from queue_server.web.access import Caller
from queue_server.web.ask import Ask


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
