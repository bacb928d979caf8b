"""`/api/v1/live`: one websocket for whoever watches, and for the agents of printers.

Who may watch what, and whose it is, stands in topics.py. A page is greeted first and then only listens; everything
that it sees comes through the hub. A printer's agent speaks both ways. Nobody stays linked who would not be let in any
more (recheck.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Container, Iterable
from functools import partial
from urllib.parse import urlsplit

import msgspec
from aiohttp import WSCloseCode, WSMsgType, web
from msgspec import Struct

from queue_server.errors import AntreanError, Forbidden, Invalid, NotFound, Refused, Unauthorized
from queue_server.service.logs import log
from queue_server.service.screens import Screen
from queue_server.service.touches import READER, DeviceTold, named
from queue_server.views.instants import rfc3339
from queue_server.web.edge.limits import Flow, Said
from queue_server.web.identity.access import CALLER, ROUTE, Caller
from queue_server.web.identity.recheck import Check, Held
from queue_server.web.machines import agents
from queue_server.web.parts import Parts
from queue_server.web.queues import lookups
from queue_server.web.scope import HOLDER
from queue_server.web.sockets import callers_of, hold_little, is_packed, leave_behind, open_socket, part, say
from queue_server.web.topics import BY_KIND
from queue_server.wire import live as wire

PATH = "/api/v1/live"
TOPICS = 50
"""A page watches a handful."""

FROM_PAGE = 4 * 1024
"""Bytes of one message."""

PAGES_FLOW = Flow(per_s=5, at_once=100)
"""Messages of a page, which says little more than that it is there."""


def endpoint(parts: Parts) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def live(request: web.Request) -> web.StreamResponse:
        request[ROUTE] = PATH
        asked = _asked(request)
        callers = callers_of(parts, request)
        request[CALLER] = callers[0]
        topics = tuple([await allowed(parts, request, callers, topic) for topic in asked])
        if request.headers.get("Upgrade", "").lower() != "websocket":
            raise web.HTTPUpgradeRequired
        _check_origin(request, callers)
        if topics[0].startswith("printer:"):
            return await agents.serve(parts, request, topics[0].partition(":")[2], partial(_now, parts, request, asked))
        return await _page(parts, request, callers, topics, partial(_now, parts, request, asked))

    return live


def _asked(request: web.Request) -> tuple[str, ...]:
    topics = tuple(dict.fromkeys(request.query.getall("topic", [])))
    if not topics or not all(topics) or len(topics) > TOPICS:
        raise Invalid(f"Say what to watch: ?topic=board:main; up to {TOPICS}.", reason="field", field="topic")
    if len(topics) > 1 and any(topic.startswith("printer:") for topic in topics):
        raise Invalid("A printer's agent has a connection of its own.", reason="field", field="topic")
    return topics


def _check_origin(request: web.Request, callers: Iterable[Caller]) -> None:
    """Browsers let any site open a websocket with our cookies; only our own pages may."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host and any(one.by_cookie for one in callers):
        raise Forbidden("Another site's page may not watch with these cookies.", reason="cross_site")


# Who may watch what


class Watching(Struct, frozen=True, kw_only=True):
    """What one caller asks to watch, as scopes look at it."""

    parts: Parts
    caller: Caller
    subject: str
    body: None = None


async def allowed(parts: Parts, request: web.Request, callers: tuple[Caller, ...], asked: str) -> str:
    """The topic as the hub knows it. Raises what the first of the callers is refused with if none may watch it."""
    kind, _, subject = asked.partition(":")
    topic = BY_KIND.get(kind)
    if topic is None or READER in subject:
        raise NotFound(f"There is no topic {asked!r}.", topic=asked)
    if topic.scope is HOLDER:
        known = await lookups.look_up(parts, request, callers[0], subject)
        parts.engine.state.ticket(known.id)  # an earlier day's does not change any more
    first: Refused | None = None
    for caller in callers:
        try:
            _check_role(caller, topic.who)
            topic.scope.check(Watching(parts=parts, caller=caller, subject=subject))
        except (Forbidden, Unauthorized) as refused:
            first = first or refused
        else:
            finer = topic.finer(caller, subject)
            return f"{kind}:{finer}" if finer else kind
    raise first or Unauthorized("Send a token.", reason="nobody")


def _check_role(caller: Caller, who: frozenset[str]) -> None:
    if who and not caller.role:
        raise Unauthorized("Sign in, or send a token.", reason="nobody")
    if who and caller.role not in who:
        raise Forbidden(f"A {caller.role} may not watch that.", reason="role", role=caller.role)


async def _now(parts: Parts, request: web.Request, asked: tuple[str, ...]) -> tuple[str, ...]:
    """Who the request lets in now and what they may watch. Who holds a ticket's id may follow it, whoever that is."""
    callers = callers_of(parts, request)
    topics = [topic for topic in asked if BY_KIND[topic.partition(":")[0]].scope is not HOLDER]
    return (*(one.id for one in callers), *[await allowed(parts, request, callers, topic) for topic in topics])


# Pages


