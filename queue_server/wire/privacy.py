"""What somebody may ask about what is kept of them: a copy, a hold, an end."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from queue_server.wire.people import Code

Tickets = Annotated[tuple[Code, ...], Meta(min_length=1, max_length=500)]


class CitizenAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose: a ticket by its id or its number (of a `day`, the latest if none is said), or all that gave a `phone`."""

    ticket: Code | None = None
    phone: Code | None = None
    day: Code | None = None


class CitizenKept(Struct, frozen=True, kw_only=True):
    """All that is kept with one ticket. `events` are the journal's, as they stand there; `words` what they refer to, by
    reference: null where it was forgotten. `held`: references of those that are on hold. `phones`: so many are told of
    it while its page is closed."""

    ticket: str
    day: str
    number: str | None
    events: tuple[dict[str, Any], ...]
    words: dict[str, Any]
    held: tuple[str, ...]
    phones: int


class HoldWordsRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`held`: whether they are put on hold, or that ends."""

    tickets: Tickets
    held: bool


class EraseWordsRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    tickets: Tickets


class TextsView(Struct, frozen=True, kw_only=True):
    """How many texts were changed by it."""

    texts: int


class PersonKept(Struct, frozen=True, kw_only=True):
    """All that is kept of somebody of the staff, as `antrean user export` prints it."""

    person: str
    kept: dict[str, Any]
