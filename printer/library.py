"""The one door to python-escpos: what it knows of printers' models, and its builder of bytes.

It is a builder only, a new `Dummy` for each slip (the second job of one would lack what its first one set): its own
connections report wrong facts (a closed line is "plenty of paper", a reset in the middle of a job no error). It is
imported only where a model is named or a slip is written as text, since that takes 0.2 s.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from threading import Lock
from typing import Any

#: Where the library keeps what it knows of printers between two starts.
PICKLES = "ESCPOS_CAPABILITIES_PICKLE_DIR"


def known() -> Mapping[str, Any]:
    """Everything that it knows of models: `profiles` and `encodings`."""
    found: Mapping[str, Any] = _library().capabilities.CAPABILITIES
    return found


def builder(profile: str, pages: Mapping[str, int]) -> Any:
    """A new builder for this profile, which writes text in these code pages (the printer's number of each)."""
    encoder = _encoder(tuple(pages.items()))
    return _library().printer.Dummy(profile=profile, magic_encode_args={"encoder": encoder})


@lru_cache(maxsize=16)
def _encoder(pages: tuple[tuple[str, int], ...]) -> Any:
    """Kept, since the tables of its pages take some milliseconds to make; it has no other memory that matters."""
    return _library().magicencode.Encoder(dict(pages))


@lru_cache(maxsize=64)
def letters(page: str) -> str:
    """What the bytes 128 to 255 are in a code page."""
    said = known()["encodings"][page]
    if "data" in said:
        return "".join(said["data"])
    return "".join(bytes([byte]).decode(said["python_encode"], errors="replace") for byte in range(0x80, 0x100))


_IMPORTING = Lock()


def _library() -> Any:
    """The library, for all threads that draw."""
    with _IMPORTING:
        return _imported()


@lru_cache(maxsize=1)
def _imported() -> Any:
    """python-escpos, imported late and tidied up after.

    Importing version 3.1 adds a handler to the root logger and makes a new temporary folder each time. It also keeps
    its capabilities as a pickle between two starts, and never starts again where a kill left half of one; so each
    start gets a folder of its own that is gone afterwards.
    """
    root = logging.getLogger()
    handlers = list(root.handlers)
    usual, told = tempfile.tempdir, os.environ.get(PICKLES)
    with tempfile.TemporaryDirectory() as scratch:
        tempfile.tempdir = os.environ[PICKLES] = scratch
        try:
            import escpos.capabilities
            import escpos.magicencode
            import escpos.printer
        finally:
            tempfile.tempdir = usual
            os.environ.pop(PICKLES)
            if told is not None:
                os.environ[PICKLES] = told
    for handler in [handler for handler in root.handlers if handler not in handlers]:
        root.removeHandler(handler)
    return escpos
