"""Staff see from afar what a display shows: a picture that its page draws of itself."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.async_api import Page

from tests.browser import Screens, let_in
from tests.whole.server import Server, server

pytestmark = pytest.mark.browser


def opened(data: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(data.partition(",")[2]))).convert("RGB")


def unlike(one: Image.Image, other: Image.Image) -> float:
    """How far the two differ in lightness, of 255, seen from afar: a picture is smaller, and packed."""
    size = (96, 54)
    pixels = [np.asarray(image.resize(size).convert("L"), dtype=np.float64) for image in (one, other)]
    return float(np.mean(np.abs(pixels[0] - pixels[1])))


async def shown(page: Page, house: Server, path: str, token: str) -> None:
    await let_in(page, house.at, token)
    await page.goto(f"{house.at}{path}")


async def test_staff_see_what_a_display_shows(tmp_path: Path, screens: Screens):
    """The picture is what the screen shows, number and all, as large as the page is; nobody else may ask for one."""
    async with server(tmp_path) as house:
        staff = house.token("supervisor", "--name", "test")
        token = house.token("display", "--name", "hall")
        await house.post("/api/v1/counters/1/open", {}, staff)
        page = await screens.open(viewport="hall")
        await shown(page, house, "/display/hall", token)
        await page.locator('#board[data-shows="empty"]').wait_for()
        empty = opened((await house.post("/api/v1/devices/display/hall/picture", {}, staff))["image"])
        await house.post("/api/v1/tickets", {"service": "ktp_el"}, staff)
        await house.post("/api/v1/counters/1/call-next", {}, staff)
        await page.locator('#board[data-shows="calls"]').wait_for()

        answer = await house.post("/api/v1/devices/display/hall/picture", {}, staff)
        picture, screen = opened(answer["image"]), Image.open(io.BytesIO(await page.screenshot()))
        refused = await house.post("/api/v1/devices/display/hall/picture", {}, token)

        (tmp_path / "picture.png").write_bytes(b"")
        picture.save(tmp_path / "picture.png")
        screen.save(tmp_path / "screen.png")
        assert (answer["width"], answer["height"]) == (1920, 1080)
        assert unlike(picture, screen) < 4
        assert unlike(empty, screen) > 2 * unlike(picture, screen)
        assert refused.status == 403


async def test_a_picture_of_what_is_not_there_is_refused(tmp_path: Path):
    """A display that is not connected shows nothing, and a picture that nobody asked for is not taken."""
    async with server(tmp_path) as house:
        staff = house.token("supervisor", "--name", "test")
        token = house.token("display", "--name", "hall")
        sent = {"image": "data:image/webp;base64,AAAA", "width": 1, "height": 1}

        gone = await house.post("/api/v1/devices/display/hall/picture", {}, staff)
        unasked = await house.post("/api/v1/pictures/made-up", sent, token)

        assert (gone.status, gone.code) == (404, "not_found")
        assert (unasked.status, unasked.code) == (404, "not_found")
