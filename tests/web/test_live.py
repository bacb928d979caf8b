"""Live push as its clients meet it: the greeting, the views, and who may watch what."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSCloseCode, WSMsgType, WSServerHandshakeError

from queue_server.service.screens import MISSED_S
from tests.waiting import turns, until
from tests.web.edge import CONFIG, Edge, edge_at

LIMIT_S = 20


async def heard(socket: ClientWebSocketResponse, topic: str = "") -> Any:
    """The next frame, or the next one of a topic."""
    async with asyncio.timeout(LIMIT_S):
        while True:
            frame = await socket.receive_json()
            if not topic or frame.get("topic") == topic:
                return frame


async def test_the_greeting_comes_first_then_the_view(edge: Edge):
    """A page learns version, boot and build before anything else, then gets the whole view of what it watches."""
    async with edge.live("board:main", by="display") as socket:
        greeting, frame = await heard(socket), await heard(socket)

    assert (greeting["version"], greeting["update"], greeting["build"]) == (1, None, edge.parts.pages.build)
    assert (frame["topic"], frame["boot"], frame["view"]["board"]) == ("board:main", greeting["boot"], "main")


async def test_a_kiosks_views_come_packed_where_its_page_reads_that(edge: Edge):
    """Agreed for a kiosk alone; what it says itself is heard packed, and what is too long ends the line."""
    async with edge.live("kiosk:K1", by="kiosk", compress=15) as socket:
        greeting, first = await heard(socket), await heard(socket, "kiosk:K1")
        await socket.send_json({"errors": 0})
        again = await heard(socket, "kiosk:K1")
        agreed = socket.compress
        await socket.send_str(" " * 300_000)
        ends = await until_closed(socket)
    async with edge.live("kiosk:K1", by="kiosk") as socket:
        plain = await heard(socket, "kiosk:K1")
        declined = socket.compress
    async with edge.live("board:main", by="display", compress=15) as board:
        await heard(board, "board:main")
        never = board.compress

    assert (agreed, declined, never) == (15, 0, 0)
    assert greeting["version"] == 1
    assert first["view"] == again["view"] == plain["view"]
    assert ends == WSCloseCode.MESSAGE_TOO_BIG


async def until_closed(socket: ClientWebSocketResponse) -> int | None:
    async with asyncio.timeout(LIMIT_S):
        while (await socket.receive()).type is WSMsgType.TEXT:
            pass
    return socket.close_code


async def test_a_call_reaches_the_board(edge: Edge):
    """After call-next the board's view has the call, with the journal's seq."""
    async with edge.live("board:main", by="display") as socket:
        await heard(socket, "board:main")
        called = await edge.called()
        while not (frame := await heard(socket, "board:main"))["view"]["calls"]:
            pass

    assert frame["view"]["calls"][0]["number"] == called["number"]
    assert frame["view"]["calls"][0]["seq"] <= frame["seq"]


async def test_whoever_has_the_id_watches_the_ticket(edge: Edge):
    """Without a token, the ticket's page hears of its call at once."""
    ticket = await edge.ticket()
    topic = f"ticket:{ticket['id']}"

    async with edge.live(topic) as socket:
        first = await heard(socket, topic)
        await edge.post("/counters/1/open", by="clerk")
        await edge.post("/counters/1/call-next", by="clerk")
        while (frame := await heard(socket, topic))["view"]["ticket"]["state"] != "called":
            pass

    assert first["view"]["ticket"]["state"] == "waiting"
    assert "clerk" not in frame["view"]["ticket"]["steps"][0]
    assert frame["view"]["counter_label"] == "1"


async def test_several_topics_share_a_connection(edge: Edge):
    """A kiosk's page watches its menu and the ticket that it has just shown."""
    ticket = await edge.ticket()

    async with edge.live("kiosk:K1", f"ticket:{ticket['id']}", by="kiosk") as socket:
        topics = {(await heard(socket)).get("topic") for _ in range(3)}

    assert topics == {None, "kiosk:K1", f"ticket:{ticket['id']}"}


@pytest.mark.parametrize(
    ("by", "topic", "status"),
    [
        ("", "board:main", 401),
        ("kiosk", "board:main", 403),
        ("display", "board:other", 404),
        ("display", "counter:1", 403),
        ("clerk", "counter:9", 404),
        ("clerk", "floor", 403),
        ("kiosk", "kiosk:K2", 403),
        ("display", "kiosk:K1", 403),
        ("printer", "printer:P2", 403),
        ("clerk", "printer:P1", 403),
        ("", "ticket:nothing", 404),
        ("admin", "everything", 404),
        ("admin", "", 422),
        ("antrean_wrong", "board:main", 401),
    ],
)
async def test_who_may_not_watch(edge: Edge, by: str, topic: str, status: int):
    """A topic that is not the asker's is refused before the websocket opens, and a plain GET says why."""
    with pytest.raises(WSServerHandshakeError) as refused:
        async with edge.live(topic, by=by):
            pass
    said = await edge.get(f"/live?topic={topic}", by=by)

    assert (refused.value.status, said.status) == (status, status)


