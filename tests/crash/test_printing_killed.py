"""Server and agent killed with -9 at random moments: each slip comes out once, or is known not to be there.

`-m soak` does it over more than a hundred slips. What the API says is held against what lies on the paper.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import sys
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from tests.fakes.fake_printer import FakePrinter, Knobs
from tests.waiting import answered
from tests.whole.paper import config, papers_of
from tests.whole.server import ROOT, Server, server

API = "/api/v1"
WITHIN_S = 150.0


class Agent:
    """`antrean printer` as a process of its own, on a folder that outlives it."""

    def __init__(self, house: Server, token: str, device: str, data: Path) -> None:
        self._words = (
            "--server",
            house.at,
            "--token",
            token,
            "--printer",
            "P1",
            "--device",
            device,
            "--data",
            str(data),
        )
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "queue_server", "printer", *self._words, cwd=ROOT, stderr=asyncio.subprocess.DEVNULL
        )

    async def end(self, how: signal.Signals) -> None:
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(how)
        await asyncio.wait_for(self._process.wait(), 60)


async def issue(house: Server, kiosk: str, key: str) -> str:
    """A tap that is sent again with the same key until it is answered, whatever is down meanwhile."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            with contextlib.suppress(OSError, TimeoutError):
                answer = await house.post(f"{API}/tickets", {"service": "passport"}, kiosk, Idempotency_Key=key)
                if answer.status == 201:
                    return str(answer["id"])
            await asyncio.sleep(0.1)  # as a kiosk waits before it asks again


async def fates(house: Server, tickets: list[str], kiosk: str) -> dict[str, str]:
    """What the API says of each slip, once it will not change by itself any more."""

    async def fate(ticket: str) -> str:
        return str((await house.get(f"{API}/tickets/{ticket}", kiosk))["slip"]["state"])

    ended = ("printed", "not_printed")
    return {ticket: await answered(partial(fate, ticket), ended.__contains__, WITHIN_S) for ticket in tickets}


async def rehearse(folder: Path, rounds: int, seed: int) -> tuple[dict[str, str], Counter[str], Counter[str]]:
    """In each round some tickets, a random moment, a kill. What was said of each ticket, what lies there, who died."""
    chance, deaths = random.Random(seed), Counter[str]()
    path = folder / "config.toml"
    path.write_text(config(slip_limit="5m"), encoding="utf-8")
    async with FakePrinter(Knobs(mm_per_s=150)) as printer, server(folder, config=path) as house:
        kiosk = house.token("kiosk", "--name", "K1")
        agent = Agent(house, house.token("printer", "--name", "P1"), printer.url, folder / "agent")
        await agent.start()
        taps: list[asyncio.Task[str]] = []
        for place in range(rounds):
            for tap in range(chance.randint(1, 4)):
                taps.append(asyncio.create_task(issue(house, kiosk, f"tap-{place}-{tap}")))
                await asyncio.sleep(chance.random() * 0.1)  # as people come
            await asyncio.sleep(chance.random() * 1.2)  # the random moment
            who = chance.choice(("agent", "agent", "server", "both"))
            deaths[who] += 1
            if who in ("agent", "both"):
                await agent.end(signal.SIGKILL)
            if who in ("server", "both"):
                await house.kill()
                await house.start()
            if who in ("agent", "both"):
                await agent.start()
        tickets = await asyncio.gather(*taps)
        said = await fates(house, list(tickets), kiosk)
        await agent.end(signal.SIGTERM)
        await printer.settled()
        return said, papers_of(printer), deaths


def wrong(said: dict[str, str], lies: Counter[str]) -> list[str]:
    """Slips of which more, or less, was said than is true; and papers of nobody."""
    right = {"printed": 1, "not_printed": 0}
    found = [f"{state}, {lies[ticket]} on paper" for ticket, state in said.items() if lies[ticket] != right[state]]
    return found + [f"paper of an unknown ticket {ticket}" for ticket in lies.keys() - said.keys()]


@pytest.mark.crash
@pytest.mark.timeout(300)
async def test_killed_server_and_agent_print_each_slip_once(tmp_path: Path):
    """kill -9 at random moments of either or both: what is said of every slip is what lies on the paper."""
    said, lies, _deaths = await rehearse(tmp_path, 4, seed=int.from_bytes(os.urandom(4)))

    assert wrong(said, lies) == []
    assert set(said.values()) == {"printed"}


@pytest.mark.soak
@pytest.mark.timeout(3000)
async def test_over_a_hundred_slips(tmp_path: Path):
    """The same, for long."""
    said, lies, deaths = await rehearse(tmp_path, 60, seed=int.from_bytes(os.urandom(4)))

    assert len(said) >= 100
    assert {"agent", "server", "both"} <= deaths.keys()
    assert wrong(said, lies) == []
    assert set(said.values()) == {"printed"}
