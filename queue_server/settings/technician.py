"""The PIN of the technician's menu on kiosks: where it stands, and what it must be. Without one nobody opens it."""

from __future__ import annotations

import re
from pathlib import Path as File

from queue_server.settings.mistakes import Mistakes
from queue_server.settings.secrets import VARIABLE, check_reference, secret_of

_PIN = re.compile(r"[0-9]{6,12}")
_ROWS = ("0123456789" * 2, "9876543210" * 2)
FEWEST_DIFFERENT = 3

PATH = ("sign_in", "technician")


def is_pin(said: str) -> bool:
    """6 to 12 digits that are not the first which somebody would try."""
    return bool(_PIN.fullmatch(said)) and len(set(said)) >= FEWEST_DIFFERENT and not any(said in row for row in _ROWS)


def pin_of(reference: str | None, folder: File) -> str | None:
    """The PIN; None where none is set, or what is there is none."""
    if reference is None:
        return None
    try:
        said = secret_of(reference, folder)
    except (OSError, UnicodeDecodeError):
        return None
    return said if is_pin(said) else None


def check_technician(reference: str | None, mistakes: Mistakes, folder: File | None) -> None:
    check_reference(mistakes, folder, PATH, reference)
    if reference is None or reference.startswith(VARIABLE) or folder is None or not (folder / reference).is_file():
        return
    if pin_of(reference, folder) is None:
        wrong = "what stands there is no PIN"
        mistakes.add(PATH, wrong, "write 6 to 12 digits there, not in a row and not all alike")
