"""Looking a ticket up by its id. Whoever holds the id may; an address that guesses is told to wait.

Only look-ups without a token that find nothing count, and only they are refused: behind one address stand many people,
and a guess among 2^60 ids finds nothing however often it is made. About one ticket, too, nobody asks without end.
"""

from __future__ import annotations

from time import monotonic

from aiohttp import web

from queue_server.domain.records import Ticket
from queue_server.errors import NotFound
from queue_server.web.edge.limits import asker_at
from queue_server.web.identity.access import Caller
from queue_server.web.parts import Parts

LONGEST_ID = 64


async def look_up(parts: Parts, request: web.Request, caller: Caller, id_: str) -> Ticket:
    """Today's ticket or an earlier day's. Raises NotFound, or RateLimited where too many were none."""
    try:
        if not 0 < len(id_) <= LONGEST_ID:
            raise NotFound("There is no such ticket.")
        found = await parts.engine.find_ticket(id_)
    except NotFound:
        rate = None if caller.role else parts.settings().limits.lookups
        asker = asker_at(request.remote)
        parts.limits.lookups.take(asker, rate, monotonic())
        raise
    if not caller.role:
        often = parts.settings().limits.per_ticket
        parts.limits.per_ticket.take(found.id, often, monotonic())
    return found
