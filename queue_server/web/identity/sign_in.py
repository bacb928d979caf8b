"""Signing in and out, and who one is. A wrong name and a wrong password get the same answer in the same time.

Whoever has a second factor is asked for its code before the password is looked at, so that nobody learns which of the
two was wrong; that such a name has one is told, and counts like a wrong try.
"""

from __future__ import annotations

import asyncio
from functools import partial
from math import ceil
from secrets import token_urlsafe
from time import monotonic
from typing import Any

from aiohttp import web

from queue_server.domain.acts import ActKind
from queue_server.errors import Forbidden, Invalid, Unauthorized
from queue_server.registry.people import Person
from queue_server.registry.sessions import BY_PASSWORD
from queue_server.registry.store import Registry
from queue_server.registry.tokens import PREFIX
from queue_server.service.logs import log
from queue_server.web.ask import Ask, Nothing
from queue_server.web.edge.limits import asker_at
from queue_server.web.identity.access import (
    BROWSER_COOKIE,
    LOCKED,
    SESSION_MS,
    STAFF_COOKIE,
    TYPE,
    Caller,
    from_a_page,
    from_our_pages,
    set_cookie,
)
from queue_server.web.identity.guesses import Place, account_of
from queue_server.web.identity.proving import opens_by_badge
from queue_server.web.noting import note
from queue_server.web.parts import Parts
from queue_server.web.permissions import SUPERVISORS
from queue_server.wire.api import Me, SignInRequest

LONGEST = 200
"""Characters of a name or a password."""


async def sign_in(ask: Ask[SignInRequest]) -> Me:
    """Sign in with a name and a password; the answer sets the session's cookie."""
    parts, body, request = ask.parts, ask.body, ask.request
    refuse_foreign(request)
    rate, place = parts.settings().limits.sign_in, _place(ask)
    async with parts.guesses.turn(place):
        parts.guesses.check(place, rate, monotonic())
        try:
            _ask_for_code(ask)
        except Unauthorized:
            parts.guesses.wrong(place, rate, monotonic())  # it tells that this name has a factor, so it is a try
            raise
        person = None
        if len(body.name) <= LONGEST and len(body.password) <= LONGEST:
            person = await asyncio.to_thread(_checked, parts.registry, body)
        if person is None:
            parts.guesses.wrong(place, rate, monotonic())
            about = place.account if not place.account.startswith("nobody:") else None
            refused = ActKind.SIGN_IN_REFUSED
            await asyncio.to_thread(
                parts.registry.acts.note, refused, about=about, why="secret", address=request.remote
            )
            log.warning("sign_in_refused", address=place.asker, who=place.account)
            raise Unauthorized("That name and password do not go together.", reason="sign_in")
    return await begin_session(ask, person, BY_PASSWORD)


def _ask_for_code(ask: Ask[SignInRequest]) -> None:
    """Raises Unauthorized where a code is wanted and none was sent, Unavailable where it cannot be computed.

    Nothing is checked yet, so that neither says whether the password is right.
    """
    registry = ask.parts.registry
    registry.second_factors.check_key(ask.body.code or "")
    if not ask.body.code and any(registry.second_factors.get(one.id) for one in registry.people.alike(ask.body.name)):
        raise Unauthorized("Send the code of your second factor, too.", reason="code_needed")


def _checked(registry: Registry, body: SignInRequest) -> Person | None:
    """Whoever has this name, password and, if they have a second factor, code. Slow."""
    person = registry.people.check(body.name, body.password)
    if person is None or registry.second_factors.get(person.id) is None:
        return person
    return person if registry.second_factors.take(person.id, body.code or "") else None


async def begin_session(ask: Ask[Any], person: Person, way: str) -> Me:
    """Somebody has shown who they are: the answer sets their cookie."""
    parts, request = ask.parts, ask.request
    before = request.cookies.get(STAFF_COOKIE)
    if before is not None and not before.startswith(PREFIX):
        await asyncio.to_thread(parts.registry.sessions.end, before)
    browser = browser_word(request.headers.get("User-Agent", ""))
    sessions, address = parts.registry.sessions, asker_at(request.remote)
    start = partial(sessions.start, person.id, SESSION_MS, address=address, browser=browser, way=way)
    cookie = await asyncio.to_thread(start)
    ask.cookies.append(lambda response: set_cookie(response, request, STAFF_COOKIE, cookie))
    await remember_place(ask, person.id)
    details = None if way == BY_PASSWORD else {"way": way}
    await asyncio.to_thread(
        parts.registry.acts.note, ActKind.SIGN_IN, by=person.id, address=request.remote, details=details
    )
    session = sessions.find(cookie)
    if session is None:
        raise Unauthorized("That person was let out just now.", reason="sign_in")
    return me_view(parts, parts.doors.of_session(session))


