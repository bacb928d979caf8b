"""Sound in memory and WAV: nothing is lost on the way in and out, and silence is told from speech."""

import numpy as np
import pytest

from queue_server.speech.sound import RATE, NotSound, Sound, joined, read_wav, silence, write_wav


def tone(hertz: float, seconds: float = 1.0, rate: int = RATE, peak: float = 0.5) -> Sound:
    return Sound(peak * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate), rate)


def test_wav_gives_back_what_was_written():
    """A sound that is written and read again differs by less than one step of 16 bits."""
    sound = tone(440)

    again = read_wav(write_wav(sound))

    assert again.rate == RATE
    assert np.max(np.abs(again.samples - sound.samples)) < 1 / 16384


def test_wav_from_a_pipe_is_read_whole():
    """An engine that writes to a pipe leaves lengths that promise more than comes; all that came is read."""
    data = bytearray(write_wav(tone(440)))
    at = bytes(data).find(b"data")
    data[4:8] = data[at + 4 : at + 8] = b"\xff\xff\xff\x7f"

    assert len(read_wav(bytes(data)).samples) == RATE


@pytest.mark.parametrize("data", [b"", b"RIFF", b"ID3 an mp3", b"RIFF\0\0\0\0WAVEfmt \0\0\0\0data\0\0\0\0"])
def test_what_is_no_wav_is_refused(data: bytes):
    """A broken file is told from sound, whatever is in it."""
    with pytest.raises(NotSound):
        read_wav(data)


def test_another_rate_keeps_the_tone():
    """A tone recorded at 48 kHz is the same tone, as long and as loud, at the rate that is served."""
    heard = tone(1000, rate=48_000).at(RATE)

    spectrum = np.abs(np.fft.rfft(heard.samples))
    assert heard.seconds == pytest.approx(1.0)
    assert int(np.argmax(spectrum)) == 1000
    assert np.std(heard.samples) == pytest.approx(0.5 / np.sqrt(2), rel=0.01)


def test_silence_at_the_ends_goes():
    """A recording is cut to where something is heard."""
    sound = joined([silence(0.3), tone(300, 0.5), silence(0.7)])

    first, last = sound.talking()

    assert first == pytest.approx(0.3, abs=0.02)
    assert last == pytest.approx(0.8, abs=0.02)
    assert sound.trimmed().seconds == pytest.approx(0.5, abs=0.02)
    assert silence(1.0).talking() == (0.0, 0.0)