async def test_a_plain_get_is_told_to_upgrade(edge: Edge):
    """Who may watch but asks without a websocket is told so."""
    answer = await edge.get("/live?topic=board:main", by="display")

    assert answer.said[:2] == (426, "invalid")


async def test_an_agencys_supervisor_watches_its_part_of_the_floor(edge: Edge):
    """The floor of whoever belongs to an agency shows that agency's services."""
    theirs = edge.token("supervisor", name="sri", agency="immigration")

    async with edge.live("floor", by=theirs) as socket:
        frame = await heard(socket, "floor:immigration")

    assert {service["id"] for service in frame["view"]["services"]} == {"passport", "visa"}


async def test_a_clerk_tied_to_a_counter_sees_others_too(edge: Edge):
    """`--counter` narrows where a clerk acts, not what the clerk sees: the same as over HTTP."""
    tied = edge.token("clerk", name="ani", counter="1")

    async with edge.live("counter:1", "counter:2", by=tied) as socket:
        seen = {(await heard(socket, f"counter:{id_}"))["view"]["counter"]["id"] for id_ in ("1", "2")}

    assert seen == {"1", "2"}


async def test_an_agencys_clerk_sees_none_of_anothers_at_a_shared_counter(edge: Edge):
    """Who is called for another agency, or may return to it, is left out live as over HTTP; the others see it."""
    parked = await edge.called("birth", "2")
    await edge.post("/counters/2/park", by="clerk")
    birth = await edge.ticket("birth")
    await edge.post("/counters/2/call-next", by="clerk")
    theirs = edge.token("clerk", name="sri", agency="immigration")

    http = await edge.get("/counters/2", by=theirs)
    async with edge.live("counter:2", by=theirs) as foreign, edge.live("counter:2", by="clerk") as own:
        first, whole = await heard(foreign, "counter:2"), (await heard(own, "counter:2"))["view"]
        await edge.post("/counters/2/start", by="clerk")
        while (after := await heard(foreign, "counter:2"))["seq"] == first["seq"]:
            pass

    assert http["ticket"] is first["view"]["counter"]["ticket"] is after["view"]["counter"]["ticket"] is None
    assert first["view"]["parked"] == []
    assert http["clerk"] is first["view"]["counter"]["clerk"] is first["view"]["undo"] is None
    assert (first["view"]["moves"], whole["counter"]["clerk"]) == ([], "ani")
    assert whole["counter"]["ticket"]["id"] == birth["id"]
    assert [ticket["id"] for ticket in whole["parked"]] == [parked["id"]]


async def test_nobody_asks_for_another_readers_view(edge: Edge):
    """What stands behind an id in the hub's own names of topics is not for clients to say."""
    answer = await edge.get("/live?topic=counter:2%1Fregistry", by=edge.token("clerk", agency="immigration"))

    assert answer.said[:2] == (404, "not_found")


async def test_the_terminal_shows_the_note(edge: Edge):
    """The clerk reads what a colleague noted on the ticket at the counter."""
    ticket = await edge.ticket()
    await edge.post(f"/tickets/{ticket['id']}/note", {"text": "In a wheelchair"}, by="clerk")
    await edge.post("/counters/1/open", by="clerk")
    await edge.post("/counters/1/call-next", by="clerk")

    async with edge.live("counter:1", by="clerk") as socket:
        frame = await heard(socket, "counter:1")

    assert frame["view"]["counter"]["ticket"]["note"] == "In a wheelchair"


async def test_another_sites_page_cannot_watch_with_our_cookies(edge: Edge):
    """Browsers let any page open a websocket and send the cookies along."""
    cookie = f"antrean_staff={edge.token('admin', name='root')}"

    async with edge.live("floor", Cookie=cookie, Origin=edge.mall.url) as socket:
        ours = await heard(socket)
    with pytest.raises(WSServerHandshakeError) as foreign:
        async with edge.live("floor", Cookie=cookie, Origin="https://evil.example"):
            pass

    assert ours["version"] == 1
    assert foreign.value.status == 403


