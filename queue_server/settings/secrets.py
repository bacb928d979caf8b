"""Secrets, which config.toml only refers to: a file beside it, or a variable of the server's environment, `env:NAME`.

A file holds the secret and nothing else; spaces and ends of lines around it do not count. What went wrong is said
without the secret.
"""

from __future__ import annotations

import os
import re
from pathlib import Path as File

from queue_server.settings.mistakes import Mistakes
from queue_server.settings.syntax import Path

VARIABLE = "env:"

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def secret_of(reference: str, folder: File) -> str:
    """What a reference refers to. Raises OSError where it is not there."""
    if not reference.startswith(VARIABLE):
        return (folder / reference).read_text(encoding="utf-8").strip()
    found = os.environ.get(reference.removeprefix(VARIABLE))
    if found is None:
        raise FileNotFoundError(f"{reference.removeprefix(VARIABLE)} is not in the environment")
    return found.strip()


def check_reference(mistakes: Mistakes, folder: File | None, path: Path, reference: str | None) -> None:
    """Adds what is wrong with it. Whether a variable is set is not asked: `antrean check` runs in another environment
    than the server.
    """
    if not reference:
        return
    if reference.startswith(VARIABLE):
        if not _NAME.fullmatch(reference.removeprefix(VARIABLE)):
            mistakes.add(path, f'"{reference}" names no variable', 'write one like "env:ANTREAN_SECRET"')
    elif folder and not (folder / reference).is_file():
        mistakes.add(path, f'there is no file "{reference}"', "put it there, or take the key out")
