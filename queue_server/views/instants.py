"""Instants and lengths as the API writes them: RFC 3339 in UTC with milliseconds, and whole seconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import overload

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = 60_000
_FIRST, _LAST = -30_610_224_000_000, 253_402_300_799_999
"""Years of four digits, which is all that RFC 3339 writes."""


@overload
def rfc3339(ms: int) -> str: ...
@overload
def rfc3339(ms: None) -> None: ...
def rfc3339(ms: int | None) -> str | None:
    """`2026-11-24T02:00:00.000Z` for milliseconds since the epoch; None stays None.

    What lies beyond the years that can be written (an absurd target of an old journal) is the last of them.
    """
    return None if ms is None else _written(ms)


def seconds(ms: int) -> int:
    """Whole seconds that have passed."""
    return ms // 1000


# A ticket's answer says one instant several times: it was issued and queued at once.
@lru_cache(maxsize=1024)
def _written(ms: int) -> str:
    minute, rest = divmod(min(max(ms, _FIRST), _LAST), _MINUTE)
    return f"{_to_the_minute(minute)}{rest // 1000:02d}.{rest % 1000:03d}Z"


# Most instants are of the last hour.
@lru_cache(maxsize=4096)
def _to_the_minute(minute: int) -> str:
    return (_EPOCH + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:")
