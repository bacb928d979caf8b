"""Nothing jumps while a page loads: the real server's pages in Chromium, watched by the browser's own observer."""

from __future__ import annotations

from pathlib import Path

from tests.browser import Screens, let_in
from tests.whole.server import server

GOOD = 0.1
"""The web vitals' limit of a good page: what moved, times how far, of all that is seen."""

PAGES = {
    "desk": (
        *("/", "/terminal", "/terminal/12", "/reception", "/floor", "/devices", "/printing", "/printing/preview"),
        *("/people", "/media", "/account", "/audit", "/closings", "/api/docs", "/sign-in", "/screen", "/report"),
    ),
    "hall": ("/display/hall", "/display/east", "/display/west", "/display/entrance", "/display/counter/12"),
    "kiosk": ("/kiosk/kiosk-1", "/display/hall", "/display/entrance"),
    "phone": ("/", "/floor", "/media"),
}

WATCH = """(() => {
    window.moved = [];
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.moved.push(entry.value);
    }).observe({type: 'layout-shift', buffered: true});
})()"""

SUM = "() => window.moved.reduce((sum, one) => sum + one, 0)"


async def test_no_page_jumps_while_it_loads(tmp_path: Path, screens: Screens):
    """What a page has to ask for first pushes nothing down that somebody reads already."""
    async with server(tmp_path, command="demo") as mall:
        token = mall.token("admin")
        jumped: dict[str, float] = {}
        for viewport, paths in PAGES.items():
            for path in paths:
                page = await screens.open(viewport=viewport)
                await let_in(page, mall.at, token)
                await page.add_init_script(WATCH)
                await page.goto(mall.at + path, wait_until="networkidle")
                found = await page.evaluate(SUM)
                if found >= GOOD:
                    jumped[f"{path} {viewport}"] = round(found, 3)
                await page.close()

    assert jumped == {}
