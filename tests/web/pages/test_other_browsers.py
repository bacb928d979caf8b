"""The phone's and the staff's pages once in Firefox and once in WebKit, by the ways that matter most."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from queue_server.notices.phones.vapid import Sender, fresh
from tests.fakes import canned
from tests.fakes.house import House
from tests.other_browsers import Browser, firefox, webkit
from tests.waiting import until

WIDE = "return document.documentElement.scrollWidth <= document.documentElement.clientWidth"
READS = "return document.querySelector(arguments[0])?.textContent.includes(arguments[1])"
SHOWS = "const node = document.querySelector(arguments[0]); return Boolean(node) && node.getClientRects().length > 0"


@pytest.fixture(params=[firefox, webkit], ids=["firefox", "webkit"])
async def other(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Browser]:
    async with request.param(tmp_path) as browser:
        yield browser


async def test_the_phone_page_lives_through_a_ticket(other: Browser, house: House):
    """Place, another language, a call with title and icon, the call's end, and giving the place up."""
    await other.size(400, 800)
    house.languages = ("id", "en", "ar")

    await other.open(f"{house.url}/t/t-A012?lang=en")
    await other.until(READS, "#figure", "4 people ahead of you")
    await other.until(WIDE)
    await other.run(
        "const list = document.getElementById('language'); list.value = 'ar'; list.dispatchEvent(new Event('change'))"
    )
    await other.until("return document.documentElement.dir === 'rtl' && document.documentElement.lang === 'ar'")
    house.page = canned.called_page()
    await house.push()
    await other.until(READS, "#called-counter", "12")
    await other.until("return document.title.startsWith('(!)')")
    await other.until("return document.querySelector('link[rel=icon]').href.endsWith('called.svg')")
    house.page = canned.ticket_page()
    await house.push()
    await other.until("return !document.title.startsWith('(!)')")
    await other.press("#cancel")
    await other.until(SHOWS, "#really")
    await other.press("#really")

    await until(lambda: house.commands("cancel"))
    await other.until("return document.getElementById('page').dataset.state === 'cancelled'")


async def test_the_phone_page_offers_only_what_the_browser_can(other: Browser, house: House):
    """To be told with the page closed: a button where there is such a thing, else a sentence that says what to do."""
    house.push_key = Sender(fresh()).public
    await other.size(400, 800)

    await other.open(f"{house.url}/t/t-A012?lang=en")
    await other.until(READS, "#figure", "4 people ahead of you")
    await other.until(
        """
        const note = document.getElementById("tell-note").textContent;
        const button = document.getElementById("tell").getClientRects().length > 0;
        return button ? note.startsWith("When it is nearly your turn") || note.includes("Allow it")
            : note.includes("keep this page open");
        """
    )

    await other.until(WIDE)


async def test_the_phone_page_says_when_its_line_is_lost(other: Browser, house: House):
    """An old place is never shown as if it were the present one."""
    await other.open(f"{house.url}/t/t-A012?lang=en")
    await other.until("return document.documentElement.dataset.live === 'live'")

    await house.cut()

    await other.until(SHOWS, "#stale")


async def test_a_clerk_calls_with_one_press(other: Browser, house: House):
    """The terminal is drawn, and its one button calls the next."""
    await other.size(1366, 768)

    await other.open(f"{house.url}/terminal/c12?lang=en")
    await other.until("return document.querySelector('#primary[data-settled=true]:not([aria-disabled])') !== null")
    await other.press("#primary")

    await until(lambda: house.commands("call-next"))
    await other.until("return document.getElementById('desk').dataset.state === 'called'")
    await other.until(WIDE)
