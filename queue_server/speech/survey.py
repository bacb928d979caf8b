"""Who can speak here: for each language the voices that work, and what is missing, said to whoever runs the mall.

Looks at folders and starts espeak-ng, so it is for a thread, never for the event loop.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from queue_server.settings import Settings
from queue_server.settings import tables as t
from queue_server.speech.voices import Voice
from queue_server.speech.wording import LANGUAGES, Language, Piece, pieces_of, sheet

VERSION = 3
"""Raised when the same words, by the same voice, come to sound otherwise."""

_ASKED_WITHIN_S = 10.0
_NAMED = 3
"""So many missing clips are named; the command prints all."""


class Speaker(Struct, frozen=True, kw_only=True):
    """How one language is spoken: `voices` in the order in which they are tried, none where it cannot be."""

    language: str
    voices: tuple[Voice, ...] = ()
    hundreds: bool = False
    level: float = -18.0
    """LUFS."""
    content: str = ""
    """A hash of all that a sound depends on beside the ticket and the counter: words, voices, recordings, level."""
    missing: tuple[str, ...] = ()
    """What an operator should know, one sentence each."""


def spoken_languages(settings: Settings) -> tuple[str, ...]:
    """The languages in which calls are to be spoken, in the order of the boards."""
    boards = [board for board in settings.boards.values() if board.sound]
    found = dict.fromkeys(language for board in boards for language in board.languages or settings.mall.languages)
    if boards and settings.speech.ticket_language:
        found |= dict.fromkeys(settings.mall.languages)
    return tuple(language for language in found if _voice(settings, language).engine != "off")


def survey(settings: Settings, folder: Path) -> dict[str, Speaker]:
    """By language. `folder` is where config.toml lies."""
    return {language: speaker(settings, folder, language) for language in spoken_languages(settings)}


def readers(settings: Settings, folder: Path) -> dict[str, Speaker]:
    """Who can read any words aloud, by language of the mall: every voice but recordings, which know calls only."""
    found = {}
    for language in settings.mall.languages:
        if language in LANGUAGES and _voice(settings, language).engine != "off":
            asked = speaker(settings, folder, language)
            voices = tuple(voice for voice in asked.voices if voice.kind != "clips")
            if voices:
                found[language] = replace(asked, voices=voices)
    return found


def speaker(settings: Settings, folder: Path, code: str) -> Speaker:
    language = LANGUAGES.get(code)
    if language is None:
        return Speaker(language=code, missing=(f"Calls are not spoken in {code!r}: Antrean has no words for it.",))
    voices: list[Voice] = []
    missing: list[str] = []
    for voice, lack in _candidates(settings, folder, language):
        if lack:
            missing.append(lack)
        else:
            voices.append(voice)
    clips = clips_folder(settings, folder, code)
    if any(voice.kind == "clips" for voice in voices):
        missing += _incomplete(settings, language, clips, others=len(voices) > 1)
    said = [f"{language.name}: {lack}" for lack in missing]
    if not voices:
        said = [f"Calls are not spoken in {language.name}: {' '.join(missing)}"]
    hundreds, level = settings.speech.numbers == "hundreds", settings.speech.loudness
    content = msgspec.json.encode((VERSION, list(sheet(language)), voices, fingerprint(clips), hundreds, level))
    return Speaker(
        language=code,
        voices=tuple(voices),
        hundreds=hundreds,
        level=level,
        content=blake2b(content, digest_size=16).hexdigest(),
        missing=tuple(said),
    )


def clips_folder(settings: Settings, folder: Path, language: str) -> Path:
    return folder / settings.speech.clips / language


def clips_needed(settings: Settings, language: Language) -> dict[str, Piece]:
    """Every recording that this mall's tickets and counters want."""
    prefixes = dict.fromkeys(service.prefix for service in settings.services.values())
    labels = [counter.label or id_ for id_, counter in settings.counters.items()]
    last = max((prefix.end for prefix in settings.prefixes.values()), default=999)
    return pieces_of(language, prefixes, labels, hundreds=settings.speech.numbers == "hundreds", last=min(last, 9999))


