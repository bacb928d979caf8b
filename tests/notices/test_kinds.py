"""Each kind of rule, from the hall to a program behind a webhook: told once as it begins and once as it ends, and not
before it was so for as long as the rule says."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse
from msgspec import Struct

from queue_server.wire import printing as wire
from tests.notices.post import Hook, hook
from tests.notices.test_telling import hooked, mall, noticed, tried
from tests.waiting import until
from tests.web.edge import CONFIG, Edge, edge_at
from tests.web.test_agents import say

AFTER_S = 300


class Scene:
    """One hall in which something goes wrong and right again."""

    def __init__(self, edge: Edge, stack: AsyncExitStack) -> None:
        self.edge = edge
        self._stack = stack
        self._agent: ClientWebSocketResponse | None = None

    async def ticket(self) -> None:
        await self.edge.ticket()

    async def late(self) -> None:
        """Its time to be called is in a moment."""
        await self.edge.ticket()
        self.edge.wait(15 * 60)

    async def two(self) -> None:
        await self.edge.ticket()
        await self.edge.ticket()

    async def opened(self) -> None:
        await self._move("open")

    async def idle(self) -> None:
        await self._move("open")
        await self.edge.ticket()

    async def called(self) -> None:
        await self.edge.post("/counters/1/open", by="clerk")
        await self._move("call-next")

    async def asked_for_help(self) -> None:
        await self._move("open")
        await self._move("help")

    async def helped(self) -> None:
        await self._move("help-answered")

    async def _move(self, move: str) -> None:
        answer = await self.edge.post(f"/counters/1/{move}", by="clerk")
        assert answer.status == 200, answer

    async def jammed(self) -> None:
        await self._says(wire.Status(ready=False, reasons=("cutter",)))

    async def near_end(self) -> None:
        await self._says(wire.Status(ready=True, near_end=True))

    async def well(self) -> None:
        await self._says(wire.Status(ready=True))

    async def _says(self, status: wire.Status) -> None:
        if self._agent is None:
            self._agent = await self._stack.enter_async_context(self.edge.live("printer:P1", by="printer"))
            await say(self._agent, wire.Hello(agent="7", printer="P1"))
        await say(self._agent, status)
        printers = self.edge.parts.printing.printers
        await until(lambda: (link := printers.ready_link("P1")) is not None and link.status == status)


Move = Callable[[Scene], Awaitable[None]]


class Kind(Struct, frozen=True):
    """What brings it about, what ends it, and what is said of it; `rule` are further keys of it."""

    begin: Move
    end: Move
    subject: str
    where: str
    what: str
    todo: str
    waiting: int | None = None
    reason: str | None = None
    rule: str = ""


KINDS = {
    "over_target": Kind(
        Scene.late,
        Scene.called,
        "passport",
        "Immigration",
        "people wait longer than promised for Passport",
        "Open another counter for Passport",
        waiting=1,
    ),
    "queue": Kind(
        Scene.two,
        Scene.called,
        "passport",
        "Immigration",
        "2 people wait for Passport",
        "Open another counter for Passport",
        waiting=2,
        rule="more_than = 1",
    ),
    "unserved": Kind(
        Scene.ticket,
        Scene.opened,
        "passport",
        "Immigration",
        "1 person waits for Passport, and no counter that serves it is open",
        "Open a counter for Passport",
        waiting=1,
    ),
    "idle": Kind(
        Scene.idle,
        Scene.called,
        "1",
        "A",
        "counter 1 is free while people wait for it",
        "Ask at counter 1 what keeps the next call",
    ),
    "help": Kind(Scene.asked_for_help, Scene.helped, "1", "A", "counter 1 asks for help", "Go to counter 1"),
    "device": Kind(
        Scene.jammed,
        Scene.well,
        "printer P1",
        "K1",
        "printer P1 does not work",
        "Look at printer P1",
        reason="cutter",
    ),
    "paper": Kind(
        Scene.near_end,
        Scene.well,
        "printer P1",
        "K1",
        "printer P1 needs paper",
        "Put a new roll into printer P1",
        reason="paper_low",
    ),
}


def about(receiver: Hook, subject: str) -> list[dict[str, Any]]:
    """What was taken of this subject; another printer of this mall has no agent and is told of as well."""
    found = [json.loads(body) for _, body in receiver.taken]
    return [one for one in found if one["data"]["subject"] == subject]


@pytest.mark.parametrize("kind", KINDS)
async def test_what_happens_in_the_hall_is_told_once_as_it_begins_and_once_as_it_ends(tmp_path: Path, kind: str):
    """What, where, since when and what to do; nothing before its time, and an end only after some calm."""
    case = KINDS[kind]
    async with hook() as receiver, AsyncExitStack() as stack:
        rule = f'[alerts.rule]\nwhen = "{kind}"\nafter = "5m"\ncalm = "2m"\nto = ["duty"]\n{case.rule}\n'
        config = mall(tmp_path, hooked(receiver), rule=rule)
        edge = await stack.enter_async_context(edge_at(tmp_path, config=config))
        scene = Scene(edge, stack)
        await case.begin(scene)
        await noticed(edge)
        edge.wait(AFTER_S - 5)
        await noticed(edge)
        early = dict(edge.engine.state.alerts)
        edge.wait(10)
        await noticed(edge)
        await until(lambda: about(receiver, case.subject))

        await case.end(scene)
        await noticed(edge)
        edge.wait(60)
        await noticed(edge)
        going = [subject for _, subject in edge.engine.state.alerts]
        edge.wait(65)
        await noticed(edge)
        await until(lambda: len(about(receiver, case.subject)) == 2)
        await tried(edge)

    began, ended = about(receiver, case.subject)
    assert early == {}
    assert case.subject in going
    assert (began["type"], ended["type"]) == ("alert.began", "alert.ended")
    data = began["data"]
    assert (data["kind"], data["waiting"], data["reason"]) == (kind, case.waiting, case.reason)
    for line in (f"What: {case.what}", f"Where: {case.where}", "Since: ", f"What to do: {case.todo}"):
        assert line in data["text"], data["text"]
    assert data["alert"] == ended["data"]["alert"]
    assert "Until: " in ended["data"]["text"] or ended["data"]["until"] is not None


@pytest.mark.parametrize("kind", ["over_target", "queue", "unserved"])
async def test_what_is_not_yet_told_goes_on_over_a_restart(tmp_path: Path, kind: str):
    """It is told when it has been so for the rule's time, not that long after the restart, with the same since."""
    case = KINDS[kind]
    config = f'{CONFIG}\n[alerts.rule]\nwhen = "{kind}"\nafter = "5m"\n{case.rule}\n'
    async with edge_at(tmp_path, config=config) as edge, AsyncExitStack() as stack:
        await case.begin(Scene(edge, stack))
        since = edge.clock.now()
        await noticed(edge)
        edge.wait(AFTER_S - 30)
        await noticed(edge)
        early = dict(edge.engine.state.alerts)
    async with edge_at(tmp_path, config=config, at=edge.clock.now() + 1_000) as edge:
        await noticed(edge)
        at_once = dict(edge.engine.state.alerts)
        edge.wait(35)
        await noticed(edge)
        told = list(edge.engine.state.alerts.values())

    assert (early, at_once) == ({}, {})
    assert [(one.rule, one.subject) for one in told] == [("rule", case.subject)]
    assert abs(told[0].since - since) < 5_000


@pytest.mark.parametrize("kind", ["over_target", "queue", "unserved", "idle"])
async def test_while_the_hall_is_held_nobody_is_late_or_idle(tmp_path: Path, kind: str):
    """A hold is nobody's fault; what is still so after it counts from then."""
    case = KINDS[kind]
    config = f'{CONFIG}\n[alerts.rule]\nwhen = "{kind}"\nafter = "5m"\n{case.rule}\n'
    async with edge_at(tmp_path, config=config) as edge, AsyncExitStack() as stack:
        await case.begin(Scene(edge, stack))
        held = await edge.post("/hall/hold", {"reason": "mistake"}, by="supervisor")
        edge.wait(2 * AFTER_S)
        await noticed(edge)
        during = dict(edge.engine.state.alerts)
        await edge.post("/hall/release", by="supervisor")
        await noticed(edge)
        after = dict(edge.engine.state.alerts)
        edge.wait(AFTER_S + 5)
        await noticed(edge)

        assert held.status == 200, held
        assert (during, after) == ({}, {})
        assert len(edge.engine.state.alerts) == 1
