"""One fault is one part's: it is shown on the floor, the devices and the health, and everything else goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec.structs import replace

from queue_server.database import open_file, writing
from queue_server.domain import commands as c
from tests.web.edge import Edge, edge_at
from tests.web.test_live import heard

ABSURD_MS = 2_015_539_200_000_000_000
"""A target that was once recorded: 64 million years."""


async def floor(edge: Edge) -> list[dict[str, Any]]:
    """The floor's alerts about parts of the server that fail."""
    async with edge.live("floor", by="supervisor") as socket:
        frame = await heard(socket, "floor")
    return [one for one in frame["view"]["alerts"] if one["kind"] == "fault"]


async def test_a_board_that_fails_is_shown_and_nothing_else_fails(edge: Edge):
    """The floor, the list of devices and the health say so; tickets are given, and the board comes back by itself."""
    good = edge.parts.hub.builders["board"]
    edge.parts.hub.builders["board"] = lambda subject: {"calls": [1 // 0]}

    async with edge.live("board:main", by="display") as socket:
        await heard(socket)
        ticket = await edge.ticket()
        alerts = await floor(edge)
        devices = (await edge.get("/devices", by="admin")).body
        health = await edge.get("/healthz")
        edge.parts.hub.builders["board"] = good
        edge.parts.hub.refresh_all()
        frame = await heard(socket, "board:main")
    after = await floor(edge)

    display = next(one for one in devices if one["id"] == "main")
    assert ticket.status == 201
    assert [(one["subject"], one["fields"]["reason"]) for one in alerts] == [("board:main", "view")]
    assert (display["state"], display["last_error"]) == ("error", "view_failed")
    assert (health.status, len(health["alarms"])) == (200, 1)
    assert frame["view"]["board"] == "main"
    assert after == []


async def test_an_absurd_target_of_an_old_journal_still_runs(tmp_path: Path):
    """Once it could be recorded; after a restart tickets are called, every view comes, and another target is taken."""
    async with edge_at(tmp_path) as edge:
        rules = edge.engine.state.rules
        services = {
            id_: replace(service, targets=dict.fromkeys(service.targets, ABSURD_MS))
            for id_, service in rules.services.items()
        }
        wish = replace(rules, services=services)
        now = edge.engine.now()
        await edge.engine.submit(c.SetRules(at=now, rules=wish, source="supervisor", by="sri", reason="mistake"))

    async with edge_at(tmp_path) as edge:
        called = await edge.called()
        waiting = await edge.ticket()
        topics = ("board:main", "counter:1", f"ticket:{waiting['id']}")
        async with edge.live(*topics, by="admin") as socket:
            shown = {(await heard(socket, topic))["topic"] for topic in topics}
        queues = await edge.get("/queues", by="clerk")
        saved = await edge.post("/rules", {"targets": {"passport": 600}, "reason": "mistake"}, by="supervisor")
        alerts = await floor(edge)

    assert called["state"] == "called"
    assert shown == set(topics)
    assert queues.status == 200
    assert saved["targets"]["passport"] == {"regular": 600, "elderly": 300}
    assert alerts == []


async def test_a_damaged_note_is_that_notes_fault(edge: Edge, tmp_path: Path):
    """Whoever holds the ticket is called and shown as ever; the floor names the note that cannot be read."""
    ticket = await edge.ticket()
    await edge.post(f"/tickets/{ticket['id']}/note", {"text": "In a wheelchair"}, by="clerk")
    _damage_notes(tmp_path / "data" / "registry.db")
    await edge.post("/counters/1/open", by="clerk")

    called = await edge.post("/counters/1/call-next", by="clerk")
    async with edge.live("counter:1", by="clerk") as socket:
        frame = await heard(socket, "counter:1")
    found = await edge.get(f"/tickets?number={ticket['number']}", by="clerk")
    alerts = await floor(edge)

    assert (called.status, called["id"], called["note"]) == (200, ticket["id"], None)
    assert frame["view"]["counter"]["ticket"]["number"] == ticket["number"]
    assert found.status == 200
    assert [(one["subject"], one["fields"]["reason"]) for one in alerts] == [(ticket["number"], "note")]


def _damage_notes(path: Path) -> None:
    db = open_file(path)
    with writing(db) as connection:
        connection.execute("UPDATE personal SET sealed = zeroblob(length(sealed))")
    db.close()
