"""What must not end a real server: a log that takes nothing, a locked journal, a day that cannot be closed."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

from msgspec.structs import replace

from queue_server.domain import events as e
from queue_server.journal.promises import Batch
from queue_server.journal.sqlite import open_journal
from tests.service.test_course import poisoned
from tests.waiting import answered
from tests.whole.server import Server, server

API = "/api/v1"
TOMORROW = "2026-11-25T09:00:00+07:00"


async def desk(house: Server) -> tuple[str, str, str]:
    """Tokens of a kiosk and a supervisor, and a service."""
    kiosk, supervisor = house.token("kiosk", "--name", "kiosk-1"), house.token("supervisor")
    return kiosk, supervisor, (await house.get(f"{API}/queues", supervisor)).body[0]["service"]


async def listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def recovered(house: Server) -> None:
    await answered(lambda: house.get("/healthz"), lambda health: health.status == 200)


async def test_a_log_that_takes_nothing_changes_no_answer(tmp_path: Path):
    """With a full disk under the log and a journal that is locked for a while, whoever is told a ticket has one."""
    async with server(tmp_path, log_at=Path("/dev/full")) as house:
        kiosk, _, service = await desk(house)
        first = await house.post(f"{API}/tickets", {"service": service}, kiosk)
        tool = sqlite3.connect(house.data / "journal.db", isolation_level=None)
        tool.execute("BEGIN IMMEDIATE")
        held = [house.post(f"{API}/tickets", {"service": service}, kiosk) for _ in range(5)]
        refused = await asyncio.gather(*held)
        tool.execute("ROLLBACK")
        tool.close()
        await recovered(house)

        more = [await house.post(f"{API}/tickets", {"service": service}, kiosk) for _ in range(3)]
        found = [(await house.get(f"{API}/tickets/{one['id']}")).status for one in (first, *more)]

        assert [one.status for one in refused] == [503] * 5
        assert [one["number"][-3:] for one in more] == ["002", "003", "004"]
        assert found == [200] * 4


async def test_a_counter_taken_out_under_a_parked_ticket_stops_no_day(tmp_path: Path):
    """A journal whose rules lost a counter that somebody was parked at: the day closes, and the next one opens."""
    async with server(tmp_path) as house:
        kiosk, supervisor, _ = await desk(house)
        counter = next(one for one in (await house.get(f"{API}/counters", supervisor)).body if one["services"])
        clerk = house.token("clerk", "--counter", counter["id"])
        at = f"{API}/counters/{counter['id']}"
        ticket = await house.post(f"{API}/tickets", {"service": counter["services"][0]}, kiosk)
        for move in ("open", "call-next", "park", "close"):
            assert (await house.post(f"{at}/{move}", {}, clerk)).status == 200
    journal = open_journal(house.data / "journal.db")
    last = journal.last()
    rules = [row.event.rules for row in journal.read_day(last.stream) if isinstance(row.event, e.RulesSet)][-1]
    without = {id_: known for id_, known in rules.counters.items() if id_ != counter["id"]}
    gone = e.RulesSet(at=journal.last_at(), rules=replace(rules, counters=without))
    journal.append(Batch(first_seq=last.seq + 1, stream=last.stream, events=(gone,)))
    journal.close()

    async with server(tmp_path, clock=TOMORROW) as house:
        health = await house.get("/healthz")
        yesterday = await house.get(f"{API}/tickets/{ticket['id']}")

        assert (health.status, health["alarms"]) == (200, [])
        assert yesterday["state"] == "expired"
        assert (await house.get("/readyz")).status == 200


async def test_a_day_that_cannot_be_closed_leaves_a_server_that_says_so(tmp_path: Path):
    """It comes up, says on health and floor what is wrong, closes what can be closed, and opens the next day."""
    async with server(tmp_path) as house:
        kiosk, _, service = await desk(house)
        await house.post(f"{API}/tickets", {"service": service}, kiosk)
    poisoned(house.data)

    async with server(tmp_path, clock=TOMORROW) as house:
        first = (await house.get("/healthz"))["alarms"]
        health = await answered(
            lambda: house.get("/healthz"), lambda health: any("was closed" in one for one in health["alarms"])
        )
        await recovered(house)
        again = await house.post(f"{API}/tickets", {"service": service}, kiosk)

        assert any("2026-11-24" in one for one in (*first, *health["alarms"]))
        assert again["number"].endswith("001")


async def test_an_address_that_nobody_reads_keeps_no_mall_closed(tmp_path: Path):
    """Standard output that is full is no reason not to open."""
    async with server(tmp_path) as house:
        kiosk, _, service = await desk(house)
        await house.kill()
        with Path("/dev/full").open("wb") as full:
            await house.spawn(full.fileno())
        await answered(lambda: listens(house.port), bool)

        assert (await house.post(f"{API}/tickets", {"service": service}, kiosk)).status == 201
