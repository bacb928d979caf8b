"""One announcement made: spoken by the first voice that can, brought to the hall's level, written to its file.

    python -m queue_server.speech.rendering      orders on standard input, answers on standard output, a JSON line each

That is the process of its own in which all sound is made: if an engine hangs or eats memory, the server does not.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct

from queue_server.speech.engines import CannotSpeak, speak
from queue_server.speech.loudness import levelled, loudness
from queue_server.speech.sound import RATE, joined, silence, write_wav
from queue_server.speech.voices import TITLES, Voice
from queue_server.speech.wording import Piece

NICE = 5
"""The hall comes first: a call is on every display before it is heard."""


TAIL_S = 0.4
"""Of silence at the end: a browser drops what is left in its buffers when a file has ended. Up to 0.3 s were heard
to be missing, and that must not be of the last word."""


class Order(Struct, frozen=True, kw_only=True):
    """`voices` in the order in which they are tried; `level` in LUFS; `path` is where the file belongs."""

    pieces: tuple[Piece, ...]
    voices: tuple[Voice, ...]
    level: float
    path: str


class Made(Struct, frozen=True, kw_only=True):
    """What became of an order. `by` is the voice that spoke, empty if none could; `failed` says why others did not."""

    by: str = ""
    seconds: float = 0.0
    lufs: float = 0.0
    failed: tuple[str, ...] = ()


def render(order: Order) -> Made:
    """Makes the file, whole or not at all."""
    failed: list[str] = []
    for voice in order.voices:
        try:
            sound = levelled(speak(voice, order.pieces).at(RATE), order.level)
            _put(Path(order.path), write_wav(joined((sound, silence(TAIL_S)))))
        except CannotSpeak as error:
            failed.append(f"{TITLES[voice.kind]}: {error}")
        except OSError as error:
            failed.append(f"the file cannot be written: {error.strerror}")
        else:
            return Made(
                by=voice.kind, seconds=round(sound.seconds, 2), lufs=round(loudness(sound), 1), failed=tuple(failed)
            )
    return Made(failed=tuple(failed))


def serve(orders: BinaryIO, answers: BinaryIO) -> None:
    """Until there are no more orders."""
    for line in orders:
        answers.write(msgspec.json.encode(render(msgspec.json.decode(line, type=Order))) + b"\n")
        answers.flush()


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}")
    part.write_bytes(data)
    part.replace(path)


if __name__ == "__main__":
    os.nice(NICE)
    serve(sys.stdin.buffer, sys.stdout.buffer)
