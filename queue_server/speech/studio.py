"""The process that renders, as the server sees it: started when it is first needed, and again after it has ended.

One order at a time: announcements are played one after the other, and two cores are there for the hall.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from pathlib import Path

import msgspec

from queue_server.speech.rendering import Made, Order

WITHIN_S = 25.0
"""Longer than any engine may take; a process that has not answered by then hangs."""

_SOURCES = os.pathsep.join(filter(None, (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH"))))
"""Where the server's own code lies: it may have been started from another folder."""


class Studio:
    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """Of the process, while it runs."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def make(self, order: Order) -> Made:
        """What became of it. A process that ends or hangs in the middle is a failure like any other."""
        async with self._turn:
            try:
                async with asyncio.timeout(WITHIN_S):
                    return await self._ask(order)
            except TimeoutError:
                await self._end()
                return Made(failed=(f"nothing was made within {WITHIN_S:.0f} seconds",))
            except (OSError, asyncio.IncompleteReadError, msgspec.DecodeError) as error:
                await self._end()
                return Made(failed=(f"the process that makes speech ended ({type(error).__name__})",))
            except asyncio.CancelledError:
                await self._end()  # its answer would be taken for that to the next order
                raise

    async def start(self) -> None:
        """So that the first order need not wait for a process; if it cannot be started, that order says so."""
        async with self._turn:
            with contextlib.suppress(OSError):
                await self._running()

    async def close(self) -> None:
        async with self._turn:
            await self._end()

    async def _ask(self, order: Order) -> Made:
        process = await self._running()
        if process.stdin is None or process.stdout is None:
            raise BrokenPipeError
        process.stdin.write(msgspec.json.encode(order) + b"\n")
        await process.stdin.drain()
        return msgspec.json.decode(await process.stdout.readuntil(b"\n"), type=Made)

    async def _running(self) -> asyncio.subprocess.Process:
        process = self._process
        if process is None or process.returncode is not None:
            process = self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "queue_server.speech.rendering",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,  # the server's own is a log with one JSON object a line
                env={**os.environ, "PYTHONPATH": _SOURCES},
                start_new_session=True,  # what is typed into the server's terminal is not for it
            )
        return process

    async def _end(self) -> None:
        """At once: what is not whole by now is in no file that anybody would find."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
