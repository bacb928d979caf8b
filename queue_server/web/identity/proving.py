"""Whoever is signed in, or opened a link, shows once more that it is they: wrong ones are counted one way.

A session, or a link, has ten wrong ones from all addresses together, then it is over: signing in anew is the way. All
of an account's have some together. None of it counts at the door, so nobody is locked out elsewhere by it. Each wrong
one is on record.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from hashlib import sha256
from time import monotonic
from typing import Any, Literal, TypeVar

from queue_server.domain.acts import ActKind
from queue_server.errors import Unauthorized
from queue_server.registry.people import Person
from queue_server.registry.roles import Role
from queue_server.service.logs import log
from queue_server.web.ask import Ask
from queue_server.web.edge.limits import asker_at
from queue_server.web.identity.access import STAFF_COOKIE
from queue_server.web.identity.guesses import Place
from queue_server.web.noting import note
from queue_server.web.parts import Parts

Why = Literal["unlock", "secret", "code"]
"""What was wrong, as the record says it."""
T = TypeVar("T")


async def show_oneself(
    ask: Ask[Any],
    person: Person,
    secret: str,
    why: Why,
    *,
    code: str | None = None,
    factor: bool = False,
    badge: str | None = None,
) -> None:
    """One's present password, or `badge`; where a `factor` is asked for, the code of whoever has one, too.

    Raises Unauthorized.
    """
    if factor and code is None and ask.parts.registry.second_factors.get(person.id) is not None:
        raise Unauthorized("Send the code of your second factor, too.", reason="code_needed")

    def is_right() -> bool:
        registry = ask.parts.registry
        holder = registry.badges.find(badge) if badge else None
        if holder is not None and holder.id == person.id:
            return True
        found = registry.people.check(person.name, secret)
        if found is None or found.id != person.id:
            return False
        if not factor or registry.second_factors.get(person.id) is None:
            return True
        return registry.second_factors.take(person.id, code or "") is not None

    said = Unauthorized("That is not your present password, or not your code.", reason="sign_in")
    await prove(ask, person, is_right, why, said)


def opens_by_badge(parts: Parts, person: Person) -> bool:
    """Whether a badge alone shows who this is: where it is enough for them to sign in by, with no code beside it."""
    alone = parts.settings().sign_in.badge == "alone" and person.role is Role.CLERK
    return alone and parts.registry.badges.has(person.id) and parts.registry.second_factors.get(person.id) is None


async def prove(
    ask: Ask[Any], person: Person, check: Callable[[], T], why: Why, said: Unauthorized, *, link: str | None = None
) -> T:
    """What `check` gives, in a thread and in turn. Raises `said` where that is nothing, RateLimited after too many."""
    guesses, place = ask.parts.guesses, _place(ask, person, link)
    async with guesses.turn(place):
        guesses.check(place, None, monotonic())
        shown = await asyncio.to_thread(check)
        if not shown:
            guesses.wrong(place, None, monotonic())
            if guesses.is_spent(place, monotonic()):
                await _end(ask, link=link)
            await note(ask, ActKind.SIGN_IN_REFUSED, about=person.id, why=why)
            log.warning("sign_in_refused", address=place.asker, who=person.id)
            raise said
    return shown


def _place(ask: Ask[Any], person: Person, link: str | None) -> Place:
    of = link if link is not None else ask.request.cookies.get(STAFF_COOKIE, "")
    proof = sha256(of.encode(errors="replace")).hexdigest()
    return Place(account=person.id, asker=asker_at(ask.request.remote), browser=None, address=None, proof=proof)


async def _end(ask: Ask[Any], *, link: str | None) -> None:
    """The session or link has had its wrong ones."""
    if link is not None:
        await asyncio.to_thread(ask.parts.registry.links.take, link)
        return
    cookie = ask.request.cookies.get(STAFF_COOKIE, "")
    await asyncio.to_thread(ask.parts.registry.sessions.end, cookie)
    ask.parts.doors.forget(cookie)
    await note(ask, ActKind.SESSION_ENDED, about=ask.caller.clerk, why="guesses")