async def test_a_device_that_is_linked_is_online(edge: Edge):
    """A kiosk and a display are online while their page is open, and known afterwards."""
    async with edge.live("kiosk:K1", by="kiosk") as kiosk, edge.live("board:main", by="display") as display:
        await heard(kiosk, "kiosk:K1")
        await heard(display, "board:main")
        during = {(d["kind"], d["id"]): d["state"] for d in (await edge.get("/devices", by="admin")).body}
    await until(lambda: not edge.parts.linked["kiosk", "K1"])
    after = {(d["kind"], d["id"]): d for d in (await edge.get("/devices", by="admin")).body}

    assert during["kiosk", "K1"] == during["display", "D1"] == during["display", "main"] == "online"
    assert after["kiosk", "K1"]["state"] == "offline"
    assert after["kiosk", "K1"]["last_seen"] is not None


async def test_a_counter_whose_screen_has_gone_pauses(tmp_path: Path):
    """The clerk's terminal gone for as long as the mall allows pauses the counter as away; back, it goes on."""
    async with quick(tmp_path) as edge:
        await edge.post("/counters/1/open", by="clerk")
        async with edge.live("counter:1", by="clerk") as socket:
            await heard(socket, "counter:1")
        await until(lambda: edge.engine.state.counters["1"].state == "paused")
        reason = edge.engine.state.counters["1"].pause_reason

        async with edge.live("counter:1", by="clerk") as socket:
            await heard(socket, "counter:1")
            await until(lambda: edge.engine.state.counters["1"].state == "open")

        assert reason == "away"


@asynccontextmanager
async def quick(tmp_path: Path) -> AsyncIterator[Edge]:
    """A mall that misses a screen after one second."""
    config = CONFIG.replace("picking = true", 'picking = true\naway_after = "1s"')
    async with edge_at(tmp_path, config=config) as edge:
        yield edge


async def test_whoever_looks_on_keeps_no_counter_open(tmp_path: Path):
    """Only the screen of the clerk who works there counts, though it was opened before the counter was."""
    async with quick(tmp_path) as edge:
        looks_on = edge.token("clerk", name="budi")
        async with edge.live("counter:1", by=looks_on) as other:
            await heard(other, "counter:1")
            async with edge.live("counter:1", by="clerk") as own:
                await heard(own, "counter:1")
                await edge.post("/counters/1/open", by="clerk")
            await until(lambda: edge.engine.state.counters["1"].pause_reason == "away")
            async with edge.live("counter:1", by=looks_on) as another:
                await heard(another, "counter:1")
                await edge.get("/counters/1", by="clerk")
                still = edge.engine.state.counters["1"].pause_reason

        assert still == "away"


async def test_a_counter_that_another_clerk_took_over_misses_the_new_clerks_screen(tmp_path: Path):
    """The former clerk's screen, gone or still there, is nothing to the counter any more."""
    async with quick(tmp_path) as edge:
        budi = edge.token("clerk", name="budi")
        async with edge.live("counter:1", by="clerk") as former:
            await heard(former, "counter:1")
            await edge.post("/counters/1/open", by="clerk")
            await edge.post("/counters/2/open", by="clerk")
            async with edge.live("counter:1", by=budi) as own:
                await heard(own, "counter:1")
                await edge.post("/counters/1/open", by=budi)
            await until(lambda: edge.engine.state.counters["1"].pause_reason == "away")

        assert edge.engine.state.counters["1"].clerk == "budi"
        assert edge.engine.state.counters["2"].state == "open"


async def test_a_supervisor_who_works_at_a_counter_is_missed_there(tmp_path: Path):
    """In their own name; one who only looks on is not."""
    async with quick(tmp_path) as edge:
        await edge.post("/counters/2/open", by="clerk")
        async with edge.live("counter:1", "counter:2", by="supervisor") as own:
            await heard(own, "counter:1")
            await edge.post("/counters/1/open", by="supervisor")
        await until(lambda: edge.engine.state.counters["1"].pause_reason == "away")

        assert edge.engine.state.counters["2"].state == "open"


async def auto_calling(edge: Edge) -> None:
    await edge.post("/counters/1/open", by="clerk")
    await edge.post("/counters/1/auto-call", {"on": True}, by="clerk")
    edge.wait(11)


async def test_a_counter_calls_by_itself_while_its_clerks_screen_answers(edge: Edge):
    """A page answers the server's ping without doing anything for it, and the call comes."""
    await auto_calling(edge)

    async with edge.live("counter:1", by="clerk") as socket:
        await heard(socket, "counter:1")
        ticket = await edge.ticket()
        while (frame := await heard(socket, "counter:1"))["view"]["counter"]["ticket"] is None:
            pass

    assert frame["view"]["counter"]["ticket"]["id"] == ticket["id"]


