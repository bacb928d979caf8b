"""Pictures as large as screens, and films, over and over: the page gives back what it has shown."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Browser, Page

from tests.display.conftest import OpenDisplay
from tests.display.test_board import OLD
from tests.display.test_media import board, item
from tests.fakes.films import film
from tests.fakes.hall import FakeHall

pytestmark = pytest.mark.browser

SHORT, LONG, WARM = 24, 600, 16
LARGE = (3840, 2160)
DECODED_KB = LARGE[0] * LARGE[1] * 4 // 1024
"""One such picture as dots: 32 MB. A page that kept each would hold gigabytes."""

HELD_AT_ONCE = 12
"""So many of them the browser may hold more than before: its store of decoded pictures is full after some hundred."""

HEAP = 600_000
"""Bytes, however many turns there were: 360 kB after 600 as after 1,500."""

COUNT = """() => {
    window.turns = 0;
    const watch = new MutationObserver((changes) => {
        window.turns += changes.filter(({target}) => target.getAttribute('src')).length;
    });
    for (const one of document.querySelectorAll('#media img, #media video'))
        watch.observe(one, {attributeFilter: ['src']});
}"""


def large(shade: int) -> bytes:
    """No two alike, and not of one colour, so that nothing can be spared."""
    image = Image.linear_gradient("L").resize(LARGE).convert("RGB")
    image.paste((shade, 80, 255 - shade), (0, 0, LARGE[0] // 2, LARGE[1]))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=60)
    return file.getvalue()


def renderers() -> int:
    """Kilobytes that all pages of browsers below this process hold."""
    parents = {int(one.name): one for one in Path("/proc").iterdir() if one.name.isdigit()}
    total = 0
    for pid, folder in parents.items():
        try:
            if b"--type=renderer" in (folder / "cmdline").read_bytes() and _is_below(pid):
                lines = (folder / "status").read_text().splitlines()
                total += int(next(line for line in lines if line.startswith("VmRSS")).split()[1])
        except (OSError, StopIteration):
            continue  # it has ended meanwhile
    return total


def _is_below(pid: int) -> bool:
    while pid > 1 and pid != os.getpid():
        pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return pid == os.getpid()


async def held(page: Page) -> dict[str, Any]:
    """What the page holds now, garbage gone."""
    client = await page.context.new_cdp_session(page)
    for _ in range(3):
        await client.send("HeapProfiler.collectGarbage")
    found = await client.send("Memory.getDOMCounters")
    heap = (await client.send("Runtime.getHeapUsage"))["usedSize"]
    await client.detach()
    return {"nodes": found["nodes"], "listeners": found["jsEventListeners"], "heap": heap, "renderer": renderers()}


async def go_round(hall: FakeHall, page: Page, turns: int) -> None:
    """Until so many more pictures and films have had their turn."""
    wanted = turns + await page.evaluate("() => window.turns")
    while await page.evaluate("() => window.turns") < wanted:
        await hall.pass_time(page, 5)


@pytest.mark.timeout(3_000)
@pytest.mark.parametrize("turns", [SHORT, pytest.param(LONG, marks=pytest.mark.soak)])
async def test_large_pictures_and_films_leave_nothing_behind(
    hall: FakeHall, display: OpenDisplay, browser: Browser, turns: int
):
    """However often they had their turn: no element, no listener, no picture's dots, no film stays."""
    for place in range(6):
        item(hall, "abcdef"[place], large(place * 40))
    item(hall, "g", await film(browser), kind="video")
    board(hall, *OLD, place="beside")
    page = await display("calls", clock=True)
    await page.evaluate(COUNT)
    await go_round(hall, page, WARM)
    before = await held(page)

    await go_round(hall, page, turns)
    after = await held(page)

    grown = {name: after[name] - before[name] for name in before}
    print(f"{turns} turns: {before} grew by {grown}")
    assert grown["nodes"] <= 20, grown
    assert grown["listeners"] <= 2, grown
    assert grown["heap"] <= HEAP, grown
    assert grown["renderer"] <= HELD_AT_ONCE * DECODED_KB, grown
