"""Guessing is slow from everywhere, and locks nobody out of her own counter. Behind a proxy, so that there are many
addresses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic

import pyotp
import pytest

from queue_server.errors import RateLimited
from queue_server.registry.roles import Role
from queue_server.web.identity.guesses import FROM_ELSEWHERE, Guesses, Place, account_of
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


def elsewhere(account: str, address: str) -> Place:
    return Place(account=account, asker=address, browser=None, address=None)


def used_up(edge: Edge, account: str | None = None) -> None:
    """Others have tried at somebody's account as often as all of them together may."""
    person = edge.parts.registry.people.named("ani")
    assert person is not None
    for n in range(FROM_ELSEWHERE.count):
        edge.parts.guesses.wrong(elsewhere(account or person.id, f"10.7.0.{n}"), None, monotonic())


def test_many_addresses_guess_little_faster_than_one():
    """Ten tries are answered at once; each further one waits longer, and after sixty in an hour there are none."""
    guesses = Guesses()
    held = []
    for n in range(FROM_ELSEWHERE.count):
        place = elsewhere("p1", f"10.1.0.{n}")
        guesses.check(place, None, 100.0)
        held.append(guesses.hold_s(place, 100.0))
        guesses.wrong(place, None, 100.0)

    assert held[:12] == [0.0] * 10 + [0.5, 1.0]
    assert (max(held), sorted(held)) == (6.0, held)
    with pytest.raises(RateLimited):
        guesses.check(elsewhere("p1", "10.1.1.1"), None, 101.0)
    guesses.check(elsewhere("p2", "10.1.1.1"), None, 101.0)
    guesses.check(elsewhere("p1", "10.1.1.1"), None, 3701.0)


def test_one_address_has_ten_at_one_account():
    """Somebody else's address has its own: nobody is kept out by ten wrong tries that another makes."""
    guesses = Guesses()
    for _ in range(10):
        guesses.wrong(elsewhere("p1", "10.1.0.1"), None, 100.0)

    guesses.check(elsewhere("p1", "10.1.0.2"), None, 101.0)
    guesses.check(elsewhere("p2", "10.1.0.1"), None, 101.0)
    with pytest.raises(RateLimited):
        guesses.check(elsewhere("p1", "10.1.0.1"), None, 101.0)


async def test_the_right_secret_passes_while_others_guess(house: Edge):
    """At a machine where she never signed in, a little later than at once."""
    wrong = await guess(house, 11)

    right = await tried(house, "10.9.0.1", PIN)

    assert (wrong, right.status) == ([401] * 11, 200)


async def test_a_name_that_nobody_has_is_counted_alike(house: Edge):
    """So that the answer does not tell which names there are."""
    assert await guess(house, 11, "nobody") == [401] * 11
    used_up(house, account_of(None, "nobody"))
    assert await guess(house, 2, "nobody") == [429] * 2


async def test_who_signed_in_there_before_is_not_locked_out(house: Edge):
    """Neither in her browser, wherever it is, nor in another one at her usual address."""
    first = await tried(house, "10.2.0.1", PIN)
    used_up(house)

    browser = await tried(house, "10.9.0.1", PIN, Cookie=browser_of(first))
    address = await tried(house, "10.2.0.1", PIN)
    elsewhere = await tried(house, "10.9.0.2", PIN)

    assert (browser.status, address.status, elsewhere.status) == (200, 200, 429)


async def test_a_browser_of_the_house_guesses_no_others_pin(house: Edge):
    """It has ten tries at a colleague's account, and the colleague's own browser has its own all the same."""
    house.parts.registry.people.add("Budi", Role.CLERK, secret="815947")
    cookie = browser_of(await tried(house, "10.2.0.1", PIN))
    own = browser_of(await tried(house, "10.2.0.2", "815947", "budi"))

    statuses = [(await tried(house, "10.2.0.1", f"55{n:04}", "budi", Cookie=cookie)).status for n in range(11)]
    right = await tried(house, "10.2.0.1", "815947", "budi", Cookie=cookie)
    at_home = await tried(house, "10.2.0.2", "815947", "budi", Cookie=own)

    assert (statuses, right.status, at_home.status) == ([401] * 10 + [429], 429, 200)


async def test_a_clerk_with_many_browsers_guesses_no_faster(house: Edge):
    """Whoever is let in makes any number of browsers known: all of them have sixty an hour at one account."""
    budi = house.parts.registry.people.add("Budi", Role.CLERK, secret="815947")
    cookie = browser_of(await tried(house, "10.2.0.1", PIN))
    for n in range(60):
        place = Place(account=budi.id, asker="10.2.0.1", browser=None, address=None, house=f"browser {n}")
        house.parts.guesses.wrong(place, None, monotonic())

    assert (await tried(house, "10.2.0.1", "815947", "budi", Cookie=cookie)).status == 429


async def test_a_phone_in_the_hall_keeps_no_clerk_out(house: Edge):
    """Everybody there has one address. What strangers try closes it to strangers; a clerk who moves to another
    counter, where only a colleague has signed in, goes on."""
    hall = "10.2.0.1"
    house.parts.registry.people.add("Budi", Role.CLERK, secret="815947")
    counter = browser_of(await tried(house, hall, PIN))
    for n in range(210):  # as many as the whole house may have from places that it does not know
        house.parts.guesses.wrong(elsewhere(f"p{n}", hall), None, monotonic())
    strangers = [(await tried(house, hall, "550000", f"nobody {n}")).status for n in range(11)]

    moved = await tried(house, hall, "815947", "budi", Cookie=counter)

    assert strangers == [429] * 11
    assert moved.status == 200


async def test_the_question_for_a_code_is_a_try(house: Edge):
    """It says whether a name has a second factor, so nobody asks it of many, or without end."""
    factors = house.parts.registry.second_factors
    admin = house.parts.registry.people.add("Rina", Role.ADMIN, secret="kuda hijau 17 lari")
    factors.accept(admin.id, pyotp.TOTP(factors.offer(admin.id)).at(house.parts.registry.now() // 1000))

    said = [(await tried(house, "10.3.0.1", f"guess {n}", "rina")).said for n in range(11)]

    assert {one[2] for one in said[:10]} == {"code_needed"}
    assert said[10][0] == 429


async def told(edge: Edge) -> list[int]:
    """At how many accounts somebody guesses, as the floor says it."""
    async with edge.live("floor", by="manager") as socket:
        alerts = (await heard(socket, "floor"))["view"]["alerts"]
    return [alert["fields"]["accounts"] for alert in alerts if alert["kind"] == "sign_in"]


async def test_an_operator_is_told_of_guessing(house: Edge):
    """The floor says so, and at how many accounts; a clerk who mistypes is none."""
    await guess(house, 5)
    mistyped = await told(house)
    await guess(house, 7)

    alarms = (await house.get("/healthz", by="manager"))["alarms"]
    assert (mistyped, await told(house)) == ([], [1])
    assert any("guesses passwords of 1 accounts" in said for said in alarms)


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