async def test_a_counter_calls_nobody_when_its_clerks_screen_has_left_or_is_silent(edge: Edge):
    """Neither a page that was closed nor one that answers nothing any more sees a call; the floor says so."""
    await auto_calling(edge)
    async with edge.live("counter:1", by="clerk") as socket:
        await heard(socket, "counter:1")
        await until(lambda: "1" in edge.parts.screens.unattended())  # nobody reads it, so no ping is answered
        silent = (await edge.ticket())["id"]
        edge.wait(60)
        await edge.engine.keep_up()
        state = edge.engine.state.tickets[silent].state
    await until(lambda: "1" in edge.parts.screens.missing(), 4 * MISSED_S)
    await edge.engine.keep_up()

    async with edge.live("floor", by="supervisor") as floor:
        alerts = (await heard(floor, "floor"))["view"]["alerts"]
    assert (state, edge.engine.state.tickets[silent].state) == ("waiting", "waiting")
    assert [alert["subject"] for alert in alerts if alert["kind"] == "unattended"] == ["1"]


async def test_watchers_are_told_to_come_back_when_the_server_stops(edge: Edge):
    """A stopping server closes every connection as going away."""
    async with edge.live("board:main", by="display") as socket:
        await heard(socket, "board:main")
        await edge.mall.app.shutdown()
        async with asyncio.timeout(LIMIT_S):
            while (message := await socket.receive()).type is WSMsgType.TEXT:
                pass

    assert (message.type, socket.close_code) == (WSMsgType.CLOSE, 1001)


# Pages that do not read


class Deaf:
    """A page whose machine takes little and whose program reads nothing until it is told to."""

    def __init__(self, line: socket.socket) -> None:
        self.line = line

    async def read(self, while_: Callable[[bytes], bool]) -> bytes:
        """What has come, read on while that holds of it; also ends with the connection."""
        loop, found = asyncio.get_running_loop(), b""
        async with asyncio.timeout(LIMIT_S):
            while while_(found):
                try:
                    more = await loop.sock_recv(self.line, 65536)
                except ConnectionError:
                    break
                if not more:
                    break
                found += more
        return found


@asynccontextmanager
async def deaf(edge: Edge, topic: str, by: str) -> AsyncIterator[Deaf]:
    port = int(edge.mall.url.rpartition(":")[2])
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(line, ("127.0.0.1", port))
        await loop.sock_sendall(
            line,
            f"GET /api/v1/live?topic={topic} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            f"Authorization: Bearer {edge.token(by, name='deaf')}\r\n\r\n".encode(),
        )
        await until(lambda: edge.parts.hub.watched(topic) > 0)
        yield Deaf(line)


async def passed_over(edge: Edge) -> None:
    """Push until the hub leaves somebody out."""
    hub = edge.parts.hub
    async with asyncio.timeout(LIMIT_S):
        while not hub.behind:
            hub.refresh_all()
            await turns()


async def test_a_page_that_does_not_read_is_not_queued_for(edge: Edge):
    """Neither here nor in the kernel: little waits for it, and when it reads again the newest view comes at once."""
    async with deaf(edge, "floor", "supervisor") as page:
        await passed_over(edge)
        for _ in range(200):
            edge.parts.hub.refresh_all()
            await turns()
        ticket = await edge.ticket()
        newest = f'"seq":{edge.engine.state.seq},'.encode()
        waited = await page.read(lambda found: newest not in found)

    assert ticket.status == 201
    assert newest in waited
    assert len(waited) < 256 * 1024


async def test_a_page_that_stays_behind_is_cut(edge: Edge):
    """At once and not gently, since what is left would wait for it for ever; the others watch on."""
    edge.parts.hub.behind_s = 0.2
    async with deaf(edge, "floor", "supervisor") as page, edge.live("board:main", by="display") as other:
        await heard(other, "board:main")
        await passed_over(edge)

        await until(lambda: edge.parts.hub.watched("floor") == 0)
        await page.read(lambda _: True)
        await edge.called()
        while not (frame := await heard(other, "board:main"))["view"]["calls"]:
            pass

    assert len(frame["view"]["calls"]) == 1
    assert not edge.parts.hub.behind


async def test_a_stopping_server_does_not_wait_for_a_page_that_does_not_read(edge: Edge):
    """It can be told nothing, so its connection ends."""
    async with deaf(edge, "floor", "supervisor"):
        await passed_over(edge)

        async with asyncio.timeout(LIMIT_S):
            await edge.mall.app.shutdown()
            await until(lambda: edge.parts.hub.watched("floor") == 0)


async def test_a_connection_reveals_no_version(edge: Edge):
    """What opens it says who answers, as every answer does, and not which program in which version."""
    handshake = (
        f"GET /api/v1/live?topic=ticket:{(await edge.ticket())['id']} HTTP/1.1\r\nHost: 127.0.0.1:{edge.port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", edge.port)

    writer.write(handshake.encode())

    head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    assert head.startswith(b"HTTP/1.1 101")
    assert b"Server: Antrean\r\n" in head
