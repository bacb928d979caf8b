"""Codes that a mall configures: reasons, categories, outcomes. Free words never come into an event."""

from __future__ import annotations

from queue_server.domain.state import State
from queue_server.errors import Invalid

REFERENCE = "~"
"""A reason that begins so is a reference to words kept in the registry, not a configured code."""


def check_reason(reason: str, known: dict[str, dict[str, str]]) -> None:
    """Refuse a reason that is neither a configured code nor a reference."""
    if reason not in known and not reason.startswith(REFERENCE):
        raise Invalid(f"There is no reason {reason!r}; there are {', '.join(known)}.", reason="reason")


def check_category(state: State, category: str) -> None:
    known = state.rules.categories
    if category not in known:
        raise Invalid(f"There is no category {category!r}; there are {', '.join(known)}.", reason="category")


def check_outcome(state: State, outcome: str | None) -> None:
    known = state.rules.outcomes
    if outcome is not None and outcome not in known:
        raise Invalid(f"There is no outcome {outcome!r}; there are {', '.join(known)}.", reason="outcome")
