"""Calls are spoken by a whole server: addresses in the board's view, sound behind them, and who may hear it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from queue_server.speech.loudness import loudness
from queue_server.speech.sound import read_wav
from tests.browser import Screens
from tests.display.conftest import EAR, played
from tests.whole.server import SAMPLE, Server, server


async def called(house: Server, board: str = "hall") -> dict[str, Any]:
    """A ticket is taken and called to counter 1; the call as the board shows it."""
    staff = house.token("supervisor", "--name", "test")
    display = house.token("display", "--name", board)
    await house.post("/api/v1/counters/1/open", {}, staff)
    await house.post("/api/v1/tickets", {"service": "ktp_el"}, staff)
    assert (await house.post("/api/v1/counters/1/call-next", {}, staff)).status == 200
    (call,) = (await house.get(f"/api/v1/boards/{board}", display))["calls"]
    call["token"] = display
    return dict(call)


async def test_a_call_is_spoken_in_the_boards_languages(tmp_path: Path):
    """The board's view names one file a language; each is the call's sound, the same for ever, for who may see it."""
    async with server(tmp_path) as house:
        call = await called(house)

        files = [await house.get(path, call["token"]) for path in call["speech"]]

        assert [file.status for file in files] == [200, 200]
        assert len(set(call["speech"])) == 2
        for file in files:
            sound = read_wav(file.body)
            assert loudness(sound) == pytest.approx(-18.0, abs=0.5)
            assert 2.0 < sound.seconds < 10.0
            assert "immutable" in file.headers["Cache-Control"]
            assert file.headers["Content-Type"] == "audio/wav"
        assert (await house.get(call["speech"][0])).status == 401
        assert (await house.get(f"/speech/{'0' * 30}.wav", call["token"])).status == 404


async def test_a_board_without_sound_speaks_nothing(tmp_path: Path):
    """Where the file says that a board is silent, its calls name no sound."""
    async with server(tmp_path) as house:
        call = await called(house, board="entrance")

        assert call["speech"] == []


async def test_a_recall_is_a_sentence_of_its_own(tmp_path: Path):
    """Who is called again hears that it is again, so it is another file."""
    async with server(tmp_path) as house:
        first = await called(house)

        await house.post("/api/v1/counters/1/recall", {}, house.token("supervisor", "--name", "other"))
        newest, *_ = (await house.get("/api/v1/boards/hall", first["token"]))["calls"]

        assert newest["recall"]
        assert set(newest["speech"]).isdisjoint(first["speech"])
        assert (await house.get(newest["speech"][0], first["token"])).status == 200


async def test_whoever_walks_to_another_counter_hears_that_it_is_another(tmp_path: Path):
    """Called, sent on before they came and called elsewhere: that call has words of its own, its recall the same."""
    async with server(tmp_path) as house:
        first = await called(house)
        clerk = house.token("supervisor", "--name", "other")
        await house.post("/api/v1/counters/2/open", {}, clerk)
        await house.post("/api/v1/counters/1/transfer", {"counter": "2"}, house.token("supervisor", "--name", "test"))

        await house.post("/api/v1/counters/2/call-next", {}, clerk)
        (moved,) = (await house.get("/api/v1/boards/hall", first["token"]))["calls"]
        await house.post("/api/v1/counters/2/recall", {}, clerk)
        recalled, *_ = (await house.get("/api/v1/boards/hall", first["token"]))["calls"]

        assert moved["moved"]
        assert recalled["recall"]
        assert recalled["speech"] == moved["speech"]
        plain = await house.get(first["speech"][0], first["token"])
        told = await house.get(moved["speech"][0], first["token"])
        assert read_wav(told.body).seconds > read_wav(plain.body).seconds + 0.8


async def test_a_language_that_nobody_speaks_is_an_alarm(tmp_path: Path):
    """The hall goes on with the languages that can be spoken, and health and the floor say what is missing."""
    config = tmp_path / "config.toml"
    text = SAMPLE.read_text(encoding="utf-8")
    config.write_text(f'{text}\n[voices.en]\nengine = "espeak"\nvoice = "qqq"\n', encoding="utf-8")
    async with server(tmp_path, config=config) as house:
        call = await called(house)

        alarms = (await house.get("/healthz"))["alarms"]

        assert alarms == ["Calls are not spoken in English: espeak-ng has no voice 'qqq'."]
        assert len(call["speech"]) == 1
        assert (await house.get(call["speech"][0], call["token"])).status == 200


@pytest.mark.browser
async def test_a_display_speaks_after_its_chime(tmp_path: Path, screens: Screens):
    """A display plays the chime and then the call in both languages of its board, each to its end."""
    async with server(tmp_path, command="demo") as house:
        page = await screens.open(viewport="hall")
        await page.add_init_script(EAR)
        await page.goto(f"{house.at}/display/hall")
        await page.locator('#board[data-shows="empty"]').wait_for(timeout=20_000)

        call = await called(house)

        names = [str(path).rpartition("/")[2] for path in call["speech"]]
        assert await played(page, 3) == ["chime.wav", *names]
