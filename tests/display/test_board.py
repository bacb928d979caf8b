"""What the board shows besides calls: its states, its texts, its time; and that everybody can read it."""

from __future__ import annotations

import math
import struct
import wave
from itertools import pairwise

import pytest
from playwright.async_api import Page, expect

import display
from queue_server.wire.boards import BoardView
from tests.browser import axe, layout_faults
from tests.display.conftest import OpenDisplay, ago, big, shows
from tests.fakes import mall
from tests.fakes.hall import FakeHall

NOTICE = {"id": "Layanan tidak dipungut biaya.", "en": "Nothing is charged here."}
OLD = [mall.call(20 - index, f"B{11 - index:03d}", str(3 + index), ago(100 + index)) for index in range(8)]


async def faults(page: Page) -> list[str]:
    return [*await axe(page, aaa=True), *await layout_faults(page)]


STATES: dict[str, tuple[str, BoardView]] = {
    "empty": ("empty", mall.board()),
    "held": ("held", mall.board(*OLD, held="prayer", held_text={"id": "Salat Jumat", "en": "Friday prayer"})),
    "quiet": ("calls", mall.board(*OLD, serving=mall.serving({"3": "B011"}), notice=NOTICE)),
    "crowded": (
        "calls",
        mall.board(
            *[mall.call(40 - n, f"AB{1040 - n}", f"{30 - n}", ago(0), "b", recall=n == 1) for n in range(5)],
            *OLD,
            serving=mall.serving({str(n): f"C{n:03d}" for n in range(1, 31)}),
            waiting_list=tuple(f"D{n:03d}" for n in range(24)),
            rows=12,
            notice=NOTICE,
        ),
    ),
    "two scripts": ("calls", mall.board(*OLD, languages=("ka", "ar"), notice=NOTICE)),
    "words for counters": ("calls", mall.board(mall.call(90, "A001", "Loket 12", ago(0)), notice=NOTICE)),
}


@pytest.mark.parametrize("state", STATES)
async def test_every_state_is_accessible_and_whole(hall: FakeHall, display: OpenDisplay, state: str):
    """axe finds nothing, no text is cut off and nothing lies outside the screen."""
    until, view = STATES[state]
    hall.views["board:hall"] = view

    page = await display(until)

    assert await faults(page) == []
    assert await outside(page) == []


@pytest.mark.parametrize("size", [(1280, 720), (3840, 2160), (1080, 1920), (1366, 768)])
async def test_the_board_fills_any_panel(hall: FakeHall, display: OpenDisplay, size: tuple[int, int]):
    """The same picture on every panel, upright ones too: nothing is cut off, nothing scrolls."""
    hall.views["board:hall"] = STATES["crowded"][1]
    page = await display("calls")

    await page.set_viewport_size({"width": size[0], "height": size[1]})

    assert await layout_faults(page) == []
    assert await outside(page) == []


async def test_the_called_number_can_be_read_from_far(hall: FakeHall, display: OpenDisplay):
    """Its capitals are a fifth of the panel's height, those of the rows below a twentieth."""
    hall.views["board:hall"] = mall.board(*OLD)
    page = await display("calls")
    capital = "el => parseFloat(getComputedStyle(el).fontSize) * 0.714"

    called = await page.locator("#calls .called").first.evaluate(capital)
    row = await page.locator("#earlier .number").first.evaluate(capital)

    assert called >= 1080 / 5
    assert row >= 1080 / 20


async def test_held_hall_takes_the_numbers_away_and_gives_them_back(hall: FakeHall, display: OpenDisplay):
    """While the hall is held nobody is sent anywhere; afterwards the board is as it was."""
    hall.views["board:hall"] = mall.board(*OLD)
    page = await display("calls")

    await hall.push("board:hall", STATES["held"][1])
    await shows(page, "held")
    await expect(page.locator("#instead-title")).to_contain_text("Salat Jumat")
    await expect(page.locator("#instead-help")).to_contain_text("nomor tetap pada urutannya")
    await expect(page.locator("#calls")).to_be_hidden()
    await hall.push("board:hall", mall.board(*OLD))

    await shows(page, "calls")
    assert (await big(page))[0][0] == "B\u2009011"


async def test_a_lost_line_is_marked(hall: FakeHall, display: OpenDisplay):
    """Numbers that may be old never stand there as if they were called now."""
    hall.views["board:hall"] = mall.board(*OLD)
    page = await display("calls")

    await hall.die()

    await expect(page.locator("#stale")).to_be_visible()
    await expect(page.locator("#stale")).to_contain_text("Sambungan terputus")
    assert await axe(page) == []
    assert await outside(page) == []


