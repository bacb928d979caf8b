"""A session that nobody does anything with is locked by the server, and is opened again by whoever it is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import time_machine
from aiohttp import WSMsgType

from queue_server.domain.acts import ActKind
from queue_server.registry.roles import Role
from tests.waiting import answered
from tests.web.edge import CONFIG, Answer, Edge, edge_at
from tests.web.test_badges import NUMBER, mall
from tests.web.test_lock import serving
from tests.web.test_people import SECRET, as_, hired, signed_in
from tests.web.test_refusals_kept import Kept

MINUTE = 60.0
LOCKED = (403, "forbidden", "locked")


@contextmanager
def after(seconds: float) -> Iterator[None]:
    """The real time, by which people are let in, has gone on so far; nothing else has."""
    with time_machine.travel(time.time() + seconds):
        yield


async def put_out(edge: Edge, cookie: str, path: str = "/queues") -> Answer:
    """The first answer that is none: what was just looked up is believed for a second."""
    return await answered(lambda: edge.get(path, Cookie=cookie), lambda answer: answer.status != 200)


async def test_a_session_that_nobody_uses_is_locked(edge: Edge):
    """After a quarter of an hour it is refused like one locked by hand, in HTTP and live; it is on record why."""
    kept = Kept(edge)
    person = await hired(edge, "Ani", Role.ADMIN)
    cookie = await signed_in(edge, "ani")

    async with edge.live("floor", "counter:1", Cookie=cookie) as socket, asyncio.timeout(60):
        await socket.receive()
        with after(15 * MINUTE + 1):
            kinds = [message.type async for message in socket]
            paths = ("/queues", "/people", "/counters/1", "/stats", "/sessions")
            refused = [await edge.get(path, Cookie=cookie) for path in paths]
            live = await edge.get("/live?topic=floor", Cookie=cookie)
            pages = [await edge.page(path, Cookie=cookie, Accept="text/html") for path in ("/audit", "/report")]
            me = await edge.get("/me", Cookie=cookie)
            locked = await kept.first(ActKind.LOCKED)

    assert socket.close_code == 1008
    assert set(kinds) <= {WSMsgType.TEXT}
    assert {one.said for one in refused} == {LOCKED}
    assert live.status == 401
    assert {page.headers["Location"].partition("?")[0] for page in pages} == {"/sign-in"}
    assert (me["held"], me["lock_in_s"]) == ("locked", 0)
    assert (locked.about, locked.by, locked.why) == (person, None, "idle")


async def test_reading_is_not_doing(edge: Edge):
    """A page that asks again and again is left alone; a word that a hand was on it, and a command, begin anew."""
    await hired(edge, "Ani", Role.CLERK)
    cookie = await signed_in(edge, "ani")

    left = []
    for minutes, path in ((10, "/here"), (20, "/counters/1/open"), (30, "")):
        with after(minutes * MINUTE):
            if path:
                assert (await as_(edge, cookie, path)).status in (200, 204)
            for reading in ("/queues", "/counters/1", "/me"):
                assert (await edge.get(reading, Cookie=cookie)).status == 200
            left.append((await edge.get("/me", Cookie=cookie))["lock_in_s"])
    with after(35 * MINUTE + 2):
        refused = await put_out(edge, cookie)

    assert left[:2] == [900, 900]
    assert 290 < left[2] <= 300
    assert refused.said == LOCKED


async def test_what_a_screen_sends_by_itself_is_not_doing(edge: Edge):
    """A board in a supervisor's browser asks for its turn to speak all day, and nobody is there."""
    await hired(edge, "Ani", Role.SUPERVISOR)
    cookie = await signed_in(edge, "ani")
    turn = {"screen": "0123456789abcdef", "seq": 1}

    with after(10 * MINUTE):
        sent = await as_(edge, cookie, "/boards/main/turn", turn)
    with after(15 * MINUTE + 2):
        refused = await put_out(edge, cookie)

    assert sent.status != 403
    assert refused.said == LOCKED


