"""Which half-hour was the worst: one rule for the first sentence, the chart of the day and the heat map. Pure.

The worst is the one whose median is the highest that is drawn, so that no title says what its own line denies. Where
fewer than twenty were called in it, it says how many, and the worst of those with enough stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from queue_server.reports.numbers import FEWEST, Group


class Worst(Struct, frozen=True, kw_only=True):
    """`top` has the highest median of all, `steady` the highest of those with enough cases: None where none has."""

    top: Group
    steady: Group | None = None


def worst(groups: Iterable[Group]) -> Worst | None:
    """None where all of them together are too few to say anything. Of equal ones the one with more people."""
    known = [group for group in groups if group.half is not None]
    if sum(group.count for group in known) < FEWEST:
        return None
    enough = [group for group in known if not group.few]
    return Worst(top=max(known, key=_bad), steady=max(enough, key=_bad, default=None))


def _bad(group: Group) -> tuple[float, int]:
    return group.half or 0, group.count
