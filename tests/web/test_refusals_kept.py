"""Whatever somebody was refused, and every alarm of the edge, is in the journal with who, what and why."""

from __future__ import annotations

import asyncio
from pathlib import Path

from queue_server.domain import events as e
from queue_server.domain.acts import ActKind
from queue_server.service.listening import Room
from tests.waiting import until
from tests.web.edge import CONFIG, Edge, edge_at
from tests.web.test_lines import later


class Kept:
    """Every act that came into the journal since."""

    def __init__(self, edge: Edge) -> None:
        self._acts: list[e.ActNoted] = []
        edge.engine.changed.append(
            lambda _, events: self._acts.extend(one for one in events if isinstance(one, e.ActNoted))
        )

    async def first(self, what: ActKind) -> e.ActNoted:
        await until(lambda: any(act.what == what for act in self._acts))
        return next(act for act in self._acts if act.what == what)

    def count(self, what: ActKind) -> int:
        return sum(act.what == what for act in self._acts)


async def test_what_is_not_theirs_is_kept(edge: Edge):
    """Who tried it, at which address of ours, and why it was refused; a hundred alike are one entry."""
    kept = Kept(edge)

    refused = [await edge.post("/counters/1/open", by="auditor") for _ in range(100)]
    act = await kept.first(ActKind.REFUSED)

    assert {answer.status for answer in refused} == {403}
    assert (act.by, act.about, act.why) == ("token:1", "POST:/api/v1/counters/counter/open", "role")
    assert kept.count(ActKind.REFUSED) == 1
    assert edge.parts.registry.acts.addresses([act.act]) == {act.act: "127.0.0.1"}


async def test_a_token_that_lets_nobody_in_is_kept(edge: Edge):
    """Nothing of the token itself comes anywhere."""
    kept = Kept(edge)

    await edge.get("/me", by="antrean_guessed")

    act = await kept.first(ActKind.REFUSED)
    assert (act.by, act.about, act.why) == (None, "GET:/api/v1/me", "token")


async def test_a_limit_that_is_reached_is_kept(tmp_path: Path):
    """Which limit, and whose."""
    async with edge_at(tmp_path, config=CONFIG + '\n[limits]\ntickets_per_kiosk = "1 per minute"\n') as edge:
        kept = Kept(edge)
        await edge.ticket()
        over = await edge.post("/tickets", {"service": "visa"}, by="kiosk")
        act = await kept.first(ActKind.RATE_ALARM)

        assert over.said == (429, "rate_limited", "tickets_per_kiosk")
        assert (act.by, act.about, act.why) == ("token:1", "POST:/api/v1/tickets", "tickets_per_kiosk")


async def test_room_that_becomes_short_is_kept(tmp_path: Path):
    """Before nobody gets in any more."""
    async with edge_at(tmp_path, room=Room(connections=20)) as edge:
        kept = Kept(edge)
        held = [await asyncio.open_connection("127.0.0.1", edge.port) for _ in range(18)]
        await until(lambda: len(edge.parts.lines) >= 17)
        later(edge, 0)
        act = await kept.first(ActKind.CONNECTIONS_ALARM)
        for _, writer in held:
            writer.transport.abort()

        assert int(act.details["open"]) >= 17


async def test_who_had_the_file_read_again_is_kept(edge: Edge):
    """A reload says by whom, and whether it was taken."""
    kept = Kept(edge)
    settings = edge.parts.settings()
    edge.parts.reload = lambda: settings

    await edge.post("/reload", by="admin")

    act = await kept.first(ActKind.SETTINGS_TAKEN)
    assert (act.by, act.details) == ("token:1", {"taken": "yes", "refused": "0"})
