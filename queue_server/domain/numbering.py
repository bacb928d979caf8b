"""Which number a ticket gets: the service's prefix and a counter that starts anew each business day.

Three digits at least. A number that somebody still holds (a ticket carried over from yesterday, or one that is still on
its way when a range wraps) is skipped, so no two people in the hall ever have the same.
"""

from __future__ import annotations

from queue_server.domain.lifecycle import FINAL
from queue_server.domain.rules import Prefix
from queue_server.domain.state import State
from queue_server.errors import QuotaReached

_STANDARD = Prefix()


def number(prefix: str, ordinal: int) -> str:
    return f"{prefix}{ordinal:03d}"


def following(rules: Prefix, ordinal: int | None) -> int:
    """The ordinal after `ordinal` (None: nobody has one yet), or `quota_reached` where the range is used up."""
    if ordinal is None:
        return rules.start
    after = ordinal + rules.step
    if after <= rules.end or rules.used_up == "continue":
        return after
    if rules.used_up == "wrap":
        return rules.start
    raise QuotaReached("All numbers of today are given out.", reason="numbers_used_up")


def next_number(state: State, prefix: str) -> tuple[str, int]:
    """The next number of a prefix and its ordinal."""
    rules = state.rules.prefixes.get(prefix, _STANDARD)
    ordinal = state.ordinals.get(prefix)
    first: int | None = None
    while True:
        ordinal = following(rules, ordinal)
        if ordinal == first:
            raise QuotaReached("All numbers are held by people who are still here.", reason="numbers_used_up")
        if first is None:
            first = ordinal
        text = number(prefix, ordinal)
        holder = state.numbers.get(text)
        if holder is None or (rules.used_up == "wrap" and state.tickets[holder].step.state in FINAL):
            return text, ordinal
