"""A phone that is told while the ticket's page is closed: asked for by a touch, honest where it cannot be, off again.

Chromium subscribes with a service of Google's, which no test reaches, and without a window it shows no notification:
both are the test's here. All else is real: page, worker, message, what is to be shown, and where a touch on that leads.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import CDPSession, Page, Worker, expect

from queue_server.notices.phones.kept import PER_TICKET
from tests.browser import Screens, axe, layout_faults
from tests.notices.phones.service import Browser, PushService, push_service
from tests.notices.phones.test_telling import mall, ready, told
from tests.waiting import answered, until
from tests.web.edge import Answer, Edge, edge_at

LANGUAGES = ("id", "en", "jv", "az", "ka", "ar")

SUBSCRIBES = """(given) => {
    const raw = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer;
    window.asked = 0;
    let key = null;
    const subscription = {
        endpoint: given.endpoint,
        get options() { return {applicationServerKey: key}; },
        toJSON: () => ({endpoint: given.endpoint, keys: {p256dh: given.key, auth: given.auth}}),
        unsubscribe: async () => { key = null; sessionStorage.removeItem("subscribed"); return true; },
    };
    const kept = sessionStorage.getItem("subscribed");
    if (kept) key = raw(kept);
    PushManager.prototype.getSubscription = async () => key && subscription;
    PushManager.prototype.subscribe = async ({applicationServerKey}) => {
        if (given.fails) throw new DOMException("no push service", "AbortError");
        key = applicationServerKey.buffer;
        sessionStorage.setItem("subscribed", btoa(String.fromCharCode(...applicationServerKey)));
        return subscription;
    };
    let permission = sessionStorage.getItem("permission") ?? "default";
    Object.defineProperty(Notification, "permission", {get: () => permission});
    Notification.requestPermission = async () => {
        window.asked += navigator.userActivation.isActive || permission !== "default" ? 1 : 100;
        permission = given.refuses ? "denied" : "granted";
        sessionStorage.setItem("permission", permission);
        return permission;
    };
}"""


@pytest.fixture
async def service() -> AsyncIterator[PushService]:
    async with push_service() as here:
        yield here


@pytest.fixture
async def edge(tmp_path: Path, service: PushService) -> AsyncIterator[Edge]:
    config = mall(service).replace('languages = ["id", "en"]', f"languages = {json.dumps(LANGUAGES)}")
    config = config.replace('{id = "Mal", en = "Mall"}', '"Nusa Raya"')
    async with edge_at(tmp_path, config=config) as here:
        await ready(here)
        yield here


async def opened(
    screens: Screens, edge: Edge, ticket: Answer, phone: Browser, *, lang: str = "en", **more: bool
) -> Page:
    """The ticket's page in a browser whose owner lets it tell (or `refuses`), and that can subscribe (or `fails`)."""
    page = await screens.open(viewport="phone")
    await page.add_init_script(f"({SUBSCRIBES})({json.dumps({**phone.body, **more})})")
    await page.goto(f"{edge.mall.url}/t/{ticket['id']}?lang={lang}")
    await expect(page.locator("#tell-note")).not_to_be_empty()
    return page


async def call(edge: Edge) -> None:
    await edge.post("/counters/1/open", by="clerk")
    await edge.post("/counters/1/call-next", by="clerk")


async def until_shown(worker: Worker) -> None:
    await answered(lambda: worker.evaluate("() => self.shown.length"), bool)


async def registration(page: Page) -> tuple[CDPSession, str]:
    """The page's worker, as the browser's own tools know it."""
    tools = await page.context.new_cdp_session(page)
    found: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def told(event: dict[str, Any]) -> None:
        for one in event["registrations"]:
            if not one["isDeleted"] and not found.done():
                found.set_result(one["registrationId"])

    tools.on("ServiceWorker.workerRegistrationUpdated", told)
    await tools.send("ServiceWorker.enable")
    return tools, await asyncio.wait_for(found, 20)


LISTENS = """() => {
    self.shown = [];
    self.opened = [];
    self.registration.showNotification = async (title, options) => { self.shown.push({title, ...options}); };
    self.clients.openWindow = async (address) => { self.opened.push(address); };
    WindowClient.prototype.focus = async function() { self.opened.push("focus " + new URL(this.url).pathname); };
    self.touched = async (page) => {
        const event = new ExtendableEvent("notificationclick");
        let done = null;
        event.notification = {close: () => {}, data: {leads: page}};
        event.waitUntil = (promise) => { done = promise; };
        self.dispatchEvent(event);
        await done;
    };
}"""


