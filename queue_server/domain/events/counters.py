"""What happened to a counter: open, paused, left, in need of help."""

from __future__ import annotations

from queue_server.domain.events.event import Event

AWAY = "away"
"""The pause reason of a counter whose clerk's screen has gone."""


class CounterOpened(Event, frozen=True, kw_only=True):
    """`skills` narrows what this clerk may serve here; None means everything that the counter serves."""

    counter: str
    clerk: str
    skills: tuple[str, ...] | None = None


class CounterPaused(Event, frozen=True, kw_only=True):
    """`reason` is a configured code, or `away` when the clerk's screen has gone."""

    counter: str
    reason: str


class CounterResumed(Event, frozen=True, kw_only=True):
    counter: str


class CounterLeft(Event, frozen=True, kw_only=True):
    """The counter is closed; `by` whom and why, where that was not its own clerk."""

    counter: str
    by: str | None = None
    reason: str | None = None


class AutoCallSet(Event, frozen=True, kw_only=True):
    counter: str
    on: bool


class HelpAsked(Event, frozen=True, kw_only=True):
    counter: str


class HelpAnswered(Event, frozen=True, kw_only=True):
    counter: str
    by: str
