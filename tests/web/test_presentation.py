"""What only shows: it changes with the file and at once, and the journal knows nothing of it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from aiohttp import ClientWebSocketResponse

from queue_server.settings import load
from tests.web.edge import CONFIG, edge_at

PLAIN = CONFIG.replace("[agencies.immigration]\n", '[agencies.immigration]\ncolour = "#0A5560"\n')
OTHER = (
    PLAIN.replace('timezone = "Asia/Jakarta"', 'timezone = "Asia/Jakarta"\naccent = "#7A1F5C"')
    .replace('colour = "#0A5560"', 'colour = "#7A4B00"')
    .replace("[kiosks.K1]\n", '[kiosks.K1]\nidle = "20s"\n')
    .replace("[boards.main]\n", "[boards.main]\nrows = 9\nsound = false\nwaiting_list = true\n")
)


async def test_what_only_shows_changes_without_a_rule(tmp_path: Path):
    """Colours, rows, sound, lists and idle times reach open screens at the reload, and no rule has changed."""
    path = tmp_path / "config.toml"
    async with edge_at(tmp_path, config=PLAIN, reload=lambda: load(path)) as edge:
        ticket = await edge.ticket()
        async with edge.live("board:main", by="display") as board, edge.live("kiosk:K1", by="kiosk") as kiosk:
            before = [[await socket.receive_json() for _ in range(2)][1]["view"] for socket in (board, kiosk)]
            rules = edge.engine.state.rules
            path.write_text(OTHER, encoding="utf-8")

            reloaded = await edge.post("/reload", by="admin")
            after = [await changed(board, "rows", 9), await changed(kiosk, "idle_s", 20)]
        whole = (await edge.get("/mall"))["agencies"][0]["colour"]

    assert (reloaded.status, reloaded["taken"]) == (200, True)
    assert edge.engine.state.rules is rules
    rows = [(view["rows"], view["sound"], view["waiting_list"]) for view in (before[0], after[0])]
    assert rows == [(6, True, []), (9, False, [ticket["number"]])]
    kiosks = [(view["idle_s"], view["accent"], view["agencies"][0]["colour"]) for view in (before[1], after[1])]
    assert kiosks == [(60, None, "#0A5560"), (20, "#7A1F5C", "#7A4B00")]
    assert whole == "#7A4B00"


async def changed(socket: ClientWebSocketResponse, key: str, value: object) -> dict[str, Any]:
    """The first view that has this value."""
    async with asyncio.timeout(10):
        while True:
            view: dict[str, Any] = (await socket.receive_json())["view"]
            if view[key] == value:
                return view


async def test_what_a_board_says_follows_the_rules(tmp_path: Path):
    """What is worked out once for a board is worked out anew when the rules are others."""
    path = tmp_path / "config.toml"
    said = PLAIN.replace("[boards.main]\n", '[boards.main]\nnotice = { id = "Baru", en = "New" }\n')
    async with edge_at(tmp_path, config=PLAIN, reload=lambda: load(path)) as edge:
        before = (await edge.get("/boards/main", by="display"))["notice"]
        path.write_text(said, encoding="utf-8")

        await edge.post("/reload", by="admin")
        after = (await edge.get("/boards/main", by="display"))["notice"]

    assert (before, after) == ({}, {"id": "Baru", "en": "New"})