async def test_the_mark_of_a_lost_line_covers_nothing(hall: FakeHall, display: OpenDisplay):
    """It stands in the foot, in the notice's place, and the call above it can be read whole."""
    hall.views["board:hall"] = STATES["quiet"][1]
    page = await display("calls")

    await hall.die()
    await expect(page.locator("#stale")).to_be_visible()

    mark, room = await page.locator("#stale").bounding_box(), await page.locator(".main").bounding_box()
    assert mark is not None
    assert room is not None
    assert mark["y"] >= room["y"] + room["height"] - 1
    await expect(page.locator("#strip")).to_be_hidden()
    assert await layout_faults(page) == []


async def test_numbers_that_stand_together_have_one_size(hall: FakeHall, display: OpenDisplay):
    """The longest decides, among the big calls, the earlier ones and those at the counters; ways begin in one line."""
    mixed = [mall.call(40 - n, f"{'A' * (1 + n % 2)}{n:03d}", str(n + 1), ago(0), "ab"[n % 2]) for n in range(3)]
    served = mall.serving({"1": "A001", "2": "AF002", "3": "A003"})
    hall.views["board:hall"] = mall.board(*mixed, *OLD[:3], mall.call(5, "AF900", "9", ago(90)), serving=served)

    page = await display("calls")
    await expect(page.locator("#calls .call:visible")).to_have_count(3)

    size = "all => [...new Set(all.filter(one => one.checkVisibility()).map(one => getComputedStyle(one).fontSize))]"
    for place in ("#calls .called", "#earlier .number:first-child", "#serving .number:first-child"):
        assert len(await page.locator(place).evaluate_all(size)) == 1, place
    left = "all => [...new Set(all.filter(one => one.checkVisibility()).map(one => one.getBoundingClientRect().x | 0))]"
    assert len(await page.locator("#calls .way").evaluate_all(left)) == 1


OVERLAPS = """() => {
    const shown = [...document.querySelectorAll(".cell:not([hidden])")];
    const boxes = shown.map((cell) => cell.lastElementChild.getBoundingClientRect());
    const across = (one, other) => other.left < one.right && one.left < other.right;
    return boxes.flatMap((one, place) => boxes.slice(place + 1)
        .filter((other) => across(one, other) && other.top < one.bottom && one.top < other.bottom)
        .map((other) => [one.top, one.bottom, other.top, other.bottom]));
}"""


@pytest.mark.parametrize("count", [4, 7, 8, 12, 20, 30])
async def test_boxes_of_counters_never_touch(hall: FakeHall, display: OpenDisplay, count: int):
    """However many are served, also where the numbers that wait stand below them."""
    serving = mall.serving({str(n): f"AC{n:03d}" for n in range(10, 10 + count)})
    waiting = tuple(f"AD{n:03d}" for n in range(8))
    hall.views["board:hall"] = mall.board(*OLD, serving=serving, waiting_list=waiting, notice=NOTICE)

    page = await display("calls")

    assert await page.evaluate(OVERLAPS) == []


async def test_three_calls_at_once_are_still_large(hall: FakeHall, display: OpenDisplay):
    """Their capitals are a tenth of the panel's height and more, and no row lies over the next."""
    hall.views["board:hall"] = mall.board(
        *[mall.call(40 - n, f"AF01{n}", "12", ago(0)) for n in range(3)], notice=NOTICE
    )
    page = await display("calls")
    await expect(page.locator("#calls .call:visible")).to_have_count(3)

    capital = await page.locator("#calls .called").first.evaluate(
        "el => parseFloat(getComputedStyle(el).fontSize) * 0.714"
    )
    frames = [await one.bounding_box() for one in await page.locator("#calls .counter").all()]

    assert capital >= 1080 / 10
    for above, below in pairwise(frames):
        assert above is not None
        assert below is not None
        assert above["y"] + above["height"] < below["y"]


async def test_a_display_without_a_token_says_so(hall: FakeHall, display: OpenDisplay):
    """An administrator sees what is missing instead of an empty screen."""
    hall.allowed = False

    page = await display("refused")
    await expect(page.locator("#stale")).to_be_hidden()

    assert await faults(page) == []


async def test_a_board_that_does_not_exist_is_named_as_such(hall: FakeHall, display: OpenDisplay):
    """A wrong address is not a lost line."""
    hall.views.clear()

    page = await display("unknown")
    await expect(page.locator("#stale")).to_be_hidden()

    assert await faults(page) == []


