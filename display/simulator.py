"""A panel made of text: listens where a panel would, and says what it would show; for trying a driver without one.

antrean display --simulate 4001 --driver alpha        and elsewhere: --device tcp://127.0.0.1:4001
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from display.panels import alpha, segments

READERS: dict[str, Callable[[bytes], tuple[str, bool]]] = {"alpha": alpha.read, "segments": segments.read}
LONGEST = 256


@asynccontextmanager
async def panel(driver: str, shows: Callable[[str, bool], None], port: int = 0) -> AsyncIterator[int]:
    """Its port; `shows` gets the text and whether it blinks, with each message. Raises OSError: the port is taken."""
    read = READERS[driver]

    async def heard(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            packet = await reader.read(LONGEST)
            if packet:
                shows(*read(packet))
        except ValueError as error:
            shows(f"({error})", False)
        finally:
            writer.close()

    server = await asyncio.start_server(heard, "127.0.0.1", port)
    async with server:
        yield int(server.sockets[0].getsockname()[1])
