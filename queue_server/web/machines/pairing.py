"""Letting screens in: a new one shows a code, somebody accepts it as this kiosk or that board, and that is what it is.

`/screen` is the one address that a screen opens, at each start: it leads to the page of whoever it is, or to a code.
What it is, is a token in its cookie, like every device's; so it is revoked, renamed and replaced as one.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

from aiohttp import web

from queue_server.domain.acts import ActKind
from queue_server.errors import IllegalMove, Invalid, NotFound
from queue_server.registry import pairings
from queue_server.registry.agencies import together
from queue_server.registry.roles import DEVICES, Role
from queue_server.registry.tokens import Token, device_name
from queue_server.views.instants import rfc3339
from queue_server.web.ask import Ask, Nothing
from queue_server.web.edge.limits import asker_at
from queue_server.web.identity.access import COOKIES, set_cookie
from queue_server.web.noting import note
from queue_server.web.parts import Parts
from queue_server.wire.devices import AcceptRequest, Let, PairingView, RenameRequest, RotatedView, TokenView

COOKIE = "antrean_pairing"
"""The secret of a screen that shows a code."""


async def begin(ask: Ask[Nothing]) -> PairingView:
    """A fresh code for this screen."""
    asker, rate = asker_at(ask.request.remote), ask.parts.settings().limits.pairing
    ask.parts.limits.pairing.take(asker, rate, asyncio.get_running_loop().time())
    secret, pairing = await asyncio.to_thread(ask.parts.registry.pairings.begin)
    ask.cookies.append(lambda response: _keep(response, ask.request, secret))
    return PairingView(code=pairings.shown(pairing.code), expires_at=rfc3339(pairing.expires_at))


async def claim(ask: Ask[Nothing]) -> PairingView:
    """What became of this screen's code; once it is accepted, the screen is let in by this answer."""
    registry = ask.parts.registry
    own = own_page(ask.parts, ask.request)
    if own is not None:  # it was let in before, and has only been switched on again
        return PairingView(page=own)
    secret = ask.request.cookies.get(COOKIE, "")
    pairing = registry.pairings.of(secret) if secret else None
    if pairing is None:
        return PairingView(over=True)
    if pairing.kind is None or pairing.name is None:
        return PairingView(code=pairings.shown(pairing.code), expires_at=rfc3339(pairing.expires_at))
    kind, name, shows = Role(pairing.kind), pairing.name, pairing.shows
    bearer = await asyncio.to_thread(_let_in, ask.parts, secret, kind, name, shows)
    if bearer is None:
        return PairingView(over=True)
    await note(ask, ActKind.DEVICE_PAIRED, about=f"{kind}:{name}")
    ask.cookies.append(lambda response: set_cookie(response, ask.request, COOKIES[kind], bearer, lasting=True))
    ask.cookies.append(lambda response: response.del_cookie(COOKIE, path="/"))
    return PairingView(page=page_of(kind, name, shows))


def _let_in(parts: Parts, secret: str, kind: Role, name: str, shows: str | None) -> str | None:
    """The screen's token; whatever machine was this device before is it no more. None where the code was taken."""
    if not parts.registry.pairings.end(secret):
        return None
    for token in parts.registry.tokens.of_device(kind, name):
        parts.registry.tokens.revoke(token.id)
    parts.doors.forget_all()
    return parts.registry.tokens.create(kind, name=name, shows=shows)


async def accept(ask: Ask[AcceptRequest]) -> Let:
    """The screen that shows this code is that kiosk, or a display of that board."""
    body, registry = ask.body, ask.parts.registry
    rules = ask.parts.engine.state.rules
    there = rules.kiosks if body.kind == "kiosk" else rules.boards
    if body.id not in there:
        raise NotFound(f"There is no {body.kind} {body.id!r}.", kind=body.kind, id=body.id)
    name = device_name((body.name or "").strip()) if (body.name or "").strip() else body.id
    if body.kind == "kiosk" and name != body.id:
        raise Invalid("A kiosk is called what config.toml calls it.", reason="name", field="name")
    if registry.tokens.of_device(body.kind, name) and not body.replace:
        raise IllegalMove(f"A machine is {name} already; say `replace` if this one takes its place.", reason="taken")
    shows = body.id if body.kind == "display" else None
    await asyncio.to_thread(registry.pairings.accept, body.code, body.kind, name, shows)
    await note(ask, ActKind.DEVICE_REPLACED if body.replace else ActKind.DEVICE_ASKED, about=f"{body.kind}:{name}")
    return Let(kind=body.kind, id=name, page=page_of(body.kind, name, shows))


