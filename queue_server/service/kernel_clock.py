"""Whether a time server keeps this machine's clock right: the kernel knows, and Python does not ask it.

`adjtimex` (adjtimex(2)) answers TIME_ERROR where nothing has synchronised the clock, and after it was set by hand.
"""

from __future__ import annotations

import ctypes

_TIME_ERROR = 5
_ROOM = 512
"""More bytes than the kernel's `struct timex` has; all zero means "change nothing, only tell"."""


def synchronised() -> bool:
    """False also where the kernel does not say."""
    try:
        adjtimex = ctypes.CDLL(None).adjtimex
    except (OSError, AttributeError):
        return False
    said: int = adjtimex(ctypes.create_string_buffer(_ROOM))
    return 0 <= said < _TIME_ERROR
