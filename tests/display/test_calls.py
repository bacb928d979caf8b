"""Every call is drawn at once and announced once, one after the other, whatever becomes of the line."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from msgspec.structs import replace
from playwright.async_api import Page, async_playwright, expect

from queue_server.wire.boards import BoardCall, BoardView
from tests.browser import Screens, launch
from tests.display.conftest import EAR, OpenDisplay, ago, big, played, plays, shows
from tests.fakes import mall
from tests.fakes.hall import FakeHall

AT_ONCE_MS = 300
CHIME_MS = 1450


async def test_a_call_is_big_at_once_and_heard(hall: FakeHall, display: OpenDisplay):
    """Number, counter and the way there stand on the screen within an eye-blink of the push, and a chime plays."""
    page = await display()
    await watch(page)

    pushed = time.time() * 1000
    await hall.push("board:hall", mall.board(mall.call(7, "A012", "12", ago(0), "b")))
    await shows(page, "calls")

    assert await big(page) == [["A\u2009012", "12"]]
    await expect(page.locator("#calls")).to_contain_text("naik eskalator")
    await expect(page.locator("#calls")).to_contain_text("up the escalator")
    assert await page.evaluate("() => window.drawnAt") - pushed < AT_ONCE_MS
    assert await played(page, 1) == ["chime.wav"]


async def test_five_calls_within_a_second_are_five_announcements(hall: FakeHall, display: OpenDisplay):
    """All five are drawn together, and sound one after the other, never two at a time."""
    page = await display()
    five = [mall.call(20 - index, f"C{20 - index:03d}", str(index + 1), ago(0)) for index in range(5)]

    await hall.push("board:hall", mall.board(*five))
    await shows(page, "calls")
    drawn = await page.locator(".number:not(.counter):visible").all_inner_texts()

    assert {"C\u2009016", "C\u2009017", "C\u2009018", "C\u2009019", "C\u2009020"} <= set(drawn)
    assert len(await played(page, 5)) == 5
    began = [at for kind, _, at in await page.evaluate("() => window.heard") if kind == "play"]
    assert all(later - earlier >= CHIME_MS for earlier, later in pairwise(began))


SPOKEN = ("/speech/id.wav", "/speech/en.wav")


async def test_a_call_is_spoken_after_its_chime(hall: FakeHall, display: OpenDisplay):
    """What the server has made of a call is played after the chime, in the order of the board's languages."""
    page = await display()

    await hall.push("board:hall", mall.board(replace(mall.call(7, "A012", "12", ago(0)), speech=SPOKEN)))

    assert await played(page, 3) == ["chime.wav", "id.wav", "en.wav"]


async def test_many_calls_are_spoken_in_the_first_language_only(hall: FakeHall, display: OpenDisplay):
    """Where three or more wait for their sound the second language is left out, so that nobody waits long."""
    page = await display()
    calls = [replace(mall.call(24 - index, f"C{index:03d}", "1", ago(0)), speech=SPOKEN) for index in range(4)]

    await hall.push("board:hall", mall.board(*calls))

    heard = await played(page, 6)
    assert heard[:6] == ["chime.wav", "id.wav", "chime.wav", "id.wav", "en.wav", "chime.wav"]


async def test_a_call_that_is_taken_back_is_not_spoken_to_its_end(hall: FakeHall, display: OpenDisplay):
    """An undone call stops in the middle of its sentence, and the next one is announced whole."""
    page = await display()
    await hall.push("board:hall", mall.board(replace(mall.call(7, "A012", "12", ago(0)), speech=SPOKEN)))
    await page.wait_for_function("() => window.heard.some(([kind, name]) => kind === 'play' && name === 'id.wav')")

    await hall.push("board:hall", mall.board(replace(mall.call(8, "A013", "1", ago(0)), speech=SPOKEN)))

    assert await played(page, 4) == ["chime.wav", "id.wav", "chime.wav", "id.wav", "en.wav"]


async def test_a_call_that_cannot_be_spoken_holds_up_no_other(hall: FakeHall, display: OpenDisplay, screens: Screens):
    """A sound file that is not there costs a moment, and the next call is announced."""
    page = await display()
    first = replace(mall.call(7, "A012", "12", ago(0)), speech=("/speech/none.wav",))

    await hall.push("board:hall", mall.board(mall.call(8, "A013", "1", ago(0)), first))

    assert (await played(page, 2))[-1] == "chime.wav"
    assert len(await plays(page)) == 3
    screens.faults.clear()


async def test_a_fresh_page_does_not_speak_of_old_calls(hall: FakeHall, display: OpenDisplay):
    """Calls older than ten seconds are shown and not announced; a younger one is."""
    hall.views["board:hall"] = mall.board(mall.call(9, "A002", "2", ago(3)), mall.call(8, "A001", "1", ago(60)))

    page = await display("calls")

    assert await played(page, 1) == ["chime.wav"]
    await hall.push("board:hall", mall.board(mall.call(10, "A003", "3", ago(0)), *board_calls(hall)))
    assert len(await played(page, 2)) == 2


