"""Of what people were told by the rules for alerts: an alert begins once and ends once, whoever notices it how often.

What a rule finds is looked for outside (notices/finding.py), since it needs the devices as well. What of it was told is
part of the day's history, so that a restart tells nobody twice. With its day an alert is over, without an event.
"""

from __future__ import annotations

from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.state import State


def note(state: State, command: c.NoteAlerts) -> list[e.AnyEvent]:
    found: list[e.AnyEvent] = [
        e.AlertEnded(at=command.at, rule=rule, subject=subject, until=until)
        for rule, subject, until in command.ended
        if (rule, subject) in state.alerts
    ]
    found += [
        e.AlertBegan(
            at=command.at,
            rule=raised.rule,
            kind=raised.kind,
            subject=raised.subject,
            since=raised.since,
            count=raised.count,
            reason=raised.reason,
        )
        for raised in command.began
        if (raised.rule, raised.subject) not in state.alerts
    ]
    return [replace(event, then=True) if place else event for place, event in enumerate(found)]
