"""The staff's pages in Chromium, in front of a house that answers from canned views and records every command."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from tests.browser import Screens
from tests.fakes.house import House

expect.set_options(timeout=8_000)

LIMIT_S = 8.0


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """Running; a test changes what it says and reads what it was told."""
    here = House()
    async with here.running() as here.url:
        yield here


async def terminal(screens: Screens, house: House, *, viewport: str = "desk", language: str = "en") -> Page:
    """Counter 12's terminal, ready for a press."""
    page = await screens.open(f"{house.url}/terminal/c12?lang={language}", viewport=viewport)
    await ready(page)
    return page


async def ready(page: Page) -> None:
    """The big button has had its meaning long enough for a press to be meant."""
    await expect(page.locator("#primary[data-settled=true]:not([aria-disabled])")).to_be_visible()
