"""A printer's agent that takes every job and prints none: what a linked printer costs the server, without the paper.

python -m bench.agent PORT TOKEN PRINTER        prints `ready` once the server knows it
"""

from __future__ import annotations

import asyncio
import sys

from queue_server.link import live_address, stay_linked
from queue_server.wire import printing as wire


async def main(port: int, token: str, printer: str) -> None:
    async for session in stay_linked(live_address(f"http://127.0.0.1:{port}", f"printer:{printer}"), token):
        await session.send(wire.encode(wire.Hello(agent="bench", printer=printer)))
        await session.send(wire.encode(wire.Status(ready=True)))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        async for said in session:
            message = wire.from_server(said)
            if isinstance(message, wire.Job):
                await session.send(wire.encode(wire.Ack(job=message.job, verdict="accepted")))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
