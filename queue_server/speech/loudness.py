"""How loud a sound is to an ear, in LUFS, and making all announcements equally loud.

The measure is ITU-R BS.1770-4 (2015), "Algorithms to measure audio programme loudness and true-peak audio level", for
one channel: two filters after the ear (annex 1, tables 1 and 2), the mean power of blocks of 400 ms, every 100 ms, and
the mean of those that pass two gates (-70 LUFS, then 10 LU below the rest). The standard gives the filters for 48 kHz
only. For other rates they are designed anew from the analogue filters behind those tables, whose parameters are those
of libebur128 (MIT), ebur128.c, `ebur128_init_filter`.
"""

from __future__ import annotations

from functools import lru_cache
from math import pi, tan

import numpy as np
from numpy.typing import NDArray

from queue_server.speech.sound import Samples, Sound

BLOCK_S = 0.4
STEP_S = 0.1
ABSOLUTE_GATE = -70.0
RELATIVE_GATE = -10.0
OFFSET = -0.691
"""Makes a full-scale sine of 997 Hz in one channel -3.01 LUFS."""

CEILING_DB = -1.0
"""No sample is louder; above, a loudspeaker's converter distorts."""

KNEE_DB = -6.0
"""From here on peaks are rounded off, where the whole must be louder than its peaks let it."""

_RINGS_S = 1.0
"""After so long the filters have nothing left to say of a sample."""

NEAR_LU = 0.1
"""Nobody hears less."""

_ROUNDS = 4
"""What is rounded off makes it quieter again, each time less."""

Biquad = tuple[tuple[float, float, float], tuple[float, float, float]]


def ear(rate: int) -> tuple[Biquad, Biquad]:
    """The two filters, (b, a) each: the head's high shelf, and what is low is hardly heard."""
    k, q, gain = tan(pi * 1681.974450955533 / rate), 0.7071752369554196, 3.999843853973347
    high = 10 ** (gain / 20)
    band = high**0.4996667741545416
    norm = 1 + k / q + k * k
    shelf = (
        ((high + band * k / q + k * k) / norm, 2 * (k * k - high) / norm, (high - band * k / q + k * k) / norm),
        (1.0, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm),
    )
    k, q = tan(pi * 38.13547087602444 / rate), 0.5003270373238773
    norm = 1 + k / q + k * k
    return shelf, ((1.0, -2.0, 1.0), (1.0, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm))


def loudness(sound: Sound) -> float:
    """Integrated, in LUFS; -inf where nothing is heard. A sound shorter than a block is one block."""
    heard = _filtered(sound)
    block, step = round(BLOCK_S * sound.rate), round(STEP_S * sound.rate)
    if not len(heard):
        return -np.inf
    starts = range(0, max(1, len(heard) - block + 1), step)
    power = np.array([np.mean(heard[start : start + block] ** 2) for start in starts])
    power = power[_level(power) > ABSOLUTE_GATE]
    if not len(power):
        return -np.inf
    power = power[_level(power) > _level(power.mean()) + RELATIVE_GATE]
    return float(_level(power.mean()))


def levelled(sound: Sound, target: float) -> Sound:
    """As loud as `target` (LUFS), with no sample above CEILING_DB. Silence stays silence."""
    measured = loudness(sound)
    if measured == -np.inf:
        return sound
    gain = target - measured
    if sound.peak_db + gain <= CEILING_DB:
        return sound.louder(gain)
    level = _rounded(sound.louder(gain))
    for _ in range(_ROUNDS):
        lacking = target - loudness(level)
        if lacking < NEAR_LU:
            break
        gain += lacking
        level = _rounded(sound.louder(gain))
    return level


def _filtered(sound: Sound) -> Samples:
    """By multiplying spectra, which is the same as running the filters, and fast; the end gets room to ring out."""
    length = len(sound.samples)
    if not length:
        return sound.samples
    room = 1 << (length + round(_RINGS_S * sound.rate)).bit_length()  # a power of two is transformed fastest
    spectrum = np.fft.rfft(sound.samples, room) * _response(sound.rate, room)
    return np.fft.irfft(spectrum, room)[:length]


@lru_cache(maxsize=4)
def _response(rate: int, room: int) -> NDArray[np.complex128]:
    """Both filters at each frequency of a spectrum over so many samples."""
    delay = np.exp(-2j * pi * np.arange(room // 2 + 1) / room)
    (one_b, one_a), (two_b, two_a) = ear(rate)
    over = np.polyval(np.polymul(one_b, two_b)[::-1], delay)
    under = np.polyval(np.polymul(one_a, two_a)[::-1], delay)
    return np.asarray(over / under)


def _level(power: Samples | np.float64) -> Samples:
    """LUFS of a mean square."""
    return np.asarray(OFFSET + 10 * np.log10(np.maximum(power, 1e-30)))


def _rounded(sound: Sound) -> Sound:
    """Peaks above the knee bent below the ceiling."""
    knee, ceiling = 10 ** (KNEE_DB / 20), 10 ** (CEILING_DB / 20)
    size = np.abs(sound.samples)
    if size.max(initial=0.0) <= ceiling:
        return sound
    over = np.maximum(size - knee, 0.0)
    bent = np.minimum(size, knee) + (ceiling - knee) * np.tanh(over / (ceiling - knee))
    return Sound(np.sign(sound.samples) * bent, sound.rate)
