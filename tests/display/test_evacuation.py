"""The display while the building is evacuated: nothing but the sign, in all its languages, and a signal of its own."""

from __future__ import annotations

import math
import struct
import wave

import pytest
from msgspec.structs import replace
from playwright.async_api import expect

import display
from tests.browser import axe
from tests.display.conftest import OpenDisplay, ago, plays, shows
from tests.fakes import canned, mall
from tests.fakes.hall import FakeHall

BOARD = "board:hall"
SIGNAL = "evacuation.wav"
ALL = ("id", "en", "jv", "az", "ka", "ar")


def evacuated(**changes: object):
    return mall.board(held="evacuation", evacuation=canned.evacuation(), **changes)


async def test_everything_gives_way_to_the_sign(hall: FakeHall, display: OpenDisplay):
    """What to do, the way out, where to gather; calls and the notice are gone, and come back when it is over."""
    notice = {"id": "Semua layanan gratis", "en": "All services are free"}
    page = await display()
    await hall.push(BOARD, mall.board(mall.call(5, "A005", "5", ago(200)), notice=notice))
    await shows(page, "calls")

    await hall.push(BOARD, evacuated(notice=notice))
    await shows(page, "evacuation")

    sign = page.locator("#evacuated")
    await expect(sign).to_be_visible()
    for said in ("Segera tinggalkan gedung", "tangga utara", "Titik kumpul: halaman parkir", "Leave the building now"):
        await expect(sign).to_contain_text(said)
    await expect(page.locator("#strip")).to_be_hidden()
    await expect(page.locator("#instead")).to_be_hidden()
    assert await axe(page) == []
    await hall.push(BOARD, mall.board(mall.call(5, "A005", "5", ago(200)), notice=notice))
    await shows(page, "calls")
    await expect(sign).to_be_hidden()
    await expect(page.locator("#strip")).to_be_visible()


async def test_every_language_says_every_way_out(hall: FakeHall, display: OpenDisplay):
    """Who reads the board's second language is told all the ways out as well."""
    ways = canned.evacuation().ways * 3
    hall.views[BOARD] = mall.board(held="evacuation", evacuation=replace(canned.evacuation(), ways=ways))

    page = await display("evacuation")

    second = page.locator("#evacuated .leave-others > li span").first
    await expect(second).to_be_visible()
    assert (await second.inner_text()).count(ways[0].way["en"]) == 3


@pytest.mark.parametrize("viewport", ["hall", "kiosk"])
async def test_six_languages_fit(hall: FakeHall, display: OpenDisplay, viewport: str):
    """Every language of the board is on the screen at once, whichever way the screen stands."""
    hall.views[BOARD] = evacuated(languages=ALL)

    page = await display("evacuation", viewport=viewport)

    await expect(page.locator("#evacuated .leave-others > li")).to_have_count(5)
    assert await page.evaluate(
        "() => { const sign = document.getElementById('evacuated'); return sign.scrollHeight <= sign.clientHeight; }"
    )


@pytest.mark.parametrize("sound", [True, False])
async def test_the_signal_sounds_until_it_is_over(hall: FakeHall, display: OpenDisplay, sound: bool):
    """Also on a board without sound; nothing is announced meanwhile, and afterwards calls sound as ever."""
    page = await display()
    await hall.push(BOARD, evacuated(sound=sound))
    await shows(page, "evacuation")
    await page.wait_for_function(
        "() => window.heard.some(([kind, name]) => kind === 'play' && name === 'evacuation.wav')"
    )

    await hall.push(BOARD, mall.board(sound=True))
    await shows(page, "empty")
    await hall.push(BOARD, mall.board(mall.call(7, "A007", "7", ago(0))))
    await page.wait_for_function("() => window.heard.some(([kind, name]) => kind === 'ended' && name === 'chime.wav')")

    assert (await plays(page)).count(SIGNAL) == 1
    assert ["ended", SIGNAL] not in [one[:2] for one in await page.evaluate("() => window.heard")]


async def test_a_sign_whose_line_is_lost_stays(hall: FakeHall, display: OpenDisplay):
    """It may be over by now, and nobody can know; the mark says that the line is lost."""
    hall.views[BOARD] = evacuated()
    page = await display("evacuation")

    await hall.die()
    await expect(page.locator("#stale")).to_be_visible()

    await shows(page, "evacuation")


def test_the_signal_is_the_evacuation_signals():
    """Three pulses of half a second, half a second apart, then a second and a half of silence (ISO 8201), loud."""
    with wave.open(str(display.FOLDER / "static" / SIGNAL)) as sound:
        rate = sound.getframerate()
        samples = struct.unpack(f"<{sound.getnframes()}h", sound.readframes(sound.getnframes()))

    tenths = [max(map(abs, samples[at : at + rate // 10])) > 1000 for at in range(0, len(samples) - 1, rate // 10)]

    assert tenths == ([True] * 5 + [False] * 5) * 3 + [False] * 10
    assert 20 * math.log10(max(map(abs, samples)) / 32768) == pytest.approx(-3, abs=0.1)