def browser_word(agent: str) -> str | None:
    """What kind of browser it calls itself, in two words of ours."""
    kinds = ("Firefox", "Edg", "OPR", "Chrome", "Safari")
    machines = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")
    found = [next((word for word in words if word in agent), None) for words in (kinds, machines)]
    said = " · ".join({"Edg": "Edge", "OPR": "Opera", "Macintosh": "macOS"}.get(word, word) for word in found if word)
    return said or None


def refuse_foreign(request: web.Request) -> None:
    """Another site's page can make a visitor's browser try secrets, in the visitor's name: it is not heard at all."""
    if request.headers.get("Content-Type", "").partition(";")[0].strip() != TYPE:
        raise Invalid("Send the body as application/json.", reason="content_type")
    if from_a_page(request) and not from_our_pages(request):
        raise Forbidden("Another site's page signs nobody in.", reason="cross_site")


def _place(ask: Ask[SignInRequest]) -> Place:
    name = ask.body.name[:LONGEST]
    person = ask.parts.registry.people.named(name)
    return place_at(ask, account_of(person.id if person else None, name), person)


def place_at(ask: Ask[Any], account: str, person: Person | None) -> Place:
    """From where somebody tries to be this person, if there is one."""
    known = ask.parts.registry.known
    asker, browser = asker_at(ask.request.remote), _browser_of(ask.request)
    places = (f"browser {browser}" if browser else None, f"address {asker}")
    found = [place if person and place and known.is_known(person.id, place) else None for place in places]
    house = places[0] if places[0] and found[0] is None and known.is_of_house(places[0]) else None
    return Place(account=account, asker=asker, browser=found[0], house=house, address=found[1])


async def remember_place(ask: Ask[Any], person: str) -> None:
    """This browser and this address are known ones of this person from now on."""
    request, browser = ask.request, _browser_of(ask.request) or token_urlsafe(16)
    places = (f"browser {browser}", f"address {asker_at(request.remote)}")
    await asyncio.to_thread(ask.parts.registry.known.add, person, places, places[0])
    ask.cookies.append(lambda response: set_cookie(response, request, BROWSER_COOKIE, browser, lasting=True))


def _browser_of(request: web.Request) -> str | None:
    """What this browser was called when somebody last signed in with it; it lets nobody in."""
    said = request.cookies.get(BROWSER_COOKIE, "")
    return said if 16 <= len(said) <= 64 else None


async def sign_out(ask: Ask[Nothing]) -> None:
    """End the session of this browser."""
    secret = ask.request.cookies.get(STAFF_COOKIE)
    if secret is not None:
        if not secret.startswith(PREFIX):
            session = ask.parts.registry.sessions.find(secret)
            await asyncio.to_thread(ask.parts.registry.sessions.end, secret)
            if session is not None:
                await note(ask, ActKind.SIGN_OUT, about=session.person.id)
        ask.parts.doors.forget(secret)
    ask.cookies.append(_forget)


def _forget(response: web.Response) -> None:
    response.del_cookie(STAFF_COOKIE, path="/", samesite="Strict", httponly=True)


async def me(ask: Ask[None]) -> Me:
    """Who the server takes the asker for, and what they may."""
    return me_view(ask.parts, ask.caller)


def me_view(parts: Parts, caller: Caller) -> Me:
    person = parts.registry.people.get(caller.clerk) if caller.session else None
    return Me(
        role=caller.role,
        name=caller.name,
        clerk=caller.clerk or None,
        counter=caller.counter,
        agency=caller.agencies[0] if caller.agencies and len(caller.agencies) == 1 else None,
        agencies=caller.agencies,
        may=parts.may(caller),
        stands_in=caller.role in SUPERVISORS,
        held=caller.held or None,
        by_provider=caller.by_provider,
        lock_after_s=parts.settings().sign_in.lock_after // 1000 if caller.session else None,
        lock_in_s=_lock_in_s(parts, caller),
        opens_by_badge=person is not None and opens_by_badge(parts, person),
    )


def _lock_in_s(parts: Parts, caller: Caller) -> int | None:
    if not caller.session:
        return None
    left = parts.idle.left_ms(caller.clerk, parts.registry.sessions.did_at(caller.session))
    return None if left is None else 0 if caller.held == LOCKED else max(0, ceil(left / 1000))
