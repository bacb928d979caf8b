"""What somebody with few rights could do to everybody else: take memory, time, quotas, words that stay for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType

from queue_server.errors import IllegalMove, Invalid, RateLimited
from queue_server.registry.roles import Role
from queue_server.service.keys import GIVEN_UP
from queue_server.settings.values import rate
from queue_server.web.edge.limits import Flow, Said
from queue_server.web.openapi import describe
from queue_server.web.page.previews import WAITING, Previews
from queue_server.wire import printing as wire
from tests.waiting import turns
from tests.web.edge import CONFIG, Answer, Edge, edge_at
from tests.web.test_agents import heard, say

LOGO = 400_000


async def ended(socket: ClientWebSocketResponse) -> int | None:
    """The code with which the server ends it."""
    async with asyncio.timeout(20):
        while (await socket.receive()).type not in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.ERROR):
            pass
    return socket.close_code


async def test_a_page_that_says_too_much_is_cut_off(edge: Edge):
    """A page says little more than that it is there; one that sends as fast as it can loses its connection."""
    async with edge.live("board:main", by="display") as page:
        for _ in range(2_000):
            try:
                await page.send_str("x")
            except ConnectionError:
                break

        assert await ended(page) in (1006, 1008)


async def test_an_agent_that_says_too_much_is_cut_off(edge: Edge):
    """A printer's agent has a bound of its own, which no real one reaches."""
    async with edge.live("printer:P1", by="printer") as socket:
        await say(socket, wire.Hello(agent="7", printer="P1"))
        for _ in range(5_000):
            try:
                await say(socket, wire.Status(ready=True))
            except ConnectionError:
                break

        assert await ended(socket) is not None


@pytest.mark.parametrize(("topic", "role"), [("printer:P1", "printer"), ("board:main", "display")])
@pytest.mark.parametrize("sign", ["ping", "pong"])
async def test_frames_without_a_word_count_as_well(edge: Edge, topic: str, role: str, sign: str):
    """A ping costs the server as much as a message: who sends them without end is cut off, whatever kind of line."""
    async with edge.live(topic, by=role) as socket:
        send = socket.ping if sign == "ping" else socket.pong
        for _ in range(5_000):
            try:
                await send()
            except ConnectionError:
                break

        assert await ended(socket) is not None


async def test_an_agents_ping_is_answered(edge: Edge):
    """Whoever asks now and then whether the server is there hears that it is."""
    async with edge.live("printer:P1", by="printer") as socket:
        await say(socket, wire.Hello(agent="7", printer="P1"))
        await socket.ping(b"there?")
        await say(socket, wire.Status(ready=True))
        await edge.ticket()

        assert await heard(socket, wire.Job)


def test_messages_come_at_a_rate_with_a_store_for_silence():
    """So many at once after a silence, then no faster than the rate."""
    said = Said(Flow(per_s=2, at_once=3))

    assert [said.takes(100.0) for _ in range(4)] == [True, True, True, False]
    assert said.takes(100.2) is False
    assert [said.takes(109.0) for _ in range(4)] == [True, True, True, False]


async def test_one_need_is_not_answered_a_thousand_times(tmp_path: Path):
    """A message that wants the same file often gets it once, and one that wants more than a mall has ends the link."""
    (tmp_path / "logo.png").write_bytes(b"\x89PNG" + bytes(LOGO))
    config = CONFIG.replace('id = "mall"\n', 'id = "mall"\nlogo = "logo.png"\n')
    async with edge_at(tmp_path, config=config) as edge:
        async with edge.live("printer:P1", by="printer") as socket:
            await say(socket, wire.Hello(agent="7", printer="P1"))
            await say(socket, wire.Status(ready=True))
            await edge.ticket()
            logo = (await heard(socket, wire.Job)).data.logo
            await say(socket, wire.Need(hashes=(logo,) * 16))
            await say(socket, wire.Result(job="none", outcome="printed"))
            assets = await until_acknowledged(socket)
        async with edge.live("printer:P1", by="printer") as socket:
            await socket.send_str('{"type": "need", "hashes": [' + ", ".join([f'"{logo}"'] * 2_000) + "]}")
            refusal = await heard(socket, wire.Refusal)

        assert [len(asset.data) > LOGO for asset in assets] == [True]
        assert refusal.code == "invalid"


async def until_acknowledged(socket: ClientWebSocketResponse) -> list[wire.Asset]:
    """Every file that comes before the next acknowledgement."""
    found: list[wire.Asset] = []
    async with asyncio.timeout(20):
        while not isinstance(message := wire.from_server(await socket.receive_str()), wire.ResultAck):
            if isinstance(message, wire.Asset):
                found.append(message)
    return found


