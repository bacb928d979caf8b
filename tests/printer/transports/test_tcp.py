"""The network port of a printer: by either family, within limits, cut when it must be."""

import asyncio
import socket
import time

import pytest

from printer.transports.line import LineLost, Unreachable
from printer.transports.tcp import TcpTransport


async def test_both_families_are_spoken():
    """A printer is reached by IPv4, by IPv6 and by a name that has both."""
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readexactly(5))
        writer.write(b"\x12")
        writer.close()

    for host in ("127.0.0.1", "::1"):
        server = await asyncio.start_server(serve, host, 0)
        port = server.sockets[0].getsockname()[1]
        line = await TcpTransport(host, port).open()
        await line.write(b"hello")
        assert await line.read() == b"\x12"
        await line.close()
        server.close()

    assert heard == [b"hello", b"hello"]


async def test_a_closed_port_is_unreachable_at_once():
    """Nobody listens: that is known without waiting, and said in words."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with pytest.raises(Unreachable, match=f"127.0.0.1 port {port}: "):
        await TcpTransport("127.0.0.1", port).open()


async def test_a_host_that_swallows_everything_is_given_up():
    """A connection that nobody answers is given up after the limit, not after the system's minutes."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        others = [socket.socket() for _place in range(8)]
        for other in others:  # the queue of those who wait to be accepted is full
            other.setblocking(False)
            other.connect_ex(full.getsockname())

        began = time.monotonic()
        with pytest.raises(Unreachable, match=r"no answer within 0\.3 s"):
            await TcpTransport("127.0.0.1", full.getsockname()[1], within=0.3).open()

        assert time.monotonic() - began < 2
        for other in others:
            other.close()


async def test_what_was_not_taken_is_known():
    """When the other side stops reading, `written` stays below the whole."""
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        line = await TcpTransport("127.0.0.1", deaf.getsockname()[1]).open()

        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await line.write(bytes(1_000_000))

        assert 0 < line.written < 200_000
        await line.drop()


async def test_a_cut_line_sends_no_more():
    """What the kernel still held when the line was cut never reaches the printer."""
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        slow.bind(("127.0.0.1", 0))
        slow.listen()
        line = await TcpTransport("127.0.0.1", slow.getsockname()[1]).open()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await line.write(bytes(1_000_000))
        await line.drop()

        accepted, _where = slow.accept()
        with accepted:
            got, ended = _all_of(accepted)

        assert isinstance(ended, ConnectionResetError)
        assert got <= line.written


def _all_of(accepted: socket.socket) -> tuple[int, OSError | None]:
    """How many bytes arrive, and what ends them."""
    got = 0
    try:
        while data := accepted.recv(4096):
            got += len(data)
    except OSError as error:
        return got, error
    return got, None


async def test_a_line_that_the_printer_closes_is_lost():
    """An end of the connection is no answer."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    line = await TcpTransport("127.0.0.1", server.sockets[0].getsockname()[1]).open()

    with pytest.raises(LineLost):
        await line.read()
    await line.close()
    server.close()
