"""Staff's pages in every language that they are in: nothing is cut off, and right to left they read from the right."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from queue_server.languages.catalogues import languages_of
from queue_server.languages.locales import rtl
from queue_server.wire.api import Me
from tests.browser import Screens, axe, layout_faults
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
