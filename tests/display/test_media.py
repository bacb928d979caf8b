"""Pictures and muted videos: between calls or beside them, never on top of one; when they are due; broken ones told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from playwright.async_api import Page, expect

from queue_server.wire.api import Evacuation
from queue_server.wire.boards import BoardCall, BoardView
from queue_server.wire.media import BoardMedia, MediaItem
from tests.browser import axe, layout_faults
from tests.display.conftest import OpenDisplay, ago, big, shows
from tests.display.test_board import OLD, outside
from tests.fakes import mall
from tests.fakes.films import captions, film, picture
from tests.fakes.hall import FakeHall
from tests.waiting import until

pytestmark = pytest.mark.browser

SEEN = "#media img:visible, #media video:visible"
IMAGE = "#media img:visible"
FILM = "#media video:visible"
JAKARTA = ZoneInfo(mall.ZONE)


def key(name: str) -> str:
    return name.encode().hex().ljust(30, "0")[:30]


def item(hall: FakeHall, name: str, content: bytes | None = None, **more: Any) -> MediaItem:
    """A picture, or a video if its content is given; its file is there."""
    ending = "webp" if more.get("kind", "picture") == "picture" else "webm"
    hall.files[f"{name}.{ending}"] = picture(said=name, form="WEBP") if content is None else content
    values: dict[str, Any] = {"kind": "picture", "alt": {"id": f"Gambar {name}", "en": f"Picture {name}"}, **more}
    made = MediaItem(id=key(name), src=f"/media/hall/{name}.{ending}", **values)
    hall.media.append(made)
    return made


def board(hall: FakeHall, *calls: BoardCall, place: str = "between", of: str = "1", **more: Any) -> BoardView:
    view = mall.board(*calls, media=BoardMedia(place=place, picture_s=10, of=of), **more)
    hall.views["board:hall"] = view
    return view


async def seen(page: Page, name: str) -> None:
    """The file of this name stands there."""
    await expect(page.locator(SEEN)).to_have_attribute("src", f"/media/hall/{name}", timeout=10_000)


async def at(hall: FakeHall, local: datetime) -> None:
    hall.clock = local - datetime.now(UTC)


@pytest.mark.parametrize("viewport", ["hall", "kiosk"])
@pytest.mark.parametrize("place", ["between", "beside"])
async def test_a_picture_stands_in_its_place(hall: FakeHall, display: OpenDisplay, place: str, viewport: str):
    """Between calls on the whole board, beside them in a part; said to whoever does not see it; nothing is cut."""
    item(hall, "a")
    board(hall, *OLD, place=place)

    page = await display("calls", viewport=viewport)

    await seen(page, "a.webp")
    await expect(page.locator(IMAGE)).to_have_attribute("alt", "Gambar a")
    assert await page.locator("#board").get_attribute("data-media") == place
    assert await page.locator("#calls .call").first.is_visible() == (place == "beside")
    assert [*await axe(page, aaa=True), *await layout_faults(page), *await outside(page)] == []


async def test_pictures_take_turns_with_the_board(hall: FakeHall, display: OpenDisplay):
    """One after the other, and after each the calls have the board: nothing bright stands still."""
    item(hall, "a"), item(hall, "b")
    board(hall, *OLD)
    page = await display("calls", clock=True)
    await seen(page, "a.webp")

    await hall.pass_time(page, 11)
    await expect(page.locator("#calls .call:visible .called")).to_be_visible()
    await expect(page.locator("#media")).to_be_hidden()
    await hall.pass_time(page, 16)

    await seen(page, "b.webp")
    ahead = [name for method, name in hall.fetched if method == "GET"]
    assert ahead == ["a.webp", "b.webp"]


async def test_beside_calls_the_counters_have_their_turn_after_each_round(hall: FakeHall, display: OpenDisplay):
    """Pictures follow each other, and who is at the counters is still seen in between."""
    item(hall, "a"), item(hall, "b")
    board(hall, *OLD, place="beside", serving=mall.serving({"1": "C001"}))
    page = await display("calls", clock=True)
    await seen(page, "a.webp")

    await hall.pass_time(page, 11)
    await seen(page, "b.webp")
    await hall.pass_time(page, 11)

    await expect(page.locator("#media")).to_be_hidden()
    await expect(page.locator("#serving .cell:visible .number").first).to_be_visible()


async def test_a_call_interrupts_at_once_and_media_come_back(hall: FakeHall, display: OpenDisplay):
    """Nothing stands on top of a call, nor while somebody who was just called is on the way."""
    item(hall, "a")
    view = board(hall, *OLD, sound=False)
    page = await display("calls", clock=True)
    await seen(page, "a.webp")
    called = replace(mall.serving({"3": "A009"})[0], state="called")

    await hall.push("board:hall", replace(view, calls=(mall.call(99, "A009", "3", ago(0)), *OLD), serving=(called,)))

    await expect(page.locator("#media")).to_be_hidden()
    assert await big(page) == [["A\u2009009", "3"]]
    await hall.pass_time(page, 20)
    await expect(page.locator("#media")).to_be_hidden()
    await hall.push("board:hall", replace(hall.views["board:hall"], serving=mall.serving({"3": "A009"})))
    await hall.pass_time(page, 1)
    await seen(page, "a.webp")


async def test_beside_a_call_nothing_moves(hall: FakeHall, display: OpenDisplay, browser):
    """A film stands still and dark while somebody is called, and goes on afterwards."""
    item(hall, "f", await film(browser, 40), kind="video")
    view = board(hall, *OLD, place="beside", sound=False)
    page = await display("calls")
    await seen(page, "f.webm")
    await page.wait_for_function("() => document.querySelector('#media video').currentTime > 0.3")

    await hall.push("board:hall", replace(view, calls=(mall.call(99, "A009", "3", ago(0)), *OLD)))
    await page.wait_for_function("() => document.querySelector('#media video').paused")
    await expect(page.locator("#media[data-still]")).to_be_visible()
    stood = await page.locator(FILM).evaluate("video => video.currentTime")

    await page.wait_for_function(
        "(stood) => document.querySelector('#media video').currentTime > stood", arg=stood, timeout=20_000
    )
    assert await page.locator("#media").get_attribute("data-still") is None


@pytest.mark.parametrize("state", ["held", "evacuation", "closed"])
async def test_what_the_hall_must_know_takes_media_away(hall: FakeHall, display: OpenDisplay, state: str):
    """A hold, an evacuation, a closed hall: nobody shows pictures then, and after hours the board becomes dark."""
    item(hall, "a")
    view = board(hall, *OLD)
    page = await display("calls")
    await seen(page, "a.webp")
    leave = Evacuation(since=ago(1), text={}, assembly_point={})
    changes: dict[str, dict[str, object]] = {
        "held": {"held": "prayer", "held_text": {"id": "Salat"}},
        "evacuation": {"evacuation": leave},
        "closed": {"open": False},
    }

    await hall.push("board:hall", replace(view, **changes[state]))

    await shows(page, state)
    await expect(page.locator("#media")).to_be_hidden()


async def test_a_film_is_muted_and_its_words_are_shown(hall: FakeHall, display: OpenDisplay, browser):
    """In both languages of the board, marked as such; it plays to its end, and the next one comes."""
    hall.files |= {
        "c.vtt": captions((0, 9, "Ambil <b>nomor</b> di mesin")),
        "d.vtt": captions((0, 9, "Take a number at the kiosk")),
    }
    said = {"id": "/media/hall/c.vtt", "en": "/media/hall/d.vtt"}
    item(hall, "f", await film(browser, 40), kind="video", captions=said)
    item(hall, "a")
    board(hall, *OLD, place="beside")

    page = await display("calls")

    await seen(page, "f.webm")
    lines = page.locator("#media .captions span")
    await expect(lines).to_have_text(["Ambil nomor di mesin", "Take a number at the kiosk"])
    assert [await line.get_attribute("lang") for line in await lines.all()] == ["id", "en"]
    assert await page.locator(FILM).evaluate("video => video.muted")
    assert await page.locator(FILM).get_attribute("aria-label") == "Gambar f"
    assert [*await axe(page, aaa=True), *await layout_faults(page)] == []
    await expect(page.locator(IMAGE)).to_have_attribute("src", "/media/hall/a.webp", timeout=20_000)
    assert await page.locator("#media video").get_attribute("src") is None


async def test_who_wants_no_motion_sees_a_still_picture_and_the_words(hall: FakeHall, display: OpenDisplay, browser):
    """The first picture of a film stands; its captions pass without it."""
    hall.files["c.vtt"] = captions((0, 1, "Satu"), (1, 50, "Dua"))
    item(hall, "f", await film(browser, 40), kind="video", captions={"id": "/media/hall/c.vtt"})
    board(hall, *OLD)

    page = await display("calls", reduced_motion="reduce")

    await seen(page, "f.webm")
    await expect(page.locator("#media .captions span").first).to_have_text("Dua")
    assert await page.locator(FILM).evaluate("video => [video.paused, video.currentTime]") == [True, 0]


@pytest.mark.parametrize("kind", ["picture", "video"])
async def test_a_broken_file_is_passed_over_and_told(hall: FakeHall, display: OpenDisplay, kind: str):
    """The rest goes on, and staff read which one it is; it is not tried again and again."""
    broken = item(hall, "x", b"RIFF....WEBPVP8 nothing of the sort" * 9, kind=kind)
    item(hall, "a")
    board(hall, *OLD)

    page = await display("calls")

    await seen(page, "a.webp")
    await until(lambda: any(said.get("broken") == [broken.id] for said in hall.beats))
    asked = [name for method, name in hall.fetched if method == "HEAD"]
    assert asked == [f"x.{'webp' if kind == 'picture' else 'webm'}"]


async def test_a_file_that_is_gone_is_no_fault_of_it(hall: FakeHall, display: OpenDisplay, screens):
    """What somebody has taken away meanwhile is passed over, and the list is asked for anew."""
    item(hall, "x")
    del hall.files["x.webp"]
    item(hall, "a")
    board(hall, *OLD)

    page = await display("calls")

    await seen(page, "a.webp")
    assert not any(said.get("broken") for said in hall.beats)
    assert screens.faults  # the browser itself says that it was not there
    screens.faults.clear()


async def test_what_is_due_goes_by_the_malls_clock(hall: FakeHall, display: OpenDisplay):
    """From and until, hours and weekdays of the mall, whatever the screen's own clock and zone say."""
    noon = datetime(2026, 11, 24, 11, 59, 50, tzinfo=JAKARTA)  # a Tuesday
    item(hall, "noon", hours=("12:00-13:00",))
    item(hall, "morning", hours=("08:00-12:00",), days=("tue",))
    item(hall, "wednesday", days=("wed",), priority="high")
    item(hall, "night", hours=("22:00-12:00",), days=("wed",), priority="high")
    item(hall, "past", until="2026-11-20T00:00:00Z", priority="high")
    item(hall, "future", since="2026-12-01T00:00:00Z", priority="high")
    await at(hall, noon)
    board(hall)
    page = await display("empty", clock=True, timezone_id="America/Lima")
    await seen(page, "morning.webp")

    await hall.pass_time(page, 30)

    await seen(page, "noon.webp")


