"""A house with one counter: serves the staff's pages, answers their calls from canned views, and records every command.

`House` follows the counter's life just far enough for a page to be worked by hand: call-next takes the first of the
queue, start, finish, no-show, park, put-back, transfer and undo do what they say. A test may refuse the next command,
hold its answer back, lose it after carrying it out, or cut the live line.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec
from aiohttp import WSMsgType, web
from msgspec import UnsetType
from msgspec.structs import replace

from queue_server.domain.rules import Agency, Board, Category, Counter, Kiosk, Printer, Rules, Service, Zone
from queue_server.views.standing import judged
from queue_server.web import page_table
from queue_server.web.access import SUPERVISORS, Caller
from queue_server.web.may import may
from queue_server.web.pages import Pages
from queue_server.wire.api import CounterView, Me, Problem, TicketView
from queue_server.wire.live import DeskView, Destination, FloorView, Greeting, TicketPageView, UndoView
from tests.fakes import canned

BOOT = "boot-1"
CALLED_MOVES = ("recall", "start", "no-show", "put-back")
HELD_BACK = ("call-next", "call", "recall", "no-show")
"""What a hold leaves undone."""


@dataclass(frozen=True)
class Posted:
    """A command as it came."""

    path: str
    body: dict[str, Any]
    key: str


@dataclass
class House:
    """What the pages see. Change it, then `push` the topic."""

    desk: DeskView = field(default_factory=canned.desk)
    floor: FloorView = field(default_factory=canned.floor)
    page: TicketPageView | None = field(default_factory=canned.ticket_page)
    me: Me | None = field(default_factory=lambda: Me(role="clerk", name="Rani", clerk="p-7f3a", counter="c12"))
    posted: list[Posted] = field(default_factory=list)
    answered: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    refusal: Problem | None = None
    lose_next: bool = False
    gate: asyncio.Event | None = None
    online: bool = True
    closed: dict[str, str] = field(default_factory=dict)
    """Services that take nobody now, with the reason."""
    strange: bool = False
    """Who is signed in may not look at what the live line shows."""
    deaf: bool = False
    """Commands break off unread, while the live line stands."""
    url: str = ""
    sockets: dict[web.WebSocketResponse, list[str]] = field(default_factory=dict)
    seq: int = 0
    before: DeskView | None = None
    build: str = ""
    accent: str | None = None
    """The mall's colour."""

    def commands(self, name: str = "") -> list[Posted]:
        """Commands whose path ends so, each key once: what a server would have carried out."""
        seen: dict[str, Posted] = {one.key: one for one in self.posted if one.path.endswith(name)}
        return list(seen.values())

    def view(self, topic: str) -> Any:
        kind = topic.partition(":")[0]
        if kind == "counter":
            return replace(self.desk, moves=moves_of(self.desk), transfer_services=self.destinations())
        if kind == "floor":
            late = {alert.subject for alert in self.floor.alerts if alert.kind == "over_target"}
            return replace(self.floor, services=judged(self.floor.services, late))
        return self.page

    def destinations(self) -> tuple[Destination, ...]:
        closed = self.closed
        return tuple(replace(one, closed=closed.get(one.id)) for one in self.desk.transfer_services)

    async def push(self) -> None:
        """Everybody who watches gets the whole view, as after each change."""
        for socket, topics in list(self.sockets.items()):
            for topic in topics:
                await self.send(socket, topic)

    async def send(self, socket: web.WebSocketResponse, topic: str) -> None:
        self.seq += 1
        view = self.view(topic)
        if view is None or socket.closed:
            return
        frame = {"topic": topic, "boot": BOOT, "seq": self.seq, "now": canned.ago(0), "view": view}
        await socket.send_str(msgspec.json.encode(frame).decode())

    async def cut(self) -> None:
        """The line is lost, and stays so until `online` is set again."""
        self.online = False
        for socket in list(self.sockets):
            await socket.close()


# ---------------------------------------------------------------------------------------- the counter's life


def moves_of(desk: DeskView) -> tuple[str, ...]:
    """What the server would say is possible at such a counter."""
    counter, ticket = desk.counter, desk.counter.ticket
    if counter.state == "closed":
        return ("open",)
    found = [
        "auto-call",
        "help-answered" if desk.help_since else "help",
        "resume" if counter.state == "paused" else "pause",
    ]
    if ticket is None:
        found += ["close"] if counter.state == "paused" else ["close", "call-next", "call"]
    else:
        found += ["transfer", "park", "note", "cases"]
        found += CALLED_MOVES if ticket.state == "called" else ["finish", "call-next", "call"]
    found += ["undo"] if desk.undo else []
    found += ["return"] if desk.parked else []
    found += [] if desk.evacuation else ["walk-up"]
    return tuple(move for move in found if not (desk.held and move in HELD_BACK))


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


def _free(desk: DeskView, **more: Any) -> DeskView:
    return replace(canned.at_desk(desk, None), timer_from=None, calls=0, **more)


