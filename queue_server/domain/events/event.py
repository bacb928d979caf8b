"""What every event says: when it happened, and whether it was the first that its command brought about."""

from __future__ import annotations

from msgspec import Struct


class Event(Struct, frozen=True, kw_only=True, omit_defaults=True, tag=True, gc=False):
    at: int
    then: bool = False
