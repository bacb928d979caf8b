"""The hall's real display before a server of canned boards, with an ear: what is played, and when it ends."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Page

from tests.browser import Screens
from tests.fakes import mall
from tests.fakes.hall import FakeHall

OpenDisplay = Callable[..., Awaitable[Page]]

EVERY = ("id", "en", "jv", "az", "ka", "ar")
"""Languages of a mall whose board changes its own in a test: a page that lacks one loads itself anew to get it."""

# Listens to every media element without changing it; `heard` outlives a page that loads itself anew.
EAR = """(() => {
    const heard = JSON.parse(sessionStorage.getItem('heard') ?? '[]');
    const note = (kind, audio) => {
        heard.push([kind, audio.src.split('/').at(-1), performance.timeOrigin + performance.now()]);
        sessionStorage.setItem('heard', JSON.stringify(heard));
    };
    window.heard = heard;
    window.loudness = [];
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function () {
        note('play', this);
        if (!window.loudness.includes(this.volume)) window.loudness.push(this.volume);
        if (!this.listenedTo) { this.listenedTo = true; this.addEventListener('ended', () => note('ended', this)); }
        return play.call(this);
    };
})()"""


@pytest.fixture
def hall() -> FakeHall:
    return FakeHall(views={"board:hall": mall.board()})


@pytest.fixture
async def address(hall: FakeHall) -> AsyncIterator[str]:
    async with hall.running() as url:
        yield url


@pytest.fixture
def display(address: str, screens: Screens) -> OpenDisplay:
    """Opens the display of the board `hall` and waits until it shows `until`."""

    async def opened(until: str = "empty", *, viewport: str = "hall", clock: bool = False, **context: Any) -> Page:
        page = await screens.open(viewport=viewport, **context)
        await page.add_init_script(EAR)
        if clock:
            await page.clock.install()
        await page.goto(f"{address}/display/hall")
        await shows(page, until)
        return page

    return opened


async def shows(page: Page, what: str) -> None:
    await page.locator(f'#board[data-shows="{what}"]').wait_for(timeout=10_000)


def ago(seconds: float) -> str:
    return (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


async def plays(page: Page) -> list[str]:
    """The sound files whose playing began, in order."""
    return [name for kind, name, _ in await page.evaluate("() => window.heard") if kind == "play"]


async def played(page: Page, count: int) -> list[str]:
    """Waits until `count` sounds have been played to their end."""
    await page.wait_for_function(
        "(count) => window.heard.filter(([kind]) => kind === 'ended').length >= count", arg=count, timeout=20_000
    )
    return await plays(page)


async def big(page: Page) -> list[list[str]]:
    """The pairs that stand big: number and counter."""
    rows = page.locator("#calls .call:visible")
    return [
        [await row.locator(".called").inner_text(), await row.locator(".counter").inner_text()]
        for row in await rows.all()
    ]
