"""Percentiles by counting, against sorted values; and where a table would be too large, by sorting."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from queue_server.stats.spread import Spread
from tests.stats import obvious


@pytest.mark.parametrize("cells", [10, 400, 1_000_000])
def test_both_ways_of_counting_say_what_sorting_says(cells: int):
    """Whether the table has room for all, for some or for none; in whatever portions the values come."""
    chance = Random(cells)
    values: dict[int, list[int]] = {group: [] for group in range(5)}
    spread = Spread(5, most_cells=cells)
    for _ in range(30):
        here = [(chance.choice([0, 1, 3]), int(chance.expovariate(1 / 40))) for _ in range(chance.randrange(20))]
        for group, second in here:
            values[group].append(second)
        spread.add(np.array([g for g, _ in here], dtype=np.int64), np.array([s + 1 for _, s in here], dtype=np.int64))

    told = spread.times(range(5))
    whole = spread.whole()

    for group, said in enumerate([*told, whole]):
        expected = obvious.times(values[group] if group < 5 else [v for some in values.values() for v in some])
        assert {name: getattr(said, name) for name in expected} == expected
