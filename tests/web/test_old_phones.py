"""What the ticket's page asks of a phone: the syntax of ES2020, and no function that browsers of 2020 lack.

So the oldest browsers are Chrome, Samsung Internet and WebView 80, Safari of iOS 13.4, Firefox 74.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from playwright.async_api import expect

from queue_server.web.page.pages import FOLDER
from tests.browser import Screens
from tests.fakes import canned
from tests.fakes.house import House

STATIC = FOLDER / "static"

LATER = """() => {
    delete AbortSignal.timeout;
    delete AbortSignal.any;
    delete Array.prototype.at;
    delete Array.prototype.findLast;
    delete Array.prototype.toSorted;
    delete Object.hasOwn;
    delete Map.groupBy;
    delete String.prototype.replaceAll;
    delete HTMLDialogElement.prototype.showModal;
    delete HTMLDialogElement.prototype.close;
    delete HTMLElement.prototype.inert;
    delete Element.prototype.checkVisibility;
    delete window.structuredClone;
    for (const name of ["userActivation", "wakeLock", "vibrate"])
        Object.defineProperty(Navigator.prototype, name, {value: undefined});
}"""
"""What came to browsers after 2020 is taken away before the page's own scripts run."""


def modules(first: Path) -> set[Path]:
    """A script and all that it imports."""
    found: set[Path] = set()
    ahead = [first.resolve()]
    while ahead:
        path = ahead.pop()
        if path not in found:
            found.add(path)
            named = re.findall(r'^import .* from "(\.[^"]+)"', path.read_text(encoding="utf-8"), flags=re.MULTILINE)
            ahead += [(path.parent / name).resolve() for name in named]
    return found


def test_the_syntax_is_of_2020():
    """Every script that the page loads can be read by a parser that knows no later language."""
    scripts = sorted(str(path) for path in modules(STATIC / "ticket" / "ticket.js"))

    done = subprocess.run(
        ["eslint", "--no-eslintrc", "--format=unix", "--parser-options=ecmaVersion:2020,sourceType:module", *scripts],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "NODE_PATH": "/usr/share/nodejs:/usr/share/javascript"},
    )

    assert len(scripts) > 10
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_page_names_beforehand_every_script_that_it_loads():
    """On a slow line a script that is found only in another one costs a second."""
    template = (FOLDER / "templates" / "ticket.html").read_text(encoding="utf-8")
    named = set(re.findall(r'"((?:ticket|js)/\w+)"', template)) | {"ticket/ticket"}

    loaded = {path.relative_to(STATIC).with_suffix("").as_posix() for path in modules(STATIC / "ticket" / "ticket.js")}

    assert named == loaded


async def test_it_works_in_a_browser_of_2020(screens: Screens):
    """Place, call and giving up work without what has come since."""
    house = House()
    async with house.running() as house.url:
        page = await screens.open(viewport="phone")
        await page.add_init_script(f"({LATER})()")
        await page.goto(f"{house.url}/t/t-A012?lang=en")
        await expect(page.locator("#figure")).to_have_text("4 people ahead of you")
        house.page = canned.called_page()
        await house.push()
        await expect(page.locator("#called-counter")).to_have_text("12")
        house.page = canned.ticket_page()
        await house.push()
        await page.click("#cancel")
        await page.click("#really")
        await expect(page.locator("#page")).to_have_attribute("data-state", "cancelled")