async def listening(page: Page) -> Worker:
    """The page's worker, with what it shows and opens written down."""
    await page.evaluate("async () => { await navigator.serviceWorker.getRegistration('/t/'); }")
    await until(lambda: page.context.service_workers)
    worker = page.context.service_workers[0]
    await worker.evaluate(LISTENS)
    return worker


async def test_a_touch_asks_and_the_phone_shows_the_call(screens: Screens, edge: Edge, service: PushService):
    """From the button to what stands on the phone: nothing is asked before the touch, and a call comes in words."""
    ticket, browser = await edge.ticket(), service.subscribe()
    page = await opened(screens, edge, ticket, browser)
    before = await page.evaluate("window.asked")

    await page.click("#tell")
    await expect(page.locator("#tell")).to_have_attribute("aria-pressed", "true")
    await call(edge)
    await until(lambda: service.got)
    worker = await listening(page)
    tools, known = await registration(page)
    said = json.dumps(service.got[0].shown)
    await tools.send(
        "ServiceWorker.deliverPushMessage", {"origin": edge.mall.url, "registrationId": known, "data": said}
    )
    await until_shown(worker)
    shown = await worker.evaluate("() => self.shown")

    assert (before, await page.evaluate("window.asked")) == (0, 1)
    assert shown == [
        {
            "title": "A 001: Counter 1",
            "body": "Please go now",
            "tag": ticket["id"],
            "renotify": True,
            "requireInteraction": True,
            "vibrate": [500, 200, 500, 200, 900],
            "lang": "en",
            "dir": "ltr",
            "data": {"leads": f"/t/{ticket['id']}"},
        }
    ]


async def test_a_touch_on_a_message_leads_to_its_ticket_and_nowhere_else(
    screens: Screens, edge: Edge, service: PushService
):
    """The worker knows tickets' pages only, whatever a message says; its script may ask nobody anything."""
    ticket = await edge.ticket()
    page = await opened(screens, edge, ticket, service.subscribe())
    await page.click("#tell")
    await expect(page.locator("#tell")).to_have_attribute("aria-pressed", "true")

    worker = await listening(page)
    own = f"/t/{ticket['id']}"
    for way in (own, "/t/another", "https://elsewhere.example/", "//elsewhere.example", "/floor", "/t/../floor"):
        await worker.evaluate("(way) => self.touched(way)", way)
    opened_there = await worker.evaluate("() => self.opened")
    scope, script = await page.evaluate(
        """async () => {
            const registration = await navigator.serviceWorker.getRegistration("/t/");
            return [new URL(registration.scope).pathname, registration.active.scriptURL];
        }"""
    )
    served = await edge.page(script.removeprefix(edge.mall.url))

    assert opened_there == [f"focus {own}", f"{edge.mall.url}/t/another"]
    assert scope == "/t/"
    assert served.headers["Service-Worker-Allowed"] == "/t/"
    assert served.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


async def test_off_is_off_and_leaves_nothing(screens: Screens, edge: Edge, service: PushService):
    """The same button: the server forgets the phone, the browser its subscription and the worker; a reload knows it."""
    ticket = await edge.ticket()
    page = await opened(screens, edge, ticket, service.subscribe())
    await page.click("#tell")
    await expect(page.locator("#tell")).to_have_attribute("aria-pressed", "true")
    known = len(edge.parts.phones.phones)

    await page.click("#tell")
    await expect(page.locator("#tell")).to_have_attribute("aria-pressed", "false")
    left = await page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length")
    await page.reload()

    await expect(page.locator("#tell-note")).to_contain_text("When it is nearly your turn")
    await expect(page.locator("#tell")).to_have_attribute("aria-pressed", "false")
    assert (known, len(edge.parts.phones.phones), left) == (1, 0, 0)
    assert await page.evaluate("sessionStorage.getItem('subscribed')") is None


async def test_it_stays_on_over_a_reload_and_follows_the_readers_language(
    screens: Screens, edge: Edge, service: PushService
):
    """Another language of the page is the phone's, too."""
    ticket, browser = await edge.ticket(), service.subscribe()
    page = await opened(screens, edge, ticket, browser)
    await page.click("#tell")
    await expect(page.locator("#tell")).to_have_attribute("aria-pressed", "true")

    await page.reload()
    await expect(page.locator("#tell")).to_have_attribute("aria-pressed", "true")
    await page.select_option("#language", "ar")
    await until(lambda: [one.subscription.language for one in edge.parts.phones.phones.of(ticket["id"])] == ["ar"])
    await call(edge)
    await until(lambda: service.got)

    assert (service.got[0].shown["lang"], service.got[0].shown["dir"]) == ("ar", "rtl")


