"""Reports as PDF for whoever reads them: one at a time, since each takes a browser of its own on this machine."""

from __future__ import annotations

import asyncio

from queue_server.errors import RateLimited
from queue_server.handover.paper import chromium, pdf_of

MOST_WAITING = 5
AGAIN_S = 10


class Press:
    def __init__(self) -> None:
        self._one = asyncio.Lock()
        self._waiting = 0

    @property
    def there(self) -> bool:
        """Whether this machine can print at all."""
        return chromium() is not None

    async def print(self, page: str) -> bytes:
        """The page as PDF. Raises Unavailable where it cannot be made, RateLimited where too many wait for theirs."""
        if self._waiting >= MOST_WAITING:
            raise RateLimited("Too many reports are being printed. Try again in a moment.", retry_after_s=AGAIN_S)
        self._waiting += 1
        try:
            async with self._one:
                return await asyncio.to_thread(pdf_of, page)
        finally:
            self._waiting -= 1
