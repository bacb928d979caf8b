"""One business day of the counters as columns: how long each was in which state in each half-hour.

Spans are cut where a half-hour ends, and those that agree in all that is asked for are put together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from queue_server.domain.presence import IDLE, IDLE_WAITING, PAUSED, SERVING, WALKING
from queue_server.stats.columns import SPAN_WORDS, Columns, LocalTime, Words

RAW_SPANS = ("agency", "service", "counter", "clerk", "reason", "state", "from_at", "to_at")
"""What is needed of a row of `counter_spans` (journal/spans.py), in this order."""
STATES = (SERVING, WALKING, IDLE_WAITING, IDLE, PAUSED)

QUARTER_MS = 900_000


def counter_columns_of(rows: Iterable[Sequence[Any]], words: Words, clock: LocalTime, until: int | None) -> Columns:
    """The columns of one day's spans (each as `RAW_SPANS` has it). Today's are counted until now; None: it is over."""
    sums: dict[tuple[Any, ...], int] = defaultdict(int)
    for *whose, state, from_at, to_at in rows:
        at, ends = from_at, until if to_at is None else to_at
        if ends is None:  # nothing says how long
            continue
        ends = ends if until is None else min(ends, until)
        while at < ends:
            cut = min(ends, (at // QUARTER_MS + 1) * QUARTER_MS)
            sums[(*whose, state, clock.half_hour(at))] += cut - at
            at = cut
    turned = list(zip(*sums, strict=True)) if sums else [()] * (len(SPAN_WORDS) + 2)
    found: Columns = {
        name: np.array([words.code(name, word) for word in turned[place]], dtype=np.uint16)
        for place, name in enumerate(SPAN_WORDS)
    }
    found["state"] = np.array([STATES.index(state) for state in turned[-2]], dtype=np.uint8)
    found["half_hour"] = np.array(turned[-1], dtype=np.uint8)
    found["ms"] = np.array(list(sums.values()), dtype=np.uint32)
    return found
