"""One channel of sound in memory, and WAV, the form in which it comes, goes and is kept.

WAV because every engine writes it, every browser plays it and nothing need be installed for it. Only the process that
renders imports this: arithmetic over a second of sound is no work for the server's event loop.
"""

from __future__ import annotations

import io
import wave
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

RATE = 22_050
"""Samples a second of all that is served; espeak-ng's own. Speech has little above 8 kHz."""

Samples = NDArray[np.float64]

FADE_S = 0.005
"""Where two recordings meet, a step would click."""

TALKS_DB = -40.0
"""Below the loudest moment; what is quieter, at the ends, is silence."""

_FRAME_S = 0.01


class NotSound(ValueError):
    """What came is no WAV file that can be used; the message says why."""


class Sound:
    """`samples` from -1 to 1, at `rate` samples a second."""

    __slots__ = ("rate", "samples")

    def __init__(self, samples: Samples, rate: int) -> None:
        self.samples = samples
        self.rate = rate

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate

    @property
    def peak_db(self) -> float:
        """dBFS."""
        loudest = float(np.max(np.abs(self.samples), initial=0.0))
        return 20 * float(np.log10(loudest)) if loudest else -np.inf

    def louder(self, decibels: float) -> Sound:
        return Sound(self.samples * 10 ** (decibels / 20), self.rate)

    def at(self, rate: int) -> Sound:
        """Resampled, with all that both rates can hold: the spectrum is cut or filled with nothing."""
        if rate == self.rate or not len(self.samples):
            return Sound(self.samples, rate)
        length = round(len(self.samples) * rate / self.rate)
        spectrum = np.fft.rfft(self.samples)
        kept = np.zeros(length // 2 + 1, dtype=spectrum.dtype)
        both = min(len(kept), len(spectrum))
        kept[:both] = spectrum[:both]
        return Sound(np.fft.irfft(kept, length) * (length / len(self.samples)), rate)

    def talking(self) -> tuple[float, float]:
        """When something is heard first and last, in seconds; both 0 where nothing is."""
        frame = max(1, round(self.rate * _FRAME_S))
        count = len(self.samples) // frame
        power = np.mean(self.samples[: count * frame].reshape(count, frame) ** 2, axis=1)
        if not count or not power.max():
            return 0.0, 0.0
        heard = np.flatnonzero(power > power.max() * 10 ** (TALKS_DB / 10))
        return float(heard[0] * frame / self.rate), float((heard[-1] + 1) * frame / self.rate)

    def trimmed(self) -> Sound:
        """Without the silence at its ends, and with soft ends."""
        start, end = (round(at * self.rate) for at in self.talking())
        kept = self.samples[start:end].copy()
        fade = min(round(FADE_S * self.rate), len(kept) // 2)
        if fade:
            slope = np.linspace(0.0, 1.0, fade)
            kept[:fade] *= slope
            kept[-fade:] *= slope[::-1]
        return Sound(kept, self.rate)


def silence(seconds: float, rate: int = RATE) -> Sound:
    return Sound(np.zeros(round(seconds * rate)), rate)


def joined(sounds: Iterable[Sound]) -> Sound:
    """One after the other, at RATE."""
    parts = [sound.at(RATE).samples for sound in sounds]
    return Sound(np.concatenate(parts) if parts else np.zeros(0), RATE)


def read_wav(data: bytes) -> Sound:
    """The first channel of a WAV file of 16 or 32 bits (PCM). Raises NotSound."""
    try:
        with wave.open(io.BytesIO(_whole(data))) as file:
            width, channels, rate = file.getsampwidth(), file.getnchannels(), file.getframerate()
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise NotSound(f"it is no WAV file ({error})") from error
    if width not in (2, 4):
        raise NotSound(f"it has {width * 8} bits a sample, not 16")
    if not rate:
        raise NotSound("it names no sample rate")
    frames = frames[: len(frames) // (width * channels) * (width * channels)]
    samples = np.frombuffer(frames, dtype=f"<i{width}").reshape(-1, channels)[:, 0]
    return Sound(samples / float(2 ** (8 * width - 1)), rate)


def write_wav(sound: Sound) -> bytes:
    """16 bits, one channel."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sound.rate)
        file.writeframes(np.round(np.clip(sound.samples, -1, 1) * 32767).astype("<i2").tobytes())
    return buffer.getvalue()


def _whole(data: bytes) -> bytes:
    """Engines that write to a pipe cannot go back and fill in the lengths, and leave as many as fit there."""
    at = data.find(b"data", 12)
    if data[:4] != b"RIFF" or at < 0 or int.from_bytes(data[at + 4 : at + 8], "little") <= len(data) - at - 8:
        return data
    length = len(data) - at - 8
    return b"".join(
        (b"RIFF", (len(data) - 8).to_bytes(4, "little"), data[8 : at + 4], length.to_bytes(4, "little"), data[at + 8 :])
    )
