"""From a tap at a kiosk to the number on its screen, in Chromium without a graphics card; and what its page costs.

The server has 1,000 watching displays meanwhile. Beside the tap stands the API's own answer to the same request, as the
page saw it; aim: the number is painted within 3 frames (50 ms) of it, in the median. Then the page's first visit: bytes
over the wire with letters and the first view, packed as the line has it (aim: under 150 kB), and how long until its
first screen stands on a CPU that is slowed 6 times (aim: under a second), from the network and from the browser's
cache.
"""

from __future__ import annotations

import os
import statistics
from typing import Any

import click
from playwright.sync_api import Browser, Page, sync_playwright

from bench.fanout import screens
from bench.mall import Mall, mall, unlimited
from bench.paint import CHROMIUM
from bench.quiet import Slice, measure, take_turns
from queue_server.service.hub import packed

KIOSK, BOARD = "kiosk-1", "hall"
WATCHING = 1_000
TAPS, ROUNDS, OPENINGS = 20, 5, 7
SLOWER = 6
GREETED = 2
"""The line's greeting and the first view; later ones come to whoever stands there."""
LATER = "**/kiosk/rest.js"
"""What the first screen does without; it is held back while the first visit is counted."""
WITHIN_MS = 60_000
SIZE: Any = {"width": 1080, "height": 1920}

WATCH = """(() => {
    const now = () => performance.now();
    window.times = {tapped: 0, answered: 0, painted: 0, shown: 0};
    const real = window.fetch;
    window.fetch = async (...words) => {
        const answer = await real(...words);
        if (String(words[0]).endsWith('/api/v1/tickets')) window.times.answered = now();
        return answer;
    };
    const drawn = (name) => requestAnimationFrame(() => {
        const after = new MessageChannel();
        after.port1.onmessage = () => { window.times[name] = window.times[name] || now(); };
        after.port2.postMessage(null);
    });
    addEventListener('DOMContentLoaded', () => {
        new MutationObserver(() => {
            const {shown} = document.documentElement.dataset;
            if (shown === 'agencies') drawn('shown');
            if (shown === 'ticket') drawn('painted');
        }).observe(document.documentElement, {attributeFilter: ['data-shown']});
    });
    addEventListener('click', (event) => {
        if (event.target.closest('#take')) Object.assign(window.times, {tapped: now(), answered: 0, painted: 0});
    }, {capture: true});
})()"""

CHOOSE = """() => {
    document.querySelector('#agencies li:not([hidden]) > .choice:not([data-closed])').click();
    document.querySelector('#services li:not([hidden]) > .choice:not([data-closed])')?.click();
}"""


def run() -> None:
    with unlimited() as config, mall(config) as server, sync_playwright() as playwright:
        flags = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        token = server.token("kiosk", "--name", KIOSK)
        _taps(server, browser, token)
        _visits(server, browser, token)
        browser.close()


def _page(server: Mall, browser: Browser, token: str) -> Page:
    page = browser.new_context(viewport=SIZE).new_page()
    at = f"http://127.0.0.1:{server.port}"
    page.context.add_cookies([{"name": "antrean_staff", "value": token, "url": at}])
    page.add_init_script(WATCH)
    return page


def _open(page: Page, server: Mall) -> float:
    """Milliseconds from the address to the first screen."""
    page.goto(f"http://127.0.0.1:{server.port}/kiosk/{KIOSK}", wait_until="commit")
    page.wait_for_function("() => window.times.shown > 0", timeout=WITHIN_MS)
    return float(page.evaluate("() => window.times.shown"))


def _taps(server: Mall, browser: Browser, token: str) -> None:
    path = f"/api/v1/live?topic=board:{BOARD}"
    with screens(server.port, WATCHING, path, server.token("display", "--name", "bench")):
        page = _page(server, browser, token)
        _open(page, server)
        found = take_turns({"tap": lambda: _slice(page, server.pid)}, ROUNDS)["tap"]
    click.echo(f"{WATCHING} watching  tap to number ms  p90  API's answer ms  page's own ms  p90  foreign CPU")
    click.echo(
        f"{found['tap']:29.1f} {found['tap_p90']:5.1f} {found['answer']:16.1f} {found['own']:14.1f}"
        f" {found['own_p90']:4.1f} {found['foreign']:12.0%}"
    )


def _slice(page: Page, pid: int) -> Slice:
    def taps() -> dict[str, float]:
        tap, answer, own = [], [], []
        for _ in range(TAPS):
            page.evaluate(CHOOSE)
            page.evaluate("() => document.querySelector('#take').click()")
            if page.locator("html").get_attribute("data-shown") == "long":
                page.evaluate("() => document.querySelector('#long-take').click()")
            page.wait_for_function("() => window.times.painted > 0", timeout=WITHIN_MS)
            times = page.evaluate("() => window.times")
            tap.append(times["painted"] - times["tapped"])
            answer.append(times["answered"] - times["tapped"])
            own.append(times["painted"] - times["answered"])
            page.evaluate("() => document.querySelector('#done').click()")
        return {
            "tap": statistics.median(tap),
            "tap_p90": statistics.quantiles(tap, n=10)[-1],
            "answer": statistics.median(answer),
            "own": statistics.median(own),
            "own_p90": statistics.quantiles(own, n=10)[-1],
        }

    return measure(taps, [pid])


def _visits(server: Mall, browser: Browser, token: str) -> None:
    first, again, sizes, fonts, views = [], [], [], [], []
    for _ in range(OPENINGS):
        page = _page(server, browser, token)
        devtools = page.context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        kinds: dict[str, str] = {}
        came: list[tuple[str, float]] = []
        live: list[float] = []
        devtools.on(
            "Network.responseReceived", lambda event, kinds=kinds: kinds.update({event["requestId"]: event["type"]})
        )
        devtools.on(
            "Network.loadingFinished",
            lambda event, came=came: came.append((event["requestId"], event["encodedDataLength"])),
        )
        devtools.on(
            "Network.webSocketFrameReceived",
            lambda event, live=live: live.append(len(packed(event["response"]["payloadData"].encode()))),
        )
        page.route(LATER, lambda route: None)
        first.append(_open(page, server))
        page.evaluate("() => document.fonts.ready.then(() => true)")
        sizes.append(sum(size for _, size in came) + sum(live[:GREETED]))
        views.append(sum(live[:GREETED]))
        fonts.append(sum(size for request, size in came if kinds.get(request) == "Font"))
        again.append(_open(page, server))
        page.context.close()
    click.echo(f"CPU {SLOWER} times slower  first visit ms  from cache ms  wire kB  of it letters kB  first view kB")
    click.echo(
        f"{statistics.median(first):36.0f} {statistics.median(again):14.0f}"
        f" {statistics.median(sizes) / 1000:8.1f} {statistics.median(fonts) / 1000:17.1f}"
        f" {statistics.median(views) / 1000:14.1f}"
    )
