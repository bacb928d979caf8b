"""Answers that were given lately, kept as long as they are true: no day that is over changes without its version.

The key says all that an answer depends on: the question as it was narrowed for this reader, their sight, and the
version of every day in it. Who opens a report that somebody has just read waits for no counting.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import msgspec

from queue_server.wire.stats import StatsView

KEPT = 64
MOST_ROWS = 1_000
"""Larger answers are not kept."""

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


class Answers:
    """Used by one thread at a time."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, StatsView] = OrderedDict()

    def get(self, about: Any, make: Callable[[], StatsView]) -> StatsView:
        """What was answered when the same was asked, or what `make` answers now."""
        key = _encode(about)
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        found = make()
        if len(found.rows) <= MOST_ROWS:
            self._kept[key] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found
