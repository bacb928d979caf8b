"""Whatever bytes come in, at any door: the server answers as it should or ends the connection, and goes on.

What is sent is drawn from a seed, so a failure can be had again. `make soak` sends much more.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientWebSocketResponse, WSMsgType

from queue_server.registry.roles import Role
from queue_server.service.listening import Room
from queue_server.web.page_table import PAGES
from queue_server.web.routes import ROUTES
from queue_server.wire import printing as wire
from tests.web.edge import Edge, edge_at
from tests.web.test_lines import wire as raw

WORDS = (
    *("GET", "POST", "HEAD", "OPTIONS", "TRACE", "CONNECT", "PRI", "", "\x00", "é", "GET GET"),
    *(
        "/",
        "//",
        "/..",
        "/../../etc/passwd",
        "/%2e%2e/%2f",
        "/%00",
        "/%ff%fe",
        "/static/../../x",
        "*",
        "http://x/",
        "?",
        "#",
    ),
    *("HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/1.1 ", "http/1.1"),
    *("Host: mall", "Host:", "Host: a\r\nHost: b", "Content-Length: 5", "Content-Length: 99999999999999999999"),
    *(
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: gzip, chunked",
        "Content-Encoding: gzip",
        "Expect: 100-continue",
    ),
    *("Connection: Upgrade", "Upgrade: websocket", "Upgrade: h2c", "Sec-WebSocket-Key: x", "Sec-WebSocket-Version: 99"),
    *(
        "Cookie: antrean_staff=x; antrean_staff=y",
        "Cookie: \xff=;;=;",
        "Authorization: Bearer",
        "Authorization: Bearer \xff",
    ),
    *("Accept: text/html", "Accept-Language: \xff;q=x", "Range: bytes=9-1", "If-Modified-Since: x", "If-None-Match: *"),
    *(
        "Idempotency-Key: \xff",
        "Idempotency-Key: " + "k" * 300,
        "X-Forwarded-For: ,,,",
        "Content-Type: application/json",
    ),
    *("Content-Type: multipart/form-data; boundary=x", "X" * 9_000 + ": y", ": y", " folded: x", "A: \x01"),
)
ENDS = ("\r\n", "\n", "\r", "\r\n\r\n", " ", "")
LAST = b"GET /api/v1/mall HTTP/1.1\r\nHost: mall\r\nConnection: close\r\n\r\n"
"""Behind whatever was sent, so that the connection ends."""

COUNT, MANY = 400, 20_000
LONG = (pytest.mark.soak, pytest.mark.timeout(3_000))


def doors() -> list[str]:
    """Every address that there is, with ids in it or odd things."""
    return [route.path for route in ROUTES] + [page.path for page in PAGES if page.path] + ["/nowhere/{odd}"] * 20


def head(chance: random.Random) -> bytes:
    """Something like a request, often with a real address, often not quite one."""
    if chance.random() < 0.5:
        odd = chance.choice(("1", "passport", "%00", "..", "x" * 300, "a%2Fb", "\xe9", "P1"))
        path = re.sub(r"{.*?}+", lambda _: odd, chance.choice(doors()))
        first = f"{chance.choice(('GET', 'POST', 'HEAD', 'DELETE'))} {path} HTTP/1.1\r\nHost: mall\r\n"
    else:
        first = " ".join(chance.choices(WORDS, k=3)) + chance.choice(ENDS)
    lines = "".join(
        chance.choice(WORDS) + chance.choice(ENDS[:1] * 6 + ENDS) for _ in range(max(0, chance.randrange(-4, 5)))
    )
    body = chance.choice(("", "{}", "[]", "\x00" * 20, '{"service": "passport"}', "5\r\nabcde\r\n0\r\n\r\n", "zz\r\n"))
    return (first + lines + "\r\n" + body).encode("utf-8", "surrogateescape")


async def unharmed(edge: Edge, capfd: pytest.CaptureFixture[str]) -> None:
    """The server answers, and has no fault to tell."""
    health = await edge.get("/healthz")
    said = "".join(capfd.readouterr())

    assert (health.status, health["alarms"]) == (200, [])
    assert "Traceback" not in said
    assert "fault" not in said


@pytest.mark.parametrize("count", [COUNT, pytest.param(MANY, marks=LONG)])
async def test_no_head_and_no_body_is_a_fault(tmp_path: Path, capfd: pytest.CaptureFixture[str], count: int):
    """Whatever stands in a head, a path, a header or a body, no answer is a 5xx and nothing is left running."""
    async with edge_at(tmp_path, room=Room(body_s=0.3)) as edge:
        chance = random.Random(12)
        answers: set[bytes] = set()
        for _ in range(count):
            async with raw(edge) as line:
                sent = head(chance)
                line.writer.write(sent + LAST)
                got = b""
                async with asyncio.timeout(20):
                    try:
                        while more := await line.reader.read(65_536):
                            got += more
                    except ConnectionError:
                        pass  # what the server did not want to read
                found = re.findall(rb"HTTP/1.[01] ([0-9]{3}) ", got)
                answers |= set(found)
                assert not any(status.startswith(b"5") for status in found), sent
                assert b"ython" not in got.partition(b"\r\n\r\n")[0]

        assert {b"200", b"400", b"401", b"404", b"405"} <= answers
        await unharmed(edge, capfd)


# Websockets


def frame(chance: random.Random) -> bytes:
    """A websocket frame of which anything may be wrong."""
    first = chance.choice((0x81, 0x82, 0x88, 0x89, 0x8A, 0x01, 0x00, 0x80, 0xF1, 0x83, 0x8F, chance.randrange(256)))
    body = chance.choice((b"", b"x", b"\xff\xfe", b"{" * 50, bytes(chance.randrange(200)), b"\x03\xe8bye", b"\x00\x01"))
    masked = chance.random() < 0.9
    size = chance.choice((len(body), len(body), len(body), 126, 127))
    length = bytes([size | (0x80 if masked else 0)])
    if size == 126:
        length += chance.choice((len(body).to_bytes(2, "big"), b"\xff\xff"))
    elif size == 127:
        length += chance.choice((len(body).to_bytes(8, "big"), b"\xff" * 8))
    return bytes([first]) + length + (b"\x00" * 4 if masked else b"") + body


@pytest.mark.parametrize("count", [COUNT // 2, pytest.param(MANY // 4, marks=LONG)])
async def test_no_frame_is_a_fault(edge: Edge, capfd: pytest.CaptureFixture[str], count: int):
    """Frames that are no frames end the connection; pages and agents come back."""
    chance = random.Random(13)
    tokens = {"board:main": edge.token("display", name="D1"), "printer:P1": edge.token("printer", name="P1")}
    for _ in range(count):
        topic = chance.choice(tuple(tokens))
        async with raw(edge) as line:
            line.writer.write(
                f"GET /api/v1/live?topic={topic} HTTP/1.1\r\nHost: mall\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nAuthorization: Bearer {tokens[topic]}\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
            )
            async with asyncio.timeout(20):
                upgraded = await line.reader.readuntil(b"\r\n\r\n")
            assert b" 101 " in upgraded
            line.writer.write(b"".join(frame(chance) for _ in range(chance.randrange(1, 6))))
            line.writer.write_eof()
            async with asyncio.timeout(20):
                try:
                    await line.reader.read()
                except ConnectionError:
                    continue

    async with edge.live("board:main", by="display") as page:
        assert (await page.receive_json())["boot"] == edge.parts.boot
    await unharmed(edge, capfd)


# Messages of agents and pages

SAID: tuple[wire.FromAgent, ...] = (
    wire.Hello(agent="7", printer="P1", open=(wire.OpenJob(job="a", state="received"),)),
    wire.Ack(job="a", verdict="accepted"),
    wire.Waiting(job="a", reason="paper_out"),
    wire.Sending(job="a"),
    wire.Result(job="a", outcome="printed"),
    wire.Cancelled(job="a"),
    wire.TooLate(job="a"),
    wire.Need(hashes=("0" * 64,)),
    wire.Status(ready=True),
)
ODD: tuple[object, ...] = (
    None,
    True,
    -1,
    2**70,
    1e308,
    "",
    "\x00",
    "\ud800",
    "x" * 5_000,
    [],
    {},
    [[]] * 50,
    {"a": {}},
    "~a",
    "P1",
    "printed",
)


def changed(chance: random.Random, said: object) -> object:
    """A message with something else in some place, or more or less in it."""
    if isinstance(said, dict) and said:
        name = chance.choice(tuple(said))
        if chance.random() < 0.2:
            return {key: value for key, value in said.items() if key != name}
        deeper = isinstance(said[name], dict | list) and chance.random() < 0.5
        return {**said, name: changed(chance, said[name]) if deeper else chance.choice(ODD)}
    return chance.choice(ODD)


@pytest.mark.parametrize("count", [COUNT, pytest.param(MANY // 4, marks=LONG)])
async def test_no_message_is_a_fault(edge: Edge, capfd: pytest.CaptureFixture[str], count: int):
    """What an agent says that is no message, or about jobs that are not its, changes no slip and harms nobody."""
    chance = random.Random(14)
    ticket = await edge.ticket()
    for _ in range(count):
        job = edge.engine.state.tickets[ticket["id"]].slip.job
        kind = json.loads(wire.encode(chance.choice(SAID)).replace(b'"a"', f'"{chance.choice(("a", job))}"'.encode()))
        text = json.dumps(changed(chance, kind))
        if chance.random() < 0.1:
            text = text[: chance.randrange(len(text))]
        async with edge.live("printer:P1", by="printer") as socket:
            await edge_says(socket, text)
    async with edge.live("printer:P1", by="printer") as socket:
        greeting = wire.from_server(await socket.receive_str())

    shown = await edge.get(f"/tickets/{ticket['id']}")
    assert isinstance(greeting, wire.Greeting)
    assert shown.status == 200
    await unharmed(edge, capfd)


async def edge_says(socket: ClientWebSocketResponse, text: str) -> None:
    """Say it, and hear until the server has taken it: it answers the ping behind it, or ends the connection."""
    try:
        await socket.send_str(text)
        await socket.close()
    except (ClientError, ConnectionError):
        return
    async with asyncio.timeout(20):
        while (await socket.receive()).type not in (WSMsgType.CLOSED, WSMsgType.CLOSE, WSMsgType.ERROR):
            pass


# Topics, queries and paths


TRAVERSALS = (
    "../config.toml",
    "..%2fconfig.toml",
    "%2e%2e/config.toml",
    "....//config.toml",
    "..\\config.toml",
    "%00config.toml",
    "/etc/passwd",
    "..;/config.toml",
    "%252e%252e%252fconfig.toml",
)


async def test_no_address_leads_out_of_its_folder(edge: Edge):
    """Files are those that the pages have; nothing beside them can be reached, however it is written."""
    build = edge.parts.pages.build
    asked = [f"/static/{build}/{path}" for path in TRAVERSALS]
    asked += [f"/speech/{path}" for path in TRAVERSALS] + [f"/accent/{path}.css" for path in TRAVERSALS]
    for path in asked:
        async with raw(edge) as line:
            line.writer.write(f"GET {path} HTTP/1.1\r\nHost: mall\r\nConnection: close\r\n\r\n".encode())
            async with asyncio.timeout(20):
                answer = await line.reader.read()
        assert answer[9:12] in (b"400", b"404"), path
        assert b"[mall]" not in answer
        assert b"root:" not in answer


@pytest.mark.parametrize("role", ["", *(role.value for role in Role)])
async def test_odd_topics_are_refused(edge: Edge, role: str):
    """A topic that is none is not found or not allowed, whatever its letters; never a fault."""
    odd = [
        "",
        ":",
        "floor:",
        "counter:",
        "counter:%1f1",
        "counter:1%1fx",
        "board:..",
        "x" * 300,
    ]
    statuses = set()
    for topic in (*odd, "ticket:%00", "kiosk:" + "k" * 65, "printer:P9", "%ff", "counter:%F0%9F%98%80"):
        answer = await edge.get(f"/live?topic={topic}", by=role)
        statuses.add(answer.status)

    assert statuses <= {401, 403, 404, 422, 426, 429}


async def test_keys_are_no_secret_of_others(tmp_path: Path):
    """An Idempotency-Key is its caller's: the same from somebody else, or elsewhere, gets nothing of the first's."""
    async with edge_at(tmp_path) as edge:
        callers = {
            "kiosk": edge.token("kiosk", name="K1"),
            "other kiosk": edge.token("kiosk", name="K2"),
            "clerk": edge.token("clerk", name="ani"),
            "same name": edge.token("clerk", name="ani"),
            "manager": edge.token("manager", name="dewi"),
        }
        ids = {
            who: (await edge.post("/tickets", {"service": "passport"}, by=token, Idempotency_Key="one"))["id"]
            for who, token in callers.items()
        }
        nobody = await edge.post("/tickets", {"service": "passport"}, Idempotency_Key="one")
        mine = await edge.post(f"/tickets/{ids['kiosk']}/cancel", Idempotency_Key="one")
        again = await edge.post(f"/tickets/{ids['clerk']}/cancel", Idempotency_Key="one")

        assert len(set(ids.values())) == len(callers)
        assert nobody.status == 401
        assert (mine["id"], again["id"]) == (ids["kiosk"], ids["clerk"])


async def test_an_address_without_a_page_costs_little(edge: Edge):
    """Whoever asks for what is not there is answered with a page, and not with all that staff's pages might say."""
    answer = await edge.page("/nowhere", Accept="text/html")

    assert answer.status == 404
    assert b"<h1>" in answer.body
    assert len(answer.body) < 8_000
