"""Real pages in the system's Chromium: how tests open them, what counts as a fault, and how they are audited.

Every page opened through `screens` is watched until the test ends: an uncaught error, a violation of the
content security policy, a file that the page could not load, or a request to any other machine fails the
test, whatever else it proved. `axe` and `layout_faults` answer with lists, so a test reads
`assert await axe(page) == []` and its failure says what and where.

Traps, each met once: Playwright's headless mode mutes audio, so `play()` succeeds and the sound is silence;
`bypass_csp` would hide what visitors' browsers block; `wait_for_function("expression")` needs eval, which
the policy forbids, once it has to poll, so give it an arrow function; scripts are injected with
`page.evaluate`, never with `add_script_tag`.
"""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
    async_playwright,
)

# The engine without the browser around it. The whole browser opens a window for each context, and loads pages of its
# own behind it: 0.8 s of a processor for an empty page, instead of 0.2.
CHROMIUM = "/usr/bin/chromium-headless-shell"

FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",
]

VIEWPORTS = {
    "kiosk": (1080, 1920),
    "hall": (1920, 1080),
    "desk": (1366, 768),
    "tablet": (820, 1180),
    "strip": (300, 768),
    "phone": (360, 800),
    "reflow": (320, 256),
}

LOCAL = {"127.0.0.1", "localhost", "::1", None}
ASSETS = {"document", "script", "stylesheet", "font", "image", "media", "manifest"}

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = Path(__file__).parent / "vendor" / "axe" / "axe.min.js"

RUN_AXE = """async (tags) => {
    const options = {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']};
    const found = await axe.run(document, options);
    return found.violations.flatMap(rule => rule.nodes.map(node =>
        `${rule.id} (${rule.impact}): ${rule.help}; ${node.target.join(' ')}; ${node.failureSummary ?? ''}`));
}"""

# Text counts as cut when its own box hides a part of it; boxes that scroll on purpose do not. A word counts as broken
# when its letters stand on more than one line; what has a place to break (a hyphen, a digit) may; a hash is no word.
FIND_LAYOUT_FAULTS = """() => {
    const faults = [], root = document.documentElement;
    const name = el => el.tagName.toLowerCase() + (el.id ? '#' + el.id : '')
        + [...el.classList].map(c => '.' + c).join('');
    if (root.scrollWidth > root.clientWidth)
        faults.push(`the page scrolls sideways: ${root.scrollWidth} in ${root.clientWidth}`);
    const range = document.createRange();
    const broken = node => {
        if (node.parentElement.closest(".hash")) return;
        for (const word of node.textContent.matchAll(/\\p{L}{2,}/gu)) {
            range.setStart(node, word.index);
            range.setEnd(node, word.index + word[0].length);
            const tops = [...range.getClientRects()].filter(box => box.width > 0).map(box => box.top);
            if (Math.max(...tops) - Math.min(...tops) > 4)
                faults.push(`a word is broken: ${name(node.parentElement)} "${word[0]}"`);
        }
    };
    for (const el of document.body.querySelectorAll('*')) {
        const style = getComputedStyle(el), text = [...el.childNodes].some(
            node => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
        if (!text || !el.checkVisibility() || style.display !== 'inline' && el.clientWidth <= 1) continue;
        [...el.childNodes].filter(node => node.nodeType === Node.TEXT_NODE).forEach(broken);
        if (style.display === 'inline') continue;
        const hides = axis => ['hidden', 'clip'].includes(style['overflow' + axis]);
        if (hides('X') && el.scrollWidth > el.clientWidth + 1
            || hides('Y') && el.scrollHeight > el.clientHeight + 1)
            faults.push(`text is cut off: ${name(el)} "${el.textContent.trim().slice(0, 40)}"`);
    }
    return faults;
}"""


async def launch(
    playwright: Playwright,
    *more: str,
    autoplay: bool = True,
    env: dict[str, str] | None = None,
    program: str = CHROMIUM,
) -> Browser:
    """The system's Chromium, audible, seeing only this machine; `autoplay` as a hall's display sets it.

    `more` are flags, `env` is added to this process's environment, and `program` starts the browser.
    """
    if not Path(CHROMIUM).exists():
        pytest.fail(f"{CHROMIUM} is missing: run `make setup-dev`, or install Debian's package chromium-headless-shell")
    flags = [*FLAGS, *more]
    if autoplay:
        flags.append("--autoplay-policy=no-user-gesture-required")
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    return await playwright.chromium.launch(
        executable_path=program,
        headless=True,
        args=flags,
        ignore_default_args=["--mute-audio"],
        env={**os.environ, **(env or {})},
    )


