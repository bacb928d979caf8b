"""Which token has called whom: two tokens of one name work as one clerk, and what a citizen said is for one of them.

Kept in memory. What a restart forgot, or the mall called by itself, is a token's where no other bears its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from queue_server.domain import events as e
from queue_server.domain.records import CounterRecord
from queue_server.registry.tokens import Tokens
from queue_server.web.identity.access import Caller


class Callers:
    def __init__(self) -> None:
        self._called: dict[str, tuple[str, str]] = {}
        """By counter: the ticket, and the caller's id."""

    def note(self, caller: Caller, events: Iterable[e.AnyEvent]) -> None:
        """What came of this caller's command."""
        for event in events:
            if isinstance(event, e.TicketCalled):
                self._called[event.counter] = event.ticket, caller.id

    def has_called(self, caller: Caller, ticket: str, counters: Mapping[str, CounterRecord], tokens: Tokens) -> bool:
        """Whether it is this very caller who has called the ticket, and has it still."""
        at = [id_ for id_, one in counters.items() if one.ticket == ticket and one.clerk == caller.clerk]
        if not at:
            return False
        if not caller.id.startswith("token:"):
            return True  # a person's pseudonym is nobody else's
        known, by = self._called.get(at[0], ("", ""))
        if known == ticket:
            return by == caller.id
        return tokens.named_alike(caller.clerk) < 2