async def test_few_previews_are_drawn_and_none_beside_another():
    """One is drawn at a time, a few wait, and whoever comes on top is told to come back."""
    previews, drawn, together = Previews(), 0, 0

    def draw() -> bytes:
        nonlocal drawn, together
        drawn += 1
        together = max(together, drawn)
        drawn -= 1
        return b"PNG"

    waiting = [asyncio.ensure_future(previews.draw(draw)) for _ in range(WAITING)]
    await turns()
    with pytest.raises(RateLimited):
        await previews.draw(draw)
    done = await asyncio.gather(*waiting)
    again = await previews.draw(draw)
    previews.close()

    assert done == [b"PNG"] * WAITING
    assert again == b"PNG"
    assert together == 1


async def test_a_kiosk_gives_a_days_tickets_away_in_no_seconds(edge: Edge):
    """Where a mall says nothing a kiosk gives thirty a minute; whoever sends again what was answered is not counted."""
    assert edge.parts.settings().limits.tickets_per_kiosk == rate("30 per minute")
    first = await edge.post("/tickets", {"service": "visa"}, by="kiosk", Idempotency_Key="first")

    refused = [(await edge.post("/tickets", {"service": "nothing"}, by="kiosk")).status for _ in range(40)]
    given = [(await edge.post("/tickets", {"service": "visa"}, by="kiosk")).status for _ in range(30)]
    replayed = await edge.post("/tickets", {"service": "visa"}, by="kiosk", Idempotency_Key="first")

    assert set(refused) == {404}
    assert given == [201] * 29 + [429]
    assert (replayed.status, replayed["id"]) == (201, first["id"])


ASKS = """
[questions.phone]
asks = "phone"
purpose = "To call you"
services = ["visa"]
"""


async def test_all_at_once_a_kiosk_gives_no_more(tmp_path: Path):
    """Tickets that are asked for at once, with something to keep of their citizens, are as many as in turn; a place of
    which nothing came is free again, and a wish that is sent twice at the same time takes one."""
    limited = '\n[limits]\ntickets_per_kiosk = "3 per minute"\n'
    async with edge_at(tmp_path, config=CONFIG + ASKS + limited) as edge:

        def wish(n: int, **headers: str) -> Awaitable[Answer]:
            body = {"service": "visa", "citizen": {"phone": f"08123456{n:03}"}}
            return edge.post("/tickets", body, by="kiosk", **headers)

        refused = await asyncio.gather(*[edge.post("/tickets", {"service": "nothing"}, by="kiosk") for _ in range(5)])
        twins = await asyncio.gather(*[wish(0, Idempotency_Key="touch") for _ in range(4)])
        others = await asyncio.gather(*[wish(n) for n in range(20)])

    assert {one.status for one in refused} == {404}
    assert ({one.status for one in twins}, len({one["id"] for one in twins})) == ({201}, 1)
    assert sorted(one.status for one in others) == [201] * 2 + [429] * 18


async def test_who_guesses_keeps_nobody_from_a_ticket(edge: Edge):
    """Behind one address stand many: after any number of ids that are none, those that exist are followed, live too."""
    ticket = await edge.ticket()
    guesses = [await edge.get(f"/tickets/nothing{n}") for n in range(40)]

    followed = await edge.get(f"/tickets/{ticket['id']}")
    async with edge.live(f"ticket:{ticket['id']}") as page:
        await page.receive_json()
        live = await page.receive_json()
    cancelled = await edge.post(f"/tickets/{ticket['id']}/cancel")

    assert guesses[-1].code == "rate_limited"
    assert (followed.status, cancelled.status) == (200, 200)
    assert live["view"]["ticket"]["id"] == ticket["id"]


async def test_nobody_asks_for_one_ticket_without_end(tmp_path: Path):
    """`per_ticket` bounds what is asked about one ticket without a token; others, and staff, notice none of it."""
    async with edge_at(tmp_path, config=CONFIG + '\n[limits]\nper_ticket = "3 per minute"\n') as edge:
        mine, other = await edge.ticket(), await edge.ticket()
        asked = [(await edge.get(f"/tickets/{mine['id']}")).status for _ in range(4)]
        elsewhere = await edge.get(f"/tickets/{other['id']}")
        staff = await edge.get(f"/tickets/{mine['id']}", by="clerk")

        assert asked == [200, 200, 200, 429]
        assert (elsewhere.status, staff.status) == (200, 200)


async def test_nobody_who_is_let_in_asks_without_end(tmp_path: Path):
    """`per_token` bounds what one token asks; others notice none of it, and what was answered is answered again."""
    async with edge_at(tmp_path, config=CONFIG + '\n[limits]\nper_token = "3 per minute"\n') as edge:
        body = {"service": "visa"}
        first = await edge.post("/tickets", body, by="kiosk", Idempotency_Key="one")
        again = [await edge.post("/tickets", body, by="kiosk", Idempotency_Key="one") for _ in range(5)]
        more = [(await edge.post("/tickets", body, by="kiosk")).status for _ in range(3)]
        looks = [(await edge.get("/counters", by="clerk")).status for _ in range(4)]

        assert {(answer.status, answer["id"]) for answer in again} == {(201, first["id"])}
        assert more == [201, 201, 429]
        assert looks == [200, 200, 200, 429]


