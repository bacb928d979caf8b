"""Who shows once more that it is they has ten wrong tries from all addresses; then that session or link is over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from queue_server.domain.acts import ActKind
from queue_server.registry.roles import Role
from tests.web.edge import CONFIG, Answer, Edge, edge_at
from tests.web.test_people import SECRET, hired, signed_in
from tests.web.test_refusals_kept import Kept
from tests.web.test_second_factor import code, set_up

OTHER = "gajah biru 23 tidur"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Edge]:
    """Behind a proxy, so that there are many addresses."""
    async with edge_at(tmp_path, config=CONFIG + '\n[server]\nproxies = ["127.0.0.1"]\n') as edge:
        yield edge


async def from_each(edge: Edge, path: str, body: dict[str, str], cookie: str = "") -> list[Answer]:
    """One try from each of twelve addresses."""
    sent = {"Cookie": cookie, "X_Antrean": "1"} if cookie else {}
    return [await edge.post(path, body, X_Forwarded_For=f"10.1.0.{n}", **sent) for n in range(12)]


async def test_a_links_second_factor_is_not_guessed(house: Edge):
    """The link is over after ten wrong codes from ten addresses, each on record; a fresh one with the code is good."""
    kept = Kept(house)
    person = await hired(house, "Ani", Role.ADMIN)
    secret, _recovery = await set_up(house, await signed_in(house, "ani"))
    links = []

    async def invited() -> str:
        made = await house.post(f"/people/{person}/invite", by="admin")
        return str(made["link"].partition("#")[2])

    links.append(await invited())
    tried = await from_each(house, "/join", {"link": links[0], "password": OTHER, "code": "000000"})
    late = await house.post("/join", {"link": links[0], "password": OTHER, "code": code(house, secret, 1)})
    anew = await house.post("/join", {"link": await invited(), "password": OTHER, "code": code(house, secret, 1)})

    refused = await kept.first(ActKind.SIGN_IN_REFUSED)
    assert [one.status for one in tried] == [401] * 10 + [404] * 2
    assert (late.status, anew.status) == (404, 200)
    assert (refused.about, refused.why) == (person, "code")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/unlock", {"password": "000000"}),
        ("/password", {"old": "000000", "new": OTHER}),
        ("/second-factor/offer", {"password": "000000"}),
        ("/second-factor/remove", {"password": "000000"}),
        ("/second-factor/confirm", {"code": "000000"}),
    ],
)
async def test_a_session_is_over_after_ten_from_wherever(house: Edge, path: str, body: dict[str, str]):
    """And its clerk still signs in, at a machine where they never did; each wrong one is on record."""
    kept = Kept(house)
    person = await hired(house, "Ani", Role.CLERK)
    cookie = await signed_in(house, "ani")

    tried = await from_each(house, path, body, cookie)
    elsewhere = await house.post("/sign-in", {"name": "ani", "password": SECRET}, X_Forwarded_For="10.9.0.1")

    refused = await kept.first(ActKind.SIGN_IN_REFUSED)
    assert [one.said[2] for one in tried[9:]] == [tried[0].said[2], "nobody", "nobody"]
    assert elsewhere.status == 200
    assert refused.about == person


async def test_a_new_second_factor_ends_the_other_sessions(house: Edge):
    """The browser that set it up goes on."""
    await hired(house, "Ani", Role.ADMIN)
    here, there = [await signed_in(house, "ani") for _ in range(2)]

    await set_up(house, here)

    assert [(await house.get("/sessions", Cookie=cookie)).status for cookie in (here, there)] == [200, 401]
