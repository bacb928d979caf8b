"""A house with one counter: serves the staff's pages, answers their calls, and records every command.

The counter is a real one (`Desk`): what the terminal sends is decided by the domain and shown by the server's own view,
over which a test may put what it wants to see. Floor and tickets' pages are canned. A test may refuse the next command,
hold its answer back, lose it after carrying it out, or cut the live line.
"""

import asyncio
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec
from aiohttp import web
from msgspec import UnsetType
from msgspec.structs import replace

from queue_server.errors import Refused
from queue_server.views.standing import judged
from queue_server.web.identity.access import Caller
from queue_server.web.may import may
from queue_server.web.permissions import SUPERVISORS
from queue_server.web.problems import problem
from queue_server.wire.api import CitizenView, Me, Problem, TicketView
from queue_server.wire.live import DeskView, FloorView, TicketPageView
from queue_server.wire.reports import UsualView
from tests.fakes import canned
from tests.fakes.desk import Desk
from tests.fakes.page_server import PageServer, as_json, as_problem


@dataclass(frozen=True)
class Posted:
    """A command as it came."""

    path: str
    body: dict[str, Any]
    key: str


@dataclass
class House(PageServer):
    """What the pages see. Change it, then `push` the topic."""

    counter: Desk = field(default_factory=Desk)
    over: dict[str, Any] = field(default_factory=dict)
    """Fields of the terminal's view that say something else than the counter does, until the next command."""
    floor: FloorView = field(default_factory=canned.floor)
    page: TicketPageView | None = field(default_factory=canned.ticket_page)
    me: Me | None = field(default_factory=lambda: Me(role="clerk", name="Rani", clerk="p-7f3a", counter="c12"))
    usual: UsualView | None = None
    citizen: CitizenView | None = None
    """What the citizen of any ticket said of themselves."""
    read: list[str] = field(default_factory=list)
    """The tickets of which that was asked for."""
    posted: list[Posted] = field(default_factory=list)
    answered: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    refusal: Problem | None = None
    lose_next: bool = False
    gate: asyncio.Event | None = None
    online: bool = True
    strange: bool = False
    """Who is signed in may not look at what the live line shows."""
    deaf: bool = False
    """Commands break off unread, while the live line stands."""
    url: str = ""
    demo: bool = True

    def commands(self, name: str = "") -> list[Posted]:
        """Commands whose path ends so, each key once: what a server would have carried out."""
        seen: dict[str, Posted] = {one.key: one for one in self.posted if one.path.endswith(name)}
        return list(seen.values())

    @property
    def desk(self) -> DeskView:
        """What counter 12's terminal shows now."""
        return replace(self.counter.view(), **self.over)

    def at(self, counter: Desk, /, **over: Any) -> None:
        """Counter 12 is found like this, with `over` put over what its terminal shows."""
        self.counter, self.over = counter, over

    def view(self, topic: str) -> object:
        kind = topic.partition(":")[0]
        if kind == "counter":
            return self.desk
        if kind == "floor":
            late = {alert.subject for alert in self.floor.alerts if alert.kind == "over_target"}
            return replace(self.floor, services=judged(self.floor.services, late))
        return self.page

    def refused(self, topics: list[str]) -> web.Response | None:
        if not self.online:
            return web.Response(status=503)
        return web.Response(status=403) if self.strange else None

    def routes(self) -> Iterable[web.RouteDef]:
        return _api(self)

    async def push(self) -> None:
        """Everybody who watches gets the whole view, as after each change."""
        await self.tell()

    async def cut(self) -> None:
        """The line is lost, and stays so until `online` is set again."""
        self.online = False
        await self.hang_up()


TICKET_MOVES = {
    "waiting": ("call", "park", "transfer", "reprint", "cancel"),
    "called": ("put-back", "reprint", "cancel"),
    "serving": ("reprint",),
    "parked": ("return", "reprint", "cancel"),
    "no_show": ("return", "reprint", "cancel"),
    "served": ("reprint", "correct"),
}


