"""For everybody: axe finds nothing in any state, level AAA; large targets, keys alone, larger text, forced colours."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from playwright.async_api import Page, expect

from queue_server.wire.api import TicketSlip
from tests.browser import axe, layout_faults
from tests.fakes import mall
from tests.fakes.hall import FakeHall, refusal
from tests.kiosk.conftest import OpenKiosk, choose, settled, shows

TARGETS = """() => [...document.querySelectorAll('button')]
    .filter(button => button.checkVisibility({visibilityProperty: true}))
    .map(button => [button.textContent.trim(), button.getBoundingClientRect(), button.closest('.keyboard') ? 80 : 96])
    .filter(([, box, least]) => box.width < least || box.height < 96)
    .map(([name, box]) => `${name}: ${box.width} x ${box.height}`)"""


async def faults(page: Page) -> list[str]:
    await settled(page)
    return [*await axe(page, aaa=True), *await layout_faults(page)]


@pytest.mark.parametrize("language", ["id", "en", "ka", "az", "jv", "ar"])
@pytest.mark.parametrize("viewport", ["kiosk", "phone"])
async def test_the_way_to_a_ticket_is_accessible(hall: FakeHall, kiosk: OpenKiosk, viewport: str, language: str):
    """No screen between the first and the ticket has a fault, in any language of the catalogues."""
    hall.views["kiosk:K1"] = mall.kiosk(languages=("id", "en", "ka", "az", "jv", "ar"))
    page = await kiosk(viewport=viewport)
    found: list[str] = []

    await page.locator(f'[data-language="{language}"]').click()
    found += await faults(page)
    await page.locator("#find").click()
    await page.locator("#query").fill("pas")
    found += await faults(page)
    await page.locator("#back").click()
    await page.locator('#agencies [data-id="imigrasi"]').click()
    found += await faults(page)
    await page.locator('#services [data-id="info"]').click()
    await page.locator("#priority-open").click()
    found += await faults(page)
    await page.locator('[data-category="infant"]').click()
    found += await faults(page)
    await page.locator("#take").click()
    await shows(page, "ticket")
    found += await faults(page)

    assert found == []


async def test_every_other_state_is_accessible(hall: FakeHall, kiosk: OpenKiosk):
    """Problems, the paper's states, the idle warning and the lost line are screens like the others."""
    page = await kiosk(clock=True)
    found: list[str] = []
    for view in (mall.kiosk(held="prayer"), mall.kiosk(open=False), mall.kiosk(printer="down")):
        await hall.push("kiosk:K1", view)
        found += await faults(page)
    await choose(page)
    found += await faults(page)
    hall.answers.append(refusal("quota_reached"))
    await page.locator("#take").click()
    await shows(page, "problem")
    found += await faults(page)
    await page.locator("#problem-go").click()
    await choose(page)
    await page.locator("#take").click()
    await shows(page, "ticket")
    issued = next(iter(hall.issued.values()))
    for state in ("not_printed", "unknown", "printing"):
        await hall.push(f"ticket:{issued.id}", replace(issued, slip=TicketSlip(state=state)))
        await page.locator(f'[data-slip="{state}"]').wait_for()
        found += await faults(page)
    await page.locator("#done").click()
    await shows(page, "agencies")
    await hall.push(f"ticket:{issued.id}", replace(issued, slip=TicketSlip(state="printed")))
    await expect(page.locator("#late")).to_be_visible()
    found += await faults(page)
    await page.locator("#late-seen").click()
    await choose(page)
    await hall.pass_time(page, 46)
    await expect(page.locator("#idle")).to_be_visible()
    found += await faults(page)

    assert found == []


async def test_what_is_touched_is_large_enough(kiosk: OpenKiosk):
    """On the panel no target is under 96 px (20 mm on the smallest panel), a letter's key not under 80 px wide."""
    page = await kiosk()
    small = await page.evaluate(TARGETS)
    await page.locator("#find").click()
    small += await page.evaluate(TARGETS)
    await page.locator("#back").click()
    await choose(page)
    small += await page.evaluate(TARGETS)

    assert small == []


