"""The ticket on a phone, before a real server: little to fetch, a slow line, no line, and what its buttons do."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser import Screens, axe, layout_faults
from tests.whole.server import Server, server

API = "/api/v1"
LANGUAGES = ("id", "en", "jv", "az", "ka", "ar")
SERVICE = "card"
FIRST_VISIT = 60_000
"""Bytes over the wire, heads and the first live view included."""

SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""400 kbit/s and 400 ms, as Chromium's own slow 3G was for years."""

PAUSED = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}


MALL = """
[mall]
id = "phones"
name = "Nusa Raya"
languages = ["id", "en", "jv", "az", "ka", "ar"]
timezone = "Asia/Jakarta"

[policy]
step_away = ["5m", "10m", "20m"]

[push]
on = true
contact = "mailto:antrean@phones.example"

[agencies.dukcapil]
name = "Dinas Kependudukan dan Pencatatan Sipil"

[services.card]
agency = "dukcapil"
prefix = "A"
hours = { mon-sun = ["00:00-24:00"] }

[services.card.name]
id = "KTP elektronik baru"
en = "New identity card"
jv = "KTP enggal"
az = "Yeni şəxsiyyət vəsiqəsi"
ka = "ახალი პირადობის მოწმობა"
ar = "بطاقة هوية جديدة"

[services.card.documents]
id = ["KTP lama", "Kartu Keluarga"]
en = ["Old identity card", "Family card"]
jv = ["KTP lawas", "Kartu Kulawarga"]
az = ["Köhnə vəsiqə", "Ailə kartı"]
ka = ["ძველი მოწმობა", "ოჯახის ბარათი"]
ar = ["البطاقة القديمة", "بطاقة الأسرة"]

[zones.z]
name = "Hall"
direction = "On the left after the stairs"

[counters.3]
zone = "z"
services = ["card"]

[boards.hall]
zones = ["z"]
"""


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    folder = tmp_path_factory.mktemp("phone")
    config = folder / "config.toml"
    config.write_text(MALL, encoding="utf-8")
    async with server(folder, config=config) as here:
        yield here


@pytest.fixture(scope="module")
async def clerk(house: Server) -> str:
    """The token of whoever works at counter 3."""
    token = house.token("clerk", "--name", "ani")
    await house.post(f"{API}/counters/3/open", None, token)
    return token


async def issue(house: Server, clerk: str, language: str = "id") -> Any:
    return (await house.post(f"{API}/tickets", {"service": SERVICE, "language": language}, clerk)).body


async def ready(page: Page, state: str = "waiting") -> None:
    await expect(page.locator("#page")).to_have_attribute("data-state", state, timeout=30_000)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_first_visit_fetches_little(screens: Screens, house: Server, clerk: str, language: str):
    """Under 60 kB in every language, what the live line says first included; it comes in the ticket's language."""
    ticket = await issue(house, clerk, language)
    page = await screens.open(viewport="phone")
    network = await page.context.new_cdp_session(page)
    await network.send("Network.enable")
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    network.on("Network.webSocketFrameReceived", lambda event: sizes.append(len(event["response"]["payloadData"])))

    await page.goto(f"{house.at}/t/{ticket['id']}")
    await ready(page)
    await expect(page.locator("html[data-live=live]")).to_be_visible()

    assert sum(sizes) > 10_000, "the page was not counted"
    assert sum(sizes) < FIRST_VISIT
    await expect(page.locator("html")).to_have_attribute("lang", language)
    await expect(page.locator("#language")).to_have_value(language)
    assert await axe(page) == []
    assert await layout_faults(page) == []


async def test_every_language_can_be_chosen_without_loading_the_page_anew(screens: Screens, house: Server, clerk: str):
    """The texts of one more language are all that is fetched."""
    ticket = await issue(house, clerk)
    page = await screens.open(f"{house.at}/t/{ticket['id']}", viewport="phone")
    await ready(page)
    documents: list[str] = []
    page.on("request", lambda request: documents.append(request.url) if request.is_navigation_request() else None)

    for language in LANGUAGES:
        await page.select_option("#language", language)
        await expect(page.locator("html")).to_have_attribute("lang", language)
        assert await page.locator('[lang="en"]:visible:not(option)').count() == 0 or language == "en"

    assert documents == []
    await expect(page.locator("html")).to_have_attribute("dir", "rtl")


