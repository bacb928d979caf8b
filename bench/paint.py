"""From a press of call-next to the number painted on the hall's display, in Chromium without a graphics card.

The display's real page beside itself: when the frame came to it, which is what server and line took. Painted is what
the first frame of the screen after the change has drawn (a task behind an animation frame). Aim: a median under 100 ms.
"""

from __future__ import annotations

import os
import statistics
import time

import click
from playwright.sync_api import Page, sync_playwright

from bench.fanout import PRESSES, Desk
from bench.mall import Mall, mall, unlimited
from bench.quiet import Slice, measure, take_turns

CHROMIUM = "/usr/bin/chromium-headless-shell"
BOARD = "hall"
ROUNDS = 5
WITHIN_MS = 5_000

WATCH = """(() => {
    window.came = 0; window.painted = 0;
    const now = () => performance.timeOrigin + performance.now();
    const Real = WebSocket;
    window.WebSocket = class extends Real {
        constructor(...words) { super(...words); this.addEventListener('message', () => { window.came = now(); }); }
    };
    addEventListener('DOMContentLoaded', () => {
        const drawn = () => requestAnimationFrame(() => {
            const after = new MessageChannel();
            after.port1.onmessage = () => { window.painted = now(); };
            after.port2.postMessage(null);
        });
        const place = document.querySelector('#calls .called');
        new MutationObserver(drawn).observe(place, {childList: true, characterData: true, subtree: true});
    });
})()"""


def run() -> None:
    with unlimited() as config, mall(config) as server, sync_playwright() as playwright:
        desk = Desk(server)
        flags = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        page = _display(browser.new_page(viewport={"width": 1920, "height": 1080}), server, desk)
        pid = server.pid
        found = take_turns({"page": lambda: _slice(desk, page, pid)}, ROUNDS)["page"]
        browser.close()
    click.echo("press to frame ms  to paint ms  p90 to paint  foreign CPU (the browser's own counts as foreign)")
    click.echo(f"{found['came']:17.1f}  {found['painted']:11.1f}  {found['p90']:12.1f}  {found['foreign']:11.0%}")


def _display(page: Page, server: Mall, desk: Desk) -> Page:
    at = f"http://127.0.0.1:{server.port}"
    page.context.add_cookies([{"name": "antrean_staff", "value": desk.board_token, "url": at}])
    page.add_init_script(WATCH)
    page.goto(f"{at}/display/{BOARD}")
    page.locator('#board[data-shows="calls"]').wait_for()
    return page


def _slice(desk: Desk, page: Page, pid: int) -> Slice:
    desk.prepare(PRESSES)

    def presses() -> dict[str, float]:
        came, painted = [], []
        for _ in range(PRESSES):
            page.evaluate("() => { window.painted = 0; }")
            began = time.time() * 1000
            desk.press()
            page.wait_for_function("() => window.painted > 0", timeout=WITHIN_MS)
            frame, paint = page.evaluate("() => [window.came, window.painted]")
            came.append(frame - began)
            painted.append(paint - began)
            desk.start()
            time.sleep(0.05)
        return {
            "came": statistics.median(came),
            "painted": statistics.median(painted),
            "p90": statistics.quantiles(painted, n=10)[-1],
        }

    return measure(presses, [pid])
