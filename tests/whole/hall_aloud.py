"""A small mall whose loudspeaker is listened to: its server, its displays, and what they said."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from click.testing import CliRunner

import display
from queue_server.cli import antrean
from queue_server.speech.sound import Sound, read_wav
from tests.browser import Screens, let_in
from tests.loudspeaker import RATE, Heard, Loudspeaker, Recording
from tests.whole.server import NINE, Server, server

COUNTERS = ("1", "2", "3", "4", "5", "6")
"""The last one stands in the south."""

MALL = """\
[mall]
name = { id = "Mal", en = "Mall" }
languages = ["id", "en"]
timezone = "Asia/Jakarta"
id = "mal"

[agencies.dukcapil]
name = "Dukcapil"

[services.ktp_el]
agency = "dukcapil"
name = { id = "KTP", en = "Identity card" }
prefix = "A"

[zones.north]
name = { id = "Utara", en = "North" }

[zones.south]
name = { id = "Selatan", en = "South" }

[policy]
undo = "60s"

[limits]
tickets_per_kiosk = "off"
per_token = "off"
requests = "off"

[boards.hall]
name = { id = "Layar utama", en = "Main display" }
zones = ["north", "south"]
languages = ["id", "en"]
volume = ["07:00 100%", "12:00 40%", "13:00 100%"]
earshot = "hall"

[boards.near]
name = { id = "Layar dekat", en = "Near display" }
zones = ["north", "south"]
languages = ["id", "en"]
earshot = "hall"

[boards.south]
name = { id = "Layar selatan", en = "South display" }
zones = ["south"]
languages = ["id"]

[boards.loop]
name = { id = "Putaran induksi", en = "Hearing loop" }
zones = ["north", "south"]
languages = ["en"]

[boards.again]
name = { id = "Layar lambat", en = "Slow display" }
zones = ["north", "south"]
languages = ["id"]
repeat = 1
"""

SOUNDS = {name: display.FOLDER / "static" / f"{name}.wav" for name in ("chime", "chime-again", "evacuation")}
"""The displays' own."""

QUICK, SLOW = 250, 80
"""Words a minute. What is heard is compared with its file whatever its speed; slow leaves time for what happens in the
middle of a sentence."""

SEEN = """(() => {
    window.seen = [];
    addEventListener('DOMContentLoaded', () => {
        const look = () => {
            const shown = [...document.querySelectorAll('#calls .called, #earlier .number:not(.counter)')];
            const now = shown.filter(number => number.checkVisibility())
                .map(number => number.textContent.replace(/\\s/g, '')).join(' ');
            if (window.seen.at(-1) !== now) window.seen.push(now);
        };
        new MutationObserver(look).observe(document.body, {subtree: true, childList: true, characterData: true,
            attributes: true});
    });
})()"""
"""Which numbers stand big or just below, each time that they change."""


class HallAloud:
    """`files` is what was served to be spoken, by the call's number and the place of its language: `A001 0`."""

    def __init__(self, house: Server, loudspeaker: Loudspeaker) -> None:
        self.house = house
        self.loudspeaker = loudspeaker
        self.clerks = {one: self._token("supervisor", f"clerk-{one}") for one in COUNTERS}
        self.staff = self.clerks["1"]
        self._screens: dict[str, str] = {}
        self.files: dict[str, Sound] = {name: read_wav(path.read_bytes()) for name, path in SOUNDS.items()}

    async def open(self) -> None:
        for counter in COUNTERS:
            assert (await self.at(counter, "open")).status == 200

    async def do(self, path: str, body: dict[str, object] | None = None) -> Any:
        return await self.house.post(f"/api/v1/{path}", body or {}, self.staff)

    async def at(self, counter: str, move: str) -> Any:
        """What the clerk of this counter does there."""
        return await self.house.post(f"/api/v1/counters/{counter}/{move}", {}, self.clerks[counter])

    async def take(self, count: int) -> None:
        for _ in range(count):
            assert (await self.do("tickets", {"service": "ktp_el"})).status == 201

    async def call(self, counter: str) -> str:
        """The number that is called."""
        answer = await self.at(counter, "call-next")
        assert answer.status == 200, answer
        await self.fetch()
        return str(answer["number"])

    async def board(self, board: str = "hall") -> Any:
        return await self.house.get(f"/api/v1/boards/{board}", self._screen(board))

    async def fetch(self) -> None:
        """What is served for the main display's calls of now. A call that is repeated is `A001 again 0`."""
        for call in (await self.board())["calls"]:
            for place, path in enumerate(call["speech"]):
                await self.keep(
                    f"{call['number']} again {place}" if call["recall"] else f"{call['number']} {place}", path
                )

    async def keep(self, name: str, path: str) -> None:
        if name not in self.files:
            served = await self.house.get(path, self._screen("hall"))
            assert served.status == 200
            self.files[name] = read_wav(served.body)

    async def show(self, screens: Screens, board: str = "hall") -> Any:
        page = await screens.open(viewport="hall")
        await let_in(page, self.house.at, self._screen(board))
        await page.add_init_script(SEEN)
        await page.goto(f"{self.house.at}/display/{board}")
        await page.locator('#board:not([data-shows="loading"])').wait_for(timeout=20_000)
        return page

    def _screen(self, board: str) -> str:
        """The token of this board's display."""
        if board not in self._screens:
            self._screens[board] = self._token("display", board)
        return self._screens[board]

    def _token(self, role: str, name: str) -> str:
        """What `antrean token` says, without a process of its own for each."""
        words = ["token", "--role", role, "--name", name, "--data", str(self.house.data)]
        done = CliRunner().invoke(antrean, words)
        assert done.exit_code == 0, done.output
        return done.stdout.strip()

    def heard(self, recording: Recording | None = None) -> list[Heard]:
        return (recording or self.loudspeaker.recording()).find(self.files)

    async def hears(self, name: str) -> None:
        """Waits until this sound is in the air: its first second was heard, its last was not."""
        whole = self.files[name].at(RATE)
        await self.loudspeaker.hears(Sound(whole.samples[: whole.rate], whole.rate))

    def faults(self, recording: Recording, heard: Iterable[Heard]) -> list[str]:
        """What overlaps, and what was heard beside all this: a sentence that was cut off, say."""
        over = [f"{one.name} runs into {other.name}" for one, other in pairwise(heard) if other.start < one.end - 0.02]
        return over + [f"strange: {at}" for at in recording.strange(list(heard))]


@asynccontextmanager
async def hall_aloud(
    folder: Path, loudspeaker: Loudspeaker, *, clock: str = NINE, speed: int = QUICK
) -> AsyncIterator[HallAloud]:
    counters = "".join(
        f'\n[counters.{one}]\nzone = "{"south" if one == COUNTERS[-1] else "north"}"\nservices = ["ktp_el"]\n'
        for one in COUNTERS
    )
    config = folder / "config.toml"
    config.write_text(f"{MALL}{counters}\n[speech]\nspeed = {speed}\n", encoding="utf-8")
    async with server(folder, config=config, clock=clock) as house:
        hall = HallAloud(house, loudspeaker)
        await hall.open()
        yield hall
