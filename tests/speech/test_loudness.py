"""Loudness is that of ITU-R BS.1770-4: its tables, its reference tone, and the gating cases of EBU Tech 3341 (2016)."""

import numpy as np
import pytest

from queue_server.speech.loudness import CEILING_DB, ear, levelled, loudness
from queue_server.speech.sound import RATE, Sound, joined, silence
from tests.speech.test_sound import tone


def level(db: float, seconds: float, rate: int = 48_000) -> Sound:
    """A sine of 1 kHz with this peak. In one channel it is 3 LU quieter than the two channels of EBU's cases."""
    return tone(1000, seconds, rate, 10 ** (db / 20))


def test_the_filters_are_those_of_the_standard():
    """At 48 kHz the coefficients are those of BS.1770-4, annex 1, tables 1 and 2."""
    (shelf_b, shelf_a), (low_b, low_a) = ear(48_000)

    assert shelf_b == pytest.approx((1.53512485958697, -2.69169618940638, 1.19839281085285), abs=1e-12)
    assert shelf_a == pytest.approx((1.0, -1.69065929318241, 0.73248077421585), abs=1e-12)
    assert low_b == pytest.approx((1.0, -2.0, 1.0))
    assert low_a == pytest.approx((1.0, -1.99004745483398, 0.99007225036621), abs=1e-12)


@pytest.mark.parametrize("rate", [16_000, 22_050, 44_100, 48_000])
def test_the_reference_tone_has_its_loudness(rate: int):
    """A full-scale sine of 997 Hz in one channel is -3.01 LUFS (BS.1770-4, annex 1), at every rate."""
    assert loudness(tone(997, 5, rate, 1.0)) == pytest.approx(-3.01, abs=0.1 if rate < 44_100 else 0.02)


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        ([(-23, 20)], -23.0),
        ([(-33, 20)], -33.0),
        ([(-36, 10), (-23, 60), (-36, 10)], -23.0),
        ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23.0),
        ([(-26, 20), (-20, 20.1), (-26, 20)], -23.0),
    ],
)
def test_quiet_parts_do_not_count(parts: list[tuple[float, float]], wanted: float):
    """Cases 1 to 5 of EBU Tech 3341, within its 0.1 LU; what is far below the rest is left out."""
    samples = np.concatenate([level(db, seconds).samples for db, seconds in parts])

    assert loudness(Sound(samples, 48_000)) == pytest.approx(wanted - 3.01, abs=0.1)


def test_silence_has_no_loudness():
    """Nothing heard is minus infinity, and nothing is made louder."""
    assert loudness(silence(1.0)) == -np.inf
    assert levelled(silence(1.0), -18.0).peak_db == -np.inf
    assert loudness(silence(0.0)) == -np.inf


@pytest.mark.parametrize("seconds", [0.1, 0.39, 1.0, 3.0])
@pytest.mark.parametrize("peak", [0.01, 0.9])
def test_every_sound_comes_to_the_same_level(seconds: float, peak: float):
    """However loud and long a sound was, it is then as loud as asked."""
    sound = levelled(tone(500, seconds, peak=peak), -18.0)

    assert loudness(sound) == pytest.approx(-18.0, abs=0.1)


def test_peaks_are_rounded_off_below_the_ceiling():
    """Speech whose peaks would not fit is as loud as asked all the same, and nothing is cut off hard."""
    spikes = tone(200, 3.0, peak=0.1)
    spikes.samples[:: RATE // 20] = 0.95

    sound = levelled(spikes, -16.0)

    assert loudness(sound) == pytest.approx(-16.0, abs=0.3)
    assert sound.peak_db <= CEILING_DB
    assert joined([sound]).seconds == pytest.approx(3.0)
