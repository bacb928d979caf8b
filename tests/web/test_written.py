"""An answer in one piece is the same answer: for every kind of connection, byte for byte as HTTP wants it."""

from __future__ import annotations

import asyncio

import pytest

from tests.web.edge import Edge


async def said(edge: Edge, request: str, answers: int = 1) -> list[tuple[str, dict[str, str], bytes]]:
    """What a raw connection reads: status line, headers and body of each answer, then the end if the server ends it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(edge.mall.url.rpartition(":")[2]))
    writer.write(request.replace("\n", "\r\n").encode())
    found = []
    async with asyncio.timeout(10):
        for _ in range(answers):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            line, *fields = head.strip().split("\r\n")
            headers = {name: value for name, _, value in (field.partition(": ") for field in fields)}
            length = 0 if request.startswith("HEAD") else int(headers["Content-Length"])
            found.append((line, headers, await reader.readexactly(length)))
    writer.close()
    await writer.wait_closed()
    return found


ASK = "GET /api/v1/mall HTTP/1.1\nHost: mall\n\n"


async def test_one_connection_gets_one_answer_after_the_other(edge: Edge):
    """Length and body fit, so that the next answer begins where the last one ends; all say the same."""
    first, second = await said(edge, ASK + ASK, 2)

    assert first[0] == second[0] == "HTTP/1.1 200 OK"
    assert first[2] == second[2] != b""
    assert first[1].keys() == second[1].keys()


@pytest.mark.parametrize(
    ("request_", "line", "connection"),
    [
        ("HEAD /api/v1/mall HTTP/1.1\nHost: mall\n\n", "HTTP/1.1 200 OK", None),
        ("GET /api/v1/mall HTTP/1.0\n\n", "HTTP/1.0 200 OK", None),
        ("GET /api/v1/mall HTTP/1.1\nHost: mall\nConnection: close\n\n", "HTTP/1.1 200 OK", "close"),
    ],
    ids=["HEAD", "HTTP/1.0", "close"],
)
async def test_what_is_unusual_is_answered_with_the_same_headers(
    edge: Edge, request_: str, line: str, connection: str | None
):
    """Whichever way an answer goes, its headers are the same but for what the connection needs."""
    ((_, usual, body),) = await said(edge, ASK)

    ((status, headers, other),) = await said(edge, request_)

    varying = {"Date", "Connection"}
    assert status == line
    assert {n: v for n, v in headers.items() if n not in varying} == {
        n: v for n, v in usual.items() if n not in varying
    }
    assert headers.get("Connection") == connection
    assert other in (body, b"")
