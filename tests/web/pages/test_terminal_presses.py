"""A press counts once: repeats, double clicks, lost answers and lost lines never call two people."""

import asyncio

import pytest
from playwright.async_api import expect

from tests.browser import Screens, axe
from tests.fakes.desk import Desk
from tests.fakes.house import House
from tests.waiting import until
from tests.web.pages.conftest import ready, terminal


async def test_a_key_that_is_held_down_counts_once(screens: Screens, house: House):
    """Repeats of a held key are no presses, neither of F2 nor of Enter on the big button."""
    page = await terminal(screens, house)

    for key in ("F2", "Enter"):
        await page.keyboard.down(key)
        for _ in range(20):
            await page.keyboard.down(key)
        await page.keyboard.up(key)
        await ready(page)

    assert [one.path for one in house.commands()] == ["counters/c12/call-next", "counters/c12/start"]


async def test_a_double_click_calls_one_person(screens: Screens, house: House):
    """The second click of a double click meets a busy button or one whose meaning is new, and does nothing."""
    page = await terminal(screens, house)

    await page.dblclick("#primary")
    await ready(page)

    assert [one.path for one in house.commands()] == ["counters/c12/call-next"]
    await expect(page.locator("#number")).to_have_text("A\u2009013")


async def test_presses_while_the_answer_is_on_its_way_are_ignored(screens: Screens, house: House):
    """However slow the server is, one command at a time leaves the terminal."""
    house.gate = asyncio.Event()
    page = await terminal(screens, house)

    for _ in range(5):
        await page.keyboard.press("F2")
    await until(lambda: house.posted)
    await expect(page.locator("#primary")).to_have_attribute("aria-busy", "true")
    house.gate.set()
    await ready(page)

    assert len(house.posted) == 1


async def test_a_lost_answer_is_asked_for_again_with_the_same_key(screens: Screens, house: House):
    """The server called, the answer was lost: the terminal asks again with the same key, and nobody else is called."""
    house.lose_next = True
    page = await terminal(screens, house)

    await page.keyboard.press("F2")
    await until(lambda: len(house.posted) >= 2)
    await ready(page)

    assert len({one.key for one in house.posted}) == 1
    await expect(page.locator("#number")).to_have_text("A\u2009013")
    assert house.desk.queue.waiting == 4


async def test_without_a_line_nothing_is_sent_and_the_screen_says_so(screens: Screens, house: House):
    """Once the line is lost the page is marked as old, and a press is explained, not kept for later."""
    page = await terminal(screens, house)
    await house.cut()
    await expect(page.locator("#stale")).to_be_visible()

    await page.keyboard.press("F2")

    await expect(page.locator("#refused")).to_contain_text("Nothing is sent until it is back")
    assert await axe(page) == []
    assert house.posted == []


async def test_a_press_just_after_the_line_is_lost_is_not_made_up_for(screens: Screens, house: House):
    """From the moment the socket closes, before any mark of it, a press does nothing, then or later."""
    page = await terminal(screens, house)
    await house.cut()
    await expect(page.locator("#desk[data-line=lost]")).to_be_visible(timeout=1_500)

    await page.keyboard.press("F2")
    await expect(page.locator("#refused")).to_contain_text("Nothing is sent until it is back")
    house.online = True
    await ready(page)

    assert house.posted == []
    await expect(page.locator("#primary-label")).to_have_text("Call next")


@pytest.mark.parametrize("command", ["call-next", "note"])
async def test_what_was_not_answered_in_time_is_given_up(screens: Screens, house: House, command: str):
    """After five seconds a press is over and the page says so, though the note before it hung: nothing comes later."""
    house.at(Desk("idle" if command == "call-next" else "serving"))
    page = await terminal(screens, house)
    if command == "note":
        await page.fill("#note", "two copies")
        house.gate = asyncio.Event()
    else:
        house.deaf = True

    await page.keyboard.press("F2")
    await expect(page.locator("#refused")).to_contain_text("No answer in time")
    house.deaf = False
    if house.gate:
        house.gate.set()
    await ready(page)

    assert [one for one in house.posted if one.path.startswith("counters")] == []


CONTRAST = """(button) => {
    const drawing = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
    const light = (colour) => {
        drawing.fillStyle = colour;
        drawing.fillRect(0, 0, 1, 1);
        const linear = [...drawing.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => part / 255)
            .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    };
    const style = getComputedStyle(button);
    const [dark, bright] = [light(style.color), light(style.backgroundColor)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
}"""
"""Of a button's words with their ground (WCAG 2); axe looks at no disabled button."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_terminal_without_a_line_stays_readable_and_claims_nothing(screens: Screens, house: House, scheme: str):
    """The button's words can be read with the pointer on it, and the counter is no longer said to be open."""
    url = f"{house.url}/terminal/c12?lang=en"
    page = await screens.open(url, color_scheme=scheme, reduced_motion="reduce")
    await ready(page)
    await expect(page.locator("#counter-state")).to_have_text("Open")
    await page.hover("#primary")

    await house.cut()
    await expect(page.locator("#stale")).to_be_visible()

    assert await page.locator("#primary").evaluate(CONTRAST) >= 4.5
    await page.mouse.down()
    assert await page.locator("#primary").evaluate(CONTRAST) >= 4.5
    await expect(page.locator("#counter-state")).to_have_text("No connection")
    assert await axe(page) == []


async def test_a_line_that_comes_back_shows_what_is_and_works(screens: Screens, house: House):
    """After a cut the whole view comes anew, the mark goes, and the next press counts once."""
    page = await terminal(screens, house)
    await house.cut()
    await expect(page.locator("#stale")).to_be_visible()

    house.at(Desk("called"))
    house.online = True
    await expect(page.locator("#stale")).to_be_hidden()
    await ready(page)
    await page.keyboard.press("F2")

    await until(lambda: house.commands("start"))
    assert [one.path for one in house.commands()] == ["counters/c12/start"]


async def test_a_label_that_changed_under_the_finger_is_not_pressed(screens: Screens, house: House):
    """The counter called by itself just before the press: the press was meant for the old label and does nothing."""
    page = await terminal(screens, house)

    house.at(Desk("called"))
    await house.push()
    await expect(page.locator("#primary-label")).to_have_text("Start")
    await page.evaluate("() => document.getElementById('primary').click()")
    await ready(page)

    assert house.commands() == []
