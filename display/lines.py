"""The line to a panel: TCP or a serial port, opened for each message and tried again with the next.

    parse("tcp://10.0.0.40:4001")    parse("serial:///dev/ttyUSB0?baud=9600")    parse("print://")

A message is a few bytes, so nothing is kept open that a switched-off panel could hang.
"""

from __future__ import annotations

import asyncio
import os
import sys
import termios
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from queue_server.errors import Invalid

WITHIN_S = 3.0

Send = Callable[[bytes], Awaitable[None]]


def parse(address: str) -> Send | None:
    """How bytes get there; None for `print://`, where people read instead. Raises Invalid."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise Invalid(f"{address!r}: {error}") from error
    if parts.scheme == "print":
        return None
    if parts.scheme == "tcp" and parts.hostname and port:
        host, number = parts.hostname, port
        return lambda message: _over_tcp(host, number, message)
    if parts.scheme == "serial" and parts.path:
        baud = parse_qs(parts.query).get("baud", ["9600"])[0]
        speed = getattr(termios, f"B{baud}", None)
        if speed is None:
            raise Invalid(f"{baud!r} is no speed of a serial port; 9600 is usual")
        return lambda message: asyncio.to_thread(_over_serial, parts.path, speed, message)
    raise Invalid(f"{address!r} is no panel; write tcp://HOST:PORT, serial:///dev/ttyUSB0?baud=9600 or print://")


async def _over_tcp(host: str, port: int, message: bytes) -> None:
    async with asyncio.timeout(WITHIN_S):
        _, writer = await asyncio.open_connection(host, port)
        try:
            writer.write(message)
            await writer.drain()
        finally:
            writer.close()
            await writer.wait_closed()


def _over_serial(path: str, speed: int, message: bytes) -> None:
    """Eight bits, no parity, no handshake."""
    port = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        if os.isatty(port):
            control = termios.CS8 | termios.CLOCAL | termios.CREAD
            attributes: list[Any] = [0, 0, control, 0, speed, speed, [b"\0"] * 32]
            termios.tcsetattr(port, termios.TCSANOW, attributes)
        os.write(port, message)
    finally:
        os.close(port)


def say(line: str) -> None:
    """One call, for whoever reads standard output."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
