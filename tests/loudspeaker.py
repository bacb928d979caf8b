"""What a hall would hear: Chromium's real sound, caught from a sound server's loudspeaker, and what was in it.

    loudspeaker                              a fixture: PulseAudio's null sink, recorded from its first moment on
    browser = await loudspeaker.browser()    a Chromium that plays into it
    recording = loudspeaker.recording()      what was heard so far
    recording.find(sounds)                   [Heard(name, start, end, gain)] in order, of `sounds` by name

A sound is found where the recording looks like its file, sample by sample, whatever the volume (a correlation), in each
half second of it: so what is found was played from its first sample to its last, and one that was cut off is not found.
What is heard and belongs to no sound that was found is `strange`.

Playwright's headless mode would mute all of it; tests/browser.py leaves that flag out.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.async_api import Browser, async_playwright

from queue_server.speech.sound import Sound, read_wav
from tests.browser import CHROMIUM, launch
from tests.waiting import answered, until

RATE = 22_050
"""Of the recording: that of the files that the server makes, so that nothing has to be resampled here."""

ALIKE = 0.75
"""A correlation from which on a part of the recording is that of the file."""

PERHAPS = 0.45
"""From here on a place is looked at part by part: what a busy machine held up is less alike as a whole."""

HALF_S = 0.5
LEAST_S = 0.1
QUIET = 0.004
"""Of full scale, -48 dB: what is below is silence."""

SLIP_S = 0.3
"""So far a part may stand from its place: a busy machine's playing stalls for a moment now and then."""

LARGE_BUFFER = "--audio-buffer-size=4096"
"""Frames. With the usual ones, some 20 ms, a machine that is busy with other tests has gaps in its sound."""

FIRST = ("nice", "-n", "-10")
"""Sound has no time to wait for other tests. Who may not go first goes on as before."""

Samples = NDArray[np.float64]


@dataclass(frozen=True)
class Heard:
    """One sound in the recording: seconds from its beginning, and how loud it was beside its file (1: as loud)."""

    name: str
    start: float
    end: float
    gain: float
    likeness: float