def _undo(house: House, command: str) -> UndoView:
    house.before = house.desk
    return UndoView(command=command, until=canned.ahead(10))


def act(house: House, move: str, body: dict[str, Any]) -> TicketView | CounterView | None:
    """What a counter's command does; None is 204."""
    desk = house.desk
    shown = desk.counter.ticket
    if move in {"open", "resume", "pause", "close"}:
        state = {"pause": "paused", "close": "closed"}.get(move, "open")
        house.desk = canned.at_desk(desk, shown, state=state, reason=body.get("reason"))
        return house.desk.counter
    if move == "undo" and house.before:
        house.desk = replace(house.before, undo=None)
        return house.desk.counter.ticket or shown
    if move == "auto-call":
        house.desk = replace(desk, auto_call=body["on"])
        return house.desk.counter
    if move in {"help", "help-answered"}:
        house.desk = replace(desk, help_since=canned.ago(0) if move == "help" else None)
        return house.desk.counter
    if move == "call-next":
        return _call_next(house)
    assert shown is not None
    undo = _undo(house, move)
    if move == "recall":
        house.desk = replace(desk, calls=desk.calls + 1, no_show_in_s=0, undo=undo)
        return shown
    if move == "start":
        serving = _as(shown, "serving")
        house.desk = replace(canned.at_desk(desk, serving), timer_from=canned.ago(0), undo=undo)
        return serving
    ended = _as(shown, {"finish": "served", "no-show": "no_show", "park": "parked"}.get(move, "waiting"))
    parked = (*desk.parked, ended) if ended.state in {"no_show", "parked"} else desk.parked
    house.desk = _free(desk, undo=undo, parked=parked)
    return ended


def _as(shown: TicketView, state: str) -> TicketView:
    step = replace(shown.steps[-1], state="finished" if state == "served" else state)
    return replace(shown, state=state, steps=(*shown.steps[:-1], step))


def _call_next(house: House) -> TicketView | None:
    desk = house.desk
    if not desk.queue.next:
        house.desk = _free(desk)
        return None
    first, *rest = desk.queue.next
    called = canned.ticket(
        first.number, "called", service=first.service, category=first.category, language=first.language
    )
    queue = replace(desk.queue, waiting=len(rest), next=tuple(rest))
    undo = _undo(house, "call-next")
    house.desk = replace(canned.at_desk(desk, called), queue=queue, timer_from=canned.ago(0), calls=1, undo=undo)
    return called


# ---------------------------------------------------------------------------------------- the edge


def rules() -> Rules:
    texts = {"id": "Kios pintu utama", "en": "Main entrance kiosk"}
    return Rules(
        name=canned.MALL,
        languages=("id", "en"),
        timezone=canned.ZONE,
        agencies={one.id: Agency(id=one.id, name=one.name) for one in canned.AGENCIES},
        services={
            one.id: Service(
                id=one.id,
                agency=canned.AGENCY_OF[one.id],
                name=one.name,
                prefix=canned.PREFIX[one.id],
                targets={},
                paper_roll=one.id == "ktp-baru",
            )
            for one in canned.SERVICES
        },
        counters={
            f"c{number}": Counter(id=f"c{number}", label=str(number), zone="a", services=("ktp-baru",))
            for number in range(1, 12)
        }
        | {"c12": Counter(id="c12", label="12", zone="a", services=("ktp-baru",), desk=True, printer="p2")},
        zones={one.id: Zone(id=one.id, name=one.name) for one in canned.ZONES},
        categories={one.id: Category(id=one.id, name=one.name) for one in canned.CATEGORIES},
        kiosks={"k1": Kiosk(id="k1", name=texts, printer="p1")},
        printers={
            "p1": Printer(id="p1", name={"id": "Pencetak kios 1", "en": "Kiosk printer 1"}),
            "p2": Printer(id="p2", name={"id": "Pencetak meja", "en": "Desk printer"}),
        },
        boards={
            "hall": Board(
                id="hall", name={"id": "Layar aula", "en": "Hall display"}, zones=("a", "b"), languages=("id", "en")
            )
        },
        outcomes={one.id: one.name for one in canned.OUTCOMES},
        pause_reasons={one.id: one.name for one in canned.PAUSES},
        reasons={one.id: one.name for one in canned.REASONS},
    )


def _json(value: object, status: int = 200) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), content_type="application/json", status=status)


def application(house: House) -> web.Application:
    pages = Pages({}, lambda: ("id", "en"), lambda: house.accent)
    house.build = pages.build
    app = web.Application()
    app.router.add_routes(pages.routes())
    app.router.add_routes(page_table.routes(pages, page_table.House(rules=rules), demo=True))
    app.router.add_routes(_api(house))
    return app


