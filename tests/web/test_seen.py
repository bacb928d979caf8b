"""Signs of life of devices that have a token and no live connection."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import WSServerHandshakeError

from queue_server.registry.store import open_registry
from queue_server.web.identity.access import Caller
from queue_server.web.machines.seen import EVERY_S, HERE_S, Seen
from tests.web.edge import Edge
from tests.web.test_live import heard

KIOSK = Caller(id="token:1", role="kiosk", name="K1")


async def test_a_device_that_works_by_its_token_is_seen(edge: Edge):
    """A kiosk that takes tickets and a display that reads a board are there, without a live connection."""
    await edge.ticket()
    await edge.get("/boards/main", by=edge.token("display", name="main"))
    await edge.get("/boards/main", by="clerk")

    devices = {(d["kind"], d["id"]): d for d in (await edge.get("/devices", by="clerk")).body}

    assert {key for key, device in devices.items() if device["last_seen"]} == {("kiosk", "K1"), ("display", "main")}
    assert devices["kiosk", "K1"]["state"] == devices["display", "main"]["state"] == "online"


async def test_who_is_refused_was_there(edge: Edge):
    """A wrong token is nobody's sign of life; a refusal to a right one is."""
    await edge.get("/boards/main", by="antrean_wrong")
    none = edge.parts.registry.devices.list()
    await edge.post("/tickets", {"service": "nosuch"}, by="kiosk")

    assert none == []
    assert [(d.kind, d.id) for d in edge.parts.registry.devices.list()] == [("kiosk", "K1")]


async def test_who_looks_at_a_kiosk_is_none(edge: Edge):
    """Staff who open a kiosk's page are not seen as that kiosk, and what is no kiosk has no page; its own token is."""
    own = edge.token("kiosk", name="K2")
    made_up = [f"kiosk:{name}" for name in ("Budi_was_here", "x" * 65, "")]
    refused = []
    for topic in made_up:
        with pytest.raises(WSServerHandshakeError) as wrong:
            async with edge.live(topic, by="clerk"):
                pass
        refused.append(wrong.value.status)
    async with edge.live("kiosk:K1", by="clerk") as socket:
        await heard(socket, "kiosk:K1")
        looked_at = edge.parts.registry.devices.list()
    async with edge.live("kiosk:K2", by=own) as socket:
        await heard(socket, "kiosk:K2")
        there = [(d.kind, d.id) for d in edge.parts.registry.devices.list()]

    assert refused == [404] * len(made_up)
    assert looked_at == []
    assert there == [("kiosk", "K2")]


def test_many_requests_are_noted_now_and_then(tmp_path: Path):
    """Once in 15 s for each device, so that a rush costs nothing; it counts as there for a minute after."""
    registry = open_registry(tmp_path / "registry.db")
    seen, devices = Seen(), registry.devices
    other = Caller(id="token:2", role="kiosk", name="K2")
    page = Caller(id="token:3", role="kiosk", name="K3", by_cookie=True)
    clerk = Caller(id="token:4", role="clerk", name="ani")

    noted = [seen.note(devices, KIOSK, now) for now in (0.0, 1.0, EVERY_S - 0.1, EVERY_S, EVERY_S + 1)]
    others = [seen.note(devices, caller, 1.0) for caller in (other, page, clerk)]

    assert noted == [True, False, False, True, False]
    assert others == [True, False, False]
    assert [device.id for device in devices.list()] == ["K1", "K2"]
    assert seen.here("kiosk", "K1", EVERY_S + HERE_S - 1)
    assert not seen.here("kiosk", "K1", EVERY_S + HERE_S)
    registry.close()
