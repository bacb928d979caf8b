"""Which voice speaks a language: one engine behind another, so that a call is heard while any of them works.

Pure descriptions, which travel to the process that renders; what they do there is in engines.py.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Kind = Literal["clips", "espeak", "piper", "command"]

TITLES = {"clips": "recorded clips", "espeak": "espeak-ng", "piper": "Piper", "command": "the mall's own command"}


class Voice(Struct, frozen=True, kw_only=True):
    """One engine as it is to speak one language."""

    kind: Kind
    language: str
    name: str = ""
    """espeak-ng's voice, or Piper's model file; empty for espeak-ng's usual one."""
    folder: str = ""
    """Where the language's clips lie."""
    command: tuple[str, ...] = ()
    """A program of the mall's own, with its arguments."""
    speed: int = 115
    """Words a minute, for engines that can be told."""