def _api(house: House) -> list[web.RouteDef]:
    def asked(answer: Callable[[web.Request], object]) -> Callable[[web.Request], Any]:
        async def handler(request: web.Request) -> web.StreamResponse:
            if not house.online and request.transport is not None:
                request.transport.abort()
            found = answer(request)
            if found is None:
                return _problem(Problem(type="", title="", status=404, code="not_found", detail=""))
            return _json(found)

        return handler

    async def me(_request: web.Request) -> web.StreamResponse:
        if house.me is None:
            return _problem(Problem(type="", title="", status=401, code="unauthorized", detail=""))
        who = house.me
        caller = Caller(id="", role=who.role, name=who.name, clerk=who.clerk or "", agency=who.agency)
        return _json(replace(who, may=may(caller), stands_in=who.role in SUPERVISORS))

    def ticket(request: web.Request) -> object:
        shown = found_ticket(house)
        return shown if shown and shown.id == request.match_info["ticket"] else None

    def by_number(request: web.Request) -> object:
        shown = found_ticket(house)
        return shown if shown and shown.number == request.query["number"] else None

    return [
        web.get("/api/v1/me", me),
        web.get("/api/v1/mall", asked(lambda _request: canned.mall(house.closed))),
        web.get("/api/v1/counters", asked(lambda _request: [house.desk.counter, *_colleagues()])),
        web.get("/api/v1/counters/{counter}", asked(lambda _request: house.desk.counter)),
        web.get("/api/v1/queues", asked(lambda _request: [{"service": "ktp-baru", "order": canned.queue()}])),
        web.get("/api/v1/rules", asked(lambda _request: {"targets": {}, "help_after": {"c2": {"ktp-baru": 300}}})),
        web.get("/api/v1/tickets", asked(by_number)),
        web.get("/api/v1/tickets/{ticket}", asked(ticket)),
        web.get("/api/v1/openapi.json", asked(lambda _request: OPENAPI)),
        web.get("/printers/{printer}/slips", asked(lambda _request: SLIPS)),
        web.get("/slip.svg", _slip),
        web.get("/api/v1/live", partial(_live, house)),
        web.post("/api/v1/{path:.+}", partial(_post, house)),
    ]


def _colleagues() -> tuple[CounterView, ...]:
    services = ("ktp-baru", "akta-lahir")
    return tuple(
        CounterView(
            id=f"c{number}",
            label=str(number),
            state=state,
            zone="a" if number < 20 else "b",
            services=services,
            ticket=None,
            clerk=clerk,
        )
        for number, state, clerk in ((11, "open", "p-21aa"), (13, "paused", "p-90c1"), (21, "closed", None))
    )


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
        return _problem(refused)
    if key not in house.answered:
        house.answered[key] = _carry_out(house, path, json.loads(raw or "{}"))
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
        answer = act(house, parts[2], body)
        if answer is None:
            return 204, b""
    elif parts[0] == "tickets" and len(parts) == 3 and parts[2] == "cancel" and house.page:
        house.page = replace(house.page, ticket=_as(house.page.ticket, "cancelled"), may_cancel=False)
        answer = house.page.ticket
    elif parts[0] == "tickets" and len(parts) == 3 and parts[2] == "return":
        house.desk = replace(house.desk, parked=tuple(one for one in house.desk.parked if one.id != parts[1]))
        answer = canned.ticket(parts[1].removeprefix("t-"), "waiting")
    elif parts[2:] == ["roll"]:
        answer = {"service": parts[1], "last": f"P{body['last']:03d}", "waiting": 6}
    elif parts[2:] == ["roll", "undo"]:
        answer = {"service": parts[1], "last": None, "waiting": 0}
    elif parts == ["tickets"]:
        answer = canned.ticket("A031", "waiting")
        return 201, msgspec.json.encode(answer)
    elif parts == ["rules", "preview"]:
        answer = {
            "queues": [{"service": "ktp-baru", "order": canned.queue(), "now": canned.queue()[::-1]}],
            "counters": [
                {"counter": "c2", "order": canned.queue(), "now": canned.queue()[::-1]},
                {"counter": "c12", "order": canned.queue(), "now": canned.queue()[::-1]},
                {"counter": "c8", "order": canned.queue(), "now": canned.queue()},
            ],
        }
    return 200, msgspec.json.encode(answer)


def _problem(refused: Problem) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(refused), status=refused.status, content_type="application/problem+json"
    )


async def _live(house: House, request: web.Request) -> web.StreamResponse:
    if not house.online:
        raise web.HTTPServiceUnavailable
    if house.strange:
        raise web.HTTPForbidden
    socket = web.WebSocketResponse(compress=False)  # as the hub writes its frames
    await socket.prepare(request)
    await socket.send_str(
        msgspec.json.encode(Greeting(version=1, boot=BOOT, build=house.build, now=canned.ago(0))).decode()
    )
    topics = request.query.getall("topic")
    house.sockets[socket] = topics
    try:
        for topic in topics:
            await house.send(socket, topic)
        async for message in socket:
            if message.type is WSMsgType.ERROR:
                break
    finally:
        house.sockets.pop(socket, None)
    return socket


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
