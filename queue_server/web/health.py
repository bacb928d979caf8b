"""What operations ask: does it live, may it be sent work, how does it do. None of it waits for the disk."""

from __future__ import annotations

import msgspec
from aiohttp import web

from queue_server.web.endpoint import JSON, SECURITY
from queue_server.web.meter import TYPE, exposition
from queue_server.web.parts import Parts
from queue_server.wire.staff import Health


def routes(parts: Parts) -> list[web.RouteDef]:
    async def live(request: web.Request) -> web.StreamResponse:
        return answer(parts, healthy=parts.engine.healthy)

    async def ready(request: web.Request) -> web.StreamResponse:
        return answer(parts, healthy=parts.engine.healthy and parts.engine.state.open)

    async def metrics(request: web.Request) -> web.StreamResponse:
        body = exposition(parts.engine, parts.hub, parts.printing.printers, parts.meter, parts.version)
        return web.Response(body=body, headers={**SECURITY, "Content-Type": TYPE})

    return [web.get("/healthz", live), web.get("/readyz", ready), web.get("/metrics", metrics)]


def answer(parts: Parts, *, healthy: bool) -> web.Response:
    """200, or 503 while commands are not taken."""
    view = Health(
        status="ok" if healthy else "failing",
        boot=parts.boot,
        version=parts.version,
        alarms=(*parts.engine.alarms, *parts.speech.troubles.values()),
    )
    return web.Response(body=msgspec.json.encode(view), status=200 if healthy else 503, headers=JSON)
