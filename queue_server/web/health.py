"""What operations ask: does it live, may it be sent work, how does it do. None of it waits for the disk.

Anybody may learn that it lives. Why it does not, which version it is, and the figures are for whoever has a token of
staff who see the whole house, and for the addresses that `[server] watchers` names.
"""

from __future__ import annotations

import time
from contextlib import suppress

import msgspec
from aiohttp import web

from queue_server.errors import Forbidden, Refused, Unavailable
from queue_server.web.edge.headers import SECURITY
from queue_server.web.edge.meter import TYPE, exposition
from queue_server.web.edge.peers import is_watcher
from queue_server.web.endpoint import JSON
from queue_server.web.identity.access import NOBODY, admit
from queue_server.web.identity.guesses import said_of
from queue_server.web.parts import Parts
from queue_server.web.permissions import ANYONE, WATCHERS
from queue_server.wire.staff import Health


def routes(parts: Parts) -> list[web.RouteDef]:
    async def live(request: web.Request) -> web.StreamResponse:
        return answer(parts, healthy=parts.engine.healthy, why=may_know(parts, request))

    async def ready(request: web.Request) -> web.StreamResponse:
        healthy = parts.engine.healthy and parts.engine.state.open
        return answer(parts, healthy=healthy, why=may_know(parts, request))

    async def metrics(request: web.Request) -> web.StreamResponse:
        if not may_know(parts, request):
            admit(parts.doors, request, WATCHERS)
            raise Forbidden("The figures are for whoever sees the whole mall.", reason="other_agency")
        body = exposition(parts.engine, parts.hub, parts.printing.printers, parts.meter, parts.lines, parts.version)
        return web.Response(body=body, headers={**SECURITY, "Content-Type": TYPE})

    return [web.get("/healthz", live), web.get("/readyz", ready), web.get("/metrics", metrics)]


def may_know(parts: Parts, request: web.Request) -> bool:
    """Whoever asks is somebody who looks after the house."""
    server = parts.settings().server
    caller = NOBODY
    with suppress(Refused, Unavailable):  # a token that lets nobody in is no reason to call a living server dead
        caller = admit(parts.doors, request, ANYONE)
    if caller.role in WATCHERS and caller.agencies is None:
        return True
    return is_watcher(request, server.watchers, server.proxies)


def alarms(parts: Parts) -> tuple[str, ...]:
    """What an operator must look at."""
    guessed = parts.guesses.alarm(time.monotonic())
    edge = (
        parts.lines.alarm,
        parts.certificate.alarm if parts.certificate else None,
        None if guessed is None else said_of(guessed),
        parts.closings.alarm if parts.closings else None,
    )
    return (*parts.engine.alarms, *parts.speech.troubles.values(), *filter(None, edge))


def answer(parts: Parts, *, healthy: bool, why: bool) -> web.Response:
    """200, or 503 while commands are not taken."""
    view = Health(
        status="ok" if healthy else "failing",
        boot=parts.boot,
        version=parts.version if why else "",
        alarms=alarms(parts) if why else (),
    )
    return web.Response(body=msgspec.json.encode(view), status=200 if healthy else 503, headers=JSON)
