"""Which number a ticket gets: the service's prefix and a counter that starts anew each business day.

Three digits at least. A number that somebody still holds (a ticket carried over from yesterday, or one that is still on
its way when a range wraps) is skipped, so no two people in the hall ever have the same, nor two that look the same.
"""

from __future__ import annotations

from queue_server.domain.lifecycle import FINAL
from queue_server.domain.rules import Prefix
from queue_server.domain.state import State
from queue_server.errors import QuotaReached
from queue_server.letters import number_parts, prefix_look

_STANDARD = Prefix()

DIGITS = 3
"""At least so many."""


def number(prefix: str, ordinal: int) -> str:
    return f"{prefix}{ordinal:0{DIGITS}d}"


def key(prefix: str, ordinal: int) -> str:
    """What is seen of a number: two that look alike are one, whatever letters they are written with."""
    return number(prefix_look(prefix), ordinal)


def holder(state: State, typed: str) -> str | None:
    """The ticket that has this number, however somebody typed it: `a2`, `A 2`, `A-002`; the latest of the day."""
    parts = number_parts(typed)
    return None if parts is None else state.numbers.get(number(*parts))


def ordinal_of(prefix: str, typed: str) -> int | None:
    """Which of a prefix's numbers somebody typed, with its letters or without; None if it is none of them."""
    parts = number_parts(typed)
    return parts[1] if parts is not None and parts[0] in ("", prefix_look(prefix)) else None


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
        held_by = state.numbers.get(key(prefix, ordinal))
        if held_by is None or (rules.used_up == "wrap" and state.tickets[held_by].step.state in FINAL):
            return text, ordinal
