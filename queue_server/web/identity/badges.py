"""Signing in by badge, where the mall wants it; and which ways to sign in there are.

A badge alone is enough for clerks where the mall says so; whoever may do more shows the password, too. A badge that
nobody has, one that is not enough, a wrong PIN and a missing code get the same answer, and count alike.
"""

from __future__ import annotations

import asyncio
from hashlib import sha256
from time import monotonic

from queue_server.domain.acts import ActKind
from queue_server.errors import Forbidden, Invalid, NotFound, Unauthorized
from queue_server.registry.people import Person
from queue_server.registry.roles import Role
from queue_server.registry.sessions import BY_BADGE
from queue_server.service.logs import log
from queue_server.web.ask import Ask
from queue_server.web.identity.guesses import account_of
from queue_server.web.identity.sign_in import begin_session, place_at, refuse_foreign
from queue_server.web.noting import note
from queue_server.wire.api import Me
from queue_server.wire.people import BadgeRequest, BadgeSignInRequest, SignInWays


async def ways(ask: Ask[None]) -> SignInWays:
    """How people sign in here, beside name and password."""
    settings = ask.parts.settings()
    return SignInWays(badge=settings.sign_in.badge, provider=dict(settings.oidc.name) if settings.oidc.issuer else None)


async def sign_in(ask: Ask[BadgeSignInRequest]) -> Me:
    """Sign in with a badge's number, and a PIN where the mall wants it; the answer sets the session's cookie."""
    parts, body, request = ask.parts, ask.body, ask.request
    refuse_foreign(request)
    mode = parts.settings().sign_in.badge
    if mode == "off":
        raise Forbidden("In this mall nobody signs in by badge.", reason="badge_off")
    if mode == "with_pin" and not body.password:
        raise Invalid("Send the PIN, too.", reason="field", field="password")
    holder = parts.registry.badges.find(body.badge)
    rate = parts.settings().limits.sign_in
    place = place_at(ask, account_of(holder.id if holder else None, _unknown(body.badge)), holder)
    async with parts.guesses.turn(place):
        parts.guesses.check(place, rate, monotonic())
        parts.registry.second_factors.check_key(body.code or "")
        if not await asyncio.to_thread(_is_enough, ask, holder):
            parts.guesses.wrong(place, rate, monotonic())
            about = holder.id if holder else None
            await note(ask, ActKind.SIGN_IN_REFUSED, about=about, why="badge")
            log.warning("sign_in_refused", address=place.asker, who=place.account)
            raise Unauthorized("That badge lets nobody in.", reason="badge")
    assert holder is not None
    return await begin_session(ask, holder, BY_BADGE)


def _is_enough(ask: Ask[BadgeSignInRequest], holder: Person | None) -> bool:
    """Takes as long for a badge that nobody has. Slow."""
    registry, body = ask.parts.registry, ask.body
    if body.password:
        checked = registry.people.check(holder.name if holder else "", body.password)
        if checked is None or holder is None or checked.id != holder.id:
            return False
    elif holder is None or holder.role is not Role.CLERK:
        return False
    return registry.second_factors.get(holder.id) is None or bool(
        registry.second_factors.take(holder.id, body.code or "")
    )


def _unknown(number: str) -> str:
    """What stands for a badge that nobody has, where tries are counted."""
    return "badge " + sha256(number.encode(errors="replace")).hexdigest()


async def set_badge(ask: Ask[BadgeRequest]) -> None:
    """Give somebody a badge in place of the one before, or take it away."""
    person = ask.parts.registry.people.get(ask["person"])
    if person is None:
        raise NotFound("There is nobody of that id.")
    badges = ask.parts.registry.badges
    if ask.body.badge is None:
        if not await asyncio.to_thread(badges.remove, person.id):
            raise NotFound("There is no badge.", reason="badge")
    else:
        await asyncio.to_thread(badges.set, person.id, ask.body.badge)
    await note(ask, ActKind.BADGE_SET, about=person.id, details={"badge": "set" if ask.body.badge else "removed"})
