"""Staff's pages in every language that they are in: nothing is cut off, and right to left they read from the right."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from playwright.async_api import expect

from queue_server.languages.catalogues import languages_of
from queue_server.languages.locales import rtl
from queue_server.wire.api import Me
from tests.browser import Screens, axe, layout_faults
from tests.fakes import canned
from tests.fakes.house import House

PAGES = {
    "/": "main",
    "/sign-in": "#sign-in",
    "/terminal/c12": "#primary[data-settled=true]",
    "/floor": "html[data-live=live] main",
    "/reception": "main",
    "/devices": "main",
    "/people": "main",
}


@pytest.mark.parametrize("language", [code for code in languages_of("staff") if code not in ("id", "en")])
@pytest.mark.parametrize("path", PAGES)
async def test_a_page_of_staff_holds_in_another_language(screens: Screens, house: House, path: str, language: str):
    """The page is in that language and direction, fits a laptop, and axe finds nothing."""
    if path != "/terminal/c12":
        house.me = Me(role="supervisor", name="Sari", clerk="p-1")
    page = await screens.open(f"{house.url}{path}?lang={language}", viewport="desk")

    await expect(page.locator(PAGES[path])).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", language)
    await expect(page.locator("html")).to_have_attribute("dir", "rtl" if rtl(language) else "ltr")
    assert await layout_faults(page) == []
    assert await axe(page) == []


async def test_a_name_of_another_script_stands_where_it_is_said(screens: Screens, house: House):
    """Right to left the service comes first, from the right, and what is said of it after the dot."""
    house.me = Me(role="supervisor", name="Sari", clerk="p-1")
    in_time = [
        replace(one, longest=one.longest and replace(one.longest, overdue=False)) for one in canned.floor().services
    ]
    house.floor = canned.floor(services=tuple(in_time), alerts=())
    page = await screens.open(f"{house.url}/floor?lang=ar", viewport="desk")
    note = page.locator("#figure-longest .figure-note > span:last-child")
    await expect(note).to_contain_text("\u00b7")

    directions = await note.evaluate(
        """(node) => {
            const text = node.firstChild, dot = text.data.indexOf("\u00b7");
            const at = (start) => {
                const range = document.createRange();
                range.setStart(text, start);
                range.setEnd(text, start + 1);
                return range.getBoundingClientRect().left;
            };
            return [getComputedStyle(node).direction, at(1) > at(dot), at(dot) > at(text.data.length - 1)];
        }"""
    )

    assert directions == ["rtl", True, True]
