"""A locked browser is answered nothing until its PIN; what is at the counter stays, and the hall goes on."""

from __future__ import annotations

import asyncio

from aiohttp import WSMsgType

from queue_server.domain.acts import ActKind
from queue_server.registry.roles import Role
from tests.web.edge import Edge
from tests.web.test_people import SECRET, as_, hired, signed_in
from tests.web.test_refusals_kept import Kept

LIMIT_S = 10.0


async def serving(edge: Edge, cookie: str) -> str:
    """A ticket with a note at counter 1, where this clerk works."""
    ticket = (await edge.ticket())["id"]
    await as_(edge, cookie, "/counters/1/open")
    await as_(edge, cookie, "/counters/1/call-next")
    await as_(edge, cookie, "/counters/1/start")
    noted = await as_(edge, cookie, f"/tickets/{ticket}/note", {"text": "wheelchair"})
    assert noted.status == 200, noted
    return str(ticket)


async def test_a_locked_browser_sees_and_does_nothing(edge: Edge):
    """Notes, queues and moves are refused; who is signed in, and what everybody may know, is told."""
    await hired(edge, "Ani", Role.CLERK)
    cookie = await signed_in(edge, "ani")
    ticket = await serving(edge, cookie)

    locked = await as_(edge, cookie, "/lock")
    asked = [await edge.get(path, Cookie=cookie) for path in ("/counters/1", "/queues", "/sessions", "/second-factor")]
    asked.append(await edge.get("/live?topic=counter:1", Cookie=cookie))
    moved = [await as_(edge, cookie, path) for path in ("/counters/1/finish", f"/tickets/{ticket}/return")]
    me = await edge.get("/me", Cookie=cookie)
    public = await edge.get(f"/tickets/{ticket}", Cookie=cookie)
    page = await edge.page("/my-day", Cookie=cookie, Accept="text/html")

    assert (locked.status, locked["held"]) == (200, "locked")
    assert {one.said for one in (*asked[:-1], *moved)} == {(403, "forbidden", "locked")}
    assert asked[-1].status == 401
    assert (me["name"], me["held"]) == ("Ani", "locked")
    assert public.status == 200
    assert "wheelchair" not in str(public.body)
    assert page.headers["Location"].startswith("/sign-in?next=")


async def test_the_ticket_is_still_there_when_it_is_unlocked(edge: Edge):
    """Nothing at the counter changed, and the board still shows it."""
    await hired(edge, "Ani", Role.CLERK)
    cookie = await signed_in(edge, "ani")
    ticket = await serving(edge, cookie)
    await as_(edge, cookie, "/lock")

    board = await edge.get("/boards/main", by="display")
    wrong = await as_(edge, cookie, "/unlock", {"password": "not hers at all"})
    right = await as_(edge, cookie, "/unlock", {"password": SECRET})
    here = await edge.get("/counters/1", Cookie=cookie)
    finished = await as_(edge, cookie, "/counters/1/finish", {"ticket": ticket})

    assert [one["counter"] for one in board["serving"]] == ["1"]
    assert wrong.said == (401, "unauthorized", "sign_in")
    assert (right.status, right["held"]) == (200, None)
    assert (here["ticket"]["id"], here["ticket"]["note"]) == (ticket, "wheelchair")
    assert finished.status == 200


async def test_locking_cuts_what_is_open(edge: Edge):
    """The terminal's live view ends within a moment, in every tab of that browser."""
    await hired(edge, "Ani", Role.CLERK)
    cookie = await signed_in(edge, "ani")

    async with edge.live("counter:1", Cookie=cookie) as socket, asyncio.timeout(LIMIT_S):
        await socket.receive()
        await as_(edge, cookie, "/lock")
        kinds = [message.type async for message in socket]

    assert socket.close_code == 1008
    assert set(kinds) <= {WSMsgType.TEXT}


async def test_the_pin_is_not_guessed_at_a_locked_browser(edge: Edge):
    """After ten wrong ones the session is over, and they are on record with who and why; the door is not closed."""
    kept = Kept(edge)
    person = await hired(edge, "Ani", Role.CLERK)
    cookie = await signed_in(edge, "ani")
    await as_(edge, cookie, "/lock")

    statuses = [(await as_(edge, cookie, "/unlock", {"password": f"{n:06}"})).status for n in range(12)]

    refused = await kept.first(ActKind.SIGN_IN_REFUSED)
    locked = await kept.first(ActKind.LOCKED)
    over = await as_(edge, cookie, "/unlock", {"password": SECRET})
    assert statuses == [401] * 12
    assert over.said == (401, "unauthorized", "nobody")
    assert await signed_in(edge, "ani")
    assert (refused.about, refused.why, locked.about) == (person, "unlock", person)


async def test_what_a_locked_browser_tries_is_on_record_with_whose_it_is(edge: Edge):
    """A refusal names the person, though it is answered nothing."""
    kept = Kept(edge)
    person = await hired(edge, "Ani", Role.CLERK)
    cookie = await signed_in(edge, "ani")
    await as_(edge, cookie, "/lock")

    await edge.get("/queues", Cookie=cookie)

    refused = await kept.first(ActKind.REFUSED)
    assert (refused.by, refused.why) == (person, "locked")


async def test_a_token_does_not_lock(edge: Edge):
    """It has nothing to unlock by, and its page is told so."""
    token = edge.token("clerk", name="ani")

    locked = await edge.post("/lock", by=token)
    me = await edge.get("/me", by=token)

    assert locked.said == (403, "forbidden", "token")
    assert me["lock_after_s"] is None


async def test_one_browser_is_locked_not_the_person(edge: Edge):
    """The same clerk at another machine goes on."""
    await hired(edge, "Ani", Role.CLERK)
    here, there = [await signed_in(edge, "ani") for _ in range(2)]

    await as_(edge, here, "/lock")

    assert (await edge.get("/queues", Cookie=there)).status == 200
    assert (await edge.get("/queues", Cookie=here)).status == 403
