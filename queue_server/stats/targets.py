"""Which targets held: what people were promised who queued on a day, in the order in which it was promised.

A day has as many rows as there were different promises by service and category; so a year is read in no time. What was
never promised, of an imported day, has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from queue_server.stats.chunks import Chunk
from queue_server.stats.columns import Columns, Words
from queue_server.stats.groups import Conditions

RAW_TARGETS = ("queued_at", "agency", "service", "category", "target")
"""What is needed of a row of `steps`."""
OF_TARGETS = ("agency", "service", "category")
TARGET = "target_s"

Targets = dict[str, tuple[int, ...]]
"""By service, whole seconds."""


def target_columns_of(rows: Iterable[Sequence[Any]], words: Words) -> Columns:
    """The columns of one day's rows, each as `RAW_TARGETS` has it."""
    ordered = sorted((row for row in rows if row[-1] is not None), key=lambda row: int(row[0]))
    turned = list(zip(*dict.fromkeys(tuple(row[1:]) for row in ordered), strict=True)) or [()] * (len(OF_TARGETS) + 1)
    found: Columns = {
        name: np.array([words.code(name, word) for word in turned[place]], dtype=np.uint16)
        for place, name in enumerate(OF_TARGETS)
    }
    found[TARGET] = np.array([ms // 1_000 for ms in turned[-1]], dtype=np.uint32)
    return found


def held(chunks: Iterable[Chunk], where: Mapping[str, tuple[str, ...]], words: Words) -> Targets:
    """Each different one once, the first first; of other conditions than those of `OF_TARGETS` none holds."""
    conditions = Conditions({name: values for name, values in where.items() if name in OF_TARGETS}, words)
    found: dict[tuple[int, int], None] = {}
    for chunk in chunks:
        chosen = conditions.chosen(chunk.columns, (), ())
        service, target = (chunk.columns[name] for name in ("service", TARGET))
        if chosen is not None:
            service, target = service[chosen], target[chosen]
        found |= dict.fromkeys(zip(service.tolist(), target.tolist(), strict=True))
    names = words.all("service")
    by_service: dict[str, list[int]] = {}
    for code, seconds in found:
        by_service.setdefault(names[code], []).append(seconds)
    return {service: tuple(seconds) for service, seconds in by_service.items()}