async def test_only_the_highest_priority_is_shown(hall: FakeHall, display: OpenDisplay):
    """What fills in waits until nothing else is due."""
    item(hall, "low", priority="low")
    item(hall, "normal")
    high = item(hall, "high", priority="high", until=(datetime.now(UTC) + timedelta(seconds=20)).isoformat())
    board(hall)
    page = await display("empty", clock=True)
    await seen(page, "high.webp")

    await hall.pass_time(page, 22)
    await expect(page.locator(IMAGE)).to_have_attribute("src", "/media/hall/normal.webp")
    hall.media = [replace(high, until=None, priority="low")]
    board(hall, of="2")
    await hall.push("board:hall")
    await hall.pass_time(page, 30)

    await seen(page, "high.webp")


async def test_a_board_without_its_server_goes_on_with_what_it_has(hall: FakeHall, display: OpenDisplay):
    """Pictures that the browser has kept are shown beside the mark of a lost line, and none is called broken."""
    item(hall, "a"), item(hall, "b")
    board(hall, *OLD, place="beside")
    page = await display("calls", clock=True)
    await seen(page, "a.webp")
    await page.wait_for_function("() => document.querySelectorAll('#media img')[1].complete")

    await hall.die()
    await page.clock.run_for(11_000)

    await expect(page.locator("#stale")).to_be_visible()
    await seen(page, "b.webp")
    await page.clock.fast_forward(31 * 60_000)
    await page.clock.run_for(1_000)
    await expect(page.locator("#media")).to_be_hidden()


async def test_a_changed_list_is_asked_for_once(hall: FakeHall, display: OpenDisplay):
    """What was taken off goes at once, what was put up comes in its turn."""
    item(hall, "a")
    view = board(hall, *OLD, place="beside")
    page = await display("calls")
    await seen(page, "a.webp")

    hall.media.clear()
    item(hall, "b")
    await hall.push("board:hall", replace(view, media=BoardMedia(place="beside", picture_s=10, of="2")))

    await seen(page, "b.webp")


async def test_weeks_of_media_leave_no_trace(hall: FakeHall, display: OpenDisplay):
    """One video and two images, whatever was shown: no element is added, no listener, no file kept."""
    for name in "abcdef":
        item(hall, name)
    board(hall, *OLD, place="beside")
    page = await display("calls", clock=True)
    await seen(page, "a.webp")
    before = await page.evaluate("() => document.querySelectorAll('*').length")

    await hall.pass_time(page, 300)

    assert await page.evaluate("() => document.querySelectorAll('*').length") == before
    assert await page.locator("#media > *").count() == 4