def found_ticket(house: House) -> TicketView | None:
    """The ticket with what the server would say may be done with it."""
    shown = house.page.ticket if house.page else None
    if shown is None or not isinstance(shown.moves, UnsetType):
        return shown
    return replace(shown, moves=TICKET_MOVES.get(shown.state, ()))


def _as(shown: TicketView, state: str) -> TicketView:
    step = replace(shown.steps[-1], state="finished" if state == "served" else state)
    return replace(shown, state=state, steps=(*shown.steps[:-1], step))


# ---------------------------------------------------------------------------------------- the edge


def _api(house: House) -> list[web.RouteDef]:
    def asked(answer: Callable[[web.Request], object]) -> Callable[[web.Request], Any]:
        async def handler(request: web.Request) -> web.StreamResponse:
            if not house.online and request.transport is not None:
                request.transport.abort()
            found = answer(request)
            if found is None:
                return as_problem(Problem(type="", title="", status=404, code="not_found", detail=""))
            return as_json(found)

        return handler

    async def me(_request: web.Request) -> web.StreamResponse:
        if house.me is None:
            return as_problem(Problem(type="", title="", status=401, code="unauthorized", detail=""))
        who = house.me
        own = who.agencies or ((who.agency,) if who.agency else None)
        caller = Caller(id="", role=who.role, name=who.name, clerk=who.clerk or "", agencies=own)
        return as_json(replace(who, may=may(caller), stands_in=who.role in SUPERVISORS))

    def ticket(request: web.Request) -> object:
        shown = found_ticket(house)
        return shown if shown and shown.id == request.match_info["ticket"] else None

    def citizen(request: web.Request) -> object:
        house.read.append(request.match_info["ticket"])
        return house.citizen

    def by_number(request: web.Request) -> object:
        shown = found_ticket(house)
        return shown if shown and shown.number == request.query["number"] else None

    return [
        web.get("/api/v1/me", me),
        web.get("/api/v1/usual", asked(lambda _request: house.usual)),
        web.get("/api/v1/mall", asked(lambda _request: canned.mall())),
        web.get("/api/v1/counters", asked(lambda _request: house.counter.counters())),
        web.get("/api/v1/counters/{counter}", asked(lambda _request: house.desk.counter)),
        web.get("/api/v1/queues", asked(lambda _request: [{"service": "ktp-baru", "order": house.desk.queue.next}])),
        web.get("/api/v1/rules", asked(lambda _request: {"targets": {}, "help_after": {"c2": {"ktp-baru": 300}}})),
        web.get("/api/v1/tickets", asked(by_number)),
        web.get("/api/v1/tickets/{ticket}", asked(ticket)),
        web.get("/api/v1/tickets/{ticket}/citizen", asked(citizen)),
        web.get("/api/v1/tickets/{ticket}/page", asked(lambda request: house.page if ticket(request) else None)),
        web.get("/api/v1/openapi.json", asked(lambda _request: OPENAPI)),
        web.get("/printers/{printer}/slips", asked(lambda _request: SLIPS)),
        web.get("/slip.svg", _slip),
        web.post("/api/v1/{path:.+}", partial(_post, house)),
    ]


async def _post(house: House, request: web.Request) -> web.StreamResponse:
    """One command: held, refused, lost or carried out, as the test wants it; the same key gets the same answer."""
    if house.deaf and request.transport is not None:
        request.transport.abort()
        return web.Response(status=503)
    raw = await request.text()
    path, key = request.match_info["path"], request.headers["Idempotency-Key"]
    house.posted.append(Posted(path=path, body=json.loads(raw or "{}"), key=key))
    if house.gate:
        await house.gate.wait()
    if house.refusal:
        refused, house.refusal = house.refusal, None
        return as_problem(refused)
    if key not in house.answered:
        try:
            house.answered[key] = _carry_out(house, path, json.loads(raw or "{}"))
        except Refused as error:
            return problem(error)
        await house.push()
    if (house.lose_next or not house.online) and request.transport is not None:
        house.lose_next = False
        request.transport.abort()
    status, body = house.answered[key]
    return web.Response(status=status, body=body, content_type="application/json")


