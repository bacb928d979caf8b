"""Guessing is slow from everywhere, and locks nobody out of her own counter. Behind a proxy, so that there are many
addresses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from queue_server.registry.roles import Role
from tests.web.edge import CONFIG, Answer, Edge, edge_at
from tests.web.test_live import heard

PIN = "471108"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Edge]:
    """A mall behind a proxy, where `ani` signs in with a PIN."""
    config = CONFIG + '\n[server]\nproxies = ["127.0.0.1"]\n'
    async with edge_at(tmp_path, config=config) as edge:
        edge.parts.registry.people.add("Ani", Role.CLERK, secret=PIN)
        yield edge


async def tried(edge: Edge, address: str, secret: str, name: str = "ani", **headers: str) -> Answer:
    return await edge.post("/sign-in", {"name": name, "password": secret}, X_Forwarded_For=address, **headers)


def browser_of(answer: Answer) -> str:
    """The cookie by which this browser is known."""
    cookies: list[str] = answer.headers.getall("Set-Cookie")
    return next(one for one in cookies if one.startswith("antrean_browser")).partition(";")[0]


async def guess(edge: Edge, addresses: int, name: str = "ani") -> list[int]:
    """One wrong try from each of so many addresses."""
    return [(await tried(edge, f"10.1.0.{n}", f"55{n:04}", name)).status for n in range(addresses)]


async def test_many_addresses_guess_no_faster_than_one(house: Edge):
    """After ten wrong tries at one account every new address has to wait, whatever it tries."""
    answers = await guess(house, 14)
    right = await tried(house, "10.1.0.99", PIN)

    assert answers == [401] * 10 + [429] * 4
    assert right.said[:2] == (429, "rate_limited")


async def test_a_name_that_nobody_has_is_counted_alike(house: Edge):
    """So that the answer does not tell which names there are."""
    assert await guess(house, 12, "nobody") == [401] * 10 + [429] * 2


async def test_who_signed_in_there_before_is_not_locked_out(house: Edge):
    """Neither in her browser, wherever it is, nor in another one at her usual address."""
    first = await tried(house, "10.2.0.1", PIN)
    await guess(house, 14)

    browser = await tried(house, "10.9.0.1", PIN, Cookie=browser_of(first))
    address = await tried(house, "10.2.0.1", PIN)
    elsewhere = await tried(house, "10.9.0.2", PIN)

    assert (browser.status, address.status, elsewhere.status) == (200, 200, 429)


async def test_a_known_browser_guesses_no_others_pin(house: Edge):
    """It is known for those who signed in with it, and for nobody else."""
    house.parts.registry.people.add("Budi", Role.CLERK, secret="815947")
    cookie = browser_of(await tried(house, "10.2.0.1", PIN))
    await guess(house, 14, "budi")

    assert (await tried(house, "10.2.0.1", "815947", "budi", Cookie=cookie)).status == 429


async def told(edge: Edge) -> list[int]:
    """At how many accounts somebody guesses, as the floor says it."""
    async with edge.live("floor", by="manager") as socket:
        alerts = (await heard(socket, "floor"))["view"]["alerts"]
    return [alert["fields"]["accounts"] for alert in alerts if alert["kind"] == "sign_in"]


async def test_an_operator_is_told_of_guessing(house: Edge):
    """The floor says so, and at how many accounts; a clerk who mistypes is none."""
    await guess(house, 5)
    mistyped = await told(house)
    await guess(house, 12)

    assert (mistyped, await told(house)) == ([], [1])


async def test_another_sites_page_tries_nothing(house: Edge):
    """Neither as a form nor as JSON, and nothing of it counts against the visitor's address."""
    body = {"name": "ani", "password": "550000"}
    cross = {"X_Forwarded_For": "10.2.0.1", "Origin": "https://evil.example", "Sec_Fetch_Site": "cross-site"}
    foreign = [await house.post("/sign-in", body, **cross) for _ in range(12)]
    plain = [await house.post("/sign-in", body, **cross, Content_Type="text/plain") for _ in range(2)]
    untyped = await house.post("/sign-in", body, **cross, Content_Type="")

    own = await tried(house, "10.2.0.1", PIN, Origin=house.mall.url, Sec_Fetch_Site="same-origin")

    assert {answer.said for answer in foreign} == {(403, "forbidden", "cross_site")}
    assert {answer.status for answer in (*plain, untyped)} == {422}
    assert own.status == 200
