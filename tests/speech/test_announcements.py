"""Announcements are made once, in a process of their own, and kept; whatever happens to it, the next is made."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from queue_server.settings import Settings
from queue_server.speech import announcements
from queue_server.speech.announcements import Announcements
from queue_server.speech.loudness import loudness
from queue_server.speech.rendering import Made, Order
from queue_server.speech.sound import read_wav, write_wav
from queue_server.speech.survey import clips_folder
from tests.speech.test_sound import tone
from tests.speech.test_survey import mall, record
from tests.waiting import until


class Hall:
    """A mall's announcements, and what became of each order."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.settings = settings
        self.made: list[Made] = []
        self.said = Announcements(folder / "data", lambda: self.settings, folder, made=self.note)

    def note(self, order: Order, made: Made) -> None:
        self.made.append(made)

    def key(self, number: str = "A012", language: str = "id", *, again: bool = False, moved: bool = False) -> str:
        (key,) = self.said.keys(number, "1", (language,), again=again, moved=moved)
        return key


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    hall = Hall(tmp_path, mall(tmp_path))
    await hall.said.look()
    yield hall
    await hall.said.close()


async def test_a_call_is_made_in_each_language_of_the_board(hall: Hall):
    """Each language that can be spoken is a file of its own, at the hall's level, in the board's order."""
    keys = hall.said.keys("A012", "1", ("en", "id", "jv"), again=False)

    files = [await hall.said.file(key) for key in keys]

    assert len(set(keys)) == 2
    for file in files:
        assert file is not None
        assert loudness(read_wav(file.read_bytes())) == pytest.approx(-18.0, abs=0.5)


async def test_an_announcement_is_made_once(hall: Hall):
    """However many displays ask for a call at once or later, it is made once."""
    key = hall.key()
    hall.said.prepare((key,))

    files = await asyncio.gather(*(hall.said.file(key) for _ in range(10)))
    hall.said.prepare((key,))
    again = await hall.said.file(key)

    assert {*files, again} == {files[0]}
    assert len(hall.made) == 1


async def test_a_sound_is_begun_by_itself_but_not_on_the_way_to_the_displays(hall: Hall):
    """Who prepares a call goes on first, so the view leaves; then it is made, also where no display asks for it."""
    hall.said.prepare((hall.key(),))
    begun = [task for task in asyncio.all_tasks() if task.get_name().startswith("speech ")]

    await until(lambda: hall.made)

    assert begun == []
    assert [made.failed for made in hall.made] == [()]


async def test_new_voices_give_a_call_new_names(hall: Hall, tmp_path: Path):
    """What was told of a call before holds no longer than its voices do."""
    before = hall.key()

    hall.settings = mall(tmp_path, "[speech]\nspeed = 150\n")
    await hall.said.look()

    assert hall.key() != before


async def test_what_is_kept_outlives_a_restart(hall: Hall, tmp_path: Path):
    """A server that was started anew serves what is on its disk, and knows it by the same name."""
    key = hall.key()
    file = await hall.said.file(key)
    later = Hall(tmp_path, hall.settings)

    assert file is not None
    assert await later.said.file(key) == file
    await later.said.look()
    assert later.key() == key
    assert later.made == []


async def test_a_name_is_that_of_its_content(hall: Hall, tmp_path: Path):
    """Another number, language or sentence is another file; so are another speed, another level and a new recording."""
    names = {hall.key(), hall.key("A013"), hall.key(language="en"), hall.key(again=True), hall.key(moved=True)}

    for more in ("speed = 100", "loudness = -20.0", 'numbers = "hundreds"'):
        hall.settings = mall(tmp_path, f"[speech]\n{more}")
        await hall.said.look()
        names.add(hall.key())
    hall.settings = mall(tmp_path)
    record(hall.settings, tmp_path, "id")
    await hall.said.look()
    names.add(hall.key())

    assert len(names) == 9


async def test_what_nobody_has_called_is_not_made(hall: Hall):
    """A made-up name gives nothing and starts nothing."""
    assert await hall.said.file("0" * 30) is None
    assert hall.said.studio.pid is None


async def test_the_process_is_there_before_the_first_call(hall: Hall):
    """Once somebody watches, the first call does not wait for a process to start, and asking again starts no other."""
    hall.said.warm()
    await until(lambda: hall.said.studio.pid)
    first = hall.said.studio.pid
    hall.said.warm()

    assert await hall.said.file(hall.key()) is not None
    assert hall.said.studio.pid == first


async def test_a_process_that_was_killed_is_started_again(hall: Hall):
    """The process that renders may die at any time: what it was at fails at most, and the next call is spoken."""
    await hall.said.file(hall.key("A001"))
    first = hall.said.studio.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)

    files = [await hall.said.file(hall.key(f"A{number:03}")) for number in (2, 3)]

    assert files[1] is not None
    assert hall.said.studio.pid not in (None, first)


async def test_a_voice_that_fails_is_said_until_it_speaks_again(hall: Hall, tmp_path: Path):
    """What went wrong with a language stands among the troubles, and goes when a call is spoken in it."""
    hall.settings = mall(tmp_path, '[voices.id]\nengine = "clips"')
    record(hall.settings, tmp_path, "id", without="digit-7")
    await hall.said.look()

    assert await hall.said.file(hall.key("A007")) is None
    assert "no clip digit-7.wav" in hall.said.troubles["id"]

    (clips_folder(hall.settings, tmp_path, "id") / "digit-7.wav").write_bytes(write_wav(tone(440, 0.5)))
    await hall.said.look()
    assert await hall.said.file(hall.key("A007")) is not None
    assert hall.said.troubles == {}


def test_old_files_go(tmp_path: Path):
    """Only the newest are kept, so that a disk never fills with yesterday's calls."""
    hall, folder = Hall(tmp_path, mall(tmp_path)), tmp_path / "data"
    folder.mkdir()
    for age in range(announcements.KEPT + 5):
        path = folder / f"{age:030}.wav"
        path.write_bytes(b"")
        os.utime(path, (1_000_000 - age, 1_000_000 - age))

    hall.said.sweep()

    assert max(path.name for path in folder.iterdir()) == f"{announcements.KEPT - 1:030}.wav"


async def test_a_start_waits_until_it_is_known_who_can_speak(tmp_path: Path):
    """So the first call after a start is spoken, too."""
    hall = Hall(tmp_path, mall(tmp_path))
    running = asyncio.create_task(hall.said.run())

    await hall.said.ready()

    assert hall.key()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await hall.said.close()
