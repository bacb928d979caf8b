"""A printer's network port (raw, usually 9100), by IPv4 or IPv6.

A line is opened for one job or one look and closed after it: many printers serve one connection and let all
others wait. A plain close while an answer lies unread makes the kernel reset the connection and throw away what
it has not sent, so jobs are only closed when confirmed, and a line is cut (`drop`) with a reset of our own.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct

from printer.transports.line import LineLost, Unreachable

#: Bytes handed over at a time; also the grain of `written`.
_CHUNK = 2048
#: Kept small, so that `written` says something about the printer and not only about this machine.
_SEND_BUFFER = 4 * 1024


class TcpLine:
    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self.written = 0

    async def write(self, data: bytes) -> None:
        loop = asyncio.get_running_loop()
        self.written = 0
        try:
            for start in range(0, len(data), _CHUNK):
                chunk = data[start : start + _CHUNK]
                await loop.sock_sendall(self._socket, chunk)
                self.written += len(chunk)
        except OSError as error:
            raise LineLost(str(error)) from error

    async def read(self) -> bytes:
        try:
            data = await asyncio.get_running_loop().sock_recv(self._socket, 4096)
        except OSError as error:
            raise LineLost(str(error)) from error
        if not data:
            raise LineLost("the printer closed the connection")
        return data

    async def close(self) -> None:
        self._socket.close()

    async def drop(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()

    async def drained(self, within: float) -> bool:
        """The printer has acknowledged everything when it closes after we said that no more will come."""
        try:
            self._socket.shutdown(socket.SHUT_WR)
            async with asyncio.timeout(within):
                while await asyncio.get_running_loop().sock_recv(self._socket, 4096):
                    pass
        except (TimeoutError, OSError):
            return False
        return True


class TcpTransport:
    def __init__(self, host: str, port: int, *, within: float = 3.0, answers: bool = True) -> None:
        self._host = host
        self._port = port
        self._within = within
        self.answers = answers

    async def open(self) -> TcpLine:
        """Tries each address of the name in turn, within the limit over all."""
        reasons: list[str] = []
        try:
            async with asyncio.timeout(self._within):
                for family, kind, protocol, _name, where in await self._addresses():
                    try:
                        return TcpLine(await _connected(family, kind, protocol, where))
                    except OSError as error:
                        reasons.append(error.strerror or str(error))
        except TimeoutError:
            reasons.append(f"no answer within {self._within:g} s")
        except OSError as error:
            reasons.append(error.strerror or str(error))
        raise Unreachable(f"{self._host} port {self._port}: {'; '.join(dict.fromkeys(reasons))}")

    async def shut(self) -> None:
        """Nothing is held between two lines."""

    async def _addresses(self) -> list[tuple[socket.AddressFamily, socket.SocketKind, int, str, object]]:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
        return [(family, kind, protocol, name, where) for family, kind, protocol, name, where in found]


async def _connected(
    family: socket.AddressFamily, kind: socket.SocketKind, protocol: int, where: object
) -> socket.socket:
    opened = socket.socket(family, kind, protocol)
    try:
        opened.setblocking(False)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.get_running_loop().sock_connect(opened, where)  # type: ignore[arg-type]
    except BaseException:
        opened.close()
        raise
    return opened
