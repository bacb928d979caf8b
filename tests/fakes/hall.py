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
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from aiohttp import web
from msgspec import Struct
from playwright.async_api import Page

import display
from queue_server.errors import STATUS
from queue_server.service.hub import REFRESH_S
from queue_server.web.page import qr
from queue_server.web.queues.media import KEPT
from queue_server.wire.api import Problem, TicketView
from queue_server.wire.devices import TechnicianView
from queue_server.wire.media import MediaItem
from tests.fakes import mall
from tests.fakes.page_server import PageServer, as_json, as_problem


def refusal(code: str, reason: str | None = None, **fields: str | int | None) -> Problem:
    return Problem(
        type="about:blank", title=code, status=STATUS[code], code=code, detail=code, reason=reason, fields=fields
    )


@dataclass
class FakeHall(PageServer):
    views: dict[str, Struct] = field(default_factory=dict)
    answers: deque[Problem | str] = field(default_factory=deque)
    """Consumed one per POST; `drop` issues and hangs up, `lost` hangs up before. Empty: the ticket is issued."""
    asked: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    issued: dict[str, TicketView] = field(default_factory=dict)
    told: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the page has said so of one."""
    said: list[dict[str, str]] = field(default_factory=list)
    """What a page has asked to be read aloud."""
    left: list[str] = field(default_factory=list)
    """Keys of wishes of which the page said that nobody waits for them any more."""
    media: list[MediaItem] = field(default_factory=list)
    """What every board shows, and its files by the last part of their address."""
    files: dict[str, bytes] = field(default_factory=dict)
    fetched: list[tuple[str, str]] = field(default_factory=list)
    """What was asked for, by method and name."""
    started: asyncio.Event = field(default_factory=asyncio.Event)
    allowed: bool = True
    technician: TechnicianView = mall.TECHNICIAN
    acts: list[str] = field(default_factory=list)
    """What a technician did, in order; `pin` for each that was tried."""

    def view(self, topic: str) -> object:
        said = self.views.get(topic)
        return mall.ticket_page(said) if isinstance(said, TicketView) else said

    def refused(self, topics: list[str]) -> web.Response | None:
        if not self.allowed:
            return as_problem(refusal("unauthorized"))
        return None if self.views.keys() & set(topics) else as_problem(refusal("not_found"))

    def routes(self) -> Iterable[web.RouteDef]:
        return [
            *qr.routes(lambda ticket: f"http://queue.example/t/{ticket}", self._known),
            web.post("/api/v1/tickets", self._issue),
            web.get("/speech/{name}.wav", self._speak),
            web.post("/api/v1/unclaimed", self._leave),
            web.get("/api/v1/mall", self._mall),
            web.post("/api/v1/say", self._say),
            web.get("/api/v1/tickets/{ticket}/page", self._page),
            web.get("/api/v1/boards/{board}/media", self._media),
            web.get("/media/{board}/{file}", self._file),
            web.post("/api/v1/kiosks/{kiosk}/technician", self._technician),
            web.post("/api/v1/kiosks/{kiosk}/technician/act", self._technician),
        ]

    async def _known(self, request: web.Request, ticket: str) -> None:
        """Every ticket's code is drawn here."""

    async def push(self, topic: str, view: Struct | None = None) -> None:
        if view is not None:
            self.views[topic] = view
        await self.tell(topic)

    async def pass_time(self, page: Page, seconds: float) -> None:
        """Time goes by on the page (whose clock is installed) and in the mall, which goes on sending its views."""
        while seconds > 0:
            step = min(seconds, REFRESH_S)
            self.clock += timedelta(seconds=step)
            await page.clock.run_for(round(step * 1000))
            await self.send_all()
            seconds -= step

    async def _speak(self, request: web.Request) -> web.StreamResponse:
        """The chime, in the place of what is said, in Indonesian and English."""
        if request.match_info["name"] not in ("id", "en"):
            raise web.HTTPNotFound
        return web.FileResponse(display.FOLDER / "static" / "chime.wav")

    @property
    def watchers(self) -> int:
        return len(self.sockets)

    async def _mall(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"name": mall.NAME})

    async def _media(self, request: web.Request) -> web.StreamResponse:
        return as_json(self.media)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["file"]
        content = self.files.get(name)
        if content is None:
            return as_problem(refusal("not_found"))
        self.fetched.append((request.method, name))
        mime = {"webp": "image/webp", "webm": "video/webm", "vtt": "text/vtt"}[name.partition(".")[2]]
        return web.Response(body=content, headers={"Content-Type": mime, "Cache-Control": KEPT})

    async def _say(self, request: web.Request) -> web.StreamResponse:
        self.said.append(await request.json())
        return web.json_response({"sound": "/speech/id.wav"})

    async def _issue(self, request: web.Request) -> web.StreamResponse:
        body: dict[str, object] = await request.json()
        key = request.headers["Idempotency-Key"]
        self.asked.append((key, body))
        told = self.answers.popleft() if self.answers else "issue"
        if isinstance(told, Problem):
            return as_problem(told)
        if told != "lost":
            self._decide(key, body)
        if told in {"drop", "lost"}:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        return as_json(self.issued[key], 201)

    async def _technician(self, request: web.Request) -> web.StreamResponse:
        """The PIN is 274913; anything else is refused."""
        body = await request.json()
        self.acts.append(body.get("does") or "pin")
        if body.get("pin", "274913") != "274913":
            return as_problem(refusal("unauthorized", "pin"))
        return as_json(self.technician)

    async def _page(self, request: web.Request) -> web.StreamResponse:
        found = self.view(f"ticket:{request.match_info['ticket']}")
        return as_problem(refusal("not_found")) if found is None else as_json(found)

    async def _leave(self, request: web.Request) -> web.Response:
        self.left.append((await request.json())["key"])
        self.told.set()
        return web.Response(status=204)

    def _decide(self, key: str, body: Mapping[str, object]) -> None:
        if key in self.issued:
            return
        number = f"B{12 + len(self.issued):03d}"
        services = body.get("services")
        service = services[0] if isinstance(services, list) else body["service"]
        made = mall.ticket(number, str(service), category=str(body["category"]), language=str(body["language"]))
        self.issued[key] = made
        self.views[f"ticket:{made.id}"] = made
        self.started.set()
