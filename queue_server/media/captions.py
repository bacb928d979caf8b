"""Captions of videos: WebVTT, read and written anew with nothing but times and words.

What else WebVTT has (styles, regions, places, voices) displays do not use: captions stand at one place, in letters that
are read from afar.
"""

from __future__ import annotations

import re

from queue_server.media.kinds import Wrong

MOST_BYTES = 256 * 1024
MOST_CUES = 2000
LONGEST = 300
"""Characters of one cue; more nobody reads in its time."""

_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_ARROW = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t].*)?")
_MARKUP = re.compile(r"<[^>]*>")


def rewritten(raw: bytes) -> bytes:
    """Raises Wrong, which says in which line."""
    if len(raw) > MOST_BYTES:
        raise Wrong("too_large", f"Captions have at most {MOST_BYTES // 1024} KB.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Wrong("captions_wrong", "Captions are a text file in UTF-8.") from None
    lines = re.split(r"\r\n|\r|\n", text)
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        raise Wrong("captions_wrong", "Captions begin with the line WEBVTT.")
    cues = _cues(lines)
    if not cues:
        raise Wrong("captions_wrong", "There is no caption in it: 00:01.000 --> 00:04.000, and below it the words.")
    return ("WEBVTT\n" + "".join(f"\n{when}\n{said}\n" for when, said in cues)).encode()


def _cues(lines: list[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(lines):
        if "-->" not in lines[at]:
            at += 1
            continue
        arrow = _ARROW.fullmatch(lines[at].strip())
        if arrow is None:
            raise Wrong("captions_wrong", f"Line {at + 1}: a time is written 00:01.000 --> 00:04.000.")
        words, after = [], at + 1
        while after < len(lines) and lines[after].strip():
            words.append(" ".join(_MARKUP.sub("", lines[after]).split()))
            after += 1
        begins, ends = _ms(arrow.groups()[:4]), _ms(arrow.groups()[4:])
        if ends <= begins:
            raise Wrong("captions_wrong", f"Line {at + 1}: it ends before it begins.")
        said = "\n".join(line for line in words if line)
        if len(said) > LONGEST:
            raise Wrong("captions_wrong", f"Line {at + 1}: {len(said)} characters are more than anybody reads at once.")
        if said:
            found.append((f"{_written(begins)} --> {_written(ends)}", said))
        if len(found) > MOST_CUES:
            raise Wrong("too_large", f"Captions have at most {MOST_CUES} lines.")
        at = after
    return found


def _ms(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, ms = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms


def _written(ms: int) -> str:
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"
