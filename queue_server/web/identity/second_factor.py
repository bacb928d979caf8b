"""One's own second factor: set up with an app and a code that it gives, taken away again; somebody else's, by an admin.

Each of it wants the password again, and of whoever has a second factor its code too: a browser that was left open, or
a password alone, is no way to another's account. Whatever changes it ends the person's other sessions.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from functools import partial

from queue_server.domain.acts import ActKind
from queue_server.errors import Forbidden, Invalid, NotFound, Unauthorized
from queue_server.registry.people import Person
from queue_server.registry.roles import Role
from queue_server.registry.second_factors import address_of
from queue_server.settings import Settings
from queue_server.views.instants import rfc3339
from queue_server.web.ask import Ask, Nothing
from queue_server.web.identity.access import STAFF_COOKIE
from queue_server.web.identity.account import oneself
from queue_server.web.identity.proving import prove, show_oneself
from queue_server.web.noting import note
from queue_server.web.page import qr
from queue_server.wire.people import (
    FactorCodeRequest,
    FactorCodes,
    FactorOffer,
    FactorRequest,
    FactorView,
)

ADMINS = frozenset({str(Role.ADMIN), str(Role.AGENCY_ADMIN)})


def factor_for(settings: Settings) -> frozenset[str]:
    """The roles that need one in this mall."""
    return ADMINS if settings.sign_in.second_factor == "admins" else frozenset()


async def standing(ask: Ask[None]) -> FactorView:
    """Whether one has a second factor, and needs one."""
    return _view(ask, oneself(ask))


async def offer(ask: Ask[FactorRequest]) -> FactorOffer:
    """Begin to set it up: what an app reads. It counts only after `/second-factor/confirm`."""
    person = oneself(ask)
    await show_oneself(ask, person, ask.body.password, "secret", code=ask.body.code, factor=True)
    secret = await asyncio.to_thread(ask.parts.registry.second_factors.offer, person.id)
    names = ask.engine.state.rules.name
    mall = next(iter(names.values()), "Antrean")
    address = address_of(secret, name=person.name, mall=mall)
    picture = "data:image/svg+xml;base64," + b64encode(qr.svg(address)).decode()
    return FactorOffer(secret=secret, address=address, picture=picture)


async def confirm(ask: Ask[FactorCodeRequest]) -> FactorCodes:
    """The app's first code: from now on it is asked for. Gives the codes to recover by, this once."""
    person = oneself(ask)
    accept = partial(ask.parts.registry.second_factors.accept, person.id, ask.body.code)
    said = Unauthorized("That code is wrong, or its time is over.", reason="code")
    codes = await prove(ask, person, accept, "code", said)
    assert codes is not None
    await _end_others(ask, person)
    await note(ask, ActKind.SECOND_FACTOR_SET, about=person.id)
    ask.parts.doors.forget_all()
    return FactorCodes(recovery=codes)


async def remove(ask: Ask[FactorRequest]) -> FactorView:
    """Be asked for it no longer, unless this mall wants it of one's role."""
    person = oneself(ask)
    if person.role in factor_for(ask.parts.settings()):
        raise Forbidden("This mall wants a second factor of its admins.", reason="factor_needed")
    await show_oneself(ask, person, ask.body.password, "secret", code=ask.body.code, factor=True)
    await _removed(ask, person)
    await _end_others(ask, person)
    return _view(ask, person)


async def remove_of(ask: Ask[Nothing]) -> None:
    """Take somebody's second factor away, who has lost it; they set up another one."""
    person = ask.parts.registry.people.get(ask["person"])
    if person is None:
        raise NotFound("There is nobody of that id.")
    if person.id == ask.caller.clerk:
        raise Invalid("Take your own away under your account, with your password.", reason="oneself")
    await _removed(ask, person)


async def _end_others(ask: Ask[FactorCodeRequest] | Ask[FactorRequest], person: Person) -> None:
    here = ask.request.cookies.get(STAFF_COOKIE)
    await asyncio.to_thread(partial(ask.parts.registry.sessions.end_all, person.id, but=here))


async def _removed(ask: Ask[FactorRequest] | Ask[Nothing], person: Person) -> None:
    if not await asyncio.to_thread(ask.parts.registry.second_factors.remove, person.id):
        raise NotFound("There is no second factor.", reason="second_factor")
    await note(ask, ActKind.SECOND_FACTOR_REMOVED, about=person.id)


def _view(ask: Ask[None] | Ask[FactorRequest], person: Person) -> FactorView:
    found = ask.parts.registry.second_factors.get(person.id)
    return FactorView(
        set_at=rfc3339(found.set_at) if found else None,
        recovery=found.recovery if found else 0,
        needed=person.role in factor_for(ask.parts.settings()),
    )