async def test_on_a_slow_line_the_place_is_there_soon(screens: Screens, house: Server, clerk: str):
    """The first answer brings the place; nothing waits for a second question."""
    ticket = await issue(house, clerk)
    page = await screens.open(viewport="phone")
    network = await page.context.new_cdp_session(page)
    await network.send("Network.enable")
    await network.send("Network.emulateNetworkConditions", SLOW_3G)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.resource_type == "fetch" else None)

    await page.goto(f"{house.at}/t/{ticket['id']}")

    await ready(page)
    await expect(page.locator("#figure")).not_to_be_empty()
    assert asked == []


async def test_without_a_line_it_says_so_and_is_right_again_after(screens: Screens, house: Server, clerk: str):
    """What changed meanwhile is there as soon as the line is."""
    ticket = await issue(house, clerk)
    page = await screens.open(f"{house.at}/t/{ticket['id']}", viewport="phone")
    await ready(page)
    await expect(page.locator("html[data-live=live]")).to_be_visible()
    network = await page.context.new_cdp_session(page)
    await network.send("Network.enable")
    await network.send("Network.emulateNetworkConditions", PAUSED)
    await page.evaluate("() => dispatchEvent(new Event('offline'))")

    await expect(page.locator("#stale")).to_be_visible(timeout=60_000)
    await house.post(f"{API}/tickets/{ticket['id']}/cancel")
    await network.send("Network.emulateNetworkConditions", {**PAUSED, "offline": False})

    await ready(page, "cancelled")
    await expect(page.locator("#stale")).to_be_hidden()


async def test_others_pass_for_a_while_and_the_place_is_taken_up_again(screens: Screens, house: Server, clerk: str):
    """Two touches let others pass; the page says until when, and one touch brings the place back."""
    ticket = await issue(house, clerk, "en")
    page = await screens.open(f"{house.at}/t/{ticket['id']}", viewport="phone")
    await ready(page)

    await page.click("#away")
    await expect(page.locator("#spans button")).to_have_text(["5 minutes", "10 minutes", "20 minutes"])
    found = await axe(page)
    await page.locator("#spans button").nth(1).click()

    await ready(page, "parked")
    await expect(page.locator("#figure")).to_contain_text("Others go first until")
    assert found == []
    assert await axe(page) == []
    await page.click("#come-back")
    await ready(page)
    shown = (await house.get(f"{API}/tickets/{ticket['id']}")).body
    assert (shown["state"], len(shown["steps"])) == ("waiting", 1)


async def test_what_the_mall_does_not_offer_is_refused(house: Server, clerk: str):
    """Another time than the mall's, a third time, a ticket that nobody has: each is told why."""
    ticket = await issue(house, clerk)
    path = f"{API}/tickets/{ticket['id']}"

    odd = await house.post(f"{path}/step-away", {"minutes": 7})
    for _ in range(2):
        assert (await house.post(f"{path}/step-away", {"minutes": 5})).status == 200
        assert (await house.post(f"{path}/come-back")).status == 200
    third = await house.post(f"{path}/step-away", {"minutes": 5})
    nobody = await house.post(f"{API}/tickets/nobodys-ticket/step-away", {"minutes": 5})
    back = await house.post(f"{path}/come-back")

    assert (odd.status, odd.code, odd["reason"]) == (422, "invalid", "step_away_time")
    assert (third.status, third["reason"]) == (409, "away_often_enough")
    assert nobody.status == 404
    assert (back.status, back["reason"]) == (409, "return_from_waiting")


async def test_a_tab_in_the_background_tells_the_call(screens: Screens, house: Server, clerk: str):
    """Title and icon change when the number is called, and change back."""
    called = (await house.post(f"{API}/counters/3/call-next", None, clerk)).body
    page = await screens.open(f"{house.at}/t/{called['id']}?lang=en", viewport="phone")
    await ready(page, "called")
    icon = page.locator("link[rel=icon]")

    assert "Counter 3" in await page.title()
    await expect(icon).to_have_attribute("href", re.compile(r"called\.svg$"))
    await house.post(f"{API}/counters/3/put-back", None, clerk)
    await ready(page)
    await expect(icon).to_have_attribute("href", re.compile(r"antrean\.svg$"))


async def test_the_page_says_nothing_of_other_people(house: Server, clerk: str):
    """Its view holds this ticket's id and no other, no clerk, no note."""
    mine, other = await issue(house, clerk), await issue(house, clerk)

    page = (await house.get(f"{API}/tickets/{mine['id']}/page")).body
    html = (await house.get(f"/t/{mine['id']}")).body.decode()

    assert page["ticket"]["id"] == mine["id"]
    for text in (repr(page), html):
        assert other["id"] not in text
        assert "'clerk'" not in text
        assert '"clerk"' not in text
