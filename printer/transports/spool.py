"""A queue of CUPS, by its own commands `lp`, `lpstat` and `cancel`.

A spooler says that it has taken a job and, later, that the job is gone; where the paper is it does not say. So
from the moment in which `lp` reads the slip its end is `unknown`, whatever `lp` says afterwards: also a command
that failed, or took too long, may have handed it over. Known is only what was not read: `lp` gets the slip as a
file, and the place up to which it was read is looked at when `lp` has ended.

What the queue still holds when its time is over, or when nobody wants it any more, is cancelled, so that it does
not come out later. That it was not begun cannot be proved: a queue may begin a job and stop between two looks.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import tempfile
from collections.abc import Callable
from typing import IO, NamedTuple

from printer.confirming import Work
from printer.device import Look
from printer.machine import NOBODY, Ending, Limits, Owed, Watcher, confirm_limit
from queue_server.wire.printing import Caps, Cause, Paper

_TAKEN = re.compile(r"request id is (\S+)")

#: Words with which CUPS, drivers and backends describe a queue that is held up.
_SIGNS: tuple[tuple[str, Cause], ...] = (
    ("media-empty", "paper_out"),
    ("out of paper", "paper_out"),
    ("cover", "cover_open"),
    ("door", "cover_open"),
    ("cutter", "cutter"),
    ("not accepting", "offline"),
    ("disabled", "offline"),
    ("paused", "offline"),
    ("offline", "offline"),
    ("unable to locate", "unreachable"),
    ("not responding", "unreachable"),
)


class Ran(NamedTuple):
    """How a command ended. `status` is 127 where there is none to run, 124 where it took too long."""

    status: int
    said: str
    #: It has read something of what it was given.
    read: bool = False


class SpoolDevice:
    """One queue."""

    def __init__(self, queue: str, limits: Limits) -> None:
        self._queue = queue
        self._limits = limits
        self.answers_after = 0.0
        self.sent_s: float | None = None

    @property
    def caps(self) -> Caps:
        return Caps()

    async def look(self) -> Look:
        """Whether it prints, and whether it takes jobs: CUPS tells the two apart."""
        prints = await self._told("-p")
        return prints if prints.causes else await self._told("-a")

    async def _told(self, question: str) -> Look:
        found = await self._run("lpstat", question, self._queue)
        if found.status != 0:
            return Look(("unreachable",), detail=found.said.strip() or "CUPS does not answer")
        cause = _cause(found.said)
        return Look((cause,), detail=found.said.strip()) if cause else Look()

    async def deliver(
        self, work: Work, *, uncut: Paper | None, sending: Callable[[int | None], None], watcher: Watcher = NOBODY
    ) -> Ending | Cause:
        look = await self.look()
        if look.causes:
            return look.causes[0]
        sending(None)
        handed = await self._hand_over(work)
        taken = _TAKEN.search(handed.said)
        if taken is not None:
            return await self._followed(taken[1], work, watcher)
        if handed.read:
            return Ending("unknown", "none", "lost" if handed.status else "spooled")
        return _cause(handed.said) or ("unreachable" if handed.status in {124, 127} else "offline")

    async def settle(self, owed: Owed, watcher: Watcher = NOBODY) -> Ending:
        """A queue does not tell what became of a job that it no longer has."""
        return Ending("unknown", "none", "spooled")

    async def shut(self) -> None:
        """Nothing is held."""

    async def _hand_over(self, work: Work) -> Ran:
        with tempfile.TemporaryFile() as slip:
            slip.write(work.made.body + work.made.cut)
            slip.seek(0)
            return await self._run("lp", "-d", self._queue, "-o", "raw", "-t", work.seq4, given=slip)

    async def _followed(self, request: str, work: Work, watcher: Watcher) -> Ending:
        """Until the queue no longer has it, its time is over, or it is not wanted any more."""
        clock = asyncio.get_running_loop().time
        until = clock() + confirm_limit(self._limits, length_mm=work.made.length_mm, ms_per_mm=None)
        while clock() < until and watcher.wanted():
            if await self._gone(request):
                return Ending("unknown", "spooler", "spooled")
            watcher.seen((await self._told("-p")).causes)
            await asyncio.sleep(self._limits.poll)
        await self._run("cancel", request)
        return Ending("unknown", "spooler", "spooled")

    async def _gone(self, request: str) -> bool:
        """Whether the queue says that it does not hold that job; a queue that says nothing may."""
        held = await self._run("lpstat", "-W", "not-completed", "-o", self._queue)
        return held.status == 0 and all(line.split()[:1] != [request] for line in held.said.splitlines())

    async def _run(self, *command: str, given: IO[bytes] | None = None) -> Ran:
        """Run a command to its end, or end it."""
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=given or asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                env={**os.environ, "LC_ALL": "C"},
                start_new_session=True,
            )
        except FileNotFoundError:
            return Ran(127, f"{command[0]} is missing: install cups-client (Debian)")
        except OSError as error:
            return Ran(127, f"{command[0]} cannot be run: {error.strerror}")
        status, said = 124, f"{command[0]} took longer than {self._limits.open:g} s"
        try:
            async with asyncio.timeout(self._limits.open):
                heard, _nothing = await process.communicate()
            status, said = process.returncode or 0, heard.decode(errors="replace")
        except TimeoutError:
            pass
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        return Ran(status, said, read=given is not None and _was_read(given))


def _was_read(given: IO[bytes]) -> bool:
    """Whether a command that was started with this file has read any of it. Nobody reads it after this."""
    given.truncate(0)
    # The place up to which it was read is inherited with the file, so it is the command's too.
    return os.lseek(given.fileno(), 0, os.SEEK_CUR) > 0


def _cause(said: str) -> Cause | None:
    words = said.lower()
    return next((cause for sign, cause in _SIGNS if sign in words), None)