async def test_a_reconnect_neither_misses_nor_repeats(hall: FakeHall, display: OpenDisplay):
    """What was called while the line was down is announced once it is back, and nothing twice."""
    page = await display()
    first = mall.call(30, "A001", "1", ago(0))
    await hall.push("board:hall", mall.board(first))
    await played(page, 1)

    hall.views["board:hall"] = mall.board(mall.call(31, "A002", "2", ago(0)), first)
    await hall.hang_up()

    assert len(await played(page, 2)) == 2
    await hall.push("board:hall", mall.board(mall.call(32, "A003", "3", ago(0)), *board_calls(hall)))
    assert len(await played(page, 3)) == 3
    assert await big_has(page, "A\u2009003")


async def test_a_page_loaded_anew_repeats_nothing(hall: FakeHall, display: OpenDisplay):
    """A display that restarts right after a call does not call it again, and goes on with the next."""
    page = await display()
    await hall.push("board:hall", mall.board(mall.call(40, "A001", "1", ago(0))))
    await played(page, 1)

    await page.reload()
    await shows(page, "calls")
    await hall.push("board:hall", mall.board(mall.call(41, "A002", "2", ago(0)), *board_calls(hall)))

    assert len(await played(page, 2)) == 2


async def test_a_new_journal_begins_again(hall: FakeHall, display: OpenDisplay):
    """A demonstration that was started anew counts from the beginning; its calls are announced all the same."""
    page = await display()
    await hall.push("board:hall", mall.board(mall.call(900, "A001", "1", ago(0))))
    await played(page, 1)

    hall.boot = "boot-2"
    await hall.push("board:hall", mall.board())
    await hall.push("board:hall", mall.board(mall.call(3, "A001", "1", ago(-1))))

    assert len(await played(page, 2)) == 2


async def test_an_undone_call_leaves_at_once(hall: FakeHall, display: OpenDisplay):
    """A call that no longer holds is gone from the screen and from what is still to be announced."""
    page = await display()
    stays, undone = mall.call(50, "A001", "1", ago(0)), mall.call(51, "A002", "2", ago(0))
    await hall.push("board:hall", mall.board(undone, stays))
    await expect(page.locator("#calls")).to_contain_text("A\u2009002")

    await hall.push("board:hall", mall.board(stays))
    await expect(page.locator("#board")).not_to_contain_text("A\u2009002")
    await played(page, 1)
    await hall.push("board:hall", mall.board(mall.call(52, "A003", "3", ago(0)), stays))

    assert len(await played(page, 2)) == 2


async def test_a_recall_is_shown_and_heard_as_one(hall: FakeHall, display: OpenDisplay):
    """A number called again says so, has three notes, and stands once."""
    page = await display()
    first = mall.call(60, "A001", "1", ago(5))
    await hall.push("board:hall", mall.board(mall.call(61, "A001", "1", ago(0), recall=True), first))

    await expect(page.locator("#calls .call:visible")).to_contain_text("Panggilan ulang")
    await expect(page.locator(".number:visible").get_by_text("A\u2009001")).to_have_count(1)
    assert "chime-again.wav" in await played(page, 2)


async def test_a_silent_board_is_silent(hall: FakeHall, display: OpenDisplay):
    """A board without sound shows and marks each call and plays nothing."""
    hall.views["board:hall"] = mall.board(sound=False)
    page = await display()

    await hall.push("board:hall", mall.board(mall.call(70, "A001", "1", ago(0)), sound=False))
    await expect(page.locator(".call.pulse")).to_be_visible()
    await expect(page.locator(".call.pulse")).to_have_count(0)

    assert await plays(page) == []


async def test_blocked_sound_is_marked_until_somebody_touches(hall: FakeHall, address: str):
    """Where the browser lets nothing sound, a mark says so before the first call is lost; a touch switches it on."""
    async with async_playwright() as playwright:
        screens = Screens(await launch(playwright, autoplay=False))
        page = await screens.open(viewport="hall")
        await page.add_init_script(EAR)
        await page.goto(f"{address}/display/hall")
        await expect(page.locator("#sound")).to_be_visible()

        await page.locator("#sound").click()
        await expect(page.locator("#sound")).to_be_hidden()
        await played(page, 1)
        await hall.push("board:hall", mall.board(mall.call(80, "A001", "1", ago(0))))

        await played(page, 2)
        assert screens.faults == []


