"""The rows that imported events are: each says one, and what is reckoned from it is reckoned as everywhere. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeGuard, TypeVar, get_args

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from queue_server.domain import events as e
from queue_server.journal.rows import StepKey, StepRow, reckoned
from queue_server.journal.spans import SpanRow

STREAM = "import-"
"""Streams of imports are named so, with a number from 1 on."""

_KINDS = frozenset(get_args(e.ImportedEvent))
_Row = TypeVar("_Row", bound=Struct)


def is_imported(event: e.Event) -> TypeGuard[e.ImportedEvent]:
    return type(event) in _KINDS


def step_row(event: e.StepImported) -> StepRow:
    said = _said(event)
    slip = said.pop("slip")
    states = {"state": event.state.value, "was": event.was.value if event.was is not None else None}
    slip_ = slip.encode() if slip is not None else None
    return reckoned(StepRow(**{**said, **states}, slip=slip_, wait_s=None, walk_s=None, service_s=None))


def span_row(event: e.CounterSpanImported) -> SpanRow:
    return SpanRow(**_said(event))


def rows_of(events: Iterable[e.Event]) -> tuple[dict[StepKey, StepRow], list[SpanRow]]:
    """What `steps` and `counter_spans` get; days and holds are day_facts.py's."""
    steps = [step_row(event) for event in events if isinstance(event, e.StepImported)]
    return {row.key: row for row in steps}, [
        span_row(event) for event in events if isinstance(event, e.CounterSpanImported)
    ]


def event_of(kind: type[_Row], row: Struct, at: int) -> _Row:
    """The event that says a row."""
    told = {name: value for name, value in asdict(row).items() if name in kind.__struct_fields__}
    return msgspec.convert({**told, "at": at, "type": kind.__name__}, kind)


def _said(event: e.ImportedEvent) -> dict[str, Any]:
    said = asdict(event)
    del said["at"], said["then"]
    return said
