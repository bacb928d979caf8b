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

import msgspec

from queue_server.settings import Settings
from queue_server.speech.rendering import Made, Order
from queue_server.speech.studio import Studio
from queue_server.speech.survey import Speaker, survey
from queue_server.speech.wording import LANGUAGES, sentence

VERSION = 1
"""Raised when the same words come to sound otherwise."""

KEPT = 300
"""Files; about 80 MB. Numbers do not come back in a day, so more would only lie there."""

WAIT_S = 5.0
"""So long a display waits for a file that is being made; then it goes on without."""

MOST_WAITING = 60
"""Orders. More calls than that at once are more than a loudspeaker can say."""

LOOK_EVERY_S = 20.0
"""So often recordings and voices are looked at anew."""

_KNOWN = 2000


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
        self.studio = Studio()
        self._folder = folder
        self._settings = settings
        self._config_folder = config_folder
        self._tell = made
        self._orders: dict[str, Order] = {}
        self._languages: dict[str, str] = {}
        self._begun: set[str] = set()
        self._making: dict[str, asyncio.Task[bool]] = {}
        self._failing: dict[str, str] = {}
        self._keyed: dict[tuple[str, str, str, bool], str] = {}
        self._keyed_by: object = None

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

    def keys(self, number: str, label: str, languages: Iterable[str], *, again: bool) -> tuple[str, ...]:
        """One for each of these languages that can be spoken, in their order."""
        settings = self._settings()
        if self._keyed_by is not settings or len(self._keyed) > _KNOWN:
            self._keyed, self._keyed_by = {}, settings
        found = []
        for code in languages:
            asked = (code, number, label, again)
            if asked not in self._keyed and code in self.speakers and self.speakers[code].voices:
                self._keyed[asked] = self._key(self.speakers[code], number, label, again=again)
            if asked in self._keyed:
                found.append(self._keyed[asked])
        return tuple(found)

    def prepare(self, keys: Iterable[str]) -> None:
        """Begin to make those that are not there yet, each once: this is asked with every change of a board."""
        for key in keys:
            if key in self._orders and key not in self._begun and len(self._making) < MOST_WAITING:
                self._begun.add(key)
                self._start(key)

    async def file(self, key: str) -> Path | None:
        """The announcement, made if it is known and not there; None if it is not known or nobody could speak it."""
        path = self._path(key)
        if key in self._orders and key not in self._making and not path.is_file():
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
        if speakers != self.speakers:
            self.speakers, self._keyed_by = speakers, None
            self._failing = {code: why for code, why in self._failing.items() if code in speakers}

    async def run(self) -> None:
        """Looks after voices and files, for as long as the server runs."""
        while True:
            settings = self._settings()
            await self.look()
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
        tasks = list(self._making.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.studio.close()

    def _key(self, speaker: Speaker, number: str, label: str, *, again: bool) -> str:
        speech = self._settings().speech
        pieces = sentence(
            LANGUAGES[speaker.language], number, label, again=again, hundreds=speech.numbers == "hundreds"
        )
        order = Order(pieces=pieces, voices=speaker.voices, level=speech.loudness, path="")
        content = msgspec.json.encode((VERSION, speaker.recorded, order))
        key = blake2b(content, digest_size=15).hexdigest()
        if key not in self._orders:
            while len(self._orders) >= _KNOWN:
                oldest = next(iter(self._orders))
                del self._orders[oldest], self._languages[oldest]
                self._begun.discard(oldest)
            self._orders[key] = msgspec.structs.replace(order, path=str(self._path(key)))
            self._languages[key] = speaker.language
        return key

    def _start(self, key: str) -> None:
        if key in self._making:
            return
        task = asyncio.get_running_loop().create_task(self._make(key, self._orders[key]), name=f"speech {key}")
        self._making[key] = task
        task.add_done_callback(lambda _: self._making.pop(key, None))

    async def _make(self, key: str, order: Order) -> bool:
        if await asyncio.to_thread(self._path(key).is_file):
            return True
        made = await self.studio.make(order)
        self._tell(order, made)
        language = self._languages.get(key, "")
        if made.by:
            self._failing.pop(language, None)
        elif language:
            self._failing[language] = f"{'; '.join(made.failed)}."
        return bool(made.by)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.wav"