async def test_weeks_of_calls_leave_nothing_behind(hall: FakeHall, display: OpenDisplay):
    """After hundreds of calls there are as many elements and listeners as before: rows are filled, never added."""
    hall.views["board:hall"] = mall.board(sound=False)
    page = await display()
    client = await page.context.new_cdp_session(page)
    await hall.push("board:hall", mall.board(*window(100), sound=False))
    await expect(page.locator("#board")).to_contain_text("A\u2009100")
    before = await client.send("Memory.getDOMCounters")

    for seq in range(101, 401):
        await hall.push("board:hall", mall.board(*window(seq), sound=False, serving=mall.serving({"1": f"B{seq:03d}"})))
    await expect(page.locator("#board")).to_contain_text("A\u2009400")
    await client.send("HeapProfiler.collectGarbage")
    after = await client.send("Memory.getDOMCounters")

    assert after["jsEventListeners"] <= before["jsEventListeners"] + 1
    assert after["nodes"] <= before["nodes"] + 60


def window(newest: int) -> list[BoardCall]:
    return [mall.call(seq, f"A{seq:03d}", str(seq % 30), ago(0)) for seq in range(newest, newest - 8, -1)]


def board_calls(hall: FakeHall) -> tuple[BoardCall, ...]:
    view = hall.views["board:hall"]
    assert isinstance(view, BoardView)
    return view.calls


async def big_has(page: Page, number: str) -> bool:
    return any(pair[0] == number for pair in await big(page))


async def watch(page: Page) -> None:
    """Notes when the place of the big number changes, so that the test's own way to the page is not counted."""
    await page.evaluate("""() => {
        const note = () => { window.drawnAt ??= performance.timeOrigin + performance.now(); };
        new MutationObserver(note).observe(document.querySelector('#calls .called'), {childList: true, subtree: true});
    }""")


async def test_the_sound_is_tested_at_the_display(hall: FakeHall, display: OpenDisplay):
    """A hand that moves brings up a button; it plays the chime and what a call would say, and calls nobody."""
    hall.views["board:hall"] = mall.board(sound_test=SPOKEN)
    page = await display()

    await page.mouse.move(200, 200)
    await page.locator("#sound-test").click()

    assert await played(page, 3) == ["chime.wav", "id.wav", "en.wav"]
    await shows(page, "empty")


async def test_who_is_sent_on_hears_only_where_to_go_now(hall: FakeHall, display: OpenDisplay):
    """A ticket called by a second counter while the first call is in the air: that one stops, the new one is whole."""
    page = await display()
    first = replace(mall.call(7, "A012", "12", ago(0)), speech=SPOKEN)
    await hall.push("board:hall", mall.board(first))
    await page.wait_for_function("() => window.heard.some(([kind, name]) => kind === 'play' && name === 'id.wav')")

    await hall.push("board:hall", mall.board(replace(mall.call(8, "A012", "1", ago(0)), speech=SPOKEN), first))

    assert await played(page, 4) == ["chime.wav", "id.wav", "chime.wav", "id.wav", "en.wav"]
    assert (await big(page))[0] == ["A\u2009012", "1"]


async def test_what_waited_for_its_sound_before_a_sleep_is_not_spoken_after_it(hall: FakeHall, display: OpenDisplay):
    """A machine that slept for half an hour with calls in the queue wakes to silence, and to the next call."""
    page = await display(clock=True)
    old = [mall.call(40 + number, f"A{number:03d}", str(number), ago(0)) for number in range(4)]
    await hall.push("board:hall", mall.board(*old))
    await page.wait_for_function("() => window.heard.length > 0")

    hall.clock += timedelta(minutes=30)
    await page.clock.fast_forward(30 * 60_000)
    await hall.push("board:hall", mall.board(*old))
    begun = len(await plays(page))
    late = datetime.now(UTC) + timedelta(minutes=30)
    fresh = mall.call(60, "B060", "6", late.isoformat().replace("+00:00", "Z"))
    await hall.push("board:hall", mall.board(fresh, *old))
    await page.wait_for_function("count => window.heard.filter(([k]) => k === 'play').length > count", arg=begun)

    assert (await plays(page))[begun:][:1] == ["chime.wav"]
    assert await big(page) == [["B\u2009060", "6"]]
    assert begun <= 2


async def test_an_announcement_is_repeated_while_few_wait(hall: FakeHall, display: OpenDisplay):
    """A board that repeats says a lone call twice after one chime, at the volume of the hour."""
    hall.views["board:hall"] = mall.board(repeat=1, volume=40)
    page = await display()

    call = replace(mall.call(7, "A012", "12", ago(0)), speech=SPOKEN)
    await hall.push("board:hall", mall.board(call, repeat=1, volume=40))

    assert await played(page, 5) == ["chime.wav", "id.wav", "en.wav", "id.wav", "en.wav"]
    assert await page.evaluate("() => window.loudness") == [0.4]