async def _page(
    parts: Parts, request: web.Request, callers: tuple[Caller, ...], topics: tuple[str, ...], check: Check
) -> web.WebSocketResponse:
    packs = any(BY_KIND[topic.partition(":")[0]].packs for topic in topics)
    socket = await open_socket(parts, request, FROM_PAGE, packs=packs)
    tell = partial(say, socket)
    screens = _screens(parts, socket, callers, topics)
    here = _devices(parts, callers, topics)
    transport = request.transport
    try:
        if transport is None:
            return socket
        hold_little(request)
        await tell(msgspec.json.encode(_greeting(parts, request)).decode())
        held = Held(check=check, granted=await check(), cut=partial(part, socket, WSCloseCode.POLICY_VIOLATION))
        client = await parts.hub.join(transport, topics, packs=is_packed(socket))
        parts.recheck.begin(held)
        own = _own(here, callers)
        for device in own:
            parts.pictures.here(device, tell)
        try:
            await _listen(parts, socket, screens, own)
        finally:
            for device in own:
                parts.pictures.gone(device, tell)
            parts.recheck.end(held)
            parts.hub.leave(client)
    except (AntreanError, ConnectionError) as error:
        log.info("live_ended", error=type(error).__name__)
        await part(socket, WSCloseCode.TRY_AGAIN_LATER)
    finally:
        for screen in screens:
            parts.screens.departed(screen)
        for device in here:
            _linked(parts, device, -1)
        leave_behind(socket)
    return socket


def _greeting(parts: Parts, request: web.Request) -> wire.Greeting:
    said = request.query.get("version", "")
    version = int(said) if said.isascii() and said.isdigit() and len(said) < 9 else wire.VERSION
    older = None if version == wire.VERSION else "client" if version < wire.VERSION else "server"
    return wire.Greeting(
        version=wire.VERSION,
        boot=parts.boot,
        build=parts.pages.build,
        now=rfc3339(parts.engine.now()),
        update=older,
    )


async def _listen(
    parts: Parts, socket: web.WebSocketResponse, screens: Iterable[Screen], devices: Iterable[tuple[str, str]]
) -> None:
    """Until the page goes. A device says how it is; what others say means nothing but that they are there."""
    said = Said(PAGES_FLOW)
    async for message in socket:
        if not said.takes(asyncio.get_running_loop().time()):
            await part(socket, WSCloseCode.POLICY_VIOLATION, b"too_much")
            return
        for screen in screens:
            parts.screens.heard(screen)
        if message.type is WSMsgType.PING:
            await socket.pong(message.data)
        elif message.type is WSMsgType.TEXT:
            _hear(parts, devices, message.data)


def _hear(parts: Parts, devices: Iterable[tuple[str, str]], said: str) -> None:
    now = asyncio.get_running_loop().time()
    for device in devices:
        if parts.heartbeats.hear(parts.registry.devices, device, said, now):
            parts.hub.happened(DeviceTold())


def _own(here: Iterable[tuple[str, str]], callers: tuple[Caller, ...]) -> list[tuple[str, str]]:
    """The devices that speak on this connection themselves: a supervisor who looks at a kiosk's page is no kiosk."""
    own = {(one.role, one.name) for one in callers}
    return [device for device in here if device in own]


def _screens(
    parts: Parts, socket: web.WebSocketResponse, callers: tuple[Caller, ...], topics: tuple[str, ...]
) -> list[Screen]:
    """Somebody's screen is here, for each counter that it shows and everybody whom it may be."""
    clerks = {one.clerk for one in callers if one.clerk}
    counters = [named(subject) for kind, _, subject in (topic.partition(":") for topic in topics) if kind == "counter"]
    return [parts.screens.arrived(counter, clerk, socket.ping) for counter in counters for clerk in clerks]


def _devices(parts: Parts, callers: tuple[Caller, ...], topics: tuple[str, ...]) -> list[tuple[str, str]]:
    """The devices that are here with this connection, now noted as linked."""
    known = parts.engine.state.rules.boards
    here = [_device(callers, kind, subject, known) for kind, _, subject in (topic.partition(":") for topic in topics)]
    found = [device for device in here if device is not None]
    for device in found:
        _linked(parts, device, 1)
    return found


def _device(callers: tuple[Caller, ...], kind: str, subject: str, boards: Container[str]) -> tuple[str, str] | None:
    """A kiosk or display is known by its token. Staff who look at a kiosk's page are none, nor is what an address says.

    What stands over a counter with a board's token would be taken for that board.
    """
    if kind == "kiosk":
        own = any((one.role, one.name) == ("kiosk", subject) for one in callers)
        return ("kiosk", subject) if own else None
    if kind in ("board", "sign"):
        shown = next((one.name for one in callers if one.role == "display"), None)
        return ("display", shown) if shown and (kind == "board" or shown not in boards) else None
    return None


def _linked(parts: Parts, device: tuple[str, str], change: int) -> None:
    parts.linked[device] += change
    if not parts.linked[device]:
        parts.heartbeats.forget(device)
    # one that was revoked while it was linked has been forgotten, and its line's end does not bring it back
    if change > 0 or parts.registry.devices.get(*device) is not None:
        parts.registry.devices.saw(*device, version=parts.version)
    parts.hub.happened(DeviceTold())
