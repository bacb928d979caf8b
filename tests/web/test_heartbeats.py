"""What kiosks and displays say of themselves, as the list of devices and the floor have it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse

from queue_server.registry.store import open_registry
from queue_server.web.machines.heartbeats import HANGS_S, Heartbeats
from tests.waiting import until
from tests.web.edge import Edge
from tests.web.test_live import heard

SAID = {"kind": "heartbeat", "build": "b1", "width": 1080, "height": 1920, "sound": "on", "error": None}
AGENT = {"kind": "heartbeat", "build": "", "width": 0, "height": 0, "version": "0.0.9"}
KIOSK = ("kiosk", "K1")


async def device(edge: Edge, kind: str, id_: str) -> dict[str, Any]:
    devices = {(d["kind"], d["id"]): d for d in (await edge.get("/devices", by="admin")).body}
    return dict(devices[kind, id_])


async def display_alerts(floor: ClientWebSocketResponse) -> list[dict[str, Any]]:
    alerts = (await heard(floor, "floor"))["view"]["alerts"]
    return [alert for alert in alerts if alert["kind"] == "display"]


async def test_a_screen_says_how_it_is(edge: Edge):
    """Size, loudspeaker, whether its page is the server's, what failed last; gone with its line but for the error."""
    said = SAID | {"build": edge.parts.pages.build, "sound": "blocked", "error": "TypeError display.js:12"}
    async with edge.live("board:main", by=edge.token("display", name="main")) as display:
        await heard(display, "board:main")
        await display.send_json(said)
        await until(lambda: ("display", "main") in edge.parts.heartbeats.last)
        during = await device(edge, "display", "main")
    await until(lambda: not edge.parts.linked["display", "main"])
    after = await device(edge, "display", "main")

    assert during["details"] == {"width": 1080, "height": 1920, "sound": "blocked", "current": True, "broken": 0}
    assert (during["state"], during["last_error"]) == ("online", "TypeError display.js:12")
    assert (after["state"], after["last_error"], after["details"]) == ("offline", "TypeError display.js:12", {})


async def test_the_floor_hears_that_a_display_may_not_sound(edge: Edge):
    """At once, as something to do; not once it may."""
    display_token = edge.token("display", name="main")
    async with edge.live("floor", by="supervisor") as floor, edge.live("board:main", by=display_token) as display:
        await display.send_json(SAID | {"sound": "blocked"})
        while not (told := await display_alerts(floor)):
            pass
        await display.send_json(SAID)
        while await display_alerts(floor):
            pass

    assert [(one["kind"], one["subject"], one["fields"]["reason"]) for one in told] == [
        ("display", "main", "sound_blocked")
    ]


async def test_who_looks_at_a_kiosk_is_no_kiosk(edge: Edge):
    """A supervisor with the kiosk's page open is heard by nobody as the kiosk."""
    async with edge.live("kiosk:K1", by="supervisor") as looker, edge.live("kiosk:K1", by="kiosk") as kiosk:
        await heard(looker, "kiosk:K1")
        await looker.send_json(SAID | {"width": 1, "error": "not_mine"})
        await heard(kiosk, "kiosk:K1")
        await kiosk.send_json(SAID)
        await until(lambda: KIOSK in edge.parts.heartbeats.last)
        await looker.send_json(SAID | {"width": 2})
        await edge.get("/mall")
        said = await device(edge, *KIOSK)

    assert (said["details"]["width"], said["last_error"]) == (1080, None)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "[" * 2000,
        '{"kind": "heartbeat"}',
        '{"kind": "heartbeat", "build": "b", "width": -1, "height": 1}',
        '{"kind": "heartbeat", "build": "b", "width": 1, "height": 1, "error": "line\\nbreak"}',
        '{"kind": "heartbeat", "build": "b", "width": 1, "height": 1, "error": "' + "x" * 101 + '"}',
        '{"kind": "heartbeat", "build": "b", "width": 1, "height": 1, "error": "\ud800"}',
    ],
)
def test_what_is_no_heartbeat_is_passed_over(tmp_path: Path, said: str):
    """Nothing of it is kept."""
    registry, heartbeats = open_registry(tmp_path / "registry.db"), Heartbeats()
    registry.devices.saw(*KIOSK)
    before = registry.devices.list()

    news = heartbeats.hear(registry.devices, KIOSK, said, 0.0)

    assert (news, heartbeats.last, registry.devices.list()) == (False, {}, before)
    registry.close()


def test_a_page_that_spoke_and_is_silent_hangs(tmp_path: Path):
    """Its line may stand: the browser answers for it. One that never spoke is an older page, or a program."""
    registry, heartbeats = open_registry(tmp_path / "registry.db"), Heartbeats()
    said = '{"kind": "heartbeat", "build": "b", "width": 1, "height": 1, "error": "TypeError a.js:1"}'

    registry.devices.saw(*KIOSK)

    first = heartbeats.hear(registry.devices, KIOSK, said, 0.0)
    same = heartbeats.hear(registry.devices, KIOSK, said, HANGS_S)
    hangs = [heartbeats.hangs(KIOSK, HANGS_S + after) for after in (HANGS_S, HANGS_S + 1)]
    again = heartbeats.hear(registry.devices, KIOSK, said, 3 * HANGS_S)

    assert (first, same, hangs, again) == (True, False, [False, True], True)
    assert not heartbeats.hangs(("kiosk", "K2"), 1e9)
    registry.close()


async def test_the_display_over_a_counter_says_how_it_is(edge: Edge):
    """It stands in the list under its token's name; one that has a board's token is not taken for that board."""
    async with edge.live("sign:1", by=edge.token("display", name="over-1")) as sign:
        await heard(sign, "sign:1")
        await sign.send_json(SAID | {"build": edge.parts.pages.build, "sound": None})
        await until(lambda: ("display", "over-1") in edge.parts.heartbeats.last)
        during = await device(edge, "display", "over-1")
    async with edge.live("sign:1", by=edge.token("display", name="main")) as sign:
        await heard(sign, "sign:1")
        await sign.send_json(SAID)
        await edge.get("/mall")
        board = await device(edge, "display", "main")

    assert (during["state"], during["version"]) == ("online", edge.parts.version)
    assert during["details"] == {"width": 1080, "height": 1920, "sound": None, "current": True, "broken": 0}
    assert board["details"] == {}


async def test_the_agent_of_a_panel_says_its_version_and_that_the_panel_is_silent(edge: Edge):
    """The floor hears of a panel that does not answer, and that it does again."""
    token = edge.token("display", name="over-1")
    async with edge.live("floor", by="supervisor") as floor, edge.live("sign:1", by=token) as agent:
        await agent.send_json(AGENT | {"error": "panel_silent"})
        while not (told := await display_alerts(floor)):
            pass
        said = await device(edge, "display", "over-1")
        await agent.send_json(AGENT)
        while await display_alerts(floor):
            pass

    assert [(one["subject"], one["fields"]["reason"]) for one in told] == [("over-1", "panel_silent")]
    assert (said["version"], said["details"]) == ("0.0.9", {"current": False, "panel": "silent"})
