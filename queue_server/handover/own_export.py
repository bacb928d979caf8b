"""A folder that `antrean export` wrote, read back: its tables, not its events, which are another journal's chain.

Pseudonyms and references stay as they are. A row that is none is named as bad, as everywhere.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec
from msgspec.structs import replace

from queue_server.domain import events as e
from queue_server.domain import measures
from queue_server.domain.acts import code_or_none
from queue_server.domain.lifecycle import StepState
from queue_server.domain.records import Slip
from queue_server.errors import Broken
from queue_server.handover.commas import FORMULA
from queue_server.handover.foreign import LONGEST_NUMBER, Bad
from queue_server.handover.moments import EARLIEST, Wrong
from queue_server.journal.day_facts import Names
from queue_server.journal.past import is_day
from queue_server.journal.rows import slip_to_json

Imported = e.StepImported | e.CounterSpanImported | e.HallSpanImported | e.DayImported
FILES: dict[str, type[Imported]] = {
    "days": e.DayImported,
    "steps": e.StepImported,
    "counter_spans": e.CounterSpanImported,
    "hall_spans": e.HallSpanImported,
}
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
MOST = 2**53
"""No number of ours is larger; the journal's file cannot hold much more."""
TICKET = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CODES = (
    "service",
    "agency",
    "category",
    "channel",
    "language",
    "kiosk",
    "counter",
    "clerk",
    "outcome",
    "reason",
    "note",
)
_STATES = frozenset({"serving", "walking", "idle_waiting", "idle", "paused", "held", "evacuated", "away"})
_FIRST_MS, _LAST_MS = (round(moment.timestamp() * 1_000) for moment in (EARLIEST, LATEST))
_Event = TypeVar("_Event", bound=Imported)


class Row(NamedTuple):
    event: Imported
    read: int


def is_export(path: Path) -> bool:
    return all((path / f"{name}.csv").is_file() for name in FILES)


class OwnExport:
    def __init__(self, folder: Path, now: int) -> None:
        self._folder = folder
        self._now = now

    def rows(self) -> Iterator[Row | Bad]:
        """Raises Broken where a file is not what export wrote."""
        read = 0
        for name, kind in FILES.items():
            path = self._folder / f"{name}.csv"
            try:
                with path.open(encoding="utf-8-sig", newline="") as file:
                    reader = csv.reader(file)
                    headings = next(reader, [])
                    _check(path, headings, kind)
                    end = 1
                    for row in reader:
                        begins, end = end + 1, reader.line_num
                        read += sum(map(len, row)) + len(row)
                        try:
                            yield Row(self._event(kind, headings, row), read)
                        except (ValueError, OverflowError, RecursionError, msgspec.MsgspecError) as wrong:
                            yield Bad(path.name, begins, str(wrong))
            except (OSError, UnicodeDecodeError, csv.Error) as error:
                raise Broken(f"{path} cannot be read: {error}.") from error

    def _event(self, kind: type[_Event], headings: list[str], row: list[str]) -> _Event:
        if len(row) != len(headings):
            raise Wrong(f"it has {len(row)} columns and not {len(headings)}")
        said: dict[str, Any] = {}
        for name, text in zip(headings, row, strict=True):
            if name in kind.__struct_fields__ and (value := _value(name, text)) is not None:
                said[name] = value
        event = msgspec.convert({**said, "type": kind.__name__, "at": self._now}, kind, strict=False)
        _look(event)
        return _ended(event) if isinstance(event, e.StepImported) else event  # type: ignore[return-value]  # the same kind


def _check(path: Path, headings: list[str], kind: type[Imported]) -> None:
    needed = {"day", "from_at"} if kind in (e.CounterSpanImported, e.HallSpanImported) else {"day"}
    if kind is e.StepImported:
        needed |= {"ticket", "step", "issued_at", "state"}
    if missing := needed - set(headings):
        raise Broken(f"{path} is nothing that `antrean export` wrote: it has no column {', '.join(sorted(missing))}.")


def _value(name: str, text: str) -> Any:
    if text.startswith("'") and text[1:].startswith(FORMULA):
        text = text[1:]
    if not text:
        return "" if name in ("number", "category", "channel", "language") else None
    if name.endswith("_at"):
        return round(datetime.fromisoformat(text).timestamp() * 1_000)
    return json.loads(text) if name == "names" else text


def _look(event: Imported) -> None:
    """Nothing comes into the chain that no event of ours would say."""
    if not is_day(event.day):
        raise Wrong(f'"{event.day[:32]}" is no day')
    for name in _CODES:
        said = getattr(event, name, None)
        if said and code_or_none(said) != said:
            raise Wrong(f"{name} is no code")
    _numbers(event)
    if isinstance(event, e.DayImported):
        msgspec.convert(event.names, Names)
    elif isinstance(event, e.StepImported):
        if not TICKET.fullmatch(event.ticket) or len(event.number) > LONGEST_NUMBER:
            raise Wrong("it names no ticket")
        if event.slip is not None:
            slip_to_json(msgspec.json.decode(event.slip, type=Slip))
    elif event.state not in _STATES:
        raise Wrong(f'state "{event.state[:32]}" is none of ours')


def _numbers(event: Imported) -> None:
    for name in event.__struct_fields__:
        number = getattr(event, name)
        if isinstance(number, int) and name.endswith("_at") and not _FIRST_MS <= number < _LAST_MS:
            raise Wrong(f"{name} cannot be")
        if isinstance(number, int) and not -MOST <= number <= MOST:
            raise Wrong(f"{name} is too large")


def _ended(event: e.StepImported) -> e.StepImported:
    """What was still going on when it was exported: nobody says here how it ended."""
    started = event.started_at is not None or event.served_ms > 0
    fate = measures.fate(event.state, event.was, missed=event.missed, started=started)
    going_on = fate is measures.Fate.OPEN and event.queued_at is not None
    return replace(event, state=StepState.UNKNOWN) if going_on else event
