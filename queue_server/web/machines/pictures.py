"""What a display shows, for staff who ask from afar: its page is asked over its line, draws itself and sends that.

A browser lets no page look at the screen, so the page draws what it shows once more, into a picture. So this is what
the page believes that it shows; that a monitor is off, or another window lies above it, nobody sees here. Nothing is
kept: a picture goes to whoever asked for it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from secrets import token_urlsafe

import msgspec

from queue_server.errors import IllegalMove, NotFound
from queue_server.service.logs import log
from queue_server.wire.devices import PictureRequest
from queue_server.wire.live import AskPicture

WITHIN_S = 15.0
"""A small computer takes seconds to draw a page into a picture."""

MOST = 8
"""Pictures that are waited for at once."""

Device = tuple[str, str]
Tell = Callable[[str], Awaitable[None]]
"""Says one message to the page of a device."""


class Pictures:
    def __init__(self) -> None:
        self._lines: dict[Device, list[Tell]] = {}
        self._asked: dict[str, asyncio.Future[PictureRequest]] = {}

    def here(self, device: Device, tell: Tell) -> None:
        self._lines.setdefault(device, []).append(tell)

    def gone(self, device: Device, tell: Tell) -> None:
        lines = self._lines.get(device, [])
        if tell in lines:
            lines.remove(tell)
        if not lines:
            self._lines.pop(device, None)

    async def take(self, device: Device) -> PictureRequest:
        """Of the page that came last. Raises NotFound where none is linked, IllegalMove where none comes in time."""
        if device not in self._lines:
            raise NotFound("No page of this device is connected.", reason="no_page", kind=device[0], id=device[1])
        if len(self._asked) >= MOST:
            raise IllegalMove("Too many pictures are taken now; try again in a moment.", reason="no_picture")
        name = token_urlsafe(12)
        coming: asyncio.Future[PictureRequest] = asyncio.get_running_loop().create_future()
        self._asked[name] = coming
        try:
            async with asyncio.timeout(WITHIN_S):
                await self._lines[device][-1](msgspec.json.encode(AskPicture(picture=name)).decode())
                return await coming
        except (TimeoutError, ConnectionError, RuntimeError) as error:
            log.info("no_picture", device=device[1], error=type(error).__name__)
            raise IllegalMove("Its page sent no picture.", reason="no_picture") from error
        finally:
            del self._asked[name]

    def came(self, name: str, picture: PictureRequest) -> None:
        """Raises NotFound for a name that nobody asked for, or that came too late."""
        if name not in self._asked:
            raise NotFound("Nobody waits for this picture.")
        with contextlib.suppress(asyncio.InvalidStateError):  # it came twice
            self._asked[name].set_result(picture)
