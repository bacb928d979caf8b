"""What makes sound of words, each behind the same door: `speak(voice, pieces)`, which raises CannotSpeak.

    clips     recordings of a person, joined
    espeak    espeak-ng: always there, in nearly every language, and sounds like a machine
    piper     Piper with a voice that the mall supplies
    command   any program that reads a sentence on standard input and writes WAV to standard output

Runs in the process that renders, never in the server: engines take their time and may hang.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

from msgspec.structs import replace

from queue_server.speech.sound import RATE, NotSound, Sound, joined, read_wav, silence
from queue_server.speech.voices import TITLES, Voice
from queue_server.speech.wording import Piece, text

LONGEST_S = 10.0
"""An engine that takes longer is given up: by then the citizen has gone to look at the display."""

_LONGEST_SOUND_S = 30.0

_PAUSES_S = {"": 0.0, " ": 0.03}
_LONG_PAUSE_S, _FULL_STOP_S = 0.18, 0.35
"""Between clips, by what stands between their words: nothing, a space, a comma or another sign, a full stop."""


class CannotSpeak(Exception):
    """In English, for an operator: why, and where it helps what to do."""


def speak(voice: Voice, pieces: tuple[Piece, ...]) -> Sound:
    """One sentence, without silence at its ends. Raises CannotSpeak."""
    try:
        sound = _ENGINES[voice.kind](voice, pieces).trimmed()
    except NotSound as error:
        raise CannotSpeak(f"what {TITLES[voice.kind]} made cannot be used: {error}") from error
    if not sound.seconds:
        raise CannotSpeak(f"{TITLES[voice.kind]} made no sound")
    if sound.seconds > _LONGEST_SOUND_S:
        raise CannotSpeak(f"{TITLES[voice.kind]} made {sound.seconds:.0f} seconds of sound for one sentence")
    return sound


def _clips(voice: Voice, pieces: tuple[Piece, ...]) -> Sound:
    parts: list[Sound] = []
    missing: list[str] = []
    for piece in pieces:
        path = Path(voice.folder) / f"{piece.name}.wav"
        try:
            parts += [clip(path, path.stat().st_mtime_ns), silence(_pause(piece.after))]
        except FileNotFoundError:
            missing += [] if piece.spare else [path.name]
        except OSError as error:
            raise CannotSpeak(f"the clip {path.name} cannot be read: {error.strerror}") from error
        except NotSound as error:
            raise CannotSpeak(f"the clip {path.name} cannot be used: {error}") from error
    if missing:
        raise CannotSpeak(f"no clip {', '.join(dict.fromkeys(missing))}")
    return joined(parts)


@lru_cache(maxsize=256)
def clip(path: Path, changed_ns: int) -> Sound:
    """A recording as it is joined. `changed_ns` makes a file that was recorded anew another one. Raises NotSound."""
    return read_wav(path.read_bytes()).trimmed().at(RATE)


def _pause(after: str) -> float:
    if "." in after:
        return _FULL_STOP_S
    return _PAUSES_S.get(after, _LONG_PAUSE_S)


def _espeak(voice: Voice, pieces: tuple[Piece, ...]) -> Sound:
    name = voice.name or voice.language
    spelt = [replace(piece, text=spelt_for_espeak(voice, piece.text)) for piece in pieces]
    made = _run(("espeak-ng", "-v", name, "-s", str(voice.speed), "-z", "--stdin", "--stdout"), spelt)
    return read_wav(made)


#: What espeak-ng 1.51 would say wrong: a doubling mark stands before its vowel, a word that ends in ة ends in "-ah".
_ARABIC = ((re.compile("([\u064b-\u0650])(\u0651)"), r"\2\1"), (re.compile("\u0629(?![\u064b-\u0652])"), "\u0647"))
#: Its letters do not tell the two e's of Indonesian apart, so these words are given as its own phonemes.
_INDONESIAN = tuple(
    (re.compile(rf"\b{word}\b"), f"[[{phonemes}]]")
    for word, phonemes in (
        ("empat", "@mp'at"),
        ("enam", "@n'am"),
        ("belas", "b@l'as"),
        ("sebelas", "s@b@l'as"),
        ("loket", "l'okEt"),
    )
)
_RESPELT = {"ar": _ARABIC, "id": _INDONESIAN}


def spelt_for_espeak(voice: Voice, words: str) -> str:
    """The words as espeak-ng's usual voice reads them right; another voice gets them as they are."""
    for pattern, instead in _RESPELT.get(voice.language, ()) if not voice.name else ():
        words = pattern.sub(instead, words)
    return words


def _piper(voice: Voice, pieces: tuple[Piece, ...]) -> Sound:
    if not Path(voice.name).is_file():
        raise CannotSpeak(f"there is no Piper voice {voice.name}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        _run(("piper", "--model", voice.name, "--output_file", str(path)), pieces)
        try:
            return read_wav(path.read_bytes())
        except OSError as error:
            raise CannotSpeak(f"Piper wrote nothing: {error.strerror}") from error


def _command(voice: Voice, pieces: tuple[Piece, ...]) -> Sound:
    return read_wav(_run(tuple(part.replace("{language}", voice.language) for part in voice.command), pieces))


_ENGINES: dict[str, Callable[[Voice, tuple[Piece, ...]], Sound]] = {
    "clips": _clips,
    "espeak": _espeak,
    "piper": _piper,
    "command": _command,
}


def _run(command: tuple[str, ...], pieces: Iterable[Piece]) -> bytes:
    """What a program says when it is given the sentence."""
    program = command[0]
    try:
        done = subprocess.run(command, input=text(pieces).encode(), capture_output=True, timeout=LONGEST_S, check=True)
    except FileNotFoundError as error:
        raise CannotSpeak(f"the program {program} is not installed") from error
    except OSError as error:
        raise CannotSpeak(f"the program {program} cannot be started: {error.strerror}") from error
    except subprocess.TimeoutExpired as error:
        raise CannotSpeak(f"{program} took longer than {LONGEST_S:.0f} seconds") from error
    except subprocess.CalledProcessError as error:
        said = (error.stderr or b"").decode(errors="replace").strip().splitlines()
        raise CannotSpeak(f"{program} failed: {said[-1] if said else f'exit status {error.returncode}'}") from error
    return done.stdout
