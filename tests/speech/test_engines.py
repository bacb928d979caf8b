"""Every engine behind the same door: real espeak-ng, real clips, programs in the place of what a mall supplies.

Piper itself needs a voice that only a mall can supply, so it is tested up to the program's door: what it is started
with, what it is given, where it must write.
"""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from queue_server.speech import engines
from queue_server.speech.engines import CannotSpeak, speak, spelt_for_espeak
from queue_server.speech.loudness import loudness
from queue_server.speech.rendering import TAIL_S, Order, render
from queue_server.speech.sound import RATE, joined, read_wav, silence, write_wav
from queue_server.speech.voices import Voice
from queue_server.speech.wording import LANGUAGES, Piece, sentence, text
from tests.speech.test_sound import tone
from tests.speech.test_wording import PREFIXES

SPOKEN = ("id", "en", "az", "ka", "ar")
"""Javanese only has recordings."""


def said(language: str = "id", number: str = "A012", counter: str = "3") -> tuple[Piece, ...]:
    return sentence(LANGUAGES[language], number, counter)


def order(tmp_path: Path, *voices: Voice, pieces: tuple[Piece, ...] | None = None) -> Order:
    return Order(pieces=pieces or said(), voices=voices, level=-18.0, path=str(tmp_path / "out" / "said.wav"))


def recorded(folder: Path, pieces: tuple[Piece, ...], rate: int = RATE) -> Voice:
    """A set of clips that are tones of half a second, each with silence around it."""
    folder.mkdir()
    for piece in pieces:
        sound = joined([silence(0.2), tone(440, 0.5), silence(0.2)]).at(rate)
        (folder / f"{piece.name}.wav").write_bytes(write_wav(sound))
    return Voice(kind="clips", language="id", folder=str(folder))


