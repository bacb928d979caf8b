"""A printer's agent over its link: it is greeted, gets its jobs, reports, and is refused where it does not belong."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import ClientWebSocketResponse, WSMsgType

from queue_server.wire import printing as wire
from tests.waiting import answered
from tests.web.edge import Edge

LIMIT_S = 5


async def heard(socket: ClientWebSocketResponse, kind: type) -> Any:
    """The next message of a kind."""
    async with asyncio.timeout(LIMIT_S):
        while True:
            message = wire.from_server(await socket.receive_str())
            if isinstance(message, kind):
                return message


async def say(socket: ClientWebSocketResponse, message: wire.FromAgent) -> None:
    await socket.send_str(wire.encode(message).decode())


async def test_a_slip_goes_to_its_agent_and_its_result_to_the_ticket(edge: Edge):
    """The agent of the kiosk's printer gets the job; what it reports is the ticket's slip, and it is acknowledged."""
    async with edge.live("printer:P1", by="printer") as socket:
        greeting = await heard(socket, wire.Greeting)
        await say(socket, wire.Hello(agent="7", printer="P1"))
        await say(socket, wire.Status(ready=True))
        ticket = await edge.ticket()
        job = await heard(socket, wire.Job)
        await say(socket, wire.Result(job=job.job, outcome="printed", evidence="id"))
        ack = await heard(socket, wire.ResultAck)

        shown = await edge.get(f"/tickets/{ticket['id']}")
        printer = next(d for d in (await edge.get("/devices", by="admin")).body if d["id"] == "P1")

    assert (greeting.printer, greeting.protocol) == ("P1", wire.PROTOCOL)
    assert (job.ticket, ack.job) == (ticket["number"], job.job)
    assert shown["slip"] == {"state": "printed", "reason": None}
    assert (printer["state"], printer["version"]) == ("ready", "7")


async def test_a_printer_that_complains_is_an_error(edge: Edge):
    """What an agent says is wrong stands in the list of devices, also when it has gone."""
    async with edge.live("printer:P1", by="printer") as socket:
        await say(socket, wire.Hello(agent="7", printer="P1"))
        await say(socket, wire.Status(ready=False, reasons=("paper_out",)))
        # before it was looked at, it is an error of another kind
        during = await answered(lambda: printer(edge), lambda said: said["details"].get("reason") == "paper_out")
    after = await answered(lambda: printer(edge), lambda said: said["state"] == "offline")

    assert (during["state"], during["last_error"]) == ("error", "paper_out")
    assert after["last_error"] is not None
    assert after["last_seen"] is not None


async def printer(edge: Edge) -> dict[str, Any]:
    return next(d for d in (await edge.get("/devices", by="admin")).body if d["id"] == "P1")


async def test_another_protocol_is_told_who_must_update(edge: Edge):
    """An older agent is told to update, and the link ends."""
    async with edge.live("printer:P1", by="printer") as socket:
        await say(socket, wire.Hello(agent="0", printer="P1", protocol=wire.PROTOCOL - 1))
        refusal = await heard(socket, wire.Refusal)
        async with asyncio.timeout(LIMIT_S):
            last = await socket.receive()

    assert (refusal.code, refusal.update) == ("version", "agent")
    assert last.type in (WSMsgType.CLOSE, WSMsgType.CLOSED)


async def test_what_is_no_message_ends_the_link(edge: Edge):
    """Something that does not speak the protocol is told so, and let go."""
    async with edge.live("printer:P1", by="printer") as socket:
        await socket.send_str('{"type": "nonsense"}')
        refusal = await heard(socket, wire.Refusal)

    assert refusal.code == "invalid"


async def test_a_reprint_takes_the_open_job_back_first(edge: Edge):
    """A job that the agent still holds is cancelled before the new one goes out."""
    async with edge.live("printer:P1", by="printer") as socket:
        await say(socket, wire.Hello(agent="7", printer="P1"))
        ticket = await edge.ticket()
        first = await heard(socket, wire.Job)
        path, body = f"/tickets/{ticket['id']}/reprint", {"reason": "mistake"}
        asking = asyncio.create_task(edge.post(path, body, by="clerk"))
        cancel = await heard(socket, wire.Cancel)
        await say(socket, wire.Cancelled(job=cancel.job))
        answer = await asking
        second = await heard(socket, wire.Job)

    assert cancel.job == first.job != second.job
    assert (answer.status, answer["slip"]["state"]) == (200, "queued")


async def test_a_second_agent_of_the_same_printer_is_turned_away(edge: Edge):
    """Two agents would print one slip twice: whoever comes second is refused, and the first goes on as it was."""
    async with edge.live("printer:P1", by="printer") as first:
        await heard(first, wire.Greeting)
        await say(first, wire.Hello(agent="7", printer="P1"))
        async with edge.live("printer:P1", by="printer") as second:
            refusal = await heard(second, wire.Refusal)
        ticket = await edge.ticket()
        job = await heard(first, wire.Job)

    assert refusal.code == "taken"
    assert job.ticket == ticket["number"]
