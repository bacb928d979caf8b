"""The kiosk while the building is evacuated: nothing but the sign, whatever somebody was doing."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from playwright.async_api import expect

from tests.browser import axe
from tests.fakes import canned, mall
from tests.fakes.hall import FakeHall
from tests.kiosk.conftest import OpenKiosk, choose, settled, shows

KIOSK = "kiosk:K1"
ALL = ("id", "en", "jv", "az", "ka", "ar")


def evacuated(**changes: object):
    return mall.kiosk(held="evacuation", evacuation=canned.evacuation(), **changes)


@pytest.mark.parametrize("reached", ["agencies", "confirm", "ticket"])
async def test_the_sign_lies_over_everything(hall: FakeHall, kiosk: OpenKiosk, reached: str):
    """A number that somebody reads, too; nothing below it can be pressed, and it goes when it is over."""
    page = await kiosk()
    await page.locator('[data-language="en"]').click()
    if reached != "agencies":
        await choose(page)
    if reached == "ticket":
        await settled(page)
        await page.locator("#take").click()
        await shows(page, "ticket")

    await hall.push(KIOSK, evacuated())

    sign = page.locator("#evacuated")
    await expect(sign).to_be_visible()
    await expect(sign.locator(".leave-title")).to_have_text("Leave the building now")
    for said in ("north stairs", "Assembly point: the car park", "Segera tinggalkan gedung"):
        await expect(sign).to_contain_text(said)
    assert await page.locator("#kiosk").evaluate("(node) => node.inert")
    assert await axe(page) == []
    await hall.push(KIOSK, mall.kiosk())
    await expect(sign).to_be_hidden()
    assert not await page.locator("#kiosk").evaluate("(node) => node.inert")


async def test_six_languages_fit(hall: FakeHall, kiosk: OpenKiosk):
    """Everybody who stands there reads it in their own, without a press."""
    hall.views[KIOSK] = evacuated(languages=ALL)

    page = await kiosk("problem")

    await expect(page.locator("#evacuated .leave-others > li")).to_have_count(5)
    assert await page.evaluate(
        "() => { const sign = document.getElementById('evacuated'); return sign.scrollHeight <= sign.clientHeight; }"
    )


async def test_the_malls_own_words_come_first(hall: FakeHall, kiosk: OpenKiosk):
    """Where it has some; where it has no way out and no place to gather, nothing is said of them."""
    own = canned.evacuation(
        text={"id": "Ikuti petugas berompi kuning", "en": "Follow the yellow vests"}, ways=(), assembly_point={}
    )
    hall.views[KIOSK] = replace(evacuated(), evacuation=own)

    page = await kiosk("problem")

    await expect(page.locator(".leave-title")).to_have_text("Ikuti petugas berompi kuning")
    await expect(page.locator(".leave-ways")).to_be_hidden()
    await expect(page.locator(".leave-gather")).to_be_hidden()