async def test_clock_and_date_are_the_malls(hall: FakeHall, display: OpenDisplay):
    """Time and date are the server's, in the mall's zone and the board's first language."""
    hall.views["board:hall"] = mall.board(languages=("ka", "en"), timezone="Asia/Tbilisi")
    page = await display(timezone_id="America/New_York")

    expected = await page.evaluate(
        "() => new Date().toLocaleString('en-GB', {timeZone: 'Asia/Tbilisi', hour: '2-digit', minute: '2-digit'})"
    )

    await expect(page.locator("#time")).to_have_text(expected)
    await expect(page.locator("#date")).to_contain_text(str(await page.evaluate("() => new Date().getFullYear()")))
    assert await page.locator("#date").evaluate("el => /[\\u10D0-\\u10FF]/.test(el.textContent)")


async def test_motion_stops_where_it_is_not_wanted(hall: FakeHall, display: OpenDisplay):
    """Whoever asks for reduced motion gets a plain change."""
    page = await display(reduced_motion="reduce")

    await hall.push("board:hall", mall.board(mall.call(99, "A001", "1", ago(0))))
    await shows(page, "calls")

    assert await page.locator(".called").first.evaluate("el => getComputedStyle(el).animationName") == "none"


@pytest.mark.parametrize("name", ["chime.wav", "chime-again.wav"])
def test_the_chime_is_short_and_not_too_loud(name: str):
    """A second and a half, its loudest sample at -6 dBFS, beginning and ending in silence."""
    with wave.open(str(display.FOLDER / "static" / name)) as sound:
        count, rate = sound.getnframes(), sound.getframerate()
        samples = struct.unpack(f"<{count}h", sound.readframes(count))

    assert count / rate == pytest.approx(1.5)
    assert 20 * math.log10(max(map(abs, samples)) / 32768) == pytest.approx(-6, abs=0.1)
    assert abs(samples[0]) < 300
    assert abs(samples[-1]) < 300


async def outside(page: Page) -> list[str]:
    """Texts that reach over the edge of the screen or of the box that holds them."""
    found: list[str] = await page.evaluate("""() => {
        const found = [], wide = innerWidth + 1, high = innerHeight + 1;
        const texts = '.number, .counter, p, h2, .way, .again, .told, .agency-names, .facts span';
        for (const el of document.querySelectorAll(texts)) {
            if (!el.checkVisibility() || !el.textContent.trim() || el.closest('.visually-hidden')) continue;
            const box = el.getBoundingClientRect();
            const room = el.closest('.now, .earlier, .serving, .overview, .strip, .bar, .instead');
            const limit = room?.getBoundingClientRect() ?? {left: 0, right: wide, top: 0, bottom: high};
            if (box.right > Math.min(limit.right, wide) + 1 || box.left < limit.left - 1
                || box.bottom > Math.min(limit.bottom, high) + 1 || box.top < limit.top - 1)
                found.push(`${el.className} ${el.textContent.trim().slice(0, 20)}`);
        }
        return found;
    }""")
    return found


async def test_a_closed_hall_does_not_say_welcome(hall: FakeHall, display: OpenDisplay):
    """After hours the board says that it is closed, also where the day's calls are still known."""
    hall.views["board:hall"] = mall.board(*OLD, open=False)

    page = await display("closed")

    await expect(page.locator("#instead-title")).to_contain_text("Saat ini kami tutup")
    assert await faults(page) == []


@pytest.mark.parametrize("state", ["quiet", "empty"])
async def test_an_upright_board_loads_in_its_place(hall: FakeHall, display: OpenDisplay, state: str):
    """Upright, the called number is as high as on a board that lies, and nothing moves while the page loads."""
    until, hall.views["board:hall"] = STATES[state]
    page = await display(until)
    await page.set_viewport_size({"width": 1080, "height": 1920})
    await page.add_init_script(SHIFTS)

    await page.reload()
    await shows(page, until)

    capital = "el => parseFloat(getComputedStyle(el).fontSize) * 0.714"
    assert await page.locator("#calls .called").first.evaluate(capital) >= 1080 / 5
    assert await page.evaluate("() => window.shifted") < 0.1


SHIFTS = """(() => {
    window.shifted = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.shifted += entry.value; }))
        .observe({type: 'layout-shift', buffered: true});
})()"""


async def test_a_call_is_read_out_in_one_language(hall: FakeHall, display: OpenDisplay):
    """Whoever has the page read out hears one sentence, without words of another language in its middle."""
    page = await display()

    await hall.push("board:hall", mall.board(mall.call(7, "A012", "12", ago(0), "b", recall=True)))

    await expect(page.locator("#read")).to_have_text(
        "Panggilan ulang. Nomor A012. Loket 12. Lantai 2, naik eskalator lalu ke kanan"
    )
    assert await page.locator("#read").get_attribute("lang") == "id"
    assert await page.locator("[role=status] [lang=en]:visible").count() == 0
