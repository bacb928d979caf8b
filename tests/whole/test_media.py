"""A file that looks like a film and is none, from the server that took it to the staff who read that it is broken."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser import Screens, let_in
from tests.fakes.films import film, picture, webm
from tests.waiting import answered
from tests.web.edge import edge_at
from tests.web.test_media import MEDIA, put

pytestmark = pytest.mark.browser

SOON_MS = 30_000


async def test_a_broken_film_is_passed_over_on_the_board_and_told_to_staff(
    tmp_path: Path, screens: Screens, browser: Browser
):
    """The next one comes, the pages of devices and of media name what is wrong where, until it is taken off."""
    async with edge_at(tmp_path, config=MEDIA) as edge:
        broken = await put(edge, webm(bytes(5000)), no_speech=True, name="rusak.webm", boards=["main"])
        await put(edge, await film(browser), no_speech=True, boards=["main"])
        hall = await screens.open(viewport="hall")
        await hall.goto(f"{edge.mall.url}/display/main?token={edge.token('display', name='main')}")
        await expect(hall.locator("#media video:visible")).to_be_visible(timeout=SOON_MS)
        await answered(lambda: edge.get("/media", by="manager"), lambda said: said["items"][0]["broken_on"])

        desk = await screens.open()
        await let_in(desk, edge.mall.url, edge.token("supervisor", name="sari"))
        await desk.goto(f"{edge.mall.url}/media?lang=en")
        row = desk.locator("#media li").filter(has_text="rusak.webm")
        await expect(row).to_contain_text("Cannot be shown on: main")
        await desk.goto(f"{edge.mall.url}/devices?lang=en")
        await expect(desk.locator("#devices tr").filter(has_text="main")).to_contain_text(
            "cannot show a picture or video"
        )
        await edge.post(f"/media/{broken['id']}/remove", {}, by="supervisor")
        devices = await answered(
            lambda: edge.get("/devices", by="manager"),
            lambda said: all(one["last_error"] != "media_broken" for one in said.body),
        )

    assert devices.status == 200


async def test_a_picture_of_the_screen_has_the_picture_in_it(tmp_path: Path, screens: Screens):
    """Whoever asks from afar what a display shows sees the media, too."""
    async with edge_at(tmp_path, config=MEDIA) as edge:
        await put(edge, picture("#FF0000", size=(1280, 720)), boards=["main"])
        hall = await screens.open(viewport="hall")
        await hall.goto(f"{edge.mall.url}/display/main?token={edge.token('display', name='main')}")
        await expect(hall.locator("#media img:visible")).to_be_visible(timeout=SOON_MS)

        shown = await edge.post("/devices/display/main/picture", {}, by="supervisor")

        page = await screens.open()
        red = await page.evaluate(
            """async (image) => {
                const drawn = new Image();
                drawn.src = image;
                await drawn.decode();
                const canvas = document.createElement('canvas'), pen = canvas.getContext('2d');
                Object.assign(canvas, {width: drawn.width, height: drawn.height});
                pen.drawImage(drawn, 0, 0);
                return [...pen.getImageData(drawn.width / 2, drawn.height / 2, 1, 1).data];
            }""",
            shown["image"],
        )
        assert red[0] > 200
        assert max(red[1:3]) < 60