def _carry_out(house: House, path: str, body: dict[str, Any]) -> tuple[int, bytes]:
    parts = path.split("/")
    answer: object = {}
    if parts[0] == "counters" and len(parts) == 3:
        house.over = {}
        answer = house.counter.act(parts[1], parts[2], body)
        if answer is None:
            return 204, b""
    elif parts[0] == "tickets" and len(parts) == 3 and parts[2] == "cancel" and house.page:
        house.page = replace(house.page, ticket=_as(house.page.ticket, "cancelled"), may_cancel=False)
        answer = house.page.ticket
    elif parts[0] == "tickets" and len(parts) == 3 and parts[2] in ("step-away", "come-back") and house.page:
        gone = parts[2] == "step-away"
        shown = _as(house.page.ticket, "parked" if gone else "waiting")
        house.page = replace(house.page, ticket=shown, away_minutes=(), back_at=canned.ago(-600) if gone else None)
        answer = house.page.ticket
    elif parts[0] == "tickets" and len(parts) == 3 and parts[1] in house.counter.state.tickets:
        answer = house.counter.of_ticket(parts[1], parts[2], body)
    elif parts[2:] == ["roll"]:
        answer = {"service": parts[1], "last": f"P{body['last']:03d}", "waiting": 6}
    elif parts[2:] == ["roll", "undo"]:
        answer = {"service": parts[1], "last": None, "waiting": 0}
    elif parts == ["tickets"]:
        answer = canned.ticket("A031", "waiting")
        return 201, msgspec.json.encode(answer)
    elif parts == ["rules", "preview"]:
        answer = {
            "queues": [{"service": "ktp-baru", "order": house.desk.queue.next, "now": house.desk.queue.next[::-1]}],
            "counters": [
                {"counter": "c2", "order": house.desk.queue.next, "now": house.desk.queue.next[::-1]},
                {"counter": "c12", "order": house.desk.queue.next, "now": house.desk.queue.next[::-1]},
                {"counter": "c8", "order": house.desk.queue.next, "now": house.desk.queue.next},
            ],
        }
    return 200, msgspec.json.encode(answer)


async def _slip(_request: web.Request) -> web.StreamResponse:
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="384" height="520"><rect width="384" height="520" fill="#fff"/>'
        '<text x="192" y="200" font-size="96" font-weight="700" text-anchor="middle">A 012</text></svg>'
    )
    return web.Response(text=picture, content_type="image/svg+xml")


SLIPS = {
    "printer": "p1",
    "state": "ready",
    "slips": [{"n": number, "at": "2026-11-24T02:00:00Z", "url": f"/slip.svg?n={number}"} for number in (1, 2, 3)],
}
OPENAPI = {
    "openapi": "3.1.0",
    "info": {"title": "Antrean", "description": "The queues of a public service mall."},
    "paths": {
        "/api/v1/tickets": {
            "post": {
                "summary": "Take a ticket",
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Issue"}}}},
                "responses": {
                    "201": {
                        "description": "The ticket",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Ticket"}}},
                    }
                },
            },
            "get": {
                "summary": "Find a ticket",
                "parameters": [{"name": "number", "in": "query", "required": True, "schema": {"type": "string"}}],
                "responses": {"404": {"description": "No such ticket"}},
            },
        }
    },
    "components": {
        "schemas": {
            "Issue": {
                "type": "object",
                "properties": {
                    "service": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                    "services": {"type": "array", "items": {"type": "string"}},
                },
            },
            "Ticket": {
                "type": "object",
                "description": "A citizen's place.",
                "required": ["number"],
                "properties": {"number": {"type": "string", "description": "As on the slip"}},
            },
        }
    },
}