class Recording:
    """The samples so far, from -1 to 1."""

    def __init__(self, samples: Samples) -> None:
        self.samples = samples

    @property
    def seconds(self) -> float:
        return len(self.samples) / RATE

    def find(self, sounds: Mapping[str, Sound]) -> list[Heard]:
        """Every place where one of these is heard whole, in order; where several look alike, the likest."""
        found = [place for name, sound in sounds.items() for place in self._places(name, sound.at(RATE).samples)]
        kept: list[Heard] = []
        for one in sorted(found, key=lambda place: place.likeness, reverse=True):
            if not any(_overlap(one, other) for other in kept) and self._is_whole(one, sounds[one.name]):
                kept.append(one)
        return sorted(kept, key=lambda place: place.start)

    def _is_whole(self, heard: Heard, sound: Sound) -> bool:
        """One half second may be disturbed, as a busy machine does it; the first and the last that sound may not."""
        samples, size = sound.at(RATE).samples, round(HALF_S * RATE)
        at = round(heard.start * RATE)
        parts = [(samples[begin : begin + size], at + begin) for begin in range(0, len(samples), size)]
        fine = [self._has(*part) for part in parts if np.sqrt(np.mean(part[0] ** 2)) >= QUIET]
        return fine.count(False) <= 1 and fine[0] and fine[-1]

    def _has(self, part: Samples, at: int) -> bool:
        """This part is here or nearly here, in one piece or in halves that a moment's silence has come between."""
        if np.sqrt(np.mean(part**2)) < QUIET:
            return True
        slip = round(SLIP_S * RATE)
        likeness = _correlation(self.samples[max(0, at - slip) : at + len(part) + slip], part)
        if likeness.max(initial=0.0) >= ALIKE:
            return True
        half = len(part) // 2
        return half >= LEAST_S * RATE and self._has(part[:half], at) and self._has(part[half:], at + half)

    def strange(self, heard: list[Heard]) -> list[str]:
        """When something else is heard."""
        left = self.samples.copy()
        for one in heard:
            left[max(0, round((one.start - SLIP_S) * RATE)) : round((one.end + SLIP_S) * RATE)] = 0
        frame = RATE // 20
        count = len(left) // frame
        level = np.sqrt(np.mean(left[: count * frame].reshape(count, frame) ** 2, axis=1))
        return [f"{place / 20:.2f} s" for place in np.flatnonzero(level > QUIET)]

    def loud_until(self) -> float:
        """When something was heard last, in seconds."""
        loud = np.flatnonzero(np.abs(self.samples) > QUIET)
        return float(loud[-1] / RATE) if len(loud) else 0.0

    def _places(self, name: str, samples: Samples) -> list[Heard]:
        likeness, places = _correlation(self.samples, samples), []
        while len(likeness) and likeness.max() >= PERHAPS:
            at = int(likeness.argmax())
            part = self.samples[at : at + len(samples)]
            # of powers, not of samples laid on each other: what comes a moment late is not quieter
            gain = float(np.sqrt((part @ part) / (samples @ samples)))
            places.append(Heard(name, at / RATE, (at + len(samples)) / RATE, gain, float(likeness[at])))
            likeness[max(0, at - len(samples) // 2) : at + len(samples) // 2] = 0
        return places


def _overlap(one: Heard, other: Heard) -> bool:
    """By more than a tenth of the shorter one; less is an overlap that a test wants to see."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared > 0.1 * min(one.end - one.start, other.end - other.start)


def _correlation(recorded: Samples, part: Samples) -> Samples:
    """How alike `part` and each place of `recorded` are, from -1 to 1 whatever the volume (0 where all is silent)."""
    if len(recorded) < len(part):
        return np.zeros(0)
    size = 1 << (len(recorded) + len(part) - 1).bit_length()
    product = np.fft.irfft(np.fft.rfft(recorded, size) * np.conj(np.fft.rfft(part, size)), size)
    places = len(recorded) - len(part) + 1
    sums = np.concatenate([[0.0], np.cumsum(recorded**2)])
    power = sums[len(part) :] - sums[: -len(part)]
    scale = np.sqrt(np.maximum(power, 0) * float(part @ part))
    floor = QUIET * np.sqrt(len(part) * float(part @ part))
    likeness: Samples = np.where(scale > floor, product[:places] / np.maximum(scale, max(floor, 1e-9)), 0.0)
    return likeness


class Loudspeaker:
    """A sound server with nothing but a null sink. Use `running`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = folder / "socket"
        self._file = folder / "recorded.raw"
        self._processes: list[asyncio.subprocess.Process] = []
        self._stack = AsyncExitStack()

    async def start(self) -> None:
        for program in ("pulseaudio", "parec"):
            if which(program) is None:
                pytest.fail(
                    f"{program} is missing: run `make setup-dev`, or install Debian's pulseaudio, pulseaudio-utils"
                )
        native = f"module-native-protocol-unix socket={self._socket} auth-anonymous=1"
        sink = f"module-null-sink sink_name=hall rate={RATE} channels=1"
        options = ("-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--disable-shm=yes")
        await self._begin("pulseaudio", *options, f"--load={native}", f"--load={sink}")
        await until(self._socket.exists)
        form = ("--raw", "--format=s16le", f"--rate={RATE}", "--channels=1", "--latency-msec=20")
        await self._begin("parec", "--device=hall.monitor", *form, str(self._file))
        await until(lambda: self._file.exists() and self._file.stat().st_size)

    async def _begin(self, *words: str) -> None:
        with (self._folder / "log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *FIRST, *words, stdout=log, stderr=log, env=self._environment()
            )
        self._processes.append(process)

    def _environment(self) -> dict[str, str]:
        own = {"HOME": str(self._folder), "XDG_RUNTIME_DIR": str(self._folder)}
        return {**os.environ, **own, "PULSE_SERVER": f"unix:{self._socket}"}

    async def browser(self) -> Browser:
        """One more Chromium that plays here, as another screen of the hall would."""
        playwright = await self._stack.enter_async_context(async_playwright())
        first = self._folder / "first"
        first.write_text(f'#!/bin/sh\nexec {" ".join(FIRST)} {CHROMIUM} "$@"\n', encoding="utf-8")
        first.chmod(0o700)
        env = {"PULSE_SERVER": f"unix:{self._socket}"}
        browser = await launch(playwright, LARGE_BUFFER, env=env, program=str(first))
        self._stack.push_async_callback(browser.close)
        return browser

    def recording(self, last: float | None = None) -> Recording:
        """What was heard so far, or in the `last` seconds."""
        size = self._file.stat().st_size // 2 * 2
        with self._file.open("rb") as file:
            file.seek(0 if last is None else max(0, size - 2 * round(last * RATE)))
            raw = file.read(size - file.tell())
        return Recording(np.frombuffer(raw, dtype="<i2").astype(np.float64) / 32768)

    async def hears(self, sound: Sound, times: int = 1, within: float = 60.0) -> None:
        """Waits until this was heard, so often."""

        async def found() -> int:
            return len(self.recording(8.0 if times == 1 else None).find({"": sound}))

        await answered(found, lambda count: count >= times, within)

    async def silence(self, seconds: float) -> Recording:
        """Waits until something was heard and then nothing for so long."""

        def over() -> bool:
            return not self.recording(seconds).loud_until() and bool(self.recording().loud_until())

        await until(over, within=100.0)
        return self.recording()

    async def stop(self) -> None:
        await self._stack.aclose()
        for process in reversed(self._processes):
            if process.returncode is None:
                process.terminate()
            async with asyncio.timeout(10):
                await process.wait()


def sound(path: Path) -> Sound:
    return read_wav(path.read_bytes())


@pytest.fixture
async def loudspeaker(tmp_path: Path) -> AsyncIterator[Loudspeaker]:
    folder = tmp_path / "loud"
    folder.mkdir(mode=0o700)
    loud: Any = Loudspeaker(folder)
    try:
        await loud.start()
        yield loud
    finally:
        await loud.stop()
