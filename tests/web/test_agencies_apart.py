"""What an agency's staff may see where several agencies share counters: their own tickets, over every call and view."""

from __future__ import annotations

import json
from time import monotonic
from typing import Any

import pytest

from queue_server.web.identity.guesses import Place
from queue_server.web.permissions import STAFF, SUPERVISORS
from queue_server.web.routes import ROUTES
from tests.web.edge import API, Edge
from tests.web.test_live import heard

SHARED = "2"
"""The counter that serves passports (immigration) and births (registry)."""

NAMED = {"counter": SHARED, "board": "main"}
ROLES = sorted(set(STAFF) - {"admin"})
PREVIEW = {"targets": {"birth": 60}, "help_after": {}}


async def everything(edge: Edge, by: str) -> dict[str, Any]:
    """What this reader gets of every call that only looks, and of every view that concerns the shared counter."""
    found: dict[str, Any] = {}
    for route in ROUTES:
        path = route.path.removeprefix(API)
        for part, id_ in NAMED.items():
            path = path.replace(f"{{{part}}}", id_)
        if route.method == "GET" and "{" not in path:
            found[path] = (await edge.get(path, by=by)).body
    found["preview"] = (await edge.post("/rules/preview", PREVIEW, by=by)).body
    for topic in (f"counter:{SHARED}", "printers", "floor"):
        if (await edge.get(f"/live?topic={topic}", by=by)).status == 426:
            async with edge.live(topic, by=by) as socket:
                frame = await socket.receive_json()
                while not frame.get("topic"):
                    frame = await socket.receive_json()
            found[topic] = frame["view"]
    return found


def naming(found: dict[str, Any], word: str) -> set[str]:
    return {where for where, said in found.items() if word in json.dumps(said, default=str)}


@pytest.mark.parametrize("role", ROLES)
async def test_an_agency_sees_its_own_tickets_at_a_shared_counter(edge: Edge, role: str):
    """Its own wait there by id; of the other agency's neither id nor number is in any answer or view."""
    by = edge.token(role, name="registry-1", agency="registry")
    called = await edge.called("passport", SHARED)
    waits, ours = await edge.ticket("passport"), await edge.ticket("birth")

    found = await everything(edge, by)

    for other in (called, waits):
        assert naming(found, other["id"]) == set()
        assert naming(found, f'"{other["number"]}"') <= {"/boards/main"}
    assert {f"/counters/{SHARED}", f"counter:{SHARED}", "/queues", "preview"} - naming(found, ours["id"]) <= (
        set() if role in SUPERVISORS else {"preview"}
    )


@pytest.mark.parametrize(("agency", "waiting"), [("registry", ["C001", "C002"]), ("immigration", ["A001"])])
async def test_each_agency_is_told_how_many_of_its_own_wait(edge: Edge, agency: str, waiting: list[str]):
    """The figures beside the list count the same people as the list, over HTTP and live."""
    for service in ("birth", "passport", "birth"):
        await edge.ticket(service)
    by = edge.token("clerk", name=f"{agency}-1", agency=agency)

    http = (await edge.get(f"/counters/{SHARED}", by=by))["queue"]
    async with edge.live(f"counter:{SHARED}", by=by) as socket:
        live = (await heard(socket, f"counter:{SHARED}"))["view"]["queue"]

    assert http == live
    assert (http["waiting"], [place["number"] for place in http["next"]]) == (len(waiting), waiting)


async def test_who_serves_another_agency_is_not_named_on_the_floor(edge: Edge):
    """Neither the clerk nor the number, as at the counter itself."""
    await edge.called("passport", SHARED)

    seen = {}
    for agency in ("registry", "immigration"):
        async with edge.live("floor", by=edge.token("supervisor", name=agency, agency=agency)) as socket:
            frame = await socket.receive_json()
            while not frame.get("topic"):
                frame = await socket.receive_json()
        (there,) = [one for one in frame["view"]["counters"] if one["id"] == SHARED]
        seen[agency] = there["clerk"], there["number"]

    assert seen == {"registry": (None, None), "immigration": ("ani", "A001")}


async def test_alarms_of_the_server_itself_are_the_malls(edge: Edge):
    """That somebody guesses passwords is told the mall's supervisors, and no agency's."""
    place = Place(account="link", asker="10.0.0.7", browser=None, address=None)
    edge.parts.guesses.notice(place, monotonic())

    seen = {}
    for who in ("supervisor", edge.token("supervisor", name="joko", agency="registry")):
        async with edge.live("floor", by=who) as socket:
            frame = await socket.receive_json()
            while not frame.get("topic"):
                frame = await socket.receive_json()
        seen[who] = "sign_in" in {alert["kind"] for alert in frame["view"]["alerts"]}

    assert list(seen.values()) == [True, False]
