"""What staff put on the boards: the line at the foot, at once, in each language that it was given in."""

from __future__ import annotations

import asyncio
from zoneinfo import ZoneInfo

from queue_server.errors import IllegalMove, Invalid, NotFound
from queue_server.letters.days import instant_said
from queue_server.registry.announcements import Announcement
from queue_server.service.touches import BoardsTold
from queue_server.views.instants import rfc3339
from queue_server.web.ask import Ask, Nothing
from queue_server.web.noting import doer
from queue_server.wire.boards import AnnouncementRequest, AnnouncementView


async def announcements(ask: Ask[None]) -> list[AnnouncementView]:
    """What stands on the boards, or will; the urgent first, then the newest."""
    now = ask.engine.now()
    found = await asyncio.to_thread(ask.parts.registry.announcements.standing, now)
    return [_view(one) for one in found]


async def announce(ask: Ask[AnnouncementRequest]) -> AnnouncementView:
    """Put a line on the boards: on those that are named, from and until a time, urgent ones alone."""
    body, rules, now = ask.body, ask.engine.state.rules, ask.engine.now()
    texts = {language: " ".join(text.split()) for language, text in body.texts.items()}
    texts = {language: text for language, text in texts.items() if text}
    if not texts:
        raise Invalid("Say it in one language at least.", reason="field", field="texts")
    for board in body.boards or ():
        if board not in rules.boards:
            raise NotFound(f"There is no board {board!r}.", board=board)
    since, until = _at(body.since, "since", rules.timezone), _at(body.until, "until", rules.timezone)
    if until is not None and until <= max(now, since or now):
        raise Invalid("It would be over before it begins.", reason="over", field="until")
    put = Announcement(
        id="",
        texts=texts,
        boards=body.boards or None,
        since=now if since is None else since,
        until=until,
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


def _at(said: str | None, field: str, timezone: str) -> int | None:
    """An instant; what names no zone is said by the mall's clocks."""
    if not said:
        return None
    try:
        read = instant_said(said)
    except ValueError:
        raise Invalid(f"`{field}` is a time such as 2026-11-24T14:00.", reason="field", field=field) from None
    return round((read if read.tzinfo else read.replace(tzinfo=ZoneInfo(timezone))).timestamp() * 1000)


def _view(one: Announcement) -> AnnouncementView:
    return AnnouncementView(
        id=one.id,
        texts=one.texts,
        boards=one.boards,
        since=rfc3339(one.since),
        until=None if one.until is None else rfc3339(one.until),
        urgent=one.urgent,
    )