async def test_whoever_has_somebody_at_the_counter_has_four_times_as_long(edge: Edge):
    """A talk of twenty minutes locks nothing; an hour without a hand does, and what is at the counter stays."""
    await hired(edge, "Ani", Role.CLERK)
    cookie = await signed_in(edge, "ani")
    ticket = await serving(edge, cookie)

    with after(59 * MINUTE):
        here = await edge.get("/counters/1", Cookie=cookie)
    with after(60 * MINUTE + 2):
        refused = await put_out(edge, cookie)
        opened = await as_(edge, cookie, "/unlock", {"password": SECRET})
        finished = await as_(edge, cookie, "/counters/1/finish", {"ticket": ticket})

    assert here["ticket"]["id"] == ticket
    assert refused.said == LOCKED
    assert (opened.status, opened["held"], opened["lock_in_s"]) == (200, None, 3600)
    assert (finished.status, finished["id"]) == (200, ticket)


async def test_a_restart_keeps_it(tmp_path: Path):
    """A locked one stays locked, and the time in which no server ran counts."""
    async with edge_at(tmp_path) as edge:
        await hired(edge, "Ani", Role.CLERK)
        locked, left, used = [await signed_in(edge, "ani") for _ in range(3)]
        await as_(edge, locked, "/lock")
        with after(10 * MINUTE):
            await as_(edge, used, "/here")

    with after(16 * MINUTE):
        async with edge_at(tmp_path) as edge:
            said = [(await edge.get("/queues", Cookie=cookie)).status for cookie in (locked, left, used)]

    assert said == [403, 403, 200]


async def test_a_mall_may_want_none(tmp_path: Path):
    """With "0s" a session is over with its day, and locked by hand alone."""
    async with edge_at(tmp_path, config=CONFIG + '\n[sign_in]\nlock_after = "0s"\n') as edge:
        await hired(edge, "Ani", Role.CLERK)
        cookie = await signed_in(edge, "ani")

        with after(11 * 60 * MINUTE):
            me = await edge.get("/me", Cookie=cookie)

        assert (me.status, me["held"], me["lock_after_s"], me["lock_in_s"]) == (200, None, 0, None)


async def test_a_badge_opens_what_it_signs_in_to(tmp_path: Path):
    """A clerk's alone where that is enough; a colleague's does not, and counts as a wrong try."""
    async with edge_at(tmp_path, config=mall("alone")) as edge:
        badges = edge.parts.registry.badges
        for name, number in (("Ani", NUMBER), ("Budi", "0087654321")):
            badges.set(await hired(edge, name, Role.CLERK), number)
        cookie = await signed_in(edge, "ani")
        await as_(edge, cookie, "/lock")

        me = await edge.get("/me", Cookie=cookie)
        wrong = await as_(edge, cookie, "/unlock", {"password": "0087654321", "badge": "0087654321"})
        right = await as_(edge, cookie, "/unlock", {"password": NUMBER, "badge": NUMBER})

        assert me["opens_by_badge"] is True
        assert wrong.said == (401, "unauthorized", "sign_in")
        assert (right.status, right["held"]) == (200, None)


async def test_a_badge_opens_nothing_that_wants_more(tmp_path: Path):
    """Not where the mall asks for the PIN, too, nor for whoever may do more than a clerk."""
    said = []
    for way, role in (("with_pin", Role.CLERK), ("alone", Role.SUPERVISOR), ("off", Role.CLERK)):
        (tmp_path / way).mkdir()
        async with edge_at(tmp_path / way, config=mall(way)) as edge:
            edge.parts.registry.badges.set(await hired(edge, "Ani", role), NUMBER)
            cookie = await signed_in(edge, "ani")
            await as_(edge, cookie, "/lock")
            opened = await as_(edge, cookie, "/unlock", {"password": NUMBER, "badge": NUMBER})
            said.append((opened.status, (await edge.get("/me", Cookie=cookie))["opens_by_badge"]))

    assert said == [(401, False)] * 3
