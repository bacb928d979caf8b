"""A server killed with -9 while it tells people: nothing is lost, and what comes twice has the same id.

A message is sent at least once: whoever gets it may get it again if the server died before it knew that it was taken,
and can tell by the id. The journal says what was to be told: each beginning and each end of an alert, once.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from aiohttp import web

from queue_server.database import open_to_read
from tests.notices.test_telling import mall
from tests.waiting import until
from tests.whole.server import Server, server

QUICK = """[alerts.crowd]
when = "queue"
more_than = 1
after = "1s"
calm = "1s"
to = ["duty"]
"""


class Slow:
    """A program that has read a message and does not answer while `holds`: whoever sent it cannot know that it came."""

    def __init__(self) -> None:
        self.at = ""
        self.holds = False
        self.came: list[tuple[str, str]] = []
        self.taken: list[tuple[str, str]] = []

    async def receive(self, request: web.Request) -> web.Response:
        got = request.headers["webhook-id"], json.loads(await request.read())["type"]
        self.came.append(got)
        while self.holds:  # noqa: ASYNC110 - the test lets go, whenever it likes
            await asyncio.sleep(0.01)  # as a program that is busy
        self.taken.append(got)
        return web.Response(status=204)

    @property
    def ids(self) -> Counter[tuple[str, str]]:
        return Counter(self.came)


@asynccontextmanager
async def receiver() -> AsyncIterator[Slow]:
    slow = Slow()
    app = web.Application()
    app.router.add_post("/hook", slow.receive)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    slow.at = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield slow
    finally:
        slow.holds = False
        await runner.cleanup()


@asynccontextmanager
async def house(folder: Path, slow: Slow) -> AsyncIterator[Server]:
    told = f'webhook = "{slow.at}"\nsecret_file = "hook.secret"\n'
    config = folder / "config.toml"
    config.write_text(mall(folder, told, rule=QUICK))
    async with server(folder, config=config) as running:
        yield running


async def crowd(running: Server, kiosk: str) -> list[str]:
    """Two wait for passports."""
    return [str((await running.post("/api/v1/tickets", {"service": "passport"}, kiosk))["id"]) for _ in range(2)]


def noted(folder: Path) -> list[str]:
    """What the journal says was to be told."""
    with closing(open_to_read(folder / "data" / "journal.db").conn) as db:
        rows = db.execute("SELECT data FROM events ORDER BY seq").fetchall()
    kinds = [json.loads(data)["type"] for (data,) in rows]
    return [kind for kind in kinds if kind in ("AlertBegan", "AlertEnded")]


async def test_what_was_being_sent_comes_again_with_the_same_id(tmp_path: Path):
    """Killed after the other side has read it and before it answered: once more, then never again."""
    async with receiver() as slow, house(tmp_path, slow) as running:
        kiosk = running.token("kiosk", "--name", "K1")
        slow.holds = True
        tickets = await crowd(running, kiosk)
        await until(lambda: slow.came)
        await running.kill()
        slow.holds = False
        await running.start()
        await until(lambda: len(slow.came) == 2)
        desk = running.token("supervisor", "--name", "rina")
        for ticket in tickets:
            await running.post(f"/api/v1/tickets/{ticket}/cancel", None, desk)
        await until(lambda: len(slow.came) == 3)
        await running.kill()
        await running.start()
        await crowd(running, kiosk)
        await until(lambda: len(slow.came) == 4)

    began, again, ended, next_ = slow.came
    assert began == again
    assert len({began[0], ended[0], next_[0]}) == 3
    assert [kind for _, kind in slow.came] == ["alert.began", "alert.began", "alert.ended", "alert.began"]


@pytest.mark.parametrize("seed", [1])
async def test_killed_at_any_moment_it_tells_everything_that_the_journal_says(tmp_path: Path, seed: int):
    """Each beginning and each end of an alert has one id; none is missing, and none comes twice but for a kill."""
    chance, kills = random.Random(seed), 5
    async with receiver() as slow, house(tmp_path, slow) as running:
        kiosk, desk = running.token("kiosk", "--name", "K1"), running.token("supervisor", "--name", "rina")
        for _ in range(kills):
            tickets = await crowd(running, kiosk)
            await asyncio.sleep(chance.uniform(0.5, 4))  # the power goes at any moment, which nothing announces
            for ticket in tickets:
                await running.post(f"/api/v1/tickets/{ticket}/cancel", None, desk)
            await asyncio.sleep(chance.uniform(0, 3))  # or while the end is told
            await running.kill()
            await running.start()
        tickets = await crowd(running, kiosk)
        await until(lambda: noted(tmp_path) and noted(tmp_path)[-1] == "AlertBegan")
        for ticket in tickets:
            await running.post(f"/api/v1/tickets/{ticket}/cancel", None, desk)
        await until(lambda: noted(tmp_path)[-1] == "AlertEnded" and len(slow.ids) >= len(noted(tmp_path)))

    names = {"AlertBegan": "alert.began", "AlertEnded": "alert.ended"}
    assert Counter(kind for _, kind in slow.ids) == Counter(names[kind] for kind in noted(tmp_path))
    assert sum(slow.ids.values()) - len(slow.ids) <= kills
