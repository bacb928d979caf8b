"""A server for the pages alone: the real pages and the wire's real types, but canned views and answers on demand.

    hall = FakeHall()                      views by topic; hall.views["kiosk:K1"] = mall.kiosk()
    async with hall.running() as url: …    on a free port
    await hall.push("board:hall", view)    to all who watch
    hall.answers.append(refusal(…))        what the next POST /tickets answers

It keeps what it was asked (`asked`) and what it issued, one ticket per Idempotency-Key as the real one does.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec
from aiohttp import WSMsgType, web
from msgspec import Struct
from playwright.async_api import Page

import display
import kiosk
from queue_server.errors import STATUS
from queue_server.service.hub import REFRESH_S
from queue_server.web import page_table, qr
from queue_server.web.pages import Pages
from queue_server.wire.api import Problem, TicketView
from queue_server.wire.live import VERSION, Greeting
from tests.fakes import mall
from tests.fakes.rules import rules


def refusal(code: str, reason: str | None = None, **fields: str | int | None) -> Problem:
    return Problem(
        type="about:blank", title=code, status=STATUS[code], code=code, detail=code, reason=reason, fields=fields
    )


@dataclass
class FakeHall:
    views: dict[str, Struct] = field(default_factory=dict)
    answers: deque[Problem | str] = field(default_factory=deque)
    """Consumed one per POST; `drop` issues and hangs up, `lost` hangs up before. Empty: the ticket is issued."""
    asked: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    issued: dict[str, TicketView] = field(default_factory=dict)
    told: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the page has said so of one."""
    left: list[str] = field(default_factory=list)
    """Keys of wishes of which the page said that nobody waits for them any more."""
    started: asyncio.Event = field(default_factory=asyncio.Event)
    boot: str = "boot-1"
    clock: timedelta = timedelta()
    """How far the mall's clock is from the real one."""
    allowed: bool = True
    build: str | None = None
    """Another build than the pages' own, as after an upgrade."""
    silent: bool = False
    """Sends a view only when it is pushed, so that what a page shows grows old."""
    languages: tuple[str, ...] = ("id", "en")
    """The mall's, with which its pages are made."""
    accent: str | None = None
    """The mall's colour."""
    mute: bool = False
    """It greets, and cannot make any view."""
    seq: int = 0
    connections: int = 0
    """How often a page has connected."""

    def __post_init__(self) -> None:
        rooms = {"kiosk": kiosk.FOLDER, "display": display.FOLDER}
        self.pages = Pages(rooms, lambda: self.languages, lambda: self.accent)
        self._sockets: dict[web.WebSocketResponse, list[str]] = {}

    def now(self) -> str:
        return (datetime.now(UTC) + self.clock).isoformat().replace("+00:00", "Z")

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_routes(self.pages.routes())
        app.router.add_routes(page_table.routes(self.pages, page_table.House(rules=rules)))
        app.router.add_routes(qr.routes(lambda ticket: f"http://queue.example/t/{ticket}"))
        app.router.add_routes([web.get("/api/v1/live", self._live), web.post("/api/v1/tickets", self._issue)])
        app.router.add_routes([web.get("/speech/{name}.wav", self._speak)])
        app.router.add_routes([web.post("/api/v1/unclaimed", self._leave), web.get("/api/v1/mall", self._mall)])
        return app

    @asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator[str]:
        runner = web.AppRunner(self.application(), shutdown_timeout=0.1)
        await runner.setup()
        self._runner, self._port = runner, port
        await self.rise()
        self._port = runner.addresses[0][1]
        refreshing = asyncio.create_task(self._refresh())
        try:
            yield f"http://127.0.0.1:{self._port}"
        finally:
            refreshing.cancel()
            await self.hang_up()
            await runner.cleanup()

    async def die(self) -> None:
        """As a server that is gone: nobody listens any more, every line breaks."""
        await self._site.stop()
        await self.hang_up()

    async def rise(self) -> None:
        """Listens, again at the same place after `die`."""
        self._site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await self._site.start()

    async def push(self, topic: str, view: Struct | None = None) -> None:
        if view is not None:
            self.views[topic] = view
        for socket, topics in list(self._sockets.items()):
            if topic in topics and not socket.closed:
                await socket.send_str(self._frame(topic))

    async def pass_time(self, page: Page, seconds: float) -> None:
        """Time goes by on the page (whose clock is installed) and in the mall, which goes on sending its views."""
        while seconds > 0:
            step = min(seconds, REFRESH_S)
            self.clock += timedelta(seconds=step)
            await page.clock.run_for(round(step * 1000))
            await self._send_all()
            seconds -= step

    async def _speak(self, request: web.Request) -> web.StreamResponse:
        """The chime, in the place of what is said, in Indonesian and English."""
        if request.match_info["name"] not in ("id", "en"):
            raise web.HTTPNotFound
        return web.FileResponse(display.FOLDER / "static" / "chime.wav")

    async def _refresh(self) -> None:
        while True:
            await asyncio.sleep(REFRESH_S)  # as the real hall does, so that pages know its views are not old
            await self._send_all()

    async def _send_all(self) -> None:
        if not (self.mute or self.silent):
            for topic in tuple(self.views):
                await self.push(topic)

    async def hang_up(self) -> None:
        """Every socket closes; the pages come back by themselves."""
        for socket in list(self._sockets):
            await socket.close()

    @property
    def watchers(self) -> int:
        return len(self._sockets)

    def _frame(self, topic: str) -> str:
        self.seq += 1
        said = self.views[topic]
        view = mall.ticket_page(said) if isinstance(said, TicketView) else said
        whole = {"topic": topic, "boot": self.boot, "seq": self.seq, "now": self.now(), "view": view}
        return msgspec.json.encode(whole).decode()

    async def _live(self, request: web.Request) -> web.StreamResponse:
        if not self.allowed:
            return _problem(refusal("unauthorized"))
        topics = request.query.getall("topic")
        if not self.views.keys() & set(topics):
            return _problem(refusal("not_found"))
        socket = web.WebSocketResponse(compress=False)  # as the hub writes its frames
        await socket.prepare(request)
        self.connections += 1
        greeting = Greeting(version=VERSION, boot=self.boot, build=self.build or self.pages.build, now=self.now())
        await socket.send_str(msgspec.json.encode(greeting).decode())
        self._sockets[socket] = topics
        for topic in topics:
            if topic in self.views and not self.mute:
                await socket.send_str(self._frame(topic))
        try:
            async for message in socket:
                if message.type is WSMsgType.ERROR:
                    break
        finally:
            self._sockets.pop(socket, None)
        return socket

    async def _mall(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"name": mall.NAME})

    async def _issue(self, request: web.Request) -> web.StreamResponse:
        body: dict[str, object] = await request.json()
        key = request.headers["Idempotency-Key"]
        self.asked.append((key, body))
        told = self.answers.popleft() if self.answers else "issue"
        if isinstance(told, Problem):
            return _problem(told)
        if told != "lost":
            self._decide(key, body)
        if told in {"drop", "lost"}:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        return _json(self.issued[key], 201)

    async def _leave(self, request: web.Request) -> web.Response:
        self.left.append((await request.json())["key"])
        self.told.set()
        return web.Response(status=204)

    def _decide(self, key: str, body: Mapping[str, object]) -> None:
        if key in self.issued:
            return
        number = f"B{12 + len(self.issued):03d}"
        made = mall.ticket(number, str(body["service"]), category=str(body["category"]), language=str(body["language"]))
        self.issued[key] = made
        self.views[f"ticket:{made.id}"] = made
        self.started.set()


def _json(value: object, status: int) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), status=status, content_type="application/json")


def _problem(problem: Problem) -> web.Response:
    body = msgspec.json.encode(problem)
    return web.Response(body=body, status=problem.status, content_type="application/problem+json")
