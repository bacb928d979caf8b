"""Tickets on phones by a code on a screen at the entrance, where the mall allows it.

Whoever takes one is there: the code on the screen changes, each is good for a while only and for so many tickets, and
nobody can make one who has not the server's secret of this start. It is sent in the address that the picture says.
"""

from __future__ import annotations

from functools import partial
from time import monotonic

from aiohttp import web

from queue_server.domain import commands as c
from queue_server.errors import Invalid, NotFound
from queue_server.settings import tables
from queue_server.web.ask import Ask, Done
from queue_server.web.edge.limits import asker_at
from queue_server.web.identity.access import admit
from queue_server.web.page import qr
from queue_server.web.parts import PARTS, Parts
from queue_server.web.permissions import BOARDS, FLOOR
from queue_server.web.queues import citizens
from queue_server.web.queues.daily_limit import refuse_unasked
from queue_server.web.queues.places import held
from queue_server.web.queues.poster_codes import TYPED
from queue_server.web.queues.tickets import new_id
from queue_server.wire.api import PosterRequest, PosterView, TicketView


def address(parts: Parts) -> tuple[str, float]:
    """What the picture says now, and in how many seconds that changes. Raises NotFound where there is no such thing."""
    code, left = parts.poster.shown(monotonic(), int(_allowed(parts).code_lasts))
    return f"{parts.engine.state.rules.public_url}/take/{code}", left


async def shown(ask: Ask[None]) -> PosterView:
    """What a screen at the entrance shows now, so that phones take tickets; it changes."""
    url, left = address(ask.parts)
    return PosterView(scan_url=url, typed=url.rpartition("/")[2][:TYPED], changes_in_s=max(1, round(left)))


async def take(ask: Ask[PosterRequest]) -> Done[TicketView]:
    """Take a ticket on one's own phone, by the code that a screen at the entrance shows."""
    parts, body, now = ask.parts, ask.body, monotonic()
    allowed = _allowed(parts)
    number = _good(parts, ask.request, body.code, now)
    async with held(ask, partial(parts.poster.take, number, allowed.per_code), partial(parts.poster.give_back, number)):
        return await _taken(ask)


async def _taken(ask: Ask[PosterRequest]) -> Done[TicketView]:
    parts, body = ask.parts, ask.body
    ticket, services = new_id(), (body.service,)
    _check_category(parts, body.category)
    refuse_unasked(parts.settings(), services)
    said = citizens.understood(ask, services)
    return await ask.do(
        c.IssueTicket,
        ticket=ticket,
        services=services,
        category=body.category,
        language=body.language,
        channel="web",
        kiosk=None,
        by=None,
        citizen=await citizens.keep(ask, ticket, services, said),
        slip_job=None,
    )


def _check_category(parts: Parts, category: str) -> None:
    """A phone chooses among what a kiosk offers; the others are staff's to give."""
    known = parts.engine.state.rules.categories.get(category)
    if known is not None and not known.at_kiosk:
        raise Invalid(f"The category {category!r} is given at the desk.", reason="category", field="category")


async def good(parts: Parts, request: web.Request, code: str) -> None:
    """Raises NotFound for a code that no screen shows any more, RateLimited for an address that guesses."""
    _allowed(parts)
    _good(parts, request, code, monotonic())


def _good(parts: Parts, request: web.Request, code: str, now: float) -> int:
    number = parts.poster.number_of(code, now, int(_allowed(parts).code_lasts)) if code.isascii() else None
    if number is None:
        rate, asker = parts.settings().limits.lookups, asker_at(request.remote)
        parts.limits.lookups.take(asker, rate, now)
        raise NotFound("No screen shows that code any more.", reason="poster_code")
    return number


def _allowed(parts: Parts) -> tables.Poster:
    poster = parts.settings().poster
    if not poster.tickets:
        raise NotFound("In this mall tickets are taken at the kiosks.", reason="poster_off")
    return poster


def routes() -> list[web.RouteDef]:
    """`/poster/code.svg`: the picture of this moment; `/poster/sheet.svg`: the one on paper, which stays the same."""

    async def picture(request: web.Request) -> web.StreamResponse:
        parts = request.app[PARTS]
        admit(parts.doors, request, BOARDS)
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=qr.svg(address(parts)[0]), content_type="image/svg+xml", headers=headers)

    async def on_paper(request: web.Request) -> web.StreamResponse:
        parts = request.app[PARTS]
        admit(parts.doors, request, FLOOR)
        _allowed(parts)
        body = qr.svg(f"{parts.engine.state.rules.public_url}/take")
        return web.Response(body=body, content_type="image/svg+xml")

    return [web.get("/poster/code.svg", picture), web.get("/poster/sheet.svg", on_paper)]
