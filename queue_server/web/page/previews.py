"""Drawing previews of slips: one at a time, in a thread of their own, and a few that wait for it.

One takes some fifty megabytes and a second. More side by side would take memory and threads from everything else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from queue_server.errors import RateLimited

WAITING = 8
"""So many are asked for at once, the one that is drawn among them."""


class Previews:
    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="preview")
        self._asked = 0

    async def draw(self, drawing: Callable[[], bytes]) -> bytes:
        """What `drawing` gives. Raises RateLimited while too many wait."""
        if self._asked >= WAITING:
            raise RateLimited("Too many previews are drawn now; try again in 2 s.", reason="previews", retry_after_s=2)
        self._asked += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, drawing)
        finally:
            self._asked -= 1

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
