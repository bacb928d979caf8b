"""Signing in and out: a cookie for who knows name and password, the same answer for everybody else."""

from __future__ import annotations

import asyncio

from queue_server.registry.roles import Role
from tests.web.edge import Edge


def hire(edge: Edge, name: str = "Ani", secret: str = "rahasia-1") -> str:
    return edge.parts.registry.people.add(name, Role.CLERK, secret=secret, skills=("visa",)).id


async def signed_in(edge: Edge) -> str:
    """The Cookie header of somebody who has signed in."""
    answer = await edge.post("/sign-in", {"name": "ani", "password": "rahasia-1"})
    assert answer.status == 200, answer
    return str(answer.headers["Set-Cookie"]).partition(";")[0]


async def test_signing_in_sets_a_cookie(edge: Edge):
    """The session is a cookie out of reach of scripts and other sites; the counter opens with that clerk's skills."""
    person = hire(edge)

    answer = await edge.post("/sign-in", {"name": "ani", "password": "rahasia-1"})
    cookie = answer.headers["Set-Cookie"]
    me = await edge.get("/me", Cookie=cookie.partition(";")[0])
    opened = await edge.post("/counters/1/open", Cookie=cookie.partition(";")[0], X_Antrean="1")

    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert (me["role"], me["name"], me["clerk"]) == ("clerk", "Ani", person)
    assert opened["clerk"] == person
    assert edge.engine.state.counters["1"].skills == ("visa",)


async def test_a_wrong_name_and_a_wrong_password_look_alike(edge: Edge):
    """Nobody learns from the answer whether a name exists."""
    hire(edge)

    name = await edge.post("/sign-in", {"name": "nobody", "password": "rahasia-1"})
    password = await edge.post("/sign-in", {"name": "ani", "password": "rahasia-2"})

    assert name.said == (401, "unauthorized", "sign_in")
    assert name.body == password.body
    assert "Set-Cookie" not in name.headers


async def test_guessing_passwords_is_slowed_down(edge: Edge):
    """After ten refused sign-ins an address has to wait, also when it asks for all at once, and whatever it knows."""
    hire(edge)

    guesses = await asyncio.gather(
        *(edge.post("/sign-in", {"name": "ani", "password": f"guess{n}"}) for n in range(14))
    )
    right = await edge.post("/sign-in", {"name": "ani", "password": "rahasia-1"})

    assert sum(answer.status == 401 for answer in guesses) <= 11
    assert right.said[:2] == (429, "rate_limited")


async def test_signing_out_ends_the_session(edge: Edge):
    """The cookie lets nobody in any more, wherever a copy of it is."""
    hire(edge)
    cookie = await signed_in(edge)
    before = await edge.get("/me", Cookie=cookie)

    out = await edge.post("/sign-out", Cookie=cookie, X_Antrean="1")
    after = await edge.get("/me", Cookie=cookie)

    assert (before.status, out.status, after.status) == (200, 204, 401)
    assert 'antrean_staff=""' in out.headers["Set-Cookie"]


async def test_who_one_is(edge: Edge):
    """A token says its role, name, counter and agency."""
    me = await edge.get("/me", by=edge.token("clerk", name="ani", counter="1", agency="immigration"))

    said = {
        name: value
        for name, value in me.body.items()
        if name
        not in ("may", "stands_in", "agencies", "held", "lock_after_s", "lock_in_s", "opens_by_badge", "by_provider")
    }
    assert said == {"role": "clerk", "name": "ani", "clerk": "ani", "counter": "1", "agency": "immigration"}
