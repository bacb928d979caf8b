"""Where each call's sound lies, as a board's view says it; and the sound files.

/speech/{key}.wav      one announcement; the key is a hash of its content, so a browser may keep it
POST /api/v1/say       words on a kiosk's screen, to be read aloud to whoever stands there
"""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from queue_server.errors import NotFound
from queue_server.web.ask import Ask
from queue_server.web.edge.headers import SECURITY
from queue_server.web.identity.access import admit
from queue_server.web.parts import Parts
from queue_server.web.permissions import BOARDS, ISSUERS
from queue_server.wire.api import Said, SayRequest
from queue_server.wire.boards import BoardCall

FRESH_MS = 60_000
"""An older call is announced by no display, also not by one that was away for a moment."""

KEPT = {**SECURITY, "Cache-Control": "private, max-age=86400, immutable", "Content-Type": "audio/wav"}


def speech_of(parts: Parts, now: int, call: BoardCall, at: int, languages: tuple[str, ...]) -> tuple[str, ...]:
    """Addresses in the order in which they are spoken; they begin to be made, while the chime sounds."""
    if now - at > FRESH_MS:
        return ()
    if parts.settings().speech.ticket_language and call.language not in languages:
        languages = (*languages, call.language)
    keys = parts.speech.keys(call.number, call.label, languages, again=call.recall, moved=call.moved)
    parts.speech.prepare(keys)
    return addresses(keys)


def addresses(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"/speech/{key}.wav" for key in keys)


async def say(ask: Ask[SayRequest]) -> Said:
    """Read a kiosk's screen aloud, by the voices that speak in the hall."""
    key = ask.parts.speech.reading(ask.body.language, ask.body.text)
    if key is None:
        return Said(None)
    ask.parts.speech.prepare((key,))
    return Said(*addresses((key,)))


def routes(parts: Parts) -> list[web.RouteDef]:
    async def announcement(request: web.Request) -> web.StreamResponse:
        admit(parts.doors, request, BOARDS | ISSUERS)
        file = await parts.speech.file(request.match_info["key"])
        if file is None:
            raise NotFound("There is no such announcement, or nobody here could speak it.")
        return web.FileResponse(file, headers=KEPT)

    return [web.get("/speech/{key:[0-9a-f]{30}}.wav", announcement)]
