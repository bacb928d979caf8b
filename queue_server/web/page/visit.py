"""One request for a page, and what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from msgspec import Struct, field

from queue_server.domain.rules import Rules
from queue_server.wire.printing import SlipLayout


class Visit(Struct, frozen=True):
    """One request for a page."""

    request: web.Request
    rules: Rules
    layout: SlipLayout

    def __getitem__(self, name: str) -> str:
        """A part of the address."""
        return self.request.match_info[name]


class Shown(Struct, frozen=True, kw_only=True):
    """`data` is for the page's script, `values` for its template; `languages` it speaks beside the mall's."""

    data: Mapping[str, object] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    language: str | None = None
    """In which it starts, where that follows from what it shows."""
    status: int = 200


class Handed(Exception):
    """What is asked for is a file, and no page."""

    def __init__(self, content: bytes, kind: str, name: str) -> None:
        super().__init__(name)
        self.content = content
        self.kind = kind
        self.name = name


class Elsewhere(Exception):
    """What is asked for stands at another address of this house."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address