async def test_what_is_remembered_for_nobody_is_bounded(edge: Edge):
    """Keys that are given up, and methods that are none, take a bounded place, however many are sent."""
    keys = edge.engine.keys
    made = [keys.hashes("kiosk", "/", str(number), b"") for number in range(GIVEN_UP + 5)]
    for key in made:
        keys.give_up(key, 1_000)
    await edge.ask("PROPFIND", "/mall")
    text = (await edge.get("/metrics")).body.decode()

    assert keys.outcome(made[0], 1_000) is None
    with pytest.raises(IllegalMove):
        keys.outcome(made[-1], 1_000)
    assert "PROPFIND" not in text
    assert 'method="other"' in text


async def test_a_code_is_drawn_of_tickets_alone(edge: Edge):
    """Drawing one takes as long as many answers, so there is none of what is no ticket."""
    ticket = await edge.ticket()

    assert (await edge.page(f"/qr/{ticket['id']}.svg")).body.startswith(b"<svg")
    assert (await edge.page("/qr/nothing.svg")).status == 404


async def test_a_code_tells_nobody_which_tickets_there_are(edge: Edge):
    """Asking for the codes of ids that somebody makes up is guessing, and counts as it does anywhere else."""
    ticket = await edge.ticket()

    guesses = [(await edge.page(f"/qr/{place:012}.svg")).status for place in range(60)]

    assert guesses[0] == 404
    assert guesses[-1] == 429
    assert (await edge.page(f"/qr/{ticket['id']}.svg")).status == 200


# Words that stay for ever


def strings(schema: dict[str, Any], components: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every string that a body may hold, keys of maps among them, with its place."""
    if "$ref" in schema:
        yield from strings(components[schema["$ref"].rpartition("/")[2]], components, path)
    for option in schema.get("anyOf", ()):
        yield from strings(option, components, path)
    for name, inner in schema.get("properties", {}).items():
        yield from strings(inner, components, f"{path}.{name}")
    if isinstance(schema.get("additionalProperties"), dict):
        yield f"{path}.*", schema.get("propertyNames", {})
        yield from strings(schema["additionalProperties"], components, f"{path}.*")
    for inner in (schema.get("items"), *schema.get("prefixItems", ())):
        if isinstance(inner, dict):
            yield from strings(inner, components, f"{path}[]")
    if schema.get("type") == "string":
        yield path, schema


def test_every_word_that_is_sent_is_bounded():
    """No body has a string without an end: what is not one of a few has a greatest length."""
    document = describe("0")
    bodies = {
        f"{method} {path}": operation["requestBody"]["content"]["application/json"]["schema"]
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if "application/json" in operation.get("requestBody", {"content": {}})["content"]
    }

    endless = [
        place
        for call, schema in bodies.items()
        for place, found in strings(schema, document["components"]["schemas"], call)
        if "maxLength" not in found and "enum" not in found and "format" not in found
    ]

    assert len(bodies) > 20
    assert endless == []


@pytest.mark.parametrize("what", ["name", "counter", "agency"])
@pytest.mark.parametrize("said", ["", "  ", "x" * 65, "a\nb", "\x1b[31m"])
async def test_what_a_token_is_called_is_bounded(edge: Edge, what: str, said: str):
    """A token's name comes into events; an empty agency would open every one. Neither is made."""
    with pytest.raises(Invalid) as refused:
        edge.token("clerk", **{what: said})

    assert refused.value.reason == what


async def test_nobody_belongs_to_an_agency_without_a_name(edge: Edge):
    """An empty agency is none, and would be all."""
    with pytest.raises(Invalid):
        edge.parts.registry.people.add("ani", Role.CLERK, agency=" ")


async def test_what_staff_send_stays_out_of_the_journal(edge: Edge):
    """However long and odd the words in a request, none of them is in an event: codes, references and ids are."""
    odd = "Sari-Dewi-0812-3456"
    long = odd * 2_500
    await edge.post("/counters/1/open", by="clerk")
    ticket = await edge.ticket()

    answers = [
        await edge.post(path, body, by=by)
        for value in (odd, long)
        for by in ("clerk", "supervisor")
        for path, body in (
            ("/tickets", {"service": "passport", "kiosk": value * 2}),
            ("/tickets", {"service": "passport", "language": value}),
            ("/tickets", {"service": "passport", "category": value}),
            ("/tickets", {"service": "passport", "printer": value}),
            ("/tickets", {"service": "passport", "note": value}),
            ("/counters/1/pause", {"reason": value}),
            ("/counters/1/resume", None),
            (f"/tickets/{ticket['id']}/note", {"text": value}),
            (f"/tickets/{ticket['id']}/park", {"reason": value}),
            (f"/tickets/{ticket['id']}/return", {"reason": value}),
            ("/hall/hold", {"reason": value}),
            ("/hall/release", {"reason": value}),
        )
    ]
    await edge.engine.settled()

    journal = edge.engine.journal
    written = b"".join(row.data for row in journal.read_from(0))
    assert max(answer.status for answer in answers) < 500
    assert odd.encode() not in written
