"""The kiosk's real page before a server of canned views."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Page

from tests.browser import Screens
from tests.fakes import mall
from tests.fakes.hall import FakeHall

OpenKiosk = Callable[..., Awaitable[Page]]


@pytest.fixture
def hall() -> FakeHall:
    return FakeHall(views={"kiosk:K1": mall.kiosk()})


@pytest.fixture
async def address(hall: FakeHall) -> AsyncIterator[str]:
    async with hall.running() as url:
        yield url


@pytest.fixture
def kiosk(address: str, screens: Screens) -> OpenKiosk:
    """Opens the page of kiosk K1 and waits until it shows `until`, one of its screens."""

    async def opened(until: str = "agencies", *, viewport: str = "kiosk", clock: bool = False, **context: Any) -> Page:
        page = await screens.open(viewport=viewport, **context)
        if clock:
            await page.clock.install()
        await page.goto(f"{address}/kiosk/K1")
        await shows(page, until)
        await whole(page)
        return page

    return opened


async def shows(page: Page, screen: str) -> None:
    await page.locator(f'[data-screen="{screen}"]').wait_for(state="visible", timeout=10_000)


async def whole(page: Page) -> None:
    """What comes after the first screen is there: search, questions, reading aloud, the technician's menu."""
    await page.locator("html[data-whole]").wait_for(state="attached", timeout=10_000)


async def settled(page: Page) -> None:
    """Presses count again after a change of screen."""
    await page.wait_for_function("() => !('settling' in document.documentElement.dataset)")


async def choose(page: Page, agency: str = "imigrasi", service: str = "paspor_baru") -> None:
    await page.locator(f'#agencies [data-id="{agency}"]').click()
    await page.locator(f'#services [data-id="{service}"]').click()


async def text(page: Page, selector: str) -> str:
    return (await page.locator(selector).inner_text()).strip()


#: A reader's keys come within a moment; so do these, whatever this machine is busy with.
READS = """keys => keys.forEach((key) =>
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true})))"""


async def read(page: Page, text: str, *ends: str) -> None:
    """As a reader types where no field has the focus."""
    await page.evaluate(READS, [*text, *(ends or ("Enter",))])
