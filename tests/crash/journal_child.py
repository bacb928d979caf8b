"""A process that appends to a journal for ever with eight writers, and says each `seq` once it was acknowledged."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from queue_server.journal.sqlite import open_journal
from tests.journal.promises import batch


async def main(path: Path) -> None:
    journal = open_journal(
        path,
        loop=asyncio.get_running_loop(),
        on_commit=lambda seq: answer(seq),
        on_failure=lambda error: sys.exit(f"failed: {error}"),
    )
    waiting: list[tuple[int, asyncio.Event]] = []

    def answer(seq: int) -> None:
        os.write(1, b"%d\n" % seq)
        while waiting and waiting[0][0] <= seq:
            waiting.pop(0)[1].set()

    async def client() -> None:
        while True:
            seq = journal.last().seq + 1
            done = asyncio.Event()
            waiting.append((seq, done))
            journal.append(batch(seq, stream="import", size=200))
            await done.wait()

    async with asyncio.TaskGroup() as clients:
        for _ in range(8):
            clients.create_task(client())


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
