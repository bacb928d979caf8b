"""What is heard where and how loud: displays that hear each other, zones, a hearing loop, the hour, a test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.browser import Screens
from tests.loudspeaker import Loudspeaker
from tests.whole.hall_aloud import COUNTERS, hall_aloud
from tests.whole.test_heard import OVER_S, names, press_together

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
async def screens(loudspeaker: Loudspeaker) -> AsyncIterator[Screens]:
    """Pages in a browser that plays into the loudspeaker."""
    opened = Screens(await loudspeaker.browser())
    yield opened
    await opened.close()
    assert opened.faults == [], "faults on the pages"


async def test_two_browsers_within_one_earshot_do_not_speak_at_once(
    tmp_path: Path, loudspeaker: Loudspeaker, screens: Screens
):
    """Two displays that hear each other both show three calls; each is said once by one of them, none into another."""
    other = Screens(await loudspeaker.browser())
    async with hall_aloud(tmp_path, loudspeaker) as hall:
        pages = [await hall.show(screens), await hall.show(other, "near")]

        calls = await press_together(hall, COUNTERS[:3])
        recording = await loudspeaker.silence(OVER_S)

        heard = hall.heard(recording)
        said = [name for name in names(heard) if name.endswith(" 0")]
        assert sorted(said) == sorted(f"{number} 0" for number in calls)
        assert hall.faults(recording, heard) == []
        for page in pages:
            assert set(calls) <= set((await page.evaluate("() => window.seen.join(' ')")).split())
    await other.close()
    assert other.faults == []


async def test_a_zones_own_loudspeaker_says_only_its_calls(tmp_path: Path, loudspeaker: Loudspeaker, screens: Screens):
    """A call in another zone is not heard there; its own is, in its own language alone."""
    async with hall_aloud(tmp_path, loudspeaker) as hall:
        await hall.show(screens, "south")
        await hall.take(2)

        north = await hall.call("1")
        south = await hall.call(COUNTERS[-1])
        recording = await loudspeaker.silence(OVER_S)

        assert names(hall.heard(recording)) == ["chime", f"{south} 0"]
        assert north != south
        assert hall.faults(recording, hall.heard(recording)) == []


async def test_a_hearing_loop_is_one_more_loudspeaker(tmp_path: Path, loudspeaker: Loudspeaker, screens: Screens):
    """A display whose output is a loop, outside every earshot, says each call whole and waits for no other display."""
    folder = tmp_path / "loop"
    folder.mkdir(mode=0o700)
    loop = Loudspeaker(folder)
    await loop.start()
    ears = Screens(await loop.browser())
    try:
        async with hall_aloud(tmp_path, loudspeaker) as hall:
            await hall.show(screens)
            await hall.show(ears, "loop")
            await hall.take(1)

            number = await hall.call("1")
            recording, looped = await loudspeaker.silence(OVER_S), await loop.silence(OVER_S)

            assert names(hall.heard(recording)) == ["chime", f"{number} 0", f"{number} 1"]
            assert names(hall.heard(looped)) == ["chime", f"{number} 1"]
            assert hall.faults(looped, hall.heard(looped)) == []
        await ears.close()
        assert ears.faults == []
    finally:
        await loop.stop()


async def test_the_hour_says_how_loud_it_is(tmp_path: Path, loudspeaker: Loudspeaker, screens: Screens):
    """From twelve on this display has 40 %: chime and speech are heard with 0.4 of their files' amplitude."""
    async with hall_aloud(tmp_path, loudspeaker, clock="2026-11-24T12:30:00+07:00") as hall:
        await hall.show(screens)
        await hall.take(1)

        number = await hall.call("1")
        recording = await loudspeaker.silence(OVER_S)

        heard = hall.heard(recording)
        assert names(heard) == ["chime", f"{number} 0", f"{number} 1"]
        assert [one.gain for one in heard] == pytest.approx([0.4] * 3, abs=0.06)


async def test_a_test_of_the_sound_is_heard(tmp_path: Path, loudspeaker: Loudspeaker, screens: Screens):
    """Whoever presses the button at the display hears the chime and a sentence in each of its languages."""
    async with hall_aloud(tmp_path, loudspeaker) as hall:
        page = await hall.show(screens)
        for place, path in enumerate((await hall.board())["sound_test"]):
            await hall.keep(f"test {place}", path)

        await page.mouse.move(200, 200)
        await page.locator("#sound-test").click()
        recording = await loudspeaker.silence(OVER_S)

        heard = hall.heard(recording)
        assert names(heard) == ["chime", "test 0", "test 1"]
        assert hall.faults(recording, heard) == []
