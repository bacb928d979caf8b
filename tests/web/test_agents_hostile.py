"""An agent that lies, mixes up the order, or says too much: it reaches no other printer's slips and stops nothing."""

from __future__ import annotations

import json

import pytest
from aiohttp import WSMsgType

from queue_server.wire import printing as wire
from tests.waiting import until
from tests.web.edge import Answer, Edge
from tests.web.test_agents import heard, say


async def slip(edge: Edge, ticket: Answer) -> str:
    return str((await edge.get(f"/tickets/{ticket['id']}"))["slip"]["state"])


async def test_another_printers_agent_says_nothing_of_a_job(edge: Edge):
    """It may know the job's id and say that it printed, is sending, or took it back: the slip is the first one's."""
    async with (
        edge.live("printer:P1", by=edge.token("printer", name="P1")) as own,
        edge.live("printer:P2", by=edge.token("printer", name="P2")) as other,
    ):
        for socket, name in ((own, "P1"), (other, "P2")):
            await say(socket, wire.Hello(agent="7", printer=name))
            await say(socket, wire.Status(ready=True))
        ticket = await edge.ticket()
        job = await heard(own, wire.Job)
        lies: tuple[wire.FromAgent, ...] = (
            wire.Ack(job=job.job, verdict="rejected"),
            wire.Sending(job=job.job),
            wire.Result(job=job.job, outcome="printed", evidence="id"),
            wire.Cancelled(job=job.job),
            wire.TooLate(job=job.job),
            wire.Hello(agent="7", printer="P1", open=(wire.OpenJob(job=job.job, state="final", outcome="printed"),)),
        )
        for lie in lies:
            await say(other, lie)
        await say(other, wire.Result(job="the last word", outcome="printed"))
        await heard(other, wire.ResultAck)
        await heard(other, wire.ResultAck)
        before = await slip(edge, ticket)
        await say(own, wire.Result(job=job.job, outcome="not_printed", reason="paper_out"))
        await heard(own, wire.ResultAck)
        after = await slip(edge, ticket)

    assert (before, after) == ("queued", "not_printed")


async def test_a_result_that_comes_again_changes_nothing(edge: Edge):
    """Acknowledged, and what was final stays; a job that never was is acknowledged, too, and nothing comes of it."""
    async with edge.live("printer:P1", by="printer") as socket:
        await say(socket, wire.Hello(agent="7", printer="P1"))
        await say(socket, wire.Status(ready=True))
        ticket = await edge.ticket()
        job = await heard(socket, wire.Job)
        await say(socket, wire.Result(job=job.job, outcome="printed", evidence="id"))
        await heard(socket, wire.ResultAck)
        for outcome in ("not_printed", "unknown", "printed"):
            await say(socket, wire.Result(job=job.job, outcome=outcome))
            await heard(socket, wire.ResultAck)
        await say(socket, wire.Result(job="nobodys", outcome="printed"))
        await heard(socket, wire.ResultAck)
        state = await slip(edge, ticket)

    assert state == "printed"
    assert not list(edge.engine.faults)


async def test_words_before_the_greeting_is_answered_do_no_harm(edge: Edge):
    """Results, needs and a status before the hello, and hellos without end: the hall goes on, nothing is a fault."""
    async with edge.live("printer:P1", by="printer") as socket:
        await say(socket, wire.Result(job="x", outcome="printed"))
        await say(socket, wire.Need(hashes=("0" * 32,)))
        await say(socket, wire.Status(ready=True))
        for _ in range(50):
            await say(socket, wire.Hello(agent="7", printer="P1"))
        await say(socket, wire.Status(ready=True))
        ticket = await edge.ticket()
        job = await heard(socket, wire.Job)

    assert job.ticket == ticket["number"]
    assert not list(edge.engine.faults)


@pytest.mark.parametrize("field", ["cuts", "mm_since_near_end", "tickets_left", "for_s", "slow_s", "printed"])
@pytest.mark.parametrize("number", [10**30, -(10**30), 2**63, -1])
async def test_no_number_that_an_agent_says_stops_the_hall(edge: Edge, field: str, number: int):
    """However large: refused as no message, or shown; pages and figures go on."""
    async with edge.live("printer:P1", by="printer") as socket:
        await say(socket, wire.Hello(agent="7", printer="P1"))
        await socket.send_str(json.dumps({"type": "status", "ready": False, field: number}))
        await say(socket, wire.Status(ready=True))
        pages = [(await edge.get(path, by="admin")).status for path in ("/devices", "/printers", "/queues")]
        health = (await edge.page("/healthz")).status
    async with edge.live("floor", by="supervisor") as floor:
        seen = [await floor.receive_str(timeout=10) for _ in range(2)]

    assert (pages, health) == ([200] * 3, 200)
    assert '"view"' in seen[-1]
    assert not list(edge.engine.faults)


async def test_a_giant_message_ends_its_own_link_only(edge: Edge):
    """More than a megabyte in one frame, or in many: cut off, while the other printer gets its slip."""
    async with edge.live("printer:P1", by=edge.token("printer", name="P1")) as own:
        await say(own, wire.Hello(agent="7", printer="P1"))
        await say(own, wire.Status(ready=True))
        async with edge.live("printer:P2", by=edge.token("printer", name="P2")) as giant:
            await giant.send_str('{"type": "hello", "agent": "' + "x" * 2_000_000 + '"}')
            while (frame := await giant.receive(timeout=10)).type is WSMsgType.TEXT:
                pass
        ticket = await edge.ticket()
        job = await heard(own, wire.Job)

    assert frame.type in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.ERROR, WSMsgType.CLOSING)
    assert job.ticket == ticket["number"]
    await until(lambda: "P2" not in edge.parts.printing.printers.links)
