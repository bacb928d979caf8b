"""What staff put on the boards: the line at the foot, at once, in each language that it was given in."""

from __future__ import annotations

import asyncio

from queue_server.errors import IllegalMove, NotFound
from queue_server.registry.announcements import Announcement
from queue_server.service.touches import BoardsTold
from queue_server.views.instants import rfc3339
from queue_server.web.ask import Ask, Nothing
from queue_server.web.noting import doer
from queue_server.web.queues.timed import texts_of, when
from queue_server.wire.boards import AnnouncementRequest, AnnouncementView


async def announcements(ask: Ask[None]) -> list[AnnouncementView]:
    """What stands on the boards, or will; the urgent first, then the newest."""
    now = ask.engine.now()
    found = await asyncio.to_thread(ask.parts.registry.announcements.standing, now)
    return [_view(one) for one in found]


async def announce(ask: Ask[AnnouncementRequest]) -> AnnouncementView:
    """Put a line on the boards: on those that are named, when it is due; the highest priority alone."""
    body, now = ask.body, ask.engine.now()
    texts = texts_of(body.texts, "texts")
    since, until = when(body, now, ask.engine.state.rules)
    put = Announcement(
        id="",
        texts=texts,
        boards=body.boards or None,
        since=now if since is None else since,
        until=until,
        hours=body.hours,
        days=body.days,
        priority=body.priority,
        urgent=body.urgent,
        by=doer(ask.caller) or ask.caller.id,
    )
    made = await asyncio.to_thread(ask.parts.registry.announcements.add, put, now=now, address=ask.request.remote)
    if made is None:
        raise IllegalMove("As many announcements stand on the boards as may; end one first.", reason="full")
    ask.parts.hub.happened(BoardsTold())
    return _view(made)


async def end(ask: Ask[Nothing]) -> None:
    """Take an announcement off the boards."""
    ended = await asyncio.to_thread(
        ask.parts.registry.announcements.remove, ask["announcement"], by=doer(ask.caller), address=ask.request.remote
    )
    if not ended:
        raise NotFound("There is no such announcement.")
    ask.parts.hub.happened(BoardsTold())


def _view(one: Announcement) -> AnnouncementView:
    return AnnouncementView(
        id=one.id,
        texts=one.texts,
        boards=one.boards,
        since=rfc3339(one.since),
        until=None if one.until is None else rfc3339(one.until),
        hours=one.hours,
        days=one.days,
        priority=one.priority,
        urgent=one.urgent,
    )
