"""A ticket whose answer nobody saw: its key is given up, staff hear of its number, nothing comes of it later."""

from __future__ import annotations

import asyncio
from pathlib import Path

from queue_server.wire import printing as wire
from tests.web.edge import CONFIG, Edge, edge_at
from tests.web.test_agents import heard, say

WISH = {"service": "passport", "kiosk": "K1"}


async def taken(edge: Edge, key: str = "wish") -> str:
    answer = await edge.post("/tickets", WISH, by="kiosk", Idempotency_Key=key)
    assert answer.status == 201, answer
    return str(answer["id"])


async def leave(edge: Edge, key: str = "wish"):
    return await edge.post("/unclaimed", {"key": key, "kiosk": "K1"}, by="kiosk")


async def unclaimed(edge: Edge) -> list[str]:
    """The numbers that the floor page tells."""
    async with edge.live("floor", by="supervisor") as floor:
        while "view" not in (frame := await floor.receive_json()):
            pass
    return [alert["fields"]["numbers"] for alert in frame["view"]["alerts"] if alert["kind"] == "unclaimed"]


async def test_staff_hear_of_a_number_that_nobody_saw(edge: Edge):
    """The floor names it, its card says so to staff and to nobody else, its slip will not come out."""
    ticket = await taken(edge)

    left = await leave(edge)
    again = await leave(edge)
    staff = await edge.get("/tickets?number=A001", by="clerk")
    public = await edge.get(f"/tickets/{ticket}")

    assert (left.status, left["id"], again.status) == (200, ticket, 200)
    assert (staff["unclaimed"], staff["state"]) == (True, "waiting")
    assert "unclaimed" not in public.body
    assert public["slip"] == {"state": "not_printed", "reason": "cancelled"}
    assert await unclaimed(edge) == ["A001"]


async def test_what_is_still_on_its_way_gives_no_ticket(edge: Edge):
    """The request that comes after its wish was left is refused, and the next person's is not."""
    nothing = await leave(edge)
    late = await edge.post("/tickets", WISH, by="kiosk", Idempotency_Key="wish")
    following = await edge.post("/tickets", WISH, by="kiosk", Idempotency_Key="another")

    assert nothing.status == 204
    assert late.said == (409, "illegal_move", "given_up")
    assert (following.status, following["number"]) == (201, "A001")


async def test_another_kiosk_leaves_nothing_of_this_one(edge: Edge):
    """Keys are each caller's own."""
    ticket = await taken(edge)
    other = edge.token("kiosk", name="K2")

    answer = await edge.post("/unclaimed", {"key": "wish"}, by=other)

    assert answer.status == 204
    assert "unclaimed" not in (await edge.get("/tickets?number=A001", by="clerk")).body
    assert (await edge.get(f"/tickets/{ticket}"))["state"] == "waiting"


async def test_the_mall_may_have_it_cancelled(tmp_path: Path):
    """With `unclaimed = "cancel"` a ticket without paper ends; one whose slip came out is told to staff."""
    config = CONFIG.replace("picking = true", 'picking = true\nunclaimed = "cancel"')
    async with edge_at(tmp_path, config=config) as edge, edge.live("printer:P1", by="printer") as socket:
        without = await taken(edge, "without")
        cancelled = await leave(edge, "without")
        await say(socket, wire.Hello(agent="7", printer="P1"))
        await taken(edge, "with")
        job = await heard(socket, wire.Job)
        await say(socket, wire.Result(job=job.job, outcome="printed", evidence="id"))
        await heard(socket, wire.ResultAck)
        kept = await leave(edge, "with")

        assert (cancelled["id"], cancelled["state"]) == (without, "cancelled")
        assert (kept["number"], kept["state"]) == ("A002", "waiting")
        assert await unclaimed(edge) == ["A002"]


async def test_a_slip_that_waits_at_its_printer_is_taken_back(edge: Edge):
    """The agent is asked for the job before its first byte, and it never prints."""
    async with edge.live("printer:P1", by="printer") as socket:
        await say(socket, wire.Hello(agent="7", printer="P1"))
        ticket = await taken(edge)
        job = await heard(socket, wire.Job)
        leaving = asyncio.create_task(leave(edge))
        cancel = await heard(socket, wire.Cancel)
        await say(socket, wire.Cancelled(job=cancel.job))
        await leaving

    assert cancel.job == job.job
    assert (await edge.get(f"/tickets/{ticket}"))["slip"] == {"state": "not_printed", "reason": "cancelled"}


async def test_it_is_still_known_after_a_restart(tmp_path: Path):
    """A wish that was answered before the server stopped can be left after it has started again."""
    async with edge_at(tmp_path) as edge:
        token = edge.token("kiosk", name="K1")
        await edge.post("/tickets", WISH, by=token, Idempotency_Key="wish")
    async with edge_at(tmp_path) as edge:
        left = await edge.post("/unclaimed", {"key": "wish"}, by=token)

        assert left["number"] == "A001"
        assert await unclaimed(edge) == ["A001"]
    async with edge_at(tmp_path) as edge:
        assert await unclaimed(edge) == ["A001"]
