"""Staff put pictures and videos on the boards in a browser, see what stands there, change it and take it off."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, FilePayload, Page, expect

from tests.browser import Screens, axe, layout_faults, let_in
from tests.fakes.films import captions, film, picture
from tests.web.edge import Edge, edge_at
from tests.web.test_media import MEDIA, file_of, put, shown, upload

SOON_MS = 20_000
LANGUAGES = ("en", "id", "az", "ka", "ar")


def payload(name: str, content: bytes, mime: str = "image/png") -> FilePayload:
    return {"name": name, "mimeType": mime, "buffer": content}


async def page_of(
    screens: Screens, edge: Edge, *, role: str = "supervisor", language: str = "en", viewport: str = "desk", **more: str
) -> Page:
    page = await screens.open(viewport=viewport, **more)
    await let_in(page, edge.mall.url, edge.token(role, name=f"{role}-{language}-{viewport}"))
    await page.goto(f"{edge.mall.url}/media?lang={language}")
    await expect(page.locator("[data-waits]")).to_have_count(0)
    return page


async def test_a_picture_goes_from_the_page_to_the_board_and_off_again(tmp_path: Path, screens: Screens):
    """A few fields and a press; a display in the hall shows it, and no more once it is taken off."""
    async with edge_at(tmp_path, config=MEDIA) as edge:
        hall = await screens.open(viewport="hall")
        await hall.goto(f"{edge.mall.url}/display/main?token={edge.token('display', name='main')}")
        desk = await page_of(screens, edge)

        await desk.get_by_text("Upload one").click()
        await desk.locator("#file").set_input_files(payload("peta.png", picture(said="Peta")))
        await desk.get_by_label("What it shows, in English").fill("Map of the building")
        await desk.get_by_role("button", name="Put it on the boards").click()
        await expect(desk.locator("#done")).to_contain_text("It is on the boards.")
        row = desk.locator("#media li")
        await expect(row).to_contain_text("Map of the building")
        await expect(hall.locator("#media img:visible")).to_have_attribute(
            "alt", "Map of the building", timeout=SOON_MS
        )
        audited = [*await axe(desk), *await layout_faults(desk)]

        await row.get_by_role("button", name="Take it off").click()
        await desk.get_by_role("dialog").get_by_role("button", name="Take it off").click()
        await expect(desk.locator("#none")).to_be_visible()
        await expect(hall.locator("#media")).to_be_hidden(timeout=SOON_MS)

        assert audited == []


async def test_a_video_is_asked_for_its_captions(tmp_path: Path, screens: Screens, browser: Browser):
    """Before anything is sent; with them it is put up, and the hall reads what is said."""
    async with edge_at(tmp_path, config=MEDIA) as edge:
        desk = await page_of(screens, edge)
        await desk.get_by_text("Upload one").click()
        await expect(desk.locator("#film")).to_be_hidden()

        await desk.locator("#file").set_input_files(payload("film.webm", await film(browser), "video/webm"))
        await desk.get_by_label("What it shows, in English").fill("How to take a number")
        await desk.get_by_role("button", name="Put it on the boards").click()
        await expect(desk.locator("#refused")).to_contain_text("needs captions")
        nothing = await shown(edge)
        await desk.get_by_label("Captions in English (WebVTT)").set_input_files(
            payload("film.vtt", captions((0, 1, "Take a number")), "text/vtt")
        )
        await desk.get_by_role("button", name="Put it on the boards").click()
        await expect(desk.locator("#done")).to_contain_text("It is on the boards.")

        (item,) = await shown(edge)
        assert nothing == []
        assert list(item["captions"]) == ["en"]


async def test_what_is_refused_is_said_in_the_readers_language(tmp_path: Path, screens: Screens):
    """And what was typed stands there still."""
    async with edge_at(tmp_path, config=MEDIA) as edge:
        desk = await page_of(screens, edge, language="id")
        await desk.get_by_text("Unggah").click()

        await desk.locator("#file").set_input_files(payload("a.png", b"<svg onload=alert(1)>" + b" " * 99))
        await desk.locator("#alt-id").fill("Peta")
        await desk.get_by_role("button", name="Pasang di layar").click()

        await expect(desk.locator("#refused")).to_contain_text("Ini bukan JPEG")
        await expect(desk.locator("#alt-id")).to_have_value("Peta")
        screens.faults.clear()  # the browser notes the refusal


async def test_times_are_changed_where_they_are_read(tmp_path: Path, screens: Screens):
    """What is said now stands in the fields; the list says it in words."""
    async with edge_at(tmp_path, config=MEDIA) as edge:
        await put(edge, name="peta.png", since="2026-11-24T08:00", hours=["08:00-12:00"], days=["mon"])
        desk = await page_of(screens, edge)
        await desk.get_by_role("button", name="Change").click()
        before = [await desk.locator(f"#add-{one}").input_value() for one in ("since", "until", "from", "to")]

        await desk.locator("#add-to").fill("11:00")
        await desk.locator("#add-until").fill("2026-12-24T16:00")
        await desk.locator("#add-priority").select_option("high")
        await desk.get_by_label("Tuesday").check()
        await desk.get_by_label("All boards").uncheck()
        await desk.get_by_label("other").check()
        await desk.get_by_role("button", name="Save").click()
        await expect(desk.locator("#done")).to_contain_text("Saved.")

        (item,) = await shown(edge, "other")
        assert await shown(edge) == []
        assert before == ["2026-11-24T08:00", "", "08:00", "12:00"]
        assert (item["hours"], item["days"], item["priority"]) == (["08:00-11:00"], ["mon", "tue"], "high")
        assert item["until"] == "2026-12-24T09:00:00.000Z"
        await expect(desk.locator("#media li")).to_contain_text("Monday, Tuesday")
        await expect(desk.locator("#media li")).to_contain_text("In place of all others")


async def test_captions_are_exchanged_where_they_are_changed(tmp_path: Path, screens: Screens, browser: Browser):
    """A new file in one language, another language taken off; a film keeps one, unless nobody speaks in it."""
    async with edge_at(tmp_path, config=MEDIA) as edge:
        old = await upload(edge, captions((0, 1, "Take a nummer")))
        await put(edge, await film(browser), captions={"en": old["file"], "id": old["file"]})
        desk = await page_of(screens, edge)
        await desk.get_by_role("button", name="Change").click()
        audited = [*await axe(desk), *await layout_faults(desk)]

        for language in ("English", "Bahasa Indonesia"):
            await desk.get_by_label(f"Take off the captions in {language}").check()
        await desk.get_by_role("button", name="Save").click()
        await expect(desk.locator("#refused")).to_contain_text("needs captions")
        await desk.get_by_label("Captions in English (WebVTT)").set_input_files(
            payload("film.vtt", captions((0, 1, "Take a number")), "text/vtt")
        )
        await desk.get_by_role("button", name="Save").click()
        await expect(desk.locator("#done")).to_contain_text("Saved.")

        (item,) = await shown(edge)
        said = await file_of(edge, item["captions"]["en"], "display")
        assert list(item["captions"]) == ["en"]
        assert b"Take a number" in said.body
        assert audited == []


async def test_who_may_only_look_is_offered_nothing(tmp_path: Path, screens: Screens):
    """A manager sees what stands there and what is wrong in folders."""
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "b.txt").write_text("no picture")
    async with edge_at(tmp_path, config=MEDIA) as edge:
        await put(edge)

        desk = await page_of(screens, edge, role="manager")

        await expect(desk.locator("#media li")).to_have_count(1)
        await expect(desk.locator("#add")).to_be_hidden()
        await expect(desk.get_by_role("button", name="Take it off")).to_have_count(0)
        await expect(desk.locator("#faults")).to_contain_text("b.txt", timeout=SOON_MS)
        await expect(desk.locator("#faults")).to_contain_text("whatever it is called")


@pytest.mark.parametrize(
    ("language", "viewport", "scheme"),
    [("en", "desk", "light"), ("ka", "phone", "dark"), ("az", "phone", "light"), ("ar", "desk", "dark")],
)
async def test_the_page_is_whole_and_accessible(
    tmp_path: Path, screens: Screens, language: str, viewport: str, scheme: str
):
    """With everything open and something wrong, in long words and from the right, on a phone and a desk."""
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "b.txt").write_text("no picture")
    async with edge_at(tmp_path, config=MEDIA) as edge:
        await put(edge, hours=["08:00-12:00"], days=["mon", "fri"], priority="low", name="jadwal-layanan-ramadan.png")
        page = await page_of(screens, edge, language=language, viewport=viewport, color_scheme=scheme)
        await expect(page.locator("#faults tr")).to_have_count(1, timeout=SOON_MS)
        await page.locator("#add > summary").click()
        await page.locator("#film").evaluate("box => { box.hidden = false }")

        assert [*await axe(page), *await layout_faults(page)] == []
