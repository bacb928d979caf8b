"""Which calls are spoken, in which languages, who may fetch them, and what the floor says where nobody can speak."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from queue_server.settings import load
from tests.waiting import until
from tests.web.edge import CONFIG, Edge, edge_at

TICKETS_TOO = """
[speech]
ticket_language = true
[boards.english]
zones = ["a"]
languages = ["en"]
"""
UNSPOKEN = """
[voices.en]
engine = "espeak"
voice = "qqq"
"""


async def ready(edge: Edge) -> None:
    """The voices have been looked at."""
    await until(lambda: edge.mall.parts.speech.speakers)


async def calls(edge: Edge, board: str = "main") -> list[dict[str, Any]]:
    said = (await edge.get(f"/boards/{board}", by="supervisor"))["calls"]
    return list(said)


async def test_a_call_names_its_sound_while_it_is_fresh(edge: Edge):
    """For a minute a call says where it lies in each language of the board; after that no display would announce it."""
    await ready(edge)
    await edge.called()

    (fresh,) = await calls(edge)
    edge.wait(61)
    (old,) = await calls(edge)

    assert len(fresh["speech"]) == 2
    assert all(path.startswith("/speech/") for path in fresh["speech"])
    assert old["speech"] == []


async def test_sound_is_for_displays_and_staff(edge: Edge):
    """Who may see a board may hear it, and kiosks; nobody else. A name that was never given is not found."""
    await ready(edge)
    await edge.called()
    ((path, _),) = [call["speech"] for call in await calls(edge)]

    answers = [await edge.page(path, Authorization=f"Bearer {edge.token(role)}") for role in ("display", "kiosk")]
    refused = await edge.page(path, Authorization=f"Bearer {edge.token('printer')}")
    unknown = await edge.page(f"/speech/{'0' * 30}.wav", Authorization=f"Bearer {edge.token('display')}")

    assert [answer.status for answer in answers] == [200, 200]
    assert (await edge.page(path)).status == 401
    assert (refused.status, unknown.status) == (403, 404)


async def test_a_tickets_own_language_is_spoken_after_the_boards(tmp_path: Path):
    """Where the mall says so, somebody who chose another language than the board's hears it, too."""
    async with edge_at(tmp_path, config=CONFIG + TICKETS_TOO) as edge:
        await ready(edge)
        await edge.post("/counters/1/open", {}, by="supervisor")
        for language in ("id", "en"):
            await edge.ticket("passport", language=language)
        await edge.post("/counters/1/call-next", {}, by="supervisor")
        (indonesian,) = await calls(edge, "english")
        await edge.post("/counters/1/start", {}, by="supervisor")
        await edge.post("/counters/1/call-next", {}, by="supervisor")
        english, _ = await calls(edge, "english")

        assert (indonesian["language"], len(indonesian["speech"])) == ("id", 2)
        assert (english["language"], len(english["speech"])) == ("en", 1)


async def test_a_language_that_nobody_speaks_is_an_alert(tmp_path: Path):
    """The floor says what is missing, and the other languages are spoken."""
    async with edge_at(tmp_path, config=CONFIG + UNSPOKEN) as edge:
        await ready(edge)
        await edge.called()
        async with edge.live("floor", by="supervisor") as socket:
            frame = await socket.receive_json()
            while "view" not in frame:
                frame = await socket.receive_json()

        (alert,) = [one for one in frame["view"]["alerts"] if one["kind"] == "speech"]
        assert (alert["subject"], alert["severity"]) == ("en", "warning")
        assert alert["text"] == "Calls are not spoken in English: espeak-ng has no voice 'qqq'."
        (call,) = await calls(edge)
        assert len(call["speech"]) == 1


async def test_a_reload_changes_who_speaks(edge: Edge, tmp_path: Path):
    """A voice that is changed in the file is used after a reload, and what is lacking is said, without a restart."""
    await ready(edge)
    path = tmp_path / "other.toml"
    path.write_text(CONFIG + UNSPOKEN, encoding="utf-8")

    refused = await edge.engine.take_settings(load(path))
    await until(lambda: "en" in edge.mall.parts.speech.troubles)
    await edge.called()

    assert refused == []
    assert "espeak-ng has no voice 'qqq'." in (await edge.get("/healthz"))["alarms"][0]
    assert [len(call["speech"]) for call in await calls(edge)] == [1]


async def test_a_kiosk_has_its_screen_read_aloud(edge: Edge):
    """Any words in a language that somebody here speaks become a sound, the same words the same one."""
    await until(lambda: edge.mall.parts.speech.readers)
    words = {"language": "id", "text": "Apa keperluan Anda? B 0 1 2"}

    first = await edge.post("/say", words, by="kiosk")
    again = await edge.post("/say", words, by="kiosk")
    other = await edge.post("/say", {"language": "id", "text": "Kantor Imigrasi"}, by="kiosk")
    nobody = await edge.post("/say", {"language": "xx", "text": "?"}, by="kiosk")
    sound = await edge.page(first["sound"], Authorization=f"Bearer {edge.token('kiosk')}")

    assert first["sound"] == again["sound"] != other["sound"]
    assert sound.body[:4] == b"RIFF"
    assert len(sound.body) > 20_000
    assert nobody["sound"] is None


async def test_only_who_gives_tickets_has_things_said(edge: Edge):
    """Without a token, as a display, or with more than half a minute of words nothing is made."""
    words = {"language": "id", "text": "Halo"}

    answers = [
        await edge.post("/say", words),
        await edge.post("/say", words, by="display"),
        await edge.post("/say", {"language": "id", "text": "a" * 401}, by="kiosk"),
        await edge.post("/say", {"language": "id", "text": ""}, by="kiosk"),
    ]

    assert [answer.status for answer in answers] == [401, 403, 422, 422]
