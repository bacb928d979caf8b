"""The rows of `steps`: one per ticket step, made from the ticket as the state holds it. Pure.

A ticket has rows once it is over, or its day is; they are written with the event that ends it, and kept right from then
on. Of one that goes on today the state tells: a row at each of its moves would be half of what the disk does for a day.
They repeat what the events say, in the form that statistics and late questions about a ticket need. Times are
milliseconds since the epoch; `wait_s`, `walk_s` and `service_s` are whole seconds, rounded down, of what
domain/measures.py says.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from queue_server.domain import measures
from queue_server.domain.lifecycle import FINAL, StepState
from queue_server.domain.records import Promise, Slip, Step, Ticket
from queue_server.domain.rules import Rules
from queue_server.domain.state import Changes, State


class StepKey(NamedTuple):
    """What a step is filed under: in the order of issuing, so that writing touches few pages at any age."""

    day: str
    issued_at: int
    ticket: str
    step: int


class StepRow(Struct, frozen=True, kw_only=True):
    """One row of `steps`; the fields are the table's columns, the first four its key.

    `slip` is the ticket's, as JSON, on step 0 only. `outcome` and `reason` are configured codes, `note` a reference.
    """

    day: str
    issued_at: int
    ticket: str
    step: int
    number: str
    service: str
    agency: str
    category: str
    channel: str
    language: str
    kiosk: str | None
    cases: int
    state: str
    queued_at: int | None
    credit: int
    booked_at: int | None
    target: int | None
    p50: int | None
    p90: int | None
    first_called_at: int | None
    called_at: int | None
    calls: int
    started_at: int | None
    finished_at: int | None
    left_at: int | None
    was: str | None
    counter: str | None
    clerk: str | None
    outcome: str | None
    reason: str | None
    served_ms: int
    held_ms: int
    wait_s: int | None
    walk_s: int | None
    service_s: int | None
    note: str | None
    slip: bytes | None
    missed: int
    from_log: bool = False
    """As another system's log says it: where there is a 0, nobody knows."""

    @property
    def key(self) -> StepKey:
        return StepKey(self.day, self.issued_at, self.ticket, self.step)


_encode = msgspec.json.Encoder().encode
_slip_from_json = msgspec.json.Decoder(Slip).decode


def slip_to_json(slip: Slip) -> bytes:
    """A slip as a row keeps it, without when it was last heard of: events say that."""
    return _encode(slip if slip.told_at is None else replace(slip, told_at=None))


def rows_of(state: State, changes: Changes) -> tuple[list[StepRow], list[StepKey]]:
    """The rows that the last events made or changed, and the keys of those that an undo or a taken back roll took away.

    To be asked before the next day is opened, since that forgets the tickets.
    """
    rows: list[StepRow] = []
    gone: list[StepKey] = []
    for changed in state.tickets if changes.closed else changes.tickets:
        ticket = state.tickets[changed]
        if ticket.void:
            gone += [_key(ticket, index) for index in range(len(ticket.steps))]
        elif has_rows(state, ticket):
            rows += step_rows(ticket, state.rules)
    for name, index in changes.gone:
        ticket = state.tickets[name]
        if index >= len(ticket.steps) or not has_rows(state, ticket):
            gone.append(_key(ticket, index))
    return rows, gone


def has_rows(state: State, ticket: Ticket) -> bool:
    """Whether `steps` tells of this ticket: it is over, or the day that it was issued on is."""
    return ticket.step.state in FINAL or not state.open or ticket.day != state.day


def _key(ticket: Ticket, index: int) -> StepKey:
    return StepKey(ticket.day, ticket.issued_at, ticket.id, index)


def step_rows(ticket: Ticket, rules: Rules) -> list[StepRow]:
    """All steps of a ticket."""
    return [_row(ticket, index, step, rules) for index, step in enumerate(ticket.steps)]


def _row(ticket: Ticket, index: int, step: Step, rules: Rules) -> StepRow:
    promise, service = step.promise, rules.services.get(step.service)
    return StepRow(
        day=ticket.day,
        issued_at=ticket.issued_at,
        ticket=ticket.id,
        step=index,
        number=ticket.number,
        service=step.service,
        agency=service.agency if service is not None else "",  # gone over night, under a carried ticket
        category=ticket.category,
        channel=ticket.channel,
        language=ticket.language,
        kiosk=ticket.kiosk,
        cases=ticket.cases,
        state=step.state.value,
        queued_at=step.queued_at,
        credit=step.credit,
        booked_at=step.booked_at,
        target=promise.target if promise is not None else None,
        p50=promise.p50 if promise is not None else None,
        p90=promise.p90 if promise is not None else None,
        first_called_at=step.first_called_at,
        called_at=step.called_at,
        calls=step.calls,
        started_at=step.started_at,
        finished_at=step.finished_at,
        left_at=step.left_at,
        was=step.was.value if step.was is not None else None,
        counter=step.counter,
        clerk=step.clerk,
        outcome=step.outcome,
        reason=step.reason,
        served_ms=step.served,
        held_ms=step.held,
        wait_s=_seconds(measures.wait(step)),
        walk_s=_seconds(measures.walk(step)),
        service_s=_seconds(measures.service(step)),
        note=ticket.note,
        slip=slip_to_json(ticket.slip) if index == 0 else None,
        missed=step.missed,
    )


def reckoned(row: StepRow) -> StepRow:
    """The same with the seconds that follow from what it says."""
    step = _step(row)
    return replace(
        row,
        wait_s=_seconds(measures.wait(step)),
        walk_s=_seconds(measures.walk(step)),
        service_s=_seconds(measures.service(step)),
    )


def _seconds(ms: int | None) -> int | None:
    return None if ms is None else ms // 1_000


def ticket_of(rows: list[StepRow]) -> Ticket:
    """The ticket that these rows (all of one ticket, in order) were made from, as far as rows tell."""
    first = rows[0]
    prefix, ordinal = _parts(first.number)
    return Ticket(
        id=first.ticket,
        number=first.number,
        prefix=prefix,
        ordinal=ordinal,
        category=first.category,
        language=first.language,
        day=first.day,
        issued_at=first.issued_at,
        steps=[_step(row) for row in rows],
        current=_current(rows),
        channel=first.channel,
        kiosk=first.kiosk,
        cases=first.cases,
        note=first.note,
        slip=_slip_from_json(first.slip) if first.slip is not None else Slip(),
    )


def _step(row: StepRow) -> Step:
    promise = None
    if row.target is not None:
        promise = Promise(target=row.target, p50=row.p50, p90=row.p90)
    return Step(
        service=row.service,
        state=StepState(row.state),
        queued_at=row.queued_at,
        credit=row.credit,
        booked_at=row.booked_at,
        promise=promise,
        first_called_at=row.first_called_at,
        called_at=row.called_at,
        calls=row.calls,
        started_at=row.started_at,
        finished_at=row.finished_at,
        served=row.served_ms,
        held=row.held_ms,
        counter=row.counter,
        clerk=row.clerk,
        outcome=row.outcome,
        reason=row.reason,
        missed=row.missed,
        left_at=row.left_at,
        was=StepState(row.was) if row.was is not None else None,
    )


def _current(rows: list[StepRow]) -> int:
    """The step that the ticket stands at: the last that was ever queued. What was only planned comes after it."""
    return max((row.step for row in rows if row.queued_at is not None), default=0)


def _parts(number: str) -> tuple[str, int]:
    """`A012` is the prefix `A` and the ordinal 12."""
    found = re.fullmatch(r"(\D*)(\d+)", number)
    return (found[1], int(found[2])) if found else (number, 0)
