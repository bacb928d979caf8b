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

DIGITS = 3
"""At least so many."""


def number(prefix: str, ordinal: int) -> str:
    return f"{prefix}{ordinal:0{DIGITS}d}"


def as_written(typed: str) -> str:
    """A number as it stands on the slip, from how somebody typed it: `a2`, `A 2` and `a002` are `A002`."""
    text = "".join(typed.split()).upper()
    prefix = text.rstrip("0123456789")
    digits = text[len(prefix) :]
    return prefix + digits.lstrip("0").rjust(DIGITS, "0") if digits else text


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
