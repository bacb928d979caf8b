"""A queue of CUPS, by its own commands `lp`, `lpstat` and `cancel`.

A spooler says that it has taken a job and, later, that the job is gone; where the paper is it does not say. So
a job that went through is `unknown` and said to be so. Better is known only of a job that the queue still
holds and has not begun: it can be taken back, and then it was not printed.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
from collections.abc import Callable

from printer.confirming import Work
from printer.device import Look
from printer.machine import Ending, Limits, Owed, Seen, confirm_limit, nobody
from queue_server.wire.printing import Caps, Cause

#: For any of the commands.
_WITHIN = 10.0
_TAKEN = re.compile(r"request id is (\S+)")

#: Words with which drivers and backends describe a printer that is held up.
_SIGNS: tuple[tuple[str, Cause], ...] = (
    ("media-empty", "paper_out"),
    ("out of paper", "paper_out"),
    ("cover", "cover_open"),
    ("door", "cover_open"),
    ("cutter", "cutter"),
    ("disabled", "offline"),
    ("paused", "offline"),
    ("offline", "offline"),
    ("unable to locate", "unreachable"),
    ("not responding", "unreachable"),
)


class SpoolDevice:
    """One queue."""

    def __init__(self, queue: str, limits: Limits) -> None:
        self._queue = queue
        self._limits = limits

    @property
    def caps(self) -> Caps:
        return Caps()

    async def look(self) -> Look:
        status, said = await _run("lpstat", "-p", self._queue)
        if status != 0:
            return Look(("unreachable",), detail=said.strip() or "CUPS does not answer")
        words = said.lower()
        cause = next((cause for sign, cause in _SIGNS if sign in words), None)
        return Look((cause,) if cause else (), detail=said.strip() if cause else "")

    async def deliver(
        self, work: Work, *, uncut: bytes, sending: Callable[[int | None], None], seen: Seen = nobody
    ) -> Ending | Cause:
        look = await self.look()
        if look.causes:
            return look.causes[0]
        sending(None)
        status, said = await _run("lp", "-d", self._queue, "-o", "raw", "-t", work.seq4, given=work.data)
        taken = _TAKEN.search(said)
        if status != 0 or taken is None:
            return Ending("not_printed" if status != 0 else "unknown", "spooler", "offline")
        return await self._followed(taken[1], work)

    async def settle(self, owed: Owed, seen: Seen = nobody) -> Ending:
        """A queue does not tell what became of a job that it no longer has."""
        return Ending("unknown", "none", "spooled")

    async def shut(self) -> None:
        """Nothing is held."""

    async def _followed(self, request: str, work: Work) -> Ending:
        clock = asyncio.get_running_loop().time
        until = clock() + confirm_limit(self._limits, length_mm=work.length_mm, ms_per_mm=None)
        begun = False
        while clock() < until:
            if not await self._holds(request):
                return Ending("unknown", "spooler", "spooled")
            begun = begun or await self._prints(request)
            await asyncio.sleep(self._limits.poll)
        begun = begun or await self._prints(request)
        status, _said = await _run("cancel", request)
        if status == 0 and not begun:
            look = await self.look()
            return Ending("not_printed", "spooler", look.causes[0] if look.causes else "offline")
        return Ending("unknown", "spooler", "spooled")

    async def _holds(self, request: str) -> bool:
        _status, said = await _run("lpstat", "-W", "not-completed", "-o", self._queue)
        return any(line.split()[:1] == [request] for line in said.splitlines())

    async def _prints(self, request: str) -> bool:
        _status, said = await _run("lpstat", "-p", self._queue)
        return f"now printing {request}" in said


async def _run(*command: str, given: bytes = b"") -> tuple[int, str]:
    """Exit status and all that was said; 127 where the command is missing, 124 where it took too long."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, "LC_ALL": "C"},
        )
    except FileNotFoundError:
        return 127, f"{command[0]} is missing: install cups-client (Debian)"
    try:
        async with asyncio.timeout(_WITHIN):
            said, _nothing = await process.communicate(given)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        return 124, f"{command[0]} took longer than {_WITHIN:g} s"
    return process.returncode or 0, said.decode(errors="replace")