async def revoke(ask: Ask[Nothing]) -> tuple[TokenView, ...]:
    """No machine is this device any more; what is open there is cut off within a second."""
    kind, name = _device(ask)
    registry = ask.parts.registry
    tokens = registry.tokens.of_device(kind, name)
    if not tokens and registry.devices.get(kind, name) is None:
        raise NotFound(f"No machine is {name!r}.", kind=kind, id=name)
    for token in tokens:
        await asyncio.to_thread(registry.tokens.revoke, token.id)
    ask.parts.doors.forget_all()
    await asyncio.to_thread(registry.devices.forget, kind, name)
    await note(ask, ActKind.DEVICE_REVOKED, about=f"{kind}:{name}")
    return tuple(_view(token) for token in registry.tokens.list() if token.id in {one.id for one in tokens})


async def revoke_own(ask: Ask[Any], kiosk: str) -> None:
    """The machine that is this kiosk lets itself out, and shows a code."""
    for token in ask.parts.registry.tokens.of_device("kiosk", kiosk):
        await asyncio.to_thread(ask.parts.registry.tokens.revoke, token.id)
    ask.parts.doors.forget_all()
    await note(ask, ActKind.DEVICE_REVOKED, about=f"kiosk:{kiosk}")


async def rename(ask: Ask[RenameRequest]) -> Let:
    """The machine that is this device is another one from now on; its screen goes there by itself."""
    kind, name = _device(ask)
    new, registry = ask.body.name.strip(), ask.parts.registry
    if kind != "display" and new not in (ask.parts.engine.state.rules.kiosks | ask.parts.engine.state.rules.printers):
        raise NotFound(f"There is no {kind} {new!r}.", kind=kind, id=new)
    if registry.tokens.of_device(kind, new):
        raise IllegalMove(f"A machine is {new} already.", reason="taken")
    if not await asyncio.to_thread(registry.tokens.rename, kind, name, new):
        raise NotFound(f"No machine is {name!r}.", kind=kind, id=name)
    ask.parts.doors.forget_all()
    await asyncio.to_thread(registry.devices.forget, kind, name)
    await note(ask, ActKind.DEVICE_RENAMED, about=f"{kind}:{new}", details={"was": name})
    shows = next((one.shows for one in registry.tokens.of_device(kind, new)), None)
    return Let(kind=kind, id=new, page=page_of(kind, new, shows))


def _device(ask: Ask[Any]) -> tuple[str, str]:
    kind = ask["kind"]
    if kind not in DEVICES:
        raise NotFound(f"There are no devices of the kind {kind!r}.", kind=kind)
    return kind, ask["id"]


# Tokens


async def tokens(ask: Ask[None]) -> tuple[TokenView, ...]:
    """Every token that was ever made, the newest first; never the secret itself, which nobody has."""
    return tuple(_view(token) for token in reversed(ask.parts.registry.tokens.list()))


async def revoke_token(ask: Ask[Nothing]) -> TokenView:
    """It lets nobody in from now on, and what is open by it is cut off within a second."""
    number = _number(ask)
    await asyncio.to_thread(ask.parts.registry.tokens.revoke, number)
    ask.parts.doors.forget_all()
    await note(ask, ActKind.TOKEN_REVOKED, about=f"token:{number}")
    return next(_view(token) for token in ask.parts.registry.tokens.list() if token.id == number)


async def rotate_token(ask: Ask[Nothing]) -> RotatedView:
    """A fresh one for the same use, shown this once; the old one lets nobody in any more."""
    number = _number(ask)
    bearer = await asyncio.to_thread(ask.parts.registry.tokens.rotate, number)
    ask.parts.doors.forget_all()
    await note(ask, ActKind.TOKEN_ROTATED, about=f"token:{number}")
    return RotatedView(token=bearer)


def _number(ask: Ask[Nothing]) -> int:
    said = ask["token"]
    if not (said.isascii() and said.isdigit() and len(said) < 10):
        raise NotFound(f"There is no token {said!r}.", token=said)
    return int(said)


def _view(token: Token) -> TokenView:
    return TokenView(
        id=token.id,
        role=str(token.role),
        name=token.name,
        counter=token.counter,
        agency=together(token.agencies),
        shows=token.shows,
        created_at=rfc3339(token.created_at),
        used_at=rfc3339(token.used_at),
        revoked_at=rfc3339(token.revoked_at),
    )


# The screen's own address


def own_page(parts: Parts, request: web.Request) -> str | None:
    """Where the screen belongs that has been let in already."""
    for cookie in COOKIES.values():
        token = parts.registry.tokens.find(request.cookies.get(cookie, ""))
        if token is not None and token.name:
            return page_of(str(token.role), token.name, token.shows)
    return None


def page_of(kind: str, name: str, shows: str | None) -> str:
    return f"/display/{quote(shows or name, safe='')}" if kind == "display" else f"/kiosk/{quote(name, safe='')}"


def _keep(response: web.Response, request: web.Request, secret: str) -> None:
    secure, age = request.scheme == "https", pairings.LIVES_MS // 1000
    response.set_cookie(COOKIE, secret, max_age=age, path="/", httponly=True, samesite="Strict", secure=secure)