def fingerprint(folder: Path) -> str:
    """Of the names, sizes and times of a folder's recordings; empty where there are none."""
    try:
        found = sorted((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in folder.glob("*.wav"))
    except OSError:
        return ""
    return blake2b(repr(found).encode(), digest_size=8).hexdigest() if found else ""


def _voice(settings: Settings, language: str) -> t.Voice:
    return settings.voices.get(language) or t.Voice()


def _candidates(settings: Settings, folder: Path, language: Language) -> Iterable[tuple[Voice, str]]:
    """Every voice that the mall wants of this language, with what it lacks."""
    wanted = _voice(settings, language.code)
    clips = clips_folder(settings, folder, language.code)
    code, speed = language.code, settings.speech.speed
    has_clips = any(clips.glob("*.wav"))
    if wanted.engine == "clips" or (wanted.engine == "auto" and has_clips):
        lack = "" if has_clips else f"there are no recordings in {clips}. `antrean speech clips {code}` lists them."
        yield Voice(kind="clips", language=code, folder=str(clips)), lack
    if wanted.engine == "piper":
        yield Voice(kind="piper", language=code, name=str(folder / wanted.voice)), _piper_lacks(folder / wanted.voice)
    if wanted.engine == "command":
        program = wanted.command[0]
        lack = "" if shutil.which(program) else f"the program {program} of its command is not there."
        yield Voice(kind="command", language=code, command=wanted.command), lack
    if wanted.engine != "clips":
        name = wanted.voice if wanted.engine in ("auto", "espeak") else ""
        lack = _espeak_lacks(code, name)
        if not lack or wanted.engine == "espeak" or (wanted.engine == "auto" and not has_clips):
            yield Voice(kind="espeak", language=code, name=name, speed=speed), lack


def _piper_lacks(model: Path) -> str:
    if shutil.which("piper") is None:
        return "the program piper is not installed."
    return "" if model.is_file() else f"there is no Piper voice {model}."


def _espeak_lacks(code: str, name: str) -> str:
    program = shutil.which("espeak-ng")
    if program is None:
        return "espeak-ng is not installed."
    if _espeak_has(program, name or code):
        return ""
    if name:
        return f"espeak-ng has no voice {name!r}."
    return f"espeak-ng has no voice for it, so it must be recorded. `antrean speech clips {code}` lists what."


def _espeak_has(program: str, voice: str) -> bool:
    """What could not be asked is taken to be there: a machine may be too busy just now, and a call will show it."""
    try:
        return _asked(program, voice) == 0
    except (OSError, subprocess.TimeoutExpired):
        return True


@lru_cache(maxsize=128)
def _asked(program: str, voice: str) -> int:
    """The exit status: 0 if there is such a voice."""
    command = (program, "-v", voice, "-q", "-")
    return subprocess.run(
        command, capture_output=True, timeout=_ASKED_WITHIN_S, stdin=subprocess.DEVNULL, check=False
    ).returncode


def _incomplete(settings: Settings, language: Language, clips: Path, *, others: bool) -> list[str]:
    needed = clips_needed(settings, language)
    absent = [name for name in needed if not (clips / f"{name}.wav").is_file()]
    spare = [f"The words of {name}.wav are left out until it is recorded." for name in absent if needed[name].spare]
    lacking = [name for name in absent if not needed[name].spare]
    if not lacking:
        return spare
    named = ", ".join(f"{name}.wav" for name in lacking[:_NAMED]) + (" and others" if len(lacking) > _NAMED else "")
    instead = "a call that needs one is spoken by espeak-ng" if others else "a call that needs one only chimes"
    return [f"{len(lacking)} of {len(needed)} recordings are missing ({named}); {instead}.", *spare]
