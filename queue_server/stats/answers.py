"""Answers that were given lately, kept as long as they are true: no day that is over changes without its version.

The key says all that an answer depends on: the question as it was narrowed for this reader, their sight, and the
version of every day in it. Who opens a report that somebody has just read waits for no counting.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

Answer = TypeVar("Answer")

KEPT = 128
MOST_ROWS = 20_000
"""Of all answers that are kept together: some 30 MB."""

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


class Answers:
    """Used by one thread at a time."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, Any] = OrderedDict()

    def clear(self) -> None:
        self._kept.clear()

    def get(self, about: Any, make: Callable[[], Answer]) -> Answer:
        """What was answered when the same was asked, or what `make` answers now."""
        key = _encode(about)
        if key in self._kept:
            self._kept.move_to_end(key)
            kept: Answer = self._kept[key]
            return kept
        found = self._kept[key] = make()
        rows = sum(map(_rows, self._kept.values()))
        while len(self._kept) > KEPT or rows > MOST_ROWS:
            rows -= _rows(self._kept.popitem(last=False)[1])
        return found


def _rows(answer: Any) -> int:
    return len(answer) if isinstance(answer, list) else len(getattr(answer, "rows", ()))