def program(path: Path, code: str) -> Path:
    path.write_text(f"#!{sys.executable}\n{code}", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize(("number", "counter"), [("A001", "1"), ("ZZ999", "60"), ("C350", "Kasir Bank")])
def test_espeak_speaks_every_language(language: str, number: str, counter: str, tmp_path: Path):
    """A file is as long as its words take, at the hall's level, and nowhere silent for long."""
    check_file(language, number, counter, tmp_path)


@pytest.mark.soak
@pytest.mark.timeout(3_000)
@pytest.mark.parametrize("language", SPOKEN)
def test_every_number_and_counter_is_a_sound_file(language: str, tmp_path: Path):
    """Each prefix from A to ZZ, each number from 001 to 999 and each counter from 1 to 60, in every language."""
    every_prefix = [(prefix, f"{1 + at * 37 % 999:03}") for at, prefix in enumerate(PREFIXES)]
    every_number = [(PREFIXES[number * 53 % len(PREFIXES)], f"{number:03}") for number in range(1, 1000)]
    for at, (prefix, number) in enumerate([*every_prefix, *every_number]):
        check_file(language, prefix + number, str(1 + at % 60), tmp_path)


def check_file(language: str, number: str, counter: str, folder: Path) -> None:
    """As long as its words take, at the hall's level, silent nowhere but at its very end."""
    pieces = said(language, number, counter)

    made = render(order(folder, Voice(kind="espeak", language=language), pieces=pieces))

    sound = read_wav((folder / "out" / "said.wav").read_bytes())
    first, last = sound.talking()
    assert (made.by, made.failed) == ("espeak", ()), number
    assert sound.rate == RATE
    assert loudness(sound) == pytest.approx(-18.0, abs=0.5), number
    assert 0.05 < (sound.seconds - TAIL_S) / len(text(pieces)) < 0.16, number
    assert first < 0.1, number
    assert last == pytest.approx(sound.seconds - TAIL_S, abs=0.1), number


@pytest.mark.parametrize(
    ("language", "number", "sounds"),
    [
        ("ar", 3, "θalaːθah"),
        ("ar", 5, "χamsah"),
        ("ar", 6, "sitːah"),
        ("ar", 9, "tisʕah"),
        ("ar", 17, "sabʕata ʕaʃar"),
        ("ar", 66, "sitːah wasitːuːn"),
        ("id", 4, "əmpat"),
        ("id", 11, "səbəlas"),
        ("id", 16, "ənam bəlas"),
        ("id", 17, "tudʒuh bəlas"),
    ],
)
def test_espeak_says_numbers_as_people_do(language: str, number: int, sounds: str):
    """Written bare, Arabic is read as consonants alone, and Indonesian with the wrong e; here it is not."""
    words = spelt_for_espeak(Voice(kind="espeak", language=language), LANGUAGES[language].cardinal(number))

    heard = subprocess.run(
        ["espeak-ng", "-v", language, "--ipa", "-q", "--stdin"], input=words, capture_output=True, text=True, check=True
    ).stdout

    assert heard.strip().replace("ˈ", "").replace("ˌ", "") == sounds


def test_another_speed_takes_another_time():
    """A hall that echoes lets the voice speak more slowly."""
    quick = speak(Voice(kind="espeak", language="id", speed=175), said())
    slow = speak(Voice(kind="espeak", language="id", speed=90), said())

    assert slow.seconds > 1.5 * quick.seconds


def test_clips_are_joined_with_pauses(tmp_path: Path):
    """Recordings play one after the other, cut to what is heard, with a longer pause where a comma stands."""
    pieces = said()
    voice = recorded(tmp_path / "clips", pieces)

    sound = speak(voice, pieces)

    commas = sum("," in piece.after for piece in pieces)
    pauses = 0.03 * (len(pieces) - 1 - commas) + 0.18 * commas
    assert sound.seconds == pytest.approx(0.5 * len(pieces) + pauses, abs=0.03 * len(pieces))


def test_clips_of_another_rate_are_joined_too(tmp_path: Path):
    """A set at 48 kHz is played at its own pitch and length."""
    pieces = said()
    voice = recorded(tmp_path / "clips", pieces, rate=48_000)

    assert speak(voice, pieces).seconds == pytest.approx(0.5 * len(pieces) + 0.5, abs=0.4)


def test_a_missing_clip_lets_the_whole_sentence_be_spoken_by_another_voice(tmp_path: Path):
    """Two speakers never share a sentence: without one clip espeak-ng says all of it, and the clip is named."""
    pieces = said()
    clips = recorded(tmp_path / "clips", pieces)
    (tmp_path / "clips" / "digit-2.wav").unlink()

    made = render(order(tmp_path, clips, Voice(kind="espeak", language="id")))

    assert made.by == "espeak"
    assert made.failed == ("recorded clips: no clip digit-2.wav",)


def test_recordings_made_before_a_sentence_was_needed_go_on(tmp_path: Path):
    """A set without the words for a moved citizen says number and counter all the same, in its own voice."""
    moved = sentence(LANGUAGES["id"], "A012", "3", moved=True)
    clips = recorded(tmp_path / "clips", moved)
    whole = speak(clips, moved).seconds

    (tmp_path / "clips" / "moved.wav").unlink()

    assert speak(clips, moved).seconds == pytest.approx(speak(clips, said()).seconds)
    assert speak(clips, moved).seconds < whole


@pytest.mark.parametrize("broken", [b"", b"not sound", write_wav(silence(1.0))])
def test_a_broken_clip_is_no_announcement(broken: bytes, tmp_path: Path):
    """Where only clips may speak and one of them cannot be used, no file is made."""
    pieces = said()[:1]
    clips = recorded(tmp_path / "clips", pieces)
    (tmp_path / "clips" / f"{pieces[0].name}.wav").write_bytes(broken)

    made = render(order(tmp_path, clips, pieces=pieces))

    assert made.by == ""
    assert len(made.failed) == 1
    assert not (tmp_path / "out" / "said.wav").exists()


def test_a_clip_that_was_recorded_anew_is_heard(tmp_path: Path):
    """A changed recording counts at once, without a restart."""
    pieces = (Piece("digit-1", "satu"),)
    voice = recorded(tmp_path / "clips", pieces)
    assert speak(voice, pieces).seconds == pytest.approx(0.5, abs=0.05)

    (tmp_path / "clips" / "digit-1.wav").write_bytes(write_wav(tone(440, 2.0)))

    assert speak(voice, pieces).seconds == pytest.approx(2.0, abs=0.05)


def test_the_malls_own_command_speaks(tmp_path: Path):
    """A program that reads the sentence and writes WAV is an engine, and is told the language."""
    (tmp_path / "tone.wav").write_bytes(write_wav(tone(300, 1.0)))
    own = program(
        tmp_path / "say",
        "import pathlib, sys\n"
        "here = pathlib.Path(__file__).parent\n"
        "(here / 'heard').write_text(sys.argv[1] + ':' + sys.stdin.read(), encoding='utf-8')\n"
        "sys.stdout.buffer.write((here / 'tone.wav').read_bytes())\n",
    )

    sound = speak(Voice(kind="command", language="ka", command=(str(own), "{language}")), said("ka"))

    assert sound.seconds == pytest.approx(1.0, abs=0.05)
    assert (tmp_path / "heard").read_text(encoding="utf-8") == f"ka:{text(said('ka'))}"


def test_piper_is_given_its_voice_and_the_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Piper is started with the voice, gets the sentence on standard input and writes to the file that is named."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "tone.wav").write_bytes(write_wav(tone(300, 1.0)))
    program(
        tmp_path / "bin" / "piper",
        "import pathlib, shutil, sys\n"
        "here = pathlib.Path(__file__).parent.parent\n"
        "(here / 'heard').write_text(' '.join(sys.argv[1:4]) + '|' + sys.stdin.read(), encoding='utf-8')\n"
        "shutil.copy(here / 'tone.wav', sys.argv[4])\n",
    )
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    model = tmp_path / "ka_GE-natia-medium.onnx"
    model.write_bytes(b"a voice")

    sound = speak(Voice(kind="piper", language="ka", name=str(model)), said("ka"))

    assert sound.seconds == pytest.approx(1.0, abs=0.05)
    heard = (tmp_path / "heard").read_text(encoding="utf-8")
    assert heard == f"--model {model} --output_file|{text(said('ka'))}"


def test_a_missing_program_or_voice_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Whoever runs the mall reads what is not there."""
    with pytest.raises(CannotSpeak, match="no Piper voice"):
        speak(Voice(kind="piper", language="ka", name=str(tmp_path / "none.onnx")), said("ka"))
    with pytest.raises(CannotSpeak, match="espeak-ng failed"):
        speak(Voice(kind="espeak", language="id", name="qqq"), said())
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotSpeak, match="espeak-ng is not installed"):
        speak(Voice(kind="espeak", language="id"), said())


def test_a_program_that_fails_or_says_nothing_is_no_voice(tmp_path: Path):
    """An engine that ends badly, writes no sound or writes too much is passed over."""
    fails = program(tmp_path / "fails", "import sys; sys.exit('out of voice')\n")
    mute = program(tmp_path / "mute", "")
    endless = program(
        tmp_path / "endless",
        f"import sys; sys.path.insert(0, {str(Path(engines.__file__).parents[2])!r})\n"
        "from tests.speech.test_sound import tone\nfrom queue_server.speech.sound import write_wav\n"
        "sys.stdout.buffer.write(write_wav(tone(300, 40.0)))\n",
    )

    for own, why in ((fails, "out of voice"), (mute, "no WAV file"), (endless, "40 seconds")):
        with pytest.raises(CannotSpeak, match=why):
            speak(Voice(kind="command", language="id", command=(str(own),)), said())
