"""A kiosk's own menu and hours, held by the server, and changed without a restart."""

from __future__ import annotations

from pathlib import Path

from queue_server.settings import load
from tests.web.edge import CONFIG, edge_at

OWN = "[kiosks.K1]\n"
MENU = f'{OWN}agencies = ["registry"]\nservices = ["visa"]\nlayout = "services"\npages = ["search"]\n'


async def test_a_kiosks_menu_is_the_servers_and_changes_at_a_reload(tmp_path: Path):
    """What a kiosk does not offer it gives no ticket for, whoever speaks for it; its view lists what it does."""
    path = tmp_path / "config.toml"
    path.write_text(CONFIG, encoding="utf-8")
    async with edge_at(tmp_path, reload=lambda: load(path)) as edge:
        token = edge.token("kiosk", name="K1")
        before = await edge.post("/tickets", {"service": "passport"}, by=token)
        path.write_text(CONFIG.replace(OWN, MENU), encoding="utf-8")
        await edge.post("/reload", by="admin")
        refused = await edge.post("/tickets", {"service": "passport"}, by=token)
        given = await edge.post("/tickets", {"service": "visa"}, by=token)
        async with edge.live("kiosk:K1", by=token) as socket:
            view = [await socket.receive_json() for _ in range(2)][1]["view"]

    assert (before.status, given.status) == (201, 201)
    assert refused.said == (409, "service_closed", "not_here")
    offered = [service["id"] for agency in view["agencies"] for service in agency["services"]]
    assert offered == ["birth", "full", "night", "visa"]
    assert (view["layout"], view["pages"]) == ("services", ["search"])


async def test_a_kiosk_outside_its_hours_gives_no_ticket(tmp_path: Path):
    """Its view is closed and says when it opens, while the mall goes on."""
    config = CONFIG.replace(OWN, f'{OWN}hours = {{ tue = ["10:00-11:00"] }}\n')
    async with edge_at(tmp_path, config=config) as edge:
        token = edge.token("kiosk", name="K1")
        refused = await edge.post("/tickets", {"service": "visa"}, by=token)
        async with edge.live("kiosk:K1", by=token) as socket:
            view = [await socket.receive_json() for _ in range(2)][1]["view"]
        other = await edge.post("/tickets", {"service": "visa"}, by=edge.token("kiosk", name="elsewhere"))

    assert refused.said == (409, "service_closed", "kiosk_closed")
    assert (view["open"], view["hours"], view["opens_at"]) == (False, False, "2026-11-24T03:00:00.000Z")
    assert other.status == 201
