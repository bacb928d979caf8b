"""The link by which a new mall gets its admin, as `antrean serve` says it on the console: start by start."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.whole.server import Answer, Server, server

API = "/api/v1"
SAID = re.compile(r"^ +(http://127\.0\.0\.1:\d+)/join#([\w-]+)$")


@pytest.fixture
async def mall(tmp_path: Path) -> AsyncIterator[Server]:
    async with server(tmp_path) as running:
        yield running


def links(mall: Server) -> list[str]:
    """Of all starts, each with the address at which it is good."""
    found = [SAID.match(line.rstrip("\n")) for line in mall.said]
    return [f"{one[1]} {one[2]}" for one in found if one is not None]


async def join(mall: Server, link: str) -> Answer:
    return await mall.post(
        f"{API}/join", {"link": link.split()[1], "name": "Rina", "password": "a long pass phrase"}, ""
    )


async def again(mall: Server) -> None:
    await mall.stop()
    await mall.start()


async def test_each_start_says_a_fresh_link_until_one_is_used(mall: Server):
    """The first link ends with the second; once there is an admin no start says any, and the used one is over."""
    first = links(mall)
    await again(mall)
    second = links(mall)
    stale, used, twice = [await join(mall, link) for link in (*second, second[-1])]
    await again(mall)

    assert [len(first), len(second), len(links(mall))] == [1, 2, 2]
    assert second[1].startswith(f"{mall.at} ")
    assert (stale.status, used.status, twice.status) == (404, 200, 404)
    assert sum("good once, for a day" in line for line in mall.said) == 2


async def test_one_that_is_over_makes_nobody_admin_and_the_next_start_says_another(mall: Server):
    """A day later, say."""
    with closing(sqlite3.connect(mall.data / "registry.db")) as db, db:
        db.execute("UPDATE links SET expires_at = 1")
    late = await join(mall, links(mall)[0])
    await again(mall)
    now = await join(mall, links(mall)[-1])

    assert (late.status, late.body["reason"], now.status) == (404, "link", 200)


async def test_it_stands_on_the_console_alone(mall: Server):
    """Neither in the log nor in any file of the data folder."""
    (_, link) = links(mall)[0].split()

    assert link not in mall.log()
    assert not [path for path in mall.data.rglob("*") if path.is_file() and link.encode() in path.read_bytes()]
