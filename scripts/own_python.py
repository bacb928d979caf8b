"""Imported first by scripts that need the project's packages: called by name they run with the project's `.venv`."""

import os
import sys
from pathlib import Path

_VENV = Path(__file__).resolve().parent.parent / ".venv"
_PYTHON = _VENV / "bin/python"

if _PYTHON.exists() and Path(sys.prefix).resolve() != _VENV:
    os.execv(_PYTHON, [str(_PYTHON), *sys.argv])  # noqa: S606 - our own interpreter, with our own arguments
