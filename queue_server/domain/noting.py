"""What is kept for whoever asks one day, and moves nothing in the hall."""

from __future__ import annotations

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.acts import code_or_none, details_of
from queue_server.domain.state import State


def note_act(state: State, command: c.NoteAct) -> list[e.AnyEvent]:
    """At any hour; whatever is no code does not get into the chain."""
    return [
        e.ActNoted(
            at=command.at,
            act=command.act,
            what=code_or_none(command.what) or "?",
            by=code_or_none(command.by),
            about=code_or_none(command.about),
            agency=code_or_none(command.agency),
            why=code_or_none(command.why),
            times=command.times,
            done_at=command.done_at,
            details=details_of(command.details),
        )
    ]


def note_closing(state: State, command: c.NoteClosing) -> list[e.AnyEvent]:
    """The hash of a day that is over, as it was signed."""
    return [
        e.ClosingSigned(
            at=command.at,
            day=command.day,
            row=command.row,
            hash=command.hash,
            public_key=command.public_key,
            signature=command.signature,
        )
    ]
