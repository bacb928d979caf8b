"""On every panel that `antrean check` takes: targets of 20 mm, capitals of 4.8 mm, every screen whole, in any language.

Sizes are counted from the configured panel's millimetres, not from those that the page believes in.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest
from playwright.async_api import Page

from queue_server.settings.tables import Panel
from queue_server.settings.touch import GAP_MM, TOUCH_MM, dots_per_mm, least
from queue_server.wire.live import KioskPanel
from tests.browser import layout_faults
from tests.fakes import mall
from tests.fakes.hall import FakeHall
from tests.kiosk.conftest import OpenKiosk, settled, shows
from tests.kiosk.test_panels import LANGUAGES, OFF

PANELS = {
    "21.5 inches upright": Panel(inches=21.5, width=1080, height=1920),
    "15 inches, 4:3": Panel(inches=15.0, width=1024, height=768),
    "15.6 inches, lying": Panel(inches=15.6, width=1366, height=768),
    "15 inches upright": Panel(inches=15.0, width=768, height=1024),
    "21.5 inches, lying": Panel(inches=21.5, width=1920, height=1080),
}
LONGEST = ("ka", "jv", "ar")
"""Languages with the longest words, the most letters to a keyboard, and from right to left."""
CAPITAL_MM = 4.8
KEY_MM = 13.0
"""A key of the keyboard: it has as many beside it as the language has letters, and one may be erased."""
NOTO_CAPITAL = 0.714

SMALL = """([touch, gap, key, capital]) => {
    const seen = (one) => one.checkVisibility({visibilityProperty: true, opacityProperty: true});
    const open = document.querySelector('dialog[open]') ?? document;
    const buttons = [...open.querySelectorAll('button, input')].filter(seen);
    const boxes = buttons.map((one) => [one, one.getBoundingClientRect(), one.closest('.keyboard') ? key : touch]);
    const name = (one) => `${one.id} ${one.textContent.trim().slice(0, 30)}`;
    const found = boxes.filter(([, box, least]) => box.width < least || box.height < least)
        .map(([one, box]) => `target ${name(one)}: ${box.width} x ${box.height}`);
    for (const [one, a] of boxes) for (const [other, b] of boxes) {
        if (one === other || one.closest('.keyboard')) continue;
        const across = Math.max(b.left - a.right, a.left - b.right);
        const down = Math.max(b.top - a.bottom, a.top - b.bottom);
        if (Math.max(across, down) < gap) found.push(`too near: ${name(one)}, ${name(other)}: ${across}, ${down}`);
    }
    const walker = document.createTreeWalker(open === document ? document.body : open, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const parent = node.parentElement;
        if (!node.data.trim() || !seen(parent) || parent.closest('.visually-hidden, [data-low] .ask')) continue;
        const size = parseFloat(getComputedStyle(parent).fontSize);
        if (size * CAPITAL < capital) found.push(`letters of ${size} px: ${node.data.trim().slice(0, 30)}`);
    }
    return [...new Set(found)];
}""".replace("CAPITAL", str(NOTO_CAPITAL))


class Sizes(NamedTuple):
    """What is too small on a page, for a panel of so many dots to a millimetre."""

    dots: float

    async def faults(self, page: Page) -> list[str]:
        await settled(page)
        least_px = [millimetres * self.dots - 0.5 for millimetres in (TOUCH_MM, GAP_MM - 0.6, KEY_MM, CAPITAL_MM)]
        small: list[str] = await page.evaluate(SMALL, least_px)
        return [*small, *await page.evaluate(OFF), *await layout_faults(page)]


async def way(page: Page) -> list[str]:
    """The screens to the ticket, by the button that leads to each."""
    while not await page.locator('#agencies [data-id="imigrasi"]').is_visible():
        await page.locator("#next").click()
        await settled(page)
    return ['#agencies [data-id="imigrasi"]', '#services [data-id="paspor_baru"]', "#priority-open"]


@pytest.mark.parametrize("name", PANELS)
async def test_targets_and_letters_have_their_millimetres(hall: FakeHall, kiosk: OpenKiosk, name: str):
    """On each panel, in the languages that need most room, on each screen from the first to the ticket."""
    panel = PANELS[name]
    dots = dots_per_mm(panel)
    common = ("paspor_baru", "paspor_ganti")
    hall.views["kiosk:K1"] = mall.kiosk(languages=LANGUAGES, common=common, panel=KioskPanel(dots_per_mm=dots))
    page = await kiosk(viewport="desk")
    await page.set_viewport_size({"width": panel.width, "height": panel.height})
    sizes = Sizes(dots)
    found: list[tuple[str, str, list[str]]] = []

    for language in LONGEST:
        await page.locator(f'[data-language="{language}"]').click()
        found.append((language, "agencies", await sizes.faults(page)))
        await page.locator("#find").click()
        await page.locator("#query").fill("pas")
        found.append((language, "search", await sizes.faults(page)))
        await page.locator("#back").click()
        await settled(page)
        for step in await way(page):
            await page.locator(step).click()
            found.append((language, step, await sizes.faults(page)))
        await page.locator("#priority-close").click()
        await settled(page)
        await page.locator("#take").click()
        await shows(page, "ticket")
        found.append((language, "ticket", await sizes.faults(page)))
        await page.locator("#done").click()
        await shows(page, "agencies")

    assert [one for one in found if one[2]] == []


@pytest.mark.parametrize("name", PANELS)
def test_what_is_tried_here_is_what_the_check_takes(name: str):
    """Each of these panels has the millimetres that a kiosk of six languages needs."""
    panel = PANELS[name]
    needs = least(upright=panel.height > panel.width, languages=len(LANGUAGES))

    size = panel.width / dots_per_mm(panel), panel.height / dots_per_mm(panel)

    assert size >= needs
    assert size[1] >= needs.height


async def test_a_panel_that_nobody_measured_keeps_the_usual_sizes(kiosk: OpenKiosk):
    """Without a size in config.toml a tall screen is drawn as one of 21.5 inches."""
    page = await kiosk()

    assert await page.evaluate("() => getComputedStyle(document.documentElement).fontSize") == "28px"
