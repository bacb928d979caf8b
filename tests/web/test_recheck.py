"""Nobody stays linked who would not be let in any more, whoever put them out and whatever their connection says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from aiohttp import ClientWebSocketResponse, WSCloseCode, WSMsgType

from queue_server.registry.roles import Role
from queue_server.registry.store import open_registry
from queue_server.web.identity.recheck import ROUND_S
from queue_server.wire import printing as wire
from tests.web.edge import Edge
from tests.web.test_agents import heard, say
from tests.web.test_sign_in import hire, signed_in

SOON_S = 5
"""A second is promised; a busy machine gets more, and far less than the round that everybody is looked up in."""

assert SOON_S * 10 < ROUND_S


async def closed(socket: ClientWebSocketResponse) -> tuple[int | None, str | None]:
    """How the server ended it: the code and the word, whatever it still said before."""
    async with asyncio.timeout(SOON_S):
        while True:
            message = await socket.receive()
            if message.type is WSMsgType.CLOSE:  # what came is what was said, even if our answer came too late
                return message.data, message.extra
            if message.type is WSMsgType.CLOSED:
                return socket.close_code, None


OUT = (WSCloseCode.POLICY_VIOLATION, "unauthorized")


async def test_a_revoked_token_ends_its_links(edge: Edge, tmp_path: Path):
    """Also where a command beside the server revoked it; who holds another token stays."""
    token, other = edge.token("manager", name="out"), edge.token("manager", name="stays")
    async with edge.live("floor", by=token) as socket, edge.live("floor", by=other) as stays:
        beside = open_registry(tmp_path / "data" / "registry.db")
        beside.tokens.revoke(next(one.id for one in beside.tokens.list() if one.name == "out"))
        beside.close()

        ended = await closed(socket)
        await stays.ping()

        assert ended == OUT
        assert not stays.closed


async def test_a_link_that_never_is_silent_is_cut_as_well(edge: Edge):
    """Pings and words put nothing off."""
    token = edge.token("manager", name="out")
    async with edge.live("floor", by=token) as socket:

        async def talk() -> None:
            while not socket.closed:
                await socket.ping()
                await socket.send_str("{}")
                await asyncio.sleep(0.3)  # how often somebody talks

        talking = asyncio.create_task(talk())
        edge.parts.registry.tokens.revoke(edge.parts.registry.tokens.list()[-1].id)
        ended = await closed(socket)
        talking.cancel()

    assert ended == OUT


async def put_out(edge: Edge, how: Callable[[str], None]) -> tuple[int | None, str | None]:
    """How the terminal's link of somebody who is signed in ends."""
    person = hire(edge)
    cookie = await signed_in(edge)
    async with edge.live("counter:1", Cookie=cookie) as socket:
        await asyncio.to_thread(how, person)
        return await closed(socket)


async def test_somebody_who_is_removed_is_put_out(edge: Edge):
    """Their terminal goes on showing nothing."""
    assert await put_out(edge, edge.parts.registry.people.remove) == OUT


async def test_a_new_secret_ends_the_links_of_the_old_one(edge: Edge):
    """Whoever was signed in by the old secret signs in again."""
    assert await put_out(edge, lambda person: edge.parts.registry.people.set_secret(person, "another-1")) == OUT


async def test_signing_out_ends_every_page_of_the_browser(edge: Edge):
    """A second window with the same session shows nothing any more."""
    hire(edge)
    cookie = await signed_in(edge)
    async with edge.live("counter:1", Cookie=cookie) as socket:
        await edge.post("/sign-out", {}, Cookie=cookie, X_Antrean="1")

        assert await closed(socket) == OUT


async def test_other_rights_are_another_link(edge: Edge):
    """Who is of another agency now is told to ask again, and gets what is theirs."""
    person = edge.parts.registry.people.add("Wati", Role.SUPERVISOR, secret="rahasia-pasar-1", agency="registry")
    answer = await edge.post("/sign-in", {"name": "wati", "password": "rahasia-pasar-1"})
    cookie = str(answer.headers["Set-Cookie"]).partition(";")[0]
    async with edge.live("floor", Cookie=cookie) as socket:
        edge.parts.registry.people.change(person.id, role=Role.SUPERVISOR, agency="immigration", skills=None)

        assert await closed(socket) == (WSCloseCode.POLICY_VIOLATION, "changed")


async def test_a_revoked_printer_gets_no_slip_and_is_believed_nothing(edge: Edge):
    """Its agent is told, and whatever it still says of a job is not heard."""
    token = edge.token("printer", name="P1")
    async with edge.live("printer:P1", by=token) as socket:
        await heard(socket, wire.Greeting)
        await say(socket, wire.Hello(agent="7", printer="P1"))
        await say(socket, wire.Status(ready=True))
        ticket = await edge.ticket()
        job = await heard(socket, wire.Job)

        edge.parts.registry.tokens.revoke(edge.parts.registry.tokens.list()[0].id)
        refusal = await heard(socket, wire.Refusal)
        await say(socket, wire.Result(job=job.job, outcome="printed", evidence="id"))
        ended = await closed(socket)
        shown = await edge.get(f"/tickets/{ticket['id']}")

    assert (refusal.code, ended) == ("unauthorized", OUT)
    assert shown["slip"]["state"] != "printed"


async def test_a_printer_that_speaks_just_then_is_told_why_it_is_put_out(edge: Edge):
    """Its link ends with the code of those who are not let in, whatever its agent says meanwhile."""
    token = edge.token("printer", name="P1")
    async with edge.live("printer:P1", by=token) as socket:
        await heard(socket, wire.Greeting)
        await say(socket, wire.Hello(agent="7", printer="P1"))

        async def speaks() -> None:
            with suppress(ConnectionError):
                while not socket.closed:
                    await say(socket, wire.Status(ready=True))
                    await asyncio.sleep(0.02)  # an agent that says more is cut off for that

        speaking = asyncio.get_running_loop().create_task(speaks())
        edge.parts.registry.tokens.revoke(edge.parts.registry.tokens.list()[0].id)
        ended = await closed(socket)
        await speaking

    assert ended == OUT


async def test_what_anybody_may_watch_ends_for_nobody(edge: Edge):
    """A citizen who follows a ticket stays, however much changes among those who have to be let in."""
    ticket = await edge.ticket()
    async with edge.live(f"ticket:{ticket['id']}") as watches, edge.live("floor", by=edge.token("manager")) as floor:
        edge.parts.registry.tokens.revoke(edge.parts.registry.tokens.list()[-1].id)
        await closed(floor)
        await watches.ping()

        assert not watches.closed
