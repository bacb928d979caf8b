"""What a ticket's page sends so that its phone is told while the page is closed (notices/phones)."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct


class PhoneRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A browser's push subscription: its `endpoint`, and its keys as it writes them (base64 for addresses)."""

    endpoint: Annotated[str, Meta(min_length=1, max_length=1024)]
    key: Annotated[str, Meta(max_length=128)]
    auth: Annotated[str, Meta(max_length=64)]
    language: Annotated[str, Meta(max_length=35)] | None = None
    """In which it is told; otherwise the ticket's."""


class PhoneStopRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The phone that is not to be told any more."""

    endpoint: Annotated[str, Meta(min_length=1, max_length=1024)]
