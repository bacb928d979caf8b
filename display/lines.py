"""The line to a panel: TCP or a serial port, opened for each message and tried again with the next.

    parse("tcp://10.0.0.40:4001")    parse("serial:///dev/ttyUSB0?baud=9600")    parse("print://")

A port has eight bits and no parity unless `&bits=7&parity=even` says so, as many Alpha signs want it.

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

USUAL = {"baud": "9600", "bits": "8", "parity": "none"}
BITS = {"7": termios.CS7, "8": termios.CS8}
PARITIES = {"none": 0, "even": termios.PARENB, "odd": termios.PARENB | termios.PARODD}

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
        speed, form = form_of(parts.query)
        return lambda message: asyncio.to_thread(_over_serial, parts.path, speed, form, message)
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


def form_of(query: str) -> tuple[int, int]:
    """The speed of a serial port, and the flags of its bits and parity, as termios has them. Raises Invalid."""
    said = parse_qs(query)
    baud, bits, parity = (said.get(name, [usual])[0] for name, usual in USUAL.items())
    speed = getattr(termios, f"B{baud}", None)
    if speed is None:
        raise Invalid(f"{baud!r} is no speed of a serial port; 9600 is usual")
    if bits not in BITS or parity not in PARITIES:
        raise Invalid(f"bits={bits}&parity={parity} is no serial port; bits are 7 or 8, parity none, even or odd")
    return speed, BITS[bits] | PARITIES[parity]


def _over_serial(path: str, speed: int, form: int, message: bytes) -> None:
    """Raw, one stop bit, no handshake."""
    port = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        if os.isatty(port):
            control = form | termios.CLOCAL | termios.CREAD
            attributes: list[Any] = [0, 0, control, 0, speed, speed, [b"\0"] * 32]
            termios.tcsetattr(port, termios.TCSANOW, attributes)
        os.write(port, message)
    finally:
        os.close(port)


def say(line: str) -> None:
    """One call, for whoever reads standard output."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
