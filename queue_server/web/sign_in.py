"""Signing in and out, and who one is. A wrong name and a wrong password get the same answer in the same time."""

from __future__ import annotations

import asyncio
from time import monotonic

from aiohttp import web

from queue_server.errors import Unauthorized
from queue_server.registry.tokens import PREFIX
from queue_server.web.access import SESSION_MS, STAFF_COOKIE, SUPERVISORS, Caller, of_person, set_cookie
from queue_server.web.ask import Ask, Nothing
from queue_server.web.limits import asker_at
from queue_server.web.parts import Parts
from queue_server.wire.api import Me, SignInRequest

AT_ONCE = asyncio.Semaphore(2)
"""Passwords are slow to check on purpose; more at once would starve everything else of threads."""

LONGEST = 200
"""Characters of a name or a password."""


async def sign_in(ask: Ask[SignInRequest]) -> Me:
    """Sign in with a name and a password; the answer sets the session's cookie."""
    parts, body, request = ask.parts, ask.body, ask.request
    rate, asker = parts.settings().limits.sign_in, asker_at(request.remote)
    async with AT_ONCE:
        parts.limits.sign_in.check(asker, rate, monotonic())
        person = None
        if len(body.name) <= LONGEST and len(body.password) <= LONGEST:
            person = await asyncio.to_thread(parts.registry.people.check, body.name, body.password)
        if person is None:
            parts.limits.sign_in.count(asker, rate, monotonic())
            raise Unauthorized("That name and password do not go together.", reason="sign_in")
    cookie = await asyncio.to_thread(parts.registry.sessions.start, person.id, SESSION_MS)
    ask.cookies.append(lambda response: set_cookie(response, request, STAFF_COOKIE, cookie))
    return me_view(parts, of_person(person))


async def sign_out(ask: Ask[Nothing]) -> None:
    """End the session of this browser."""
    secret = ask.request.cookies.get(STAFF_COOKIE)
    if secret is not None:
        if not secret.startswith(PREFIX):
            await asyncio.to_thread(ask.parts.registry.sessions.end, secret)
        ask.parts.doors.forget(secret)
    ask.cookies.append(_forget)


def _forget(response: web.Response) -> None:
    response.del_cookie(STAFF_COOKIE, path="/", samesite="Strict", httponly=True)


async def me(ask: Ask[None]) -> Me:
    """Who the server takes the asker for, and what they may."""
    return me_view(ask.parts, ask.caller)


def me_view(parts: Parts, caller: Caller) -> Me:
    return Me(
        role=caller.role,
        name=caller.name,
        clerk=caller.clerk or None,
        counter=caller.counter,
        agency=caller.agency,
        may=parts.may(caller),
        stands_in=caller.role in SUPERVISORS,
    )
