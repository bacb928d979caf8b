"""One's own account: where one is signed in, a new secret; and links by which a secret is chosen for the first time."""

from __future__ import annotations

import asyncio
from functools import partial
from time import monotonic
from typing import Any

from queue_server.domain.acts import ActKind
from queue_server.errors import Forbidden, Invalid, NotFound, RateLimited, Unauthorized
from queue_server.registry import strength
from queue_server.registry.people import Person
from queue_server.registry.roles import Role
from queue_server.registry.sessions import BY_LINK
from queue_server.views.instants import rfc3339
from queue_server.web.ask import Ask, Nothing
from queue_server.web.edge.limits import asker_at
from queue_server.web.identity.access import STAFF_COOKIE
from queue_server.web.identity.guesses import Place
from queue_server.web.identity.proving import opens_by_badge, prove, show_oneself
from queue_server.web.identity.sign_in import begin_session, me_view, refuse_foreign
from queue_server.web.noting import note
from queue_server.web.parts import Parts
from queue_server.wire.api import Me
from queue_server.wire.people import JoinLook, JoinRequest, JoinView, PasswordRequest, SessionView, UnlockRequest


async def sessions(ask: Ask[None]) -> tuple[SessionView, ...]:
    """The browsers in which one is signed in, the newest first."""
    return sessions_of(ask, ask.caller.clerk)


def sessions_of(ask: Ask[None], person: str) -> tuple[SessionView, ...]:
    registry = ask.parts.registry
    here = registry.sessions.id_of(ask.request.cookies.get(STAFF_COOKIE, ""))
    return tuple(
        SessionView(
            id=one.id,
            created_at=rfc3339(one.created_at),
            expires_at=rfc3339(one.expires_at),
            address=one.address,
            browser=one.browser,
            here=one.id == here,
        )
        for one in registry.sessions.of(person)
    )


async def end_session(ask: Ask[Nothing]) -> None:
    """Sign out in one of one's browsers."""
    if not await asyncio.to_thread(ask.parts.registry.sessions.end_one, ask.caller.clerk, ask["session"]):
        raise NotFound("There is no such session.")
    await note(ask, ActKind.SESSION_ENDED, about=ask.caller.clerk)


async def password(ask: Ask[PasswordRequest]) -> None:
    """Choose another secret; every other browser is signed out."""
    person = oneself(ask)
    await show_oneself(ask, person, ask.body.old, "secret")
    cookie = ask.request.cookies.get(STAFF_COOKIE)
    await asyncio.to_thread(ask.parts.registry.people.set_secret, person.id, ask.body.new, keep=cookie)
    await note(ask, ActKind.SECRET_SET, about=person.id)


def oneself(ask: Ask[Any]) -> Person:
    person = ask.parts.registry.people.get(ask.caller.clerk)
    if person is None:
        raise Forbidden("A token has no password.", reason="token")
    return person


async def here(ask: Ask[Nothing]) -> None:
    """A page's word that somebody touched it, every 20 s at most: the session is not left alone (idle.py)."""
    oneself(ask)


async def lock(ask: Ask[Nothing]) -> Me:
    """Lock this browser: until it is unlocked it is answered nothing. What is at the counter stays as it is."""
    oneself(ask)
    return await _turned(ask, locked=True)


async def unlock(ask: Ask[UnlockRequest]) -> Me:
    """Go on in this browser, with one's password or PIN; or by the badge of whoever signs in by it alone."""
    person = oneself(ask)
    badge = ask.body.badge if opens_by_badge(ask.parts, person) else None
    await show_oneself(ask, person, ask.body.password, "unlock", badge=badge)
    return await _turned(ask, locked=False)


async def _turned(ask: Ask[Nothing] | Ask[UnlockRequest], *, locked: bool) -> Me:
    sessions, doors = ask.parts.registry.sessions, ask.parts.doors
    cookie = ask.request.cookies.get(STAFF_COOKIE, "")
    if await asyncio.to_thread(sessions.lock, cookie, locked):
        await note(ask, ActKind.LOCKED if locked else ActKind.UNLOCKED, about=ask.caller.clerk)
    doors.forget(cookie)
    session = sessions.find(cookie)
    if session is None:
        raise Unauthorized("That session is over.", reason="nobody")
    return me_view(ask.parts, doors.of_session(session))


# Links


async def look(ask: Ask[JoinLook]) -> JoinView:
    """For whom a link is."""
    person = _linked(ask)
    role = person.role if person else Role.ADMIN
    return JoinView(
        name=person.name if person else None,
        role=str(role),
        least=strength.shortest(role),
        second_factor=person is not None and ask.parts.registry.second_factors.get(person.id) is not None,
    )


async def join(ask: Ask[JoinRequest]) -> Me:
    """Choose one's secret by a link, and be signed in; the link is used up."""
    refuse_foreign(ask.request)
    parts, body = ask.parts, ask.body
    person, registry = _linked(ask), parts.registry
    if person is None:
        person = await _first_admin(ask)
    else:
        strength.check(body.password, person.role, person.name)
        await _check_code(ask, person)
        if not await asyncio.to_thread(registry.links.take, body.link):
            raise _gone()
        await asyncio.to_thread(registry.people.set_secret, person.id, body.password)
    await note(ask, ActKind.SETUP_LINK_USED, about=person.id)
    return await begin_session(ask, person, BY_LINK)


async def _check_code(ask: Ask[JoinRequest], person: Person) -> None:
    """A link is one thing that somebody has; whoever has set up another is asked for that, too."""
    factors = ask.parts.registry.second_factors
    if factors.get(person.id) is None:
        return
    said = Unauthorized("Send the code of your second factor, too.", reason="code")
    await prove(ask, person, partial(factors.take, person.id, ask.body.code or ""), "code", said, link=ask.body.link)


async def _first_admin(ask: Ask[JoinRequest]) -> Person:
    """Whoever opened the set-up link of a mall that has no admin yet."""
    registry, name = ask.parts.registry, ask.body.name
    if not name:
        raise Invalid("Say by which name you sign in.", reason="name")
    strength.check(ask.body.password, Role.ADMIN, name)
    if _is_run(ask.parts) or not await asyncio.to_thread(registry.links.take, ask.body.link):
        raise _gone()
    return await asyncio.to_thread(registry.people.add, name, Role.ADMIN, secret=ask.body.password)


def _is_run(parts: Parts) -> bool:
    return parts.registry.people.has_admin()


def _linked(ask: Ask[JoinLook] | Ask[JoinRequest]) -> Person | None:
    """Whose link it is; None for the set-up.

    Wrong ones alone are counted for each address, and refused: a link is 192 random bits, and whoever has one stands
    behind the same address as whoever guesses.
    """
    parts, asker = ask.parts, asker_at(ask.request.remote)
    link = parts.registry.links.find(ask.body.link)
    person = parts.registry.people.get(link.person) if link and link.person else None
    if link is None or (person is not None and person.suspended_at is not None):
        try:
            parts.limits.links.take(asker, parts.settings().limits.sign_in, monotonic())
        except RateLimited:
            place = Place(account="link", asker=asker, browser=None, address=f"address {asker}")
            parts.guesses.notice(place, monotonic())
            raise
        raise _gone()
    return person


def _gone() -> NotFound:
    return NotFound("That link was used, or its time is over. Ask for a new one.", reason="link")
