"""An agent that is killed at any moment, by the real thing, prints each slip once.

`-m soak` does it more than a hundred times.
"""

import asyncio
import contextlib
import os
import random
import signal
import sys
from pathlib import Path

import pytest

from printer.press import Press
from queue_server.wire.printing import Result
from tests.fakes.fake_printer import FakePrinter, Knobs
from tests.fakes.print_server import PrintServer
from tests.printer.conftest import Bench, slip


class Agent:
    """`antrean printer` as a process of its own."""

    def __init__(self, server: str, device: str, data: Path) -> None:
        self._arguments = [
            "--server",
            server,
            "--token",
            "t",
            "--printer",
            "p1",
            "--device",
            device,
            "--data",
            str(data),
        ]
        self._process: asyncio.subprocess.Process | None = None
        self.kills = 0

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "queue_server", "printer", *self._arguments, stderr=asyncio.subprocess.DEVNULL
        )

    async def end(self, how: signal.Signals) -> int:
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(how)
        return await asyncio.wait_for(self._process.wait(), 40)

    async def kill(self) -> None:
        self.kills += 1
        assert await self.end(signal.SIGKILL) == -signal.SIGKILL


async def rehearse(jobs: int, folder: Path, drawing: Press, seed: int) -> tuple[list[int], list[str], int]:
    """Print `jobs` slips while the agent is killed at random; slips per number, their outcomes, kills."""
    chance = random.Random(seed)
    async with PrintServer() as server, FakePrinter(Knobs(mm_per_s=150)) as printer:
        bench = Bench(server, printer, drawing, folder)
        agent = Agent(server.url, printer.url, folder)
        await agent.start()
        outcomes: list[str] = []
        views = [slip(f"A\u2009{place:03}") for place in range(jobs)]
        for view in views:
            outcome = "not_printed"
            while outcome in ("not_printed", "expired"):  # as the server does: a new job, never the old one again
                job = await server.give(view)
                await asyncio.sleep(chance.random() * 0.7)  # the random moment
                if chance.random() < 0.9:
                    await agent.kill()
                    await agent.start()
                result: Result = await server.result(job, within=60)
                outcome = result.outcome
            outcomes.append(outcome)
        await agent.end(signal.SIGTERM)
        await printer.settled()
        return [bench.on_paper(view) for view in views], outcomes, agent.kills


@pytest.mark.crash
async def test_a_killed_agent_prints_each_slip_once(tmp_path: Path, drawing: Press):
    """kill -9 at random moments: every slip is on paper once, and the server knows it."""
    slips, outcomes, kills = await rehearse(8, tmp_path, drawing, seed=int.from_bytes(os.urandom(4)))

    assert kills > 0
    assert outcomes == ["printed"] * 8
    assert slips == [1] * 8


@pytest.mark.soak
@pytest.mark.timeout(1800)
async def test_a_hundred_kills(tmp_path: Path, drawing: Press):
    """The same over more than a hundred jobs."""
    slips, outcomes, kills = await rehearse(120, tmp_path, drawing, seed=int.from_bytes(os.urandom(4)))

    assert kills >= 100
    assert outcomes == ["printed"] * 120
    assert slips == [1] * 120