async def test_with_its_ticket_it_is_over(screens: Screens, edge: Edge, service: PushService):
    """Whoever gives the place up is told nothing more, and the browser keeps nothing."""
    ticket = await edge.ticket()
    page = await opened(screens, edge, ticket, service.subscribe())
    await page.click("#tell")
    await expect(page.locator("#tell")).to_have_attribute("aria-pressed", "true")

    await page.click("#cancel")
    await page.click("#really")

    await expect(page.locator("#tell-part")).to_be_hidden()
    await until(lambda: not len(edge.parts.phones.phones))
    await expect(page.locator("#page")).to_have_attribute("data-state", "cancelled")
    assert await page.evaluate("localStorage.getItem('ticket.push')") == "[]"


async def test_whoever_does_not_let_it_reads_what_helps(screens: Screens, edge: Edge, service: PushService):
    """Blocked: where to allow it, or to keep the page open; nothing is kept, and the page works as before."""
    page = await opened(screens, edge, await edge.ticket(), service.subscribe(), refuses=True)

    await page.click("#tell")

    await expect(page.locator("#tell-note")).to_contain_text("Allow it in the browser's settings")
    await expect(page.locator("#tell")).to_have_attribute("aria-pressed", "false")
    assert len(edge.parts.phones.phones) == 0


async def test_a_browser_without_a_push_service_says_so(screens: Screens, edge: Edge, service: PushService):
    """One that cannot subscribe: said in words, and to be tried again."""
    page = await opened(screens, edge, await edge.ticket(), service.subscribe(), fails=True)

    await page.click("#tell")

    await expect(page.locator("#tell-note")).to_contain_text("Keep this page open, or try again")
    await expect(page.locator("#tell")).to_have_attribute("aria-pressed", "false")


async def test_a_ticket_with_enough_phones_says_so(screens: Screens, edge: Edge, service: PushService):
    """In words of its own, as the ticket is not over; the phone keeps nothing, and may be tried again."""
    ticket = await edge.ticket()
    for _ in range(PER_TICKET):
        await told(edge, service.subscribe(), ticket)
    page = await opened(screens, edge, ticket, service.subscribe())

    await page.click("#tell")

    await expect(page.locator("#tell-note")).to_contain_text("it can have no more")
    await expect(page.locator("#tell")).to_have_attribute("aria-pressed", "false")
    assert await page.evaluate("sessionStorage.getItem('subscribed')") is None
    assert [*await axe(page), *await layout_faults(page)] == []


async def test_an_erased_ticket_says_so(screens: Screens, edge: Edge, service: PushService):
    """Whoever was erased, and opens the page again, reads why that phone is told nothing, in their language."""
    ticket = await edge.ticket()
    page = await opened(screens, edge, ticket, service.subscribe(), lang="ka")
    await page.click("#tell")
    await expect(page.locator("#tell")).to_have_attribute("aria-pressed", "true")
    await edge.post("/privacy/erase", {"tickets": [ticket["id"]]}, by="admin")

    await page.reload()

    await expect(page.locator("#tell-note")).to_contain_text("წაიშალა")
    await expect(page.locator("#tell")).to_be_hidden()


@pytest.mark.parametrize(
    ("lacks", "said"),
    [
        ("() => { delete window.PushManager; }", "keep this page open"),
        ("() => { delete window.PushManager; navigator.standalone = false; }", "home screen"),
    ],
    ids=["old", "iphone"],
)
async def test_a_browser_that_cannot_has_no_button(screens: Screens, edge: Edge, lacks: str, said: str):
    """No button that does nothing: a sentence that says why, on an iPhone with what to do first."""
    ticket = await edge.ticket()
    page = await screens.open(viewport="phone")
    await page.add_init_script(f"({lacks})()")
    await page.goto(f"{edge.mall.url}/t/{ticket['id']}?lang=en")

    await expect(page.locator("#tell-note")).to_contain_text(said)
    await expect(page.locator("#tell")).to_be_hidden()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_it_holds_in_every_language(screens: Screens, edge: Edge, service: PushService, language: str):
    """Button and sentence fit a phone, and axe finds nothing, off and on."""
    page = await opened(screens, edge, await edge.ticket(), service.subscribe(), lang=language)
    off = [*await axe(page), *await layout_faults(page)]

    await page.click("#tell")
    await expect(page.locator("#tell")).to_have_attribute("aria-pressed", "true")

    assert (off, [*await axe(page), *await layout_faults(page)]) == ([], [])
