"""A place among so many is taken before anything is awaited, and given back where no ticket came of it.

Were it looked at first and counted when the ticket is there, all who ask meanwhile would see it free.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from queue_server.web.ask import Ask


@asynccontextmanager
async def held(ask: Ask[Any], take: Callable[[], None], give_back: Callable[[], None]) -> AsyncIterator[None]:
    """Within this the ticket is given. `take` raises where there is no place.

    A twin that comes under the same key while the first is on its way waits for it, and then needs no place of its own.
    """
    on_their_way, key = ask.parts.on_their_way, ask.key.key if ask.key is not None else b""
    while key in on_their_way:
        await on_their_way[key].wait()
    if ask.engine.replayed(ask.key) is not None:
        yield
        return
    take()
    over = asyncio.Event()
    if key:
        on_their_way[key] = over
    try:
        yield
    finally:
        on_their_way.pop(key, None)
        over.set()
        if not ask.carried_out:
            give_back()
