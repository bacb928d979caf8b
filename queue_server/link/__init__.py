"""How a device outside stays linked: the one door to the `websockets` library.

A device dials the server; nothing of it listens. The link is opened again for ever, with waits from half a second
to ten that differ from device to device, so that a hall's devices do not all come back in the same instant
after the server was restarted. What is said over it is somebody else's matter: bytes of typed messages go in
and come out.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator
from urllib.parse import quote, urlsplit, urlunsplit

import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from queue_server.errors import Invalid

__all__ = ["LinkLost", "Session", "live_address", "stay_linked"]

FIRST_WAIT, LONGEST_WAIT = 0.5, 10.0
PING_EVERY, PING_WITHIN = 15.0, 15.0
OPEN_WITHIN, CLOSE_WITHIN = 10.0, 2.0
#: A session that has lasted this long starts the waits anew.
LASTED = 20.0
#: The largest message: a logo, in base64.
LARGEST = 8 * 1024 * 1024

log = structlog.get_logger("link")


class LinkLost(Exception):
    """The session is over; the next one is on its way."""


class Session:
    """One connection, open."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def send(self, message: bytes) -> None:
        """Raises LinkLost. That it returned does not mean that the server has it."""
        try:
            await self._connection.send(message, text=True)
        except ConnectionClosed as error:
            raise LinkLost(str(error)) from error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The messages, until the connection ends, however it ends."""
        try:
            while True:
                yield await self._connection.recv(decode=False)
        except ConnectionClosed:
            return

    async def close(self) -> None:
        await self._connection.close()


def live_address(server: str, topic: str) -> str:
    """The websocket's address on a server given as people write it, `http://10.0.0.2:8080`.

    Raises Invalid.
    """
    parts = urlsplit(server)
    schemes = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}
    if parts.scheme not in schemes or not parts.hostname:
        raise Invalid(f"{server!r} is no server's address: it looks like http://10.0.0.2:8080")
    path = parts.path.rstrip("/") + "/api/v1/live"
    return urlunsplit((schemes[parts.scheme], parts.netloc, path, f"topic={quote(topic, safe=':')}", ""))


async def stay_linked(address: str, token: str) -> AsyncGenerator[Session, None]:
    """One session after the other, for ever; each ends before the next begins. Never raises for the network."""
    failed = 0
    loop = asyncio.get_running_loop()
    while True:
        began = loop.time()
        try:
            async with connect(
                address,
                additional_headers={"Authorization": f"Bearer {token}"},
                ping_interval=PING_EVERY,
                ping_timeout=PING_WITHIN,
                open_timeout=OPEN_WITHIN,
                close_timeout=CLOSE_WITHIN,
                max_size=LARGEST,
                compression=None,
                proxy=None,
            ) as connection:
                yield Session(connection)
            log.warning("link ended", code=connection.close_code, reason=connection.close_reason or None)
        except InvalidStatus as error:
            log.error("server refused the link", status=error.response.status_code, hint=_hint(error))
        except (OSError, TimeoutError, InvalidHandshake, ConnectionClosed) as error:
            log.warning("server not reached", error=str(error) or type(error).__name__)
        except InvalidURI as error:
            raise Invalid(str(error)) from error
        failed = 0 if loop.time() - began > LASTED else failed + 1
        await asyncio.sleep(wait_before(failed))


def wait_before(failed: int) -> float:
    """Seconds before the next attempt: doubled from half a second to ten, each between half and all of it."""
    whole = min(FIRST_WAIT * 2.0 ** max(0, failed - 1), LONGEST_WAIT)
    return whole * (0.5 + random.random() / 2)  # noqa: S311 -- only spreads devices over time


def _hint(error: InvalidStatus) -> str:
    if error.response.status_code in (401, 403):
        return "the token is not known, or not this device's: make one with `antrean token`"
    if error.response.status_code == 404:
        return "config.toml has nothing of this id, or this is no Antrean server"
    return "see the server's log"
