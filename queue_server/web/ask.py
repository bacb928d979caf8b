"""One request, understood: who asks for what, under which key, and the one way to carry out a command for it.

    async def park(ask: Ask[ParkRequest]) -> Done[TicketView]:
        return await ask.do(c.ParkTicket, ticket=ask.body.ticket)

A handler says what is wanted. Where, by whom and why is filled in from the request, when and how long people wait by
the engine. What the caller is answered with stands in the annotation; showing.py makes it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from aiohttp import web
from msgspec import Struct

from queue_server.domain import commands as c
from queue_server.domain.records import Ticket
from queue_server.errors import IllegalMove, Invalid, NotFound
from queue_server.service.engine import Engine, Result
from queue_server.service.keys import Key
from queue_server.web.identity.access import Caller
from queue_server.web.parts import Parts
from queue_server.web.permissions import SUPERVISORS
from queue_server.web.queues.lookups import LONGEST_ID

Body = TypeVar("Body")
View = TypeVar("View")

LONGEST_KEY = 200
"""Characters of an Idempotency-Key."""


class Nothing(Struct, frozen=True, forbid_unknown_fields=True):
    """A body without fields; it may be left out."""


class Done(Struct, Generic[View], frozen=True):
    """What a command came to, to be answered with a `View` of it."""

    result: Result


class Ask(Generic[Body]):
    """One request. Beside who asks (`caller`), what (`body`) and the key under which it is known, what was looked up
    for it: the `ticket` in the path, and codes or references for the `reason` and `note` in the body.
    """

    __slots__ = (
        "body",
        "caller",
        "carried_out",
        "cookies",
        "csv",
        "key",
        "lives",
        "note",
        "parts",
        "reason",
        "request",
        "status",
        "ticket",
        "words",
    )

    def __init__(
        self, parts: Parts, request: web.Request, caller: Caller, body: Body, key: Key | None, status: int
    ) -> None:
        self.parts = parts
        self.request = request
        self.caller = caller
        self.body = body
        self.key = key
        self.status = status
        self.ticket: Ticket = None  # type: ignore[assignment]  # only routes with a ticket in their path read it
        self.reason: str | None = None
        self.note: str | None = None
        self.cookies: list[Callable[[web.Response], None]] = []
        self.csv: bytes | None = None
        """What is answered instead of JSON, where that was asked for."""
        self.words: list[str] = []
        self.carried_out = False
        self.lives: int | None = None

    def __getitem__(self, name: str) -> str:
        """A part of the path."""
        return self.request.match_info[name]

    @property
    def subject(self) -> str:
        """The id that the path names, if any."""
        return next(iter(self.request.match_info.values()), "")

    @property
    def engine(self) -> Engine:
        return self.parts.engine

    async def do(self, kind: type[c.Command], **said: Any) -> Done[Any]:
        """Carry a command out under this request's key; return what comes of it before awaiting anything else."""
        command = kind(**self._filled(kind, said))
        try:
            result = await self.engine.carry_out(command, self.key, self.status)
        except NotFound as missing:
            await self._refuse_earlier(missing)
            raise
        self.lives = self.engine.lives
        self.parts.callers.note(self.caller, result.events)
        self.carried_out = bool(result.events)
        return Done(result)

    def _filled(self, kind: type[c.Command], said: dict[str, Any]) -> dict[str, Any]:
        """What the handler said, and what follows from the request: the path, the reason, in whose name."""
        fields, path = kind.__struct_fields__, self.request.match_info
        found: dict[str, Any] = {name: path[name] for name in path if name in fields}
        if "reason" in fields:
            found["reason"] = self.reason
        if "clerk" in fields:
            clerk = self.acting(said.get("counter") or path["counter"])
            found["clerk"] = clerk
            if "by" in fields:  # who acts in the clerk's place
                found["by"] = self.caller.clerk if self.caller.clerk != clerk else None
        elif "by" in fields:
            found["by"] = self.caller.clerk
        return found | said

    def acting(self, counter: str) -> str:
        """In whose name a counter is worked: the clerk's own, or for a supervisor the clerk's who is there."""
        there = self.engine.state.counters[counter].clerk if self.caller.role in SUPERVISORS else None
        return there or self.caller.clerk

    async def _refuse_earlier(self, missing: NotFound) -> None:
        """A ticket that today does not know may be an earlier day's, which nothing moves any more."""
        named = missing.fields.get("ticket")
        if isinstance(named, str) and 0 < len(named) <= LONGEST_ID:
            refuse_over(await self.engine.find_ticket(named))


def refuse_over(earlier: Ticket) -> None:
    """The refusal of every move of a ticket whose day is over."""
    raise IllegalMove(f"That ticket was valid on {earlier.day}.", reason="day_over", day=earlier.day)


def key_of(
    parts: Parts, request: web.Request, caller: Caller, named: str, raw: bytes, *, path: str | None = None
) -> Key:
    """The Idempotency-Key of this caller and the request's path, or another, as it is kept."""
    if not 0 < len(named) <= LONGEST_KEY or not (named.isascii() and named.isprintable()):
        raise Invalid(f"An Idempotency-Key is 1 to {LONGEST_KEY} ASCII characters.", reason="idempotency_key")
    return parts.engine.hashes(caller.id, path or request.path, named, raw)
