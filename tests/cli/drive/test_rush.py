"""A busy hall: simulated people on the public API of a real server."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from queue_server.cli.drive.client import Api
from queue_server.cli.drive.rush import ABSENT, chosen, rush
from queue_server.compose import Mall, Setting, running
from queue_server.registry.roles import Role
from queue_server.settings import load
from queue_server.wire.api import CounterView, TicketView
from tests.waiting import until

CONFIG = """
[mall]
id = "mall"
name = "Mall"
languages = ["en", "id"]
timezone = "UTC"
[policy]
no_show_apart = "0s"
[categories]
regular = { name = "Regular" }
elderly = { name = "Elderly" }
[zones]
hall = { name = "Hall" }
[agencies]
office = { name = "Office" }
[services.passports]
agency = "office"
name = "Passports"
prefix = "A"
[services.permits]
agency = "office"
name = "Permits"
prefix = "B"
[counters]
1 = { zone = "hall", services = ["passports"] }
2 = { zone = "hall", services = ["passports"] }
3 = { zone = "hall", services = ["permits"] }
[kiosks.k1]
[pause_reasons]
break = { en = "Break", id = "Istirahat" }
"""

WITHIN_S = 90.0
"""Citizens walk, are called and are served at their own pace; a busy machine makes them slower."""


@asynccontextmanager
async def mall(folder: Path) -> AsyncIterator[Mall]:
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    setting = Setting(settings=load(folder / "config.toml"), data=folder / "data", port=0, always_open=True)
    async with running(setting) as server:
        yield server


@asynccontextmanager
async def rushing(server: Mall, count: int, chance: Random | None = None) -> AsyncIterator[None]:
    """A rush at two hundred times people's pace; it has gone home when the block ends."""
    stop = asyncio.Event()
    task = asyncio.create_task(
        rush(server.url, server.parts.registry, count, stop, pace=200, chance=chance or Random(1))
    )
    try:
        yield
    finally:
        stop.set()
        await task


def states(server: Mall) -> Counter[str]:
    return Counter(str(ticket.state) for ticket in server.parts.engine.state.tickets.values())


async def test_citizens_come_and_are_served(tmp_path):
    """People take tickets at the kiosk, clerks serve them, and about as many as asked for are in the hall."""
    async with mall(tmp_path) as server, rushing(server, 9):
        await until(lambda: states(server)["served"] >= 20, within=WITHIN_S)

        here = states(server)
        assert here["waiting"] + here["called"] + here["serving"] <= 9
        tickets = server.parts.engine.state.tickets.values()
        assert {ticket.channel for ticket in tickets} == {"kiosk"}
        assert {step.service for ticket in tickets for step in ticket.steps} == {"passports", "permits"}


class Steady(Random):
    """Chance that always falls the same way."""

    def __init__(self, falls: float) -> None:
        super().__init__(0)
        self._falls = falls

    def random(self) -> float:
        return self._falls

    def normalvariate(self, mu: float = 0.0, sigma: float = 1.0) -> float:
        return mu


async def test_whoever_does_not_come_is_called_again_and_may_come_back(tmp_path):
    """Two calls, a no-show, a return, and then served."""
    events: list[str] = []
    async with mall(tmp_path) as server:
        server.parts.engine.changed.append(lambda _, new: events.extend(type(event).__name__ for event in new))
        async with rushing(server, 1, Steady(ABSENT - 0.005)):
            await until(lambda: states(server)["served"] >= 1, within=WITHIN_S)

    told = [name for name in events if name.startswith(("Ticket", "Service"))]
    assert told[:6] == [
        "TicketIssued",
        "TicketCalled",
        "TicketRecalled",
        "TicketMissed",
        "TicketReturned",
        "TicketCalled",
    ]


async def test_afterwards_everything_is_as_before(tmp_path):
    """The clerks finish and close, and their tokens let nobody in any more."""
    async with mall(tmp_path) as server:
        async with rushing(server, 9):
            await until(lambda: states(server)["served"] >= 3, within=WITHIN_S)

        assert {record.state for record in server.parts.engine.state.counters.values()} == {"closed"}
        assert states(server)["serving"] == states(server)["called"] == 0
        assert all(token.revoked_at for token in server.parts.registry.tokens.list())


async def test_clerks_keep_away_from_a_counter_that_somebody_else_works_at(tmp_path):
    """Whoever sits down at a counter first keeps it, and whom it calls."""
    async with mall(tmp_path) as server, Api(server.url) as api:
        token = server.parts.registry.tokens.create(Role.CLERK, name="ani")
        await api.post("/counters/3/open", CounterView, token)
        taken = await api.post("/tickets", TicketView, token, {"service": "permits"})
        await api.post("/counters/3/call-next", TicketView, token)
        async with rushing(server, 9):
            await until(lambda: states(server)["served"] >= 5, within=WITHIN_S)

            record = server.parts.engine.state.counters["3"]
            assert taken is not None
            assert (record.clerk, record.ticket) == ("ani", taken.id)


@pytest.mark.parametrize(("count", "wanted"), [(1, 1), (3, 1), (4, 2), (100, 4)])
def test_there_is_a_clerk_for_three_citizens(count, wanted):
    """And a third of the counters stays closed for people."""
    counters = [view(str(place), ("a",)) for place in range(6)]

    assert len(chosen(counters, count)) == wanted


def test_the_counters_that_are_chosen_serve_as_much_as_they_can():
    """Each next one serves the most that none before it does; of equal ones the last in the list."""
    counters = [view("1", ("a",)), view("2", ("a", "b")), view("3", ("c",)), view("4", ("b",))]

    assert [counter.id for counter in chosen(counters, 9)] == ["2", "3", "4"]


def view(id_: str, services: tuple[str, ...]) -> CounterView:
    return CounterView(id=id_, label=id_, state="closed", zone="z", services=services, ticket=None, clerk=None)
