"""The one small hall that runs without an engine: commands are decided, events are carried, and three things are held.

Deciding changes nothing; what one command leads to says so (`then`); and the recorded events, through JSON, give the
same state again. tests/domain, tests/views and tests/journal each put a mall of their own into it.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.decide import decide
from queue_server.domain.evolve import evolve
from queue_server.domain.records import Ticket
from queue_server.domain.state import State

_decoder = msgspec.json.Decoder(e.AnyEvent)


class SmallHall:
    """`at` is now: time stands still until the test moves it. `history` are all events so far."""

    checked = True
    """Each check looks at the whole state: too much for histories of thousands of commands."""

    def __init__(self, at: int) -> None:
        self.state = State()
        self.at = at
        self.history: list[e.AnyEvent] = []
        self._twin = State()

    def carry_out(self, command: c.Command) -> list[e.AnyEvent]:
        events = self._decided(command) if self.checked else decide(self.state, command)
        for event in events:
            evolve(self.state, event)
            self.happened(event)
        self.history += events
        if self.checked:
            for event in events:
                evolve(self._twin, _decoder.decode(msgspec.json.encode(event)))
            assert self._twin.facts() == self.state.facts(), "the recorded events give another state"
        return events

    def _decided(self, command: c.Command) -> list[e.AnyEvent]:
        before = self.state.facts()
        events = decide(self.state, command)
        assert self.state.facts() == before, "deciding changed something"
        assert [event.then for event in events] == [place > 0 for place in range(len(events))]
        return events

    def happened(self, event: e.AnyEvent) -> None:
        """An event has just been carried: for a hall that keeps more than the state."""

    def later(self, milliseconds: int) -> int:
        """Time goes by; what is due is not noticed by itself."""
        self.at += milliseconds
        return self.at

    def ticket(self, id_: str) -> Ticket:
        return self.state.tickets[id_]

    def change(self, **rules: Any) -> None:
        """Other rules from now on."""
        self.carry_out(c.SetRules(at=self.at, rules=replace(self.state.rules, **rules)))

    def policy(self, **policy: Any) -> None:
        self.change(policy=replace(self.state.rules.policy, **policy))