async def test_the_panel_never_scrolls_on_the_way(kiosk: OpenKiosk):
    """At 1080 x 1920 every screen stands whole."""
    page = await kiosk()
    heights = [await page.evaluate("() => document.documentElement.scrollHeight")]
    await page.locator("#find").click()
    await page.locator("#query").fill("pas")
    heights.append(await page.evaluate("() => document.documentElement.scrollHeight"))
    await page.locator("#back").click()
    await page.locator('#agencies [data-id="imigrasi"]').click()
    heights.append(await page.evaluate("() => document.documentElement.scrollHeight"))
    await page.locator('#services [data-id="paspor_baru"]').click()
    heights.append(await page.evaluate("() => document.documentElement.scrollHeight"))
    await page.locator("#take").click()
    await shows(page, "ticket")
    heights.append(await page.evaluate("() => document.documentElement.scrollHeight"))

    assert heights == [1920] * 5


@pytest.mark.parametrize("language", ["id", "en", "ka", "az", "jv", "ar"])
async def test_what_is_told_of_waits_keeps_every_choice_on_the_page(hall: FakeHall, kiosk: OpenKiosk, language: str):
    """With six languages and the longest words for a wait, six services still stand whole above the foot."""
    view = mall.kiosk(languages=("id", "en", "ka", "az", "jv", "ar"))
    services = list(view.agencies[1].services)
    services[0] = replace(services[0], estimated_wait=None, wait_reason="no_counter")
    services[1] = replace(services[1], wait_behind=9)
    services[2] = replace(services[2], wait_behind=0)
    agency = replace(view.agencies[1], services=tuple(services))
    hall.views["kiosk:K1"] = replace(view, agencies=(view.agencies[0], agency, *view.agencies[2:]))
    page = await kiosk()

    await page.locator(f'[data-language="{language}"]').click()
    await page.locator('#agencies [data-id="imigrasi"]').click()
    await shows(page, "services")

    assert await page.locator("#main").evaluate("main => main.scrollHeight - main.clientHeight") == 0
    assert await page.evaluate("() => document.documentElement.scrollHeight") == 1920


async def test_choices_stand_in_the_lower_two_thirds(kiosk: OpenKiosk):
    """What is chosen is within reach from a wheelchair."""
    page = await kiosk()

    box = await page.locator("#agencies").bounding_box()

    assert box is not None
    assert box["y"] >= 1920 / 3 - 96


async def test_keys_alone_take_a_ticket(hall: FakeHall, kiosk: OpenKiosk):
    """Tab and Enter, or a keypad's figures, lead from the first screen to the number; Escape goes back."""
    page = await kiosk()

    await page.keyboard.press("2")
    await shows(page, "services")
    await page.keyboard.press("Escape")
    await shows(page, "agencies")
    await page.keyboard.press("2")
    await page.keyboard.press("1")
    await shows(page, "confirm")
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Tab")
    assert await page.evaluate("() => document.activeElement.id") == "take"
    await page.keyboard.press("Enter")

    await shows(page, "ticket")
    assert len(hall.asked) == 1


@pytest.mark.parametrize("viewport", ["kiosk", "desk", "phone"])
async def test_text_of_twice_the_size_is_still_all_there(kiosk: OpenKiosk, viewport: str):
    """At 200 % nothing is cut off and nothing lies beyond the side."""
    page = await kiosk(viewport=viewport)
    found: list[str] = []
    double = """() => {
        const root = document.documentElement;
        root.style.fontSize = `${2 * parseFloat(getComputedStyle(root).fontSize)}px`;
    }"""

    await page.evaluate(double)
    found += await layout_faults(page, whole_words=False)
    await choose(page)
    found += await layout_faults(page, whole_words=False)
    await page.locator("#take").click()
    await shows(page, "ticket")
    found += await layout_faults(page, whole_words=False)

    assert found == []


async def test_forced_colours_keep_every_edge(kiosk: OpenKiosk):
    """In high contrast the pressed language and category differ from the others by more than colour."""
    page = await kiosk(forced_colors="active")

    await page.locator("#priority-open").click()
    await settled(page)
    await page.locator('[data-category="elderly"]').click()
    await page.locator("#priority-open").click()
    await settled(page)

    width = "element => getComputedStyle(element).borderTopWidth"
    pressed = await page.locator('[data-category="elderly"]').evaluate(width)
    other = await page.locator('[data-category="infant"]').evaluate(width)
    assert pressed != other
    assert await axe(page) == []
