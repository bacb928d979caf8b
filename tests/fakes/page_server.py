"""The real pages and their live line over views that a test makes: what `House` and `FakeHall` have in common."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from aiohttp import WSMsgType, web

import display
import kiosk
from queue_server.service.hub import REFRESH_S
from queue_server.web import page_table
from queue_server.web.page.pages import Pages
from queue_server.wire.api import Problem
from queue_server.wire.live import VERSION, Greeting
from tests.fakes.rules import rules


@dataclass
class PageServer:
    """Whoever is one says what a topic shows (`view`), who may not look (`refused`) and what else it serves."""

    boot: str = "boot-1"
    build: str | None = None
    """Another build than the pages' own, as after an upgrade."""
    clock: timedelta = timedelta()
    """How far the mall's clock is from the real one."""
    languages: tuple[str, ...] = ("id", "en")
    """The mall's, with which its pages are made."""
    accent: str | None = None
    push_key: str | None = None
    """With which a ticket's page has its phone told, where it may."""
    """The mall's colour."""
    demo: bool = False
    silent: bool = False
    """Sends a view only when it is pushed, so that what a page shows grows old."""
    mute: bool = False
    """It greets, and cannot make any view."""
    seq: int = 0
    connections: int = 0
    """How often a page has connected."""
    beats: list[dict[str, Any]] = field(default_factory=list)
    """What pages have said of themselves."""
    sockets: dict[web.WebSocketResponse, list[str]] = field(default_factory=dict)
    """What each page watches."""

    def view(self, topic: str) -> object:
        """None: nothing is sent."""
        raise NotImplementedError

    def refused(self, topics: list[str]) -> web.Response | None:
        """The answer to who may not watch these."""
        raise NotImplementedError

    def routes(self) -> Iterable[web.RouteDef]:
        raise NotImplementedError

    def now(self) -> str:
        return (datetime.now(UTC) + self.clock).isoformat().replace("+00:00", "Z")

    @asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator[str]:
        runner = web.AppRunner(self._application(), shutdown_timeout=0.1)
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

    def _spoken(self) -> tuple[str, ...]:
        """The mall's languages, and those that its kiosks and boards offer."""
        views = getattr(self, "views", {}).values()
        return tuple(
            dict.fromkeys((*self.languages, *(code for one in views for code in getattr(one, "languages", ()))))
        )

    def _application(self) -> web.Application:
        self.pages = Pages(
            {"kiosk": kiosk.FOLDER, "display": display.FOLDER}, lambda: self._spoken(), lambda: self.accent
        )
        app = web.Application()
        app.router.add_routes(self.pages.routes())
        house = page_table.House(rules=rules, push=lambda: self.push_key)
        app.router.add_routes(page_table.routes(self.pages, house, demo=self.demo))
        app.router.add_routes([web.get("/api/v1/live", self._live), *self.routes()])
        return app

    async def die(self) -> None:
        """As a server that is gone: nobody listens any more, every line breaks."""
        await self._site.stop()
        await self.hang_up()

    async def rise(self) -> None:
        """Listens, again at the same place after `die`."""
        self._site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await self._site.start()

    async def hang_up(self) -> None:
        """Every socket closes; the pages come back by themselves."""
        for socket in list(self.sockets):
            await socket.close()

    async def send_all(self) -> None:
        """As the real hall does from time to time, so that pages know that its views are not old."""
        if not (self.mute or self.silent):
            await self.tell()

    async def tell(self, only: str | None = None) -> None:
        """Whoever watches gets the whole view, of one topic or of each."""
        for socket, topics in list(self.sockets.items()):
            for topic in topics:
                if only in (None, topic):
                    await self._send(socket, topic)

    async def _send(self, socket: web.WebSocketResponse, topic: str) -> None:
        view = self.view(topic)
        if view is None or socket.closed:
            return
        self.seq += 1
        frame = {"topic": topic, "boot": self.boot, "seq": self.seq, "now": self.now(), "view": view}
        await socket.send_str(msgspec.json.encode(frame).decode())

    async def _refresh(self) -> None:
        while True:
            await asyncio.sleep(REFRESH_S)  # as the real hall does
            await self.send_all()

    async def _live(self, request: web.Request) -> web.StreamResponse:
        topics = request.query.getall("topic")
        refused = self.refused(topics)
        if refused is not None:
            return refused
        socket = web.WebSocketResponse(compress=False)  # as the hub writes its frames
        await socket.prepare(request)
        self.connections += 1
        greeting = Greeting(version=VERSION, boot=self.boot, build=self.build or self.pages.build, now=self.now())
        await socket.send_str(msgspec.json.encode(greeting).decode())
        self.sockets[socket] = topics
        try:
            for topic in () if self.mute else topics:
                await self._send(socket, topic)
            async for message in socket:
                if message.type is WSMsgType.ERROR:
                    break
                if message.type is WSMsgType.TEXT:
                    self.beats.append(msgspec.json.decode(message.data))
        finally:
            self.sockets.pop(socket, None)
        return socket


def as_json(value: object, status: int = 200) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), status=status, content_type="application/json")


def as_problem(problem: Problem) -> web.Response:
    body = msgspec.json.encode(problem)
    return web.Response(body=body, status=problem.status, content_type="application/problem+json")
