"""Connections: who says nothing is cut, too many are turned away, and what is no HTTP is answered without a name."""

from __future__ import annotations

import asyncio
import gzip
import json
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

import pytest

from queue_server.service.listening import KEPT_FREE, Room, make_room
from queue_server.web.edge.lines import FIRST_S, IDLE_S
from tests.waiting import answered, until
from tests.web.edge import CONFIG, Edge, edge_at

MALL = b"GET /api/v1/mall HTTP/1.1\r\nHost: mall\r\n\r\n"
OTHER = "127.0.0.2"
"""Another machine, as the server sees it."""


class Wire:
    """A raw connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def says(self, data: bytes) -> bytes:
        """The whole answer to these bytes."""
        self.writer.write(data)
        async with asyncio.timeout(20):
            head = await self.reader.readuntil(b"\r\n\r\n")
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            return head + await self.reader.readexactly(int(length.split(b":")[1]))

    async def ended(self) -> bool:
        """Whether the server ends it, now or before long."""
        async with asyncio.timeout(20):
            try:
                return await self.reader.read() == b""
            except ConnectionError:
                return True


@asynccontextmanager
async def wire(edge: Edge, source: str | None = None) -> AsyncIterator[Wire]:
    port = int(edge.mall.url.rpartition(":")[2])
    local = (source, 0) if source else None
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=local)
    try:
        yield Wire(reader, writer)
    finally:
        writer.transport.abort()


def later(edge: Edge, seconds: float) -> None:
    """Look at the connections as they will be after so long a silence."""
    edge.parts.lines.look(monotonic() + seconds)


async def test_who_sends_no_request_is_cut(edge: Edge):
    """A connection that sent nothing, or half of a head, ends after a while; one that asks in time is answered."""
    async with wire(edge) as silent, wire(edge) as half, wire(edge) as asks:
        half.writer.write(MALL[:-4])
        await asks.says(MALL)
        await until(lambda: len(edge.parts.lines) == 3)

        later(edge, FIRST_S + 1)

        assert await silent.ended()
        assert await half.ended()
        assert b" 200 " in await asks.says(MALL)


async def test_an_idle_connection_is_kept_for_a_while_only(edge: Edge):
    """Whoever asked once may ask again on the same connection, within a minute or so, with a whole head."""
    async with wire(edge) as asks, wire(edge) as half:
        await asks.says(MALL)
        await half.says(MALL)
        half.writer.write(MALL[:-4])

        later(edge, IDLE_S + 1)

        assert await asks.ended()
        assert await half.ended()


async def test_a_live_page_is_not_idle(edge: Edge):
    """A websocket says nothing for hours and stays."""
    async with edge.live("board:main", by="display") as page:
        await page.receive_json()
        await page.receive_json()

        later(edge, 86_400)
        await edge.called()

        assert (await page.receive_json())["topic"] == "board:main"


async def test_a_body_that_trickles_in_is_not_waited_for(tmp_path: Path):
    """The head of a request says that a body comes; if it does not, the answer says so and the connection ends."""
    head = (
        b"POST /api/v1/sign-in HTTP/1.1\r\nHost: mall\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{"
    )
    async with edge_at(tmp_path, room=Room(body_s=0.2)) as edge, wire(edge) as slow:
        answer = await slow.says(head)

        assert answer.startswith(b"HTTP/1.1 408 ")
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "invalid"
        assert await slow.ended()


async def test_one_address_cannot_take_all_connections(tmp_path: Path):
    """Beyond its share an address loses the connections on which it asks nothing; others notice none of it."""
    async with edge_at(tmp_path, config=CONFIG + "\n[limits]\nconnections = 20\n") as edge, wire(edge) as citizen:
        await citizen.says(MALL)
        held = [await asyncio.open_connection("127.0.0.1", edge.port, local_addr=(OTHER, 0)) for _ in range(60)]
        await until(lambda: len(edge.parts.lines) <= 21 + 1)
        async with wire(edge, OTHER) as same:
            assert b" 200 " in await same.says(MALL)
        assert b" 200 " in await citizen.says(MALL)
        for _, writer in held:
            writer.transport.abort()


async def test_a_full_house_lets_go_who_asks_nothing(tmp_path: Path):
    """Where there is no room for more, the connections that sent nothing make way, and an operator is told before."""
    async with edge_at(tmp_path, room=Room(connections=30)) as edge:
        held = [
            await asyncio.open_connection("127.0.0.1", edge.port, local_addr=(f"127.0.1.{n}", 0)) for n in range(1, 60)
        ]
        await until(lambda: len(edge.parts.lines) == 30)
        later(edge, 0)

        async with wire(edge) as citizen:
            assert b" 200 " in await citizen.says(MALL)
            health = await edge.get("/healthz")
        metrics = (await edge.get("/metrics")).body.decode()

        assert "30 connections" in health["alarms"][0]
        assert "antrean_connections_room 30.0" in metrics
        for _, writer in held:
            writer.transport.abort()


def test_the_limit_of_open_files_is_raised():
    """A thousand files, as most machines have it at first, are no mall's; what others need is left free."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 1024), hard))
    try:
        room = make_room()
        raised = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    assert raised > 1024 or hard <= 1024
    assert room.connections + KEPT_FREE <= raised


