"""The web edge as its clients meet it, over a small mall whose clock the test drives.

    answer = await edge.post("/tickets", {"service": "passport"}, by="kiosk")
    answer.status, answer["number"], answer.code

`by` is a role (its token is made on first use) or a bearer token.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientTimeout, ClientWebSocketResponse, DummyCookieJar

from queue_server.compose import Mall, Setting, running
from queue_server.registry.roles import Role
from queue_server.service.clock import DrivenClock
from queue_server.settings import load

API = "/api/v1"
NINE = int(datetime.fromisoformat("2026-11-24T09:00:00+07:00").timestamp() * 1000)
"""A Tuesday."""

CONFIG = """
[mall]
id = "mall"
name = {id = "Mal", en = "Mall"}
languages = ["id", "en"]
timezone = "Asia/Jakarta"

[policy]
picking = true

[agencies.immigration]
name = "Immigration"
[agencies.registry]
name = "Registry"

[services.passport]
agency = "immigration"
name = "Passport"
prefix = "A"
target = "15m"
[services.visa]
agency = "immigration"
name = "Visa"
prefix = "B"
[services.birth]
agency = "registry"
name = "Birth"
prefix = "C"
[services.full]
agency = "registry"
name = "Full"
prefix = "D"
quota = 1
[services.night]
agency = "registry"
name = "Night"
prefix = "N"
hours = "evening"
[services.roll]
agency = "registry"
name = "Roll"
prefix = "R"
paper_roll = true

[hours]
evening = {tue = ["20:00-22:00"]}

[categories.regular]
name = "Regular"
[categories.elderly]
name = "Elderly"
target_share = 0.5

[zones.a]
name = "A"
way_out = "Stairs"

[evacuation]
assembly_point = "The gate"

[counters.1]
zone = "a"
services = ["passport", "visa"]
[counters.2]
zone = "a"
services = ["passport", "birth", "full"]
[counters.3]
zone = "a"
services = ["birth", "full", "roll"]

[printers.P1]
[printers.P2]
[kiosks.K1]
printer = "P1"

[boards.main]
zones = ["a"]

[outcomes]
done = "Done"
documents_missing = "Documents missing"
[pause_reasons]
break = "Break"
[reasons]
mistake = "Mistake"
evacuation = "Evacuation"
"""


class Answer:
    """One answer, its JSON read."""

    def __init__(self, status: int, body: Any, headers: Any) -> None:
        self.status = status
        self.body = body
        self.headers = headers

    @property
    def code(self) -> str | None:
        return self.body.get("code") if isinstance(self.body, dict) else None

    @property
    def said(self) -> tuple[int, str | None, str | None]:
        """Status, code and reason, as refusals have them."""
        return self.status, self.code, self.body.get("reason")

    def __getitem__(self, name: str) -> Any:
        return self.body[name]

    def __repr__(self) -> str:
        return f"{self.status} {self.body}"


class Edge:
    def __init__(self, mall: Mall, clock: DrivenClock, client: ClientSession) -> None:
        self.mall = mall
        self.parts = mall.parts
        self.engine = mall.parts.engine
        self.clock = clock
        self.client = client
        self._tokens: dict[str, str] = {}

    @property
    def port(self) -> int:
        return int(self.mall.url.rpartition(":")[2])

    def token(self, role: str, **options: str) -> str:
        return self.parts.registry.tokens.create(Role(role), **options)

    def _of(self, by: str) -> str:
        if by and not by.startswith("antrean_"):
            if by not in self._tokens:
                name = {"kiosk": "K1", "printer": "P1", "display": "D1", "clerk": "ani"}.get(by, by)
                own = {"agency": "immigration,registry"} if by == "agency_admin" else {}
                self._tokens[by] = self.token(by, name=name, **own)
            return self._tokens[by]
        return by

    def wait(self, seconds: float) -> None:
        """Let the mall's clock go on."""
        self.clock.move(self.clock.now() + round(seconds * 1000))

    async def get(self, path: str, *, by: str = "", **headers: str) -> Answer:
        return await self.ask("GET", path, by=by, **headers)

    async def post(self, path: str, body: object = None, *, by: str = "", **headers: str) -> Answer:
        return await self.ask("POST", path, body, by=by, **headers)

    async def ask(self, method: str, path: str, body: object = None, *, by: str = "", **headers: str) -> Answer:
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        if by:
            said["Authorization"] = f"Bearer {self._of(by)}"
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            said.setdefault("Content-Type", "application/json")
        address = self.mall.url + (path if path.startswith(("/api/", "//")) or path in ELSEWHERE else API + path)
        async with self.client.request(method, address, data=data, headers=said, allow_redirects=False) as answer:
            raw = await answer.read()
            read = json.loads(raw) if raw and "json" in answer.headers.get("Content-Type", "") else raw
            return Answer(answer.status, read, answer.headers)

    async def page(self, path: str, **headers: str) -> Answer:
        """A page, or another address outside of the API; its body is bytes."""
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.client.get(self.mall.url + path, headers=said, allow_redirects=False) as answer:
            return Answer(answer.status, await answer.read(), answer.headers)

    @asynccontextmanager
    async def live(
        self, *topics: str, by: str = "", compress: int = 0, **headers: str
    ) -> AsyncIterator[ClientWebSocketResponse]:
        """A connection to the live endpoint, which offers packed frames with so wide a window, if any."""
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        if by:
            said["Authorization"] = f"Bearer {self._of(by)}"
        asked = "&".join(f"topic={topic}" for topic in topics)
        address = f"{self.mall.url}{API}/live?{asked}"
        async with self.client.ws_connect(address, headers=said, compress=compress) as socket:
            yield socket

    async def ticket(self, service: str = "passport", **body: object) -> Answer:
        answer = await self.post("/tickets", {"service": service, **body}, by="kiosk")
        assert answer.status == 201, answer
        return answer

    async def called(self, service: str = "passport", counter: str = "1") -> Answer:
        """A ticket at a counter where `ani` works, called."""
        ticket = await self.ticket(service)
        await self.post(f"/counters/{counter}/open", by="clerk")
        answer = await self.post(f"/counters/{counter}/call-next", by="clerk")
        assert (answer.status, answer["id"]) == (200, ticket["id"]), answer
        return answer


ELSEWHERE = ("/", "/healthz", "/readyz", "/metrics", "/nowhere")


@asynccontextmanager
async def edge_at(folder: Path, *, config: str = CONFIG, at: int = NINE, **setting: Any) -> AsyncIterator[Edge]:
    """The server of a mall; `config` is its file."""
    path = folder / "config.toml"
    path.write_text(config, encoding="utf-8")
    clock = DrivenClock(at)
    start = Setting(settings=load(path), data=folder / "data", port=0, clock=clock, folder=folder, **setting)
    async with running(start) as mall:
        timeout = ClientTimeout(total=20)
        async with ClientSession(timeout=timeout, cookie_jar=DummyCookieJar()) as client:
            yield Edge(mall, clock, client)
