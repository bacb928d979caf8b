"""What is spoken in this mall: each announcement made once, before it is needed, and named after its content.

    said = Announcements(data / "speech", lambda: settings, folder)
    keys = said.keys("A012", "3", ("id", "en"), again=False)   # addresses for a display; known at once
    said.prepare(keys)                                         # made in the meantime, while the chime sounds
    path = await said.file(keys[0])                            # the file, or None

A key is a hash of all that the sound depends on (words, voices, recordings, speed, level), so a file never changes and
a browser may keep it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from queue_server.settings import Settings
from queue_server.speech.rendering import Made, Order
from queue_server.speech.studio import Studio
from queue_server.speech.survey import Speaker, readers, survey
from queue_server.speech.wording import LANGUAGES, Piece, sentence

KEPT = 300
"""Files; about 80 MB. Numbers do not come back in a day, so more would only lie there."""

WAIT_S = 5.0
"""So long a display waits for a file that is being made; then it goes on without."""

AFTER_S = 0.02
"""So long after a call its sound begins to be made, unless a display asks for it: the call goes out first."""

MOST_WAITING = 60
"""Orders. More calls than that at once are more than a loudspeaker can say."""

LOOK_EVERY_S = 20.0
"""So often recordings and voices are looked at anew."""

READY_S = 5.0
"""So long a start waits until it is known who can speak: a call that comes sooner would only chime."""

_KNOWN = 2000


class Asked(NamedTuple):
    """One announcement: who says what. Its words are only looked up when it is made, unless `text` is what is said."""

    speaker: Speaker
    number: str
    label: str
    again: bool
    moved: bool = False
    text: str = ""


class Announcements:
    """`settings` gives config.toml as it was last taken; `config_folder` is where it lies, with the recordings."""

    def __init__(
        self,
        folder: Path,
        settings: Callable[[], Settings],
        config_folder: Path,
        *,
        made: Callable[[Order, Made], None] = lambda order, made: None,
    ) -> None:
        self.speakers: dict[str, Speaker] = {}
        self.readers: dict[str, Speaker] = {}
        """Who reads the screen of a kiosk aloud, by language."""
        self.studio = Studio()
        self._folder = folder
        self._settings = settings
        self._config_folder = config_folder
        self._tell = made
        self._known: dict[str, Asked] = {}
        self._told: dict[tuple[str, str, tuple[str, ...], bool, bool], tuple[str, ...]] = {}
        self._begun: set[str] = set()
        self._soon: dict[str, asyncio.TimerHandle] = {}
        self._making: dict[str, asyncio.Task[bool]] = {}
        self._warming: asyncio.Task[None] | None = None
        self._failing: dict[str, str] = {}
        self._looked = asyncio.Event()

    @property
    def troubles(self) -> dict[str, str]:
        """What an operator should know, by language."""
        found = {}
        for code, speaker in self.speakers.items():
            said = list(speaker.missing)
            if code in self._failing:
                said.append(f"{LANGUAGES[code].name}: the last call was not spoken. {self._failing[code]}")
            if said:
                found[code] = " ".join(said)
        return found

    def keys(
        self, number: str, label: str, languages: Iterable[str], *, again: bool, moved: bool = False
    ) -> tuple[str, ...]:
        """One for each of these languages that can be spoken, in their order. `sentence` says no more with both."""
        again = again and not moved
        asked = number, label, tuple(languages), again, moved
        keys = self._told.get(asked)  # all calls of a board are asked for with each change of it
        if keys is None:
            speakers = [self.speakers[code] for code in asked[2] if code in self.speakers]
            made = [self._key(Asked(speaker, number, label, again, moved)) for speaker in speakers if speaker.voices]
            keys = tuple(made)
            if keys:
                self._told[asked] = keys
        return keys

    def reading(self, language: str, text: str) -> str | None:
        """The key of these words, read aloud; None where nobody here speaks the language."""
        speaker = self.readers.get(language)
        return self._key(Asked(speaker, "", "", again=False, text=text)) if speaker else None

    def warm(self) -> None:
        """Somebody watches a board: the process that makes sound is started before the first call."""
        if self._warming is None and any(speaker.voices for speaker in self.speakers.values()):
            self._warming = asyncio.get_running_loop().create_task(self.studio.start(), name="speech starts")

    def prepare(self, keys: Iterable[str]) -> None:
        """Begin to make those that are not there yet, each once: this is asked with every change of a board.

        Not at once: asked for on the way from a press to the displays, it would stand in that way.
        """
        for key in keys:
            if key not in self._begun and key in self._known and len(self._making) + len(self._soon) < MOST_WAITING:
                self._begun.add(key)
                self._soon[key] = asyncio.get_running_loop().call_later(AFTER_S, self._start, key)

    async def file(self, key: str) -> Path | None:
        """The announcement, made if it is known and not there; None if it is not known or nobody could speak it."""
        path = self._path(key)
        if key in self._known and key not in self._making and not path.is_file():
            self._begun.add(key)
            self._start(key)
        if key in self._making:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(WAIT_S):
                    await asyncio.shield(self._making[key])
        return path if path.is_file() else None

    async def look(self) -> None:
        """Who can speak, as of now."""
        speakers = await asyncio.to_thread(survey, self._settings(), self._config_folder)
        self.readers = await asyncio.to_thread(readers, self._settings(), self._config_folder)
        if speakers != self.speakers:
            self.speakers = speakers
            self._told.clear()
            self._failing = {code: why for code, why in self._failing.items() if code in speakers}

    async def ready(self) -> None:
        """`run` has looked once, or takes so long that the hall opens without."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(READY_S):
                await self._looked.wait()

    async def run(self) -> None:
        """Looks after voices and files, for as long as the server runs."""
        while True:
            settings = self._settings()
            try:
                await self.look()
            finally:
                self._looked.set()
            await asyncio.to_thread(self.sweep)
            waited = 0.0
            while waited < LOOK_EVERY_S and self._settings() is settings:
                await asyncio.sleep(1.0)
                waited += 1.0

    def sweep(self) -> None:
        """The oldest go; a file that another has taken away already is no matter."""
        with contextlib.suppress(OSError):
            files = sorted(self._folder.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
            for path in files[KEPT:]:
                path.unlink(missing_ok=True)

    async def close(self) -> None:
        for timer in self._soon.values():
            timer.cancel()
        tasks = [task for task in (self._warming, *self._making.values()) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.studio.close()

    def _key(self, asked: Asked) -> str:
        kind = f"{asked.again:d}{asked.moved:d}"
        content = f"{asked.speaker.content}\n{asked.number}\n{asked.label}\n{kind}\n{asked.text}"
        key = blake2b(content.encode(), digest_size=15).hexdigest()
        if key not in self._known:
            while len(self._known) >= _KNOWN:
                oldest = next(iter(self._known))
                del self._known[oldest]
                self._begun.discard(oldest)
                self._told.clear()
            self._known[key] = asked
        return key

    def _start(self, key: str) -> None:
        timer = self._soon.pop(key, None)
        if timer is not None:
            timer.cancel()
        if key in self._making or key not in self._known:
            return
        task = asyncio.get_running_loop().create_task(self._make(key, self._known[key]), name=f"speech {key}")
        self._making[key] = task
        task.add_done_callback(lambda _: self._making.pop(key, None))

    async def _make(self, key: str, asked: Asked) -> bool:
        if await asyncio.to_thread(self._path(key).is_file):
            return True
        speaker = asked.speaker
        words = LANGUAGES[speaker.language]
        read = (Piece("read", asked.text, ""),) if asked.text else ()
        pieces = read or sentence(
            words, asked.number, asked.label, again=asked.again, moved=asked.moved, hundreds=speaker.hundreds
        )
        order = Order(pieces=pieces, voices=speaker.voices, level=speaker.level, path=str(self._path(key)))
        made = await self.studio.make(order)
        self._tell(order, made)
        if made.by:
            self._failing.pop(speaker.language, None)
        else:
            self._failing[speaker.language] = f"{'; '.join(made.failed)}."
        return bool(made.by)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.wav"
