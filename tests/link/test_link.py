"""A device dials the server and comes back by itself, for ever, and not with all others at once."""

import asyncio
from contextlib import aclosing
from http import HTTPStatus

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from queue_server.errors import Invalid
from queue_server.link import FIRST_WAIT, LONGEST_WAIT, LinkLost, live_address, stay_linked, wait_before


@pytest.mark.parametrize(
    ("server", "address"),
    [
        ("http://10.0.0.2:8080", "ws://10.0.0.2:8080/api/v1/live?topic=printer:p%201"),
        ("https://hall.example/", "wss://hall.example/api/v1/live?topic=printer:p%201"),
        ("https://hall.example/mall", "wss://hall.example/mall/api/v1/live?topic=printer:p%201"),
        ("http://[::1]:8080", "ws://[::1]:8080/api/v1/live?topic=printer:p%201"),
    ],
)
def test_the_address_is_as_people_write_it(server: str, address: str):
    """The link's address is made from the server's."""
    assert live_address(server, "printer:p 1") == address


@pytest.mark.parametrize("server", ["10.0.0.2:8080", "ftp://hall", "http://", "hall"])
def test_a_wrong_server_is_said(server: str):
    """With an example of a right one."""
    with pytest.raises(Invalid, match=r"http://10\.0\.0\.2:8080"):
        live_address(server, "printer:p1")


def test_waits_grow_and_differ():
    """From half a second to ten, and never the same for all."""
    waits = [[wait_before(failed) for _device in range(200)] for failed in range(1, 12)]

    assert all(FIRST_WAIT / 2 <= wait <= FIRST_WAIT for wait in waits[0])
    assert all(LONGEST_WAIT / 2 <= wait <= LONGEST_WAIT for wait in waits[-1])
    assert len({round(wait, 3) for wait in waits[-1]}) > 100
    assert wait_before(0) <= FIRST_WAIT


async def test_a_link_comes_back():
    """When the server goes away in the middle, the session ends and a new one begins."""
    seen: list[str | None] = []

    async def talk(link: ServerConnection) -> None:
        assert link.request is not None
        seen.append(link.request.headers.get("Authorization"))
        await link.send("hello")
        link.transport.abort()

    async with serve(talk, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        heard: list[bytes] = []
        async with asyncio.timeout(10), aclosing(stay_linked(f"ws://127.0.0.1:{port}", "secret")) as sessions:
            async for session in sessions:
                heard += [message async for message in session]
                if len(seen) == 3:
                    break

    assert seen == ["Bearer secret"] * 3
    assert set(heard) <= {b"hello"}


async def test_a_lost_link_says_so_to_who_sends():
    """Sending on a session that is over is an error, not a silence."""

    async def talk(link: ServerConnection) -> None:
        await link.close()

    async with serve(talk, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async with asyncio.timeout(10), aclosing(stay_linked(f"ws://127.0.0.1:{port}", "t")) as sessions:
            async for session in sessions:
                assert [message async for message in session] == []
                with pytest.raises(LinkLost):
                    await session.send(b"too late")
                break


async def test_a_refused_token_is_tried_again():
    """A token may be put right on the server meanwhile; until then the reason is logged each time."""
    asked = 0

    def refuse(link: ServerConnection, request: Request) -> Response | None:
        nonlocal asked
        asked += 1
        return link.respond(HTTPStatus.UNAUTHORIZED, "who are you?") if asked < 3 else None

    async def talk(link: ServerConnection) -> None:
        await link.wait_closed()

    async with serve(talk, "127.0.0.1", 0, process_request=refuse) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async with asyncio.timeout(15), aclosing(stay_linked(f"ws://127.0.0.1:{port}", "t")) as sessions:
            async for _session in sessions:
                break

    assert asked == 3