async def test_no_body_is_unpacked(edge: Edge):
    """A small body that would unpack to a gigabyte is refused unread, whatever it says it is packed with."""
    bomb = gzip.compress(b"0" * 10_000_000)

    answers = [
        await edge.post(path, bomb[:60_000], by="kiosk", Content_Encoding=encoding)
        for path in ("/tickets", "/sign-in", "/mall", "/nowhere")
        for encoding in ("gzip", "deflate", "br", "zstd", "identity")
    ]

    assert {(answer.status, answer.code) for answer in answers} == {(415, "invalid")}


async def test_a_body_that_nests_deeply_is_refused(edge: Edge):
    """Brackets within brackets are no JSON that anybody means, and no fault of ours."""
    deep = b"[" * 20_000 + b"]" * 20_000
    maps = b'{"a":' * 10_000 + b"1" + b"}" * 10_000

    answers = [
        await edge.post(path, body, by="supervisor")
        for path in ("/tickets", "/rules/preview", "/hall/hold", "/sign-out")
        for nested in (deep, maps)
        for body in (nested, b'{"reason": ' + nested + b"}", b'{"targets": ' + nested + b"}", b'{"x": ' + nested + b"}")
    ]

    assert {(answer.status, answer.code) for answer in answers} == {(422, "invalid")}


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: mall\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: mall\r\n" + b"X: " + b"y" * 20_000 + b"\r\n\r\n",
        b"POST /api/v1/sign-in HTTP/1.1\r\nHost: mall\r\nContent-Length: -1\r\n\r\n",
        b"POST /api/v1/sign-in HTTP/1.1\r\nHost: mall\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /api/v1/me HTTP/1.1\r\nHost: mall\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ids=["TLS", "version", "null", "long", "length", "chunk", "both"],
)
async def test_what_is_no_http_learns_nothing(edge: Edge, sent: bytes):
    """Bytes that are no request get a problem that names no library and no version, and the connection ends."""
    async with wire(edge) as odd:
        answer = await odd.says(sent)

        assert answer[9:13] == b"400 "
        assert b"Server: Antrean\r\n" in answer
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "invalid"
        assert b"ython" not in answer
        assert b"aio" not in answer
        assert await odd.ended()


async def test_what_the_library_itself_refuses_is_a_problem_too(edge: Edge):
    """An expectation that nobody meets never comes to our edge, and is answered as if it had."""
    async with wire(edge) as odd:
        answer = await odd.says(MALL[:-2] + b"Expect: miracles\r\n\r\n")

    assert answer[9:13] == b"417 "
    assert b"Server: Antrean\r\n" in answer
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "invalid"


async def test_who_hangs_up_is_no_fault(edge: Edge, capfd: pytest.CaptureFixture[str]):
    """Clients that go in the middle of a body, or before their answer, leave no line of a fault in the log."""
    head = (
        b"POST /api/v1/sign-in HTTP/1.1\r\nHost: mall\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n"
    )
    counted = 'antrean_http_answers_total{method="POST",route="/api/v1/sign-in",status="499"} 2.0'

    async def metrics() -> str:
        return str((await edge.get("/metrics")).body.decode())

    for sent in (head, head + b'{"na'):
        async with wire(edge) as hasty:
            hasty.writer.write(sent)
            await until(lambda: edge.parts.lines.busy > 0)
        await until(lambda: edge.parts.lines.busy == 0)
    async with wire(edge) as hasty:
        hasty.writer.write(MALL)

    await answered(metrics, lambda text: counted in text)
    said = "".join(capfd.readouterr())
    assert "fault" not in said
    assert "Traceback" not in said


async def test_a_request_of_no_version_is_refused(edge: Edge):
    """`GET /` and nothing more was HTTP in 1991; it is answered as what it is not, and never with a page."""
    async with wire(edge) as old:
        old.writer.write(b"GET /\r\n\r\n")
        async with asyncio.timeout(20):
            first = await old.reader.readline()

    assert b" 505 " in first or b" 400 " in first