async def let_in(page: Page, at: str, token: str) -> None:
    """This browser is staff from now on, by a token in place of a session."""
    await page.context.add_cookies([{"name": "antrean_staff", "value": token, "url": at}])


@dataclass
class Screens:
    """Opens pages and keeps what went wrong on them in `faults`, one line each."""

    browser: Browser
    faults: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    async def open(self, url: str | None = None, *, viewport: str = "desk", **context: Any) -> Page:
        """A page in a context of its own (its own cookies), `viewport` one of `VIEWPORTS`.

        Other keywords go to Playwright's `new_context`: `locale`, `color_scheme`, `forced_colors`…
        """
        width, height = VIEWPORTS[viewport]
        context.setdefault("locale", "en-US")  # the engine alone asks for no language
        own = await self.browser.new_context(viewport={"width": width, "height": height}, **context)
        self.contexts.append(own)
        page = await own.new_page()
        self.watch(page)
        if url is not None:
            await page.goto(url)
        return page

    async def close(self) -> None:
        """Every page goes, with its cookies, workers and sockets; the browser stays for the next test."""
        for context in self.contexts:
            await context.close()

    def watch(self, page: Page) -> None:
        """Count this page's faults too; for pages that a page opened by itself."""
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: uncaught {error}"))
        page.on("console", self._heard)
        page.on("request", self._asked)
        page.on("response", self._answered)

    def _heard(self, message: ConsoleMessage) -> None:
        if any(word in message.text for word in ("Content Security Policy", "TrustedHTML", "TrustedScript")):
            self.faults.append(f"blocked by the policy: {message.text}")

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname not in LOCAL:
            self.faults.append(f"asked another machine: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type in ASSETS - {"document"}:
            self.faults.append(f"could not load: {response.status} {response.url}")


class Chromium:
    """The browser that the tests of one worker share: started when first wanted, and anew should it have died."""

    def __init__(self, playwright: Playwright) -> None:
        self._playwright = playwright
        self._browser: Browser | None = None

    async def running(self) -> Browser:
        if self._browser is None or not self._browser.is_connected():
            self._browser = await launch(self._playwright)
        return self._browser

    async def stop(self) -> None:
        if self._browser is not None:
            await self._browser.close()


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Chromium]:
    async with async_playwright() as playwright:
        shared = Chromium(playwright)
        yield shared
        await shared.stop()


@pytest.fixture
async def browser(chromium: Chromium) -> Browser:
    """A Chromium that runs. Tests are apart by their contexts, as visitors with machines of their own."""
    return await chromium.running()


@pytest.fixture
async def screens(browser: Browser) -> AsyncIterator[Screens]:
    """Where a test opens its pages; any fault on them fails it at the end.

    A test that provokes a fault on purpose asserts it and then clears `screens.faults`.
    """
    opened = Screens(browser)
    yield opened
    await opened.close()
    assert opened.faults == [], "faults on the pages"


async def axe(page: Page, *, aaa: bool = False) -> list[str]:
    """What axe-core finds on the page as it is now, one line per place; `aaa` for pages held to level AAA.

    The tag wcag22aa must be asked for by name, or the size of touch targets is not looked at.
    """
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    levels = [*LEVELS, "wcag2aaa", "wcag21aaa", "wcag22aaa"] if aaa else LEVELS
    found: list[str] = await page.evaluate(RUN_AXE, levels)
    return found


async def layout_faults(page: Page, *, whole_words: bool = True) -> list[str]:
    """Sideways scrolling, text cut off by its own box and broken words, one line each.

    Without `whole_words` where text is so large that a word is wider than the page.
    """
    await page.evaluate("() => document.fonts.ready.then(() => undefined)")
    found: list[str] = await page.evaluate(FIND_LAYOUT_FAULTS)
    return [fault for fault in found if whole_words or "a word is broken" not in fault]
