"""What is heard of calls, one after the other: a display's real sound, caught at the loudspeaker, beside the files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.browser import Screens
from tests.loudspeaker import Heard, Loudspeaker
from tests.whole.hall_aloud import COUNTERS, SLOW, HallAloud, hall_aloud

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

OVER_S = 3.0
"""Longer than any pause between two announcements."""


@pytest.fixture
async def screens(loudspeaker: Loudspeaker) -> AsyncIterator[Screens]:
    """Pages in a browser that plays into the loudspeaker."""
    opened = Screens(await loudspeaker.browser())
    yield opened
    await opened.close()
    assert opened.faults == [], "faults on the pages"


def names(heard: list[Heard]) -> list[str]:
    return [one.name for one in heard]


async def press_together(hall: HallAloud, counters: tuple[str, ...]) -> list[str]:
    """All these counters call at once; the numbers in the order in which the board has them."""
    await hall.take(len(counters))
    called = await asyncio.gather(*(hall.call(counter) for counter in counters))
    calls = [str(call["number"]) for call in reversed((await hall.board())["calls"])]
    assert sorted(calls) == sorted(called)
    return calls


async def test_five_calls_at_once_are_shown_and_heard_in_order(
    tmp_path: Path, loudspeaker: Loudspeaker, screens: Screens
):
    """Five counters press at the same moment: five announcements in order, each whole, none into another; while three
    or more wait only the first language is spoken."""
    async with hall_aloud(tmp_path, loudspeaker) as hall:
        page = await hall.show(screens)

        one, two, three, four, five = await press_together(hall, COUNTERS[:5])
        recording = await loudspeaker.silence(OVER_S)

        heard = hall.heard(recording)
        assert names(heard) == [
            *("chime", f"{one} 0"),
            *("chime", f"{two} 0"),
            *("chime", f"{three} 0", f"{three} 1"),
            *("chime", f"{four} 0", f"{four} 1"),
            *("chime", f"{five} 0", f"{five} 1"),
        ]
        assert hall.faults(recording, heard) == []
        assert all(sound.gain > 0.8 for sound in heard)
        shown = await page.evaluate("() => window.seen.join(' ')")
        assert {one, two, three, four, five} <= set(shown.split())


async def test_nothing_is_repeated_while_five_wait(tmp_path: Path, loudspeaker: Loudspeaker, screens: Screens):
    """A display that says everything twice says once what it says while five or more wait, and the rest twice."""
    async with hall_aloud(tmp_path, loudspeaker) as hall:
        await hall.show(screens, "again")

        one, *others = await press_together(hall, COUNTERS)
        recording = await loudspeaker.silence(OVER_S)

        heard = hall.heard(recording)
        twice = [name for number in others for name in ("chime", f"{number} 0", f"{number} 0")]
        assert names(heard) == ["chime", f"{one} 0", *twice]
        assert hall.faults(recording, heard) == []


async def test_a_call_repeated_in_the_middle_of_its_sentence_is_said_again(
    tmp_path: Path, loudspeaker: Loudspeaker, screens: Screens
):
    """The sentence ends first; then come three notes, and the sentence that says that it is again."""
    async with hall_aloud(tmp_path, loudspeaker) as hall:
        await hall.show(screens)
        await hall.take(1)
        number = await hall.call("1")
        await hall.hears(f"{number} 0")

        assert (await hall.at("1", "recall")).status == 200
        await hall.fetch()
        recording = await loudspeaker.silence(OVER_S)

        heard = hall.heard(recording)
        again = ("chime-again", f"{number} again 0", f"{number} again 1")
        assert names(heard) == ["chime", f"{number} 0", f"{number} 1", *again]
        assert hall.faults(recording, heard) == []


async def test_an_undone_call_stops_in_the_middle_of_its_sentence(
    tmp_path: Path, loudspeaker: Loudspeaker, screens: Screens
):
    """It is silent at once and gone from the screen; the number's next call, to another counter, is said whole."""
    async with hall_aloud(tmp_path, loudspeaker, speed=SLOW) as hall:
        page = await hall.show(screens)
        await hall.take(1)
        number = await hall.call("1")
        await hall.hears(f"{number} 0")

        assert (await hall.at("1", "undo")).status == 200
        await page.locator('#board[data-shows="empty"]').wait_for()
        stopped = await loudspeaker.silence(1.0)
        cut = hall.heard(stopped)
        del hall.files[f"{number} 0"], hall.files[f"{number} 1"]
        assert await hall.call("2") == number
        recording = await loudspeaker.silence(OVER_S)

        assert names(cut) == ["chime"]
        heard = [one for one in hall.heard(recording) if one.start > stopped.loud_until()]
        assert names(heard) == ["chime", f"{number} 0", f"{number} 1"]


async def test_a_hold_in_the_middle_of_a_sentence_keeps_what_waits(
    tmp_path: Path, loudspeaker: Loudspeaker, screens: Screens
):
    """Who is being called hears it to the end; who waits to be heard is called once the hall goes on."""
    async with hall_aloud(tmp_path, loudspeaker) as hall:
        page = await hall.show(screens)
        one, two = await press_together(hall, COUNTERS[:2])
        await hall.hears(f"{one} 0")

        assert (await hall.do("hall/hold")).status == 200
        await page.locator('#board[data-shows="held"]').wait_for()
        held = hall.heard(await loudspeaker.silence(OVER_S))
        assert (await hall.do("hall/release")).status == 200
        await loudspeaker.hears(hall.files["chime"], times=2)
        recording = await loudspeaker.silence(OVER_S)

        heard = hall.heard(recording)
        assert names(held) == ["chime", f"{one} 0", f"{one} 1"]
        assert names(heard) == [*names(held), "chime", f"{two} 0", f"{two} 1"]
        assert hall.faults(recording, heard) == []


async def test_a_server_that_dies_in_the_middle_costs_no_call(
    tmp_path: Path, loudspeaker: Loudspeaker, screens: Screens
):
    """The sentence goes on without it; what is called after it is back is said once, what was said before is not."""
    async with hall_aloud(tmp_path, loudspeaker) as hall:
        await hall.show(screens)
        await hall.take(2)
        first = await hall.call("1")
        await hall.hears("chime")
        await hall.hears(f"{first} 0")

        await hall.house.kill()
        await loudspeaker.silence(OVER_S)
        await hall.house.start()
        second = await hall.call("2")
        await loudspeaker.hears(hall.files["chime"], times=2)
        recording = await loudspeaker.silence(OVER_S)

        heard = hall.heard(recording)
        assert names(heard) == ["chime", f"{first} 0", f"{first} 1", "chime", f"{second} 0", f"{second} 1"]
        assert hall.faults(recording, heard) == []


async def test_an_evacuation_ends_a_sentence_and_is_as_loud_as_can_be(
    tmp_path: Path, loudspeaker: Loudspeaker, screens: Screens
):
    """At an hour of low volume: the sentence stops, and the alarm sounds over and over at full volume."""
    async with hall_aloud(tmp_path, loudspeaker, clock="2026-11-24T12:30:00+07:00", speed=SLOW) as hall:
        await hall.show(screens)
        await hall.take(1)
        number = await hall.call("1")
        await hall.hears(f"{number} 0")

        assert (await hall.do("hall/evacuate")).status == 200
        await loudspeaker.hears(hall.files["evacuation"], times=2)

        chime, *alarms = hall.heard()
        assert (chime.name, round(chime.gain, 1)) == ("chime", 0.4)
        assert names(alarms) == ["evacuation"] * len(alarms)
        assert max(one.gain for one in alarms) > 0.8
