"""A log of another system, row by row: each becomes one step, or is named as bad with its line and the reason.

What a row does not say stays unknown: without an end it is not known how the step ended, without a call there is no
wait. Clerks' names come into a keyed hash here and go no further.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct

from queue_server.domain.events import StepImported
from queue_server.domain.lifecycle import StepState
from queue_server.errors import Broken
from queue_server.handover.journeys import SIGN
from queue_server.handover.mapping import STATES, Column
from queue_server.handover.mapping import Mapping as Form
from queue_server.handover.moments import DAY_MS, SHORT, Clock, Wrong
from queue_server.settings.mistakes import nearest

LONGEST_NUMBER = 16
LONGEST = 200
"""Signs of anything a row says; a longer one means that a quotation mark is missing."""
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
ORDER = (("queued_at", "called_at"), ("called_at", "started_at"), ("started_at", "finished_at"))


class Bad(NamedTuple):
    """A row that is skipped: `line` is where it begins in the file, from 1 on."""

    file: str
    line: int
    why: str


class Doubt(NamedTuple):
    """A row that is taken, though not all of it is certain; it comes after its step."""

    file: str
    line: int
    why: str


class Step(NamedTuple):
    """A row that could be read; `event.ticket` is a hash of what it says, the same for two rows that say the same, or
    the same journey."""

    event: StepImported
    read: int
    """Bytes of the file up to here, about."""


class Named(Struct, frozen=True, kw_only=True):
    """What things are called, by id, as far as the log says."""

    services: dict[str, tuple[str, str]]
    """Name (the id's own text where there is none), and whose it is."""
    agencies: dict[str, str]
    counters: dict[str, str]


class ForeignLog:
    """`salt` is the journal's, `zone` is of times that say none, `now` (milliseconds) the end of what can have been."""

    def __init__(self, path: Path, form: Form, zone: ZoneInfo, now: int, salt: bytes) -> None:
        self.named = Named(services={}, agencies={}, counters={})
        self.known: set[str] = set()
        self._path = path
        self._form = form
        self._zone = zone
        self._now = now
        self._clock = Clock(form.time, zone, now)
        self._salt = salt
        self._places: dict[str, tuple[int, ...]] = {}
        self._missing = frozenset(form.missing)

    def says(self, field: str) -> bool:
        """Whether any row says something of it, in whatever way."""
        others = {"called_at": "wait", "started_at": "service_time", "state": "finished_at"}
        return field in self.known or others.get(field) in self.known

    def rows(self) -> Iterator[Step | Doubt | Bad]:
        """Raises Broken where the file as a whole cannot be read."""
        form = self._form.file
        try:
            file = self._path.open(encoding=form.encoding, errors="surrogateescape", newline="")
        except OSError as error:
            raise Broken(f"{self._path} cannot be read: {error}.") from error
        with file:
            lines = _counted(file)
            for _ in range(form.skip):
                next(lines, "")
            reader = csv.reader(lines, delimiter=form.separator, quotechar=form.quote)
            width = self._find(next(reader, []) if form.headings else None)
            end = form.skip + reader.line_num
            while True:
                begins = end + 1
                try:
                    row = next(reader, None)
                except csv.Error as error:
                    end = form.skip + reader.line_num
                    yield Bad(self._path.name, begins, f"it is no row of a table ({error})")
                    continue
                end = form.skip + reader.line_num
                if row is None:
                    return
                if not row:
                    continue
                doubts: list[str] = []
                try:
                    yield Step(self._step(row, width, doubts), lines.read)
                except Wrong as wrong:
                    yield Bad(self._path.name, begins, str(wrong))
                    continue
                for doubt in doubts:
                    yield Doubt(self._path.name, begins, doubt)

    def _find(self, headings: list[str] | None) -> int | None:
        """Where each field stands, and how many columns a row has, None where nothing says so."""
        for name, column in self._form.columns.items():
            parts = column if isinstance(column, list) else [column]
            self._places[name] = tuple(self._place(name, part, headings) for part in parts)
        return len(headings) if headings is not None else None

    def _place(self, name: str, column: Column, headings: list[str] | None) -> int:
        if isinstance(column, int):
            if column >= 1:
                return column - 1
        elif headings is None:
            raise Broken(f"columns.{name}: without headings a column is a number, from 1 on.")
        elif column in headings:
            return headings.index(str(column))
        known = headings or []
        raise Broken(
            f'columns.{name}: {self._path.name} has no column "{column}", but {", ".join(known)}'
            f"{nearest(str(column), known)}"
        )

    def _step(self, row: list[str], width: int | None, doubts: list[str]) -> StepImported:
        if width is not None and len(row) != width:
            raise Wrong(f"it has {len(row)} columns and not {width}")
        if any("\udc80" <= sign <= "\udcff" for text in row for sign in text):
            raise Wrong(f"it is not {self._form.file.encoding}; say the file's encoding in the mapping")
        said = self._said(row)
        times, queued = self._times(said, doubts)
        self._check(times)
        service, agency = self._whose(said)
        state, was = self._ended(said.get("state"), times)
        if state is not StepState.FINISHED and times["finished_at"] is not None:
            times["left_at"], times["finished_at"] = times["left_at"] or times["finished_at"], None
        called = times["called_at"]
        target = self._clock.length("target", said.get("target"))
        served = self._clock.length("service_time", said.get("service_time"))
        if times["started_at"] is not None and times["finished_at"] is not None:
            served = None  # what lies between them says it
        self.known |= said.keys()
        day = datetime.fromtimestamp(queued / 1_000, self._zone).date().isoformat()
        return StepImported(
            at=self._now,
            day=day,
            issued_at=queued,
            ticket=self._ticket(row, day, said.get("journey")),
            number=self._short(said.get("number", ""), "number", LONGEST_NUMBER),
            service=service,
            agency=agency,
            category=self._id(said.get("category")) or "",
            channel=self._id(said.get("channel")) or "",
            language=self._id(said.get("language")) or "",
            kiosk=self._id(said.get("kiosk")),
            cases=self._cases(said.get("cases")),
            state=state,
            was=was,
            queued_at=queued,
            booked_at=times["booked_at"],
            target=target,
            first_called_at=called,
            called_at=called,
            calls=int(called is not None),
            started_at=times["started_at"],
            finished_at=times["finished_at"],
            left_at=times["left_at"],
            counter=self._counter(said.get("counter")),
            clerk=self._clerk(said.get("clerk")),
            outcome=self._id(said.get("outcome")),
            served_ms=served or 0,
            missed=int(state is StepState.NO_SHOW),
            from_log=True,
        )

    def _said(self, row: Sequence[str]) -> dict[str, str]:
        """What the row says of each field: in our words where the mapping has one, and nothing where it is missing."""
        said = dict(self._form.fixed)
        for name, places in self._places.items():
            if any(place >= len(row) for place in places):
                raise Wrong(f"it has no column {max(places) + 1} ({name})")
            parts = [text for place in places if (text := row[place].strip()) not in self._missing]
            if len(parts) == len(places):
                text = " ".join(parts)
                said[name] = self._form.values.get(name, {}).get(text, text)
        for name, text in said.items():
            if len(text) > LONGEST or "\0" in text:
                raise Wrong(f"{name} has {f'{len(text)} signs' if len(text) > LONGEST else 'a NUL in it'}")
        return {name: text for name, text in said.items() if text}

    def _times(self, said: Mapping[str, str], doubts: list[str]) -> tuple[dict[str, int | None], int]:
        """All of them, and since when it waited."""
        queued = self._clock.instant("queued_at", said.get("queued_at"), doubts)
        if queued is None:
            raise Wrong("it does not say since when it waited (queued_at)")
        times = {"queued_at": queued, "booked_at": self._clock.instant("booked_at", said.get("booked_at"), doubts)}
        earlier = queued
        for name in ("called_at", "started_at", "finished_at", "left_at"):
            at = self._clock.instant(name, said.get(name), doubts, earlier)
            if (
                name == "called_at"
                and (wait := self._clock.length("wait", said.get("wait"))) is not None
                and at is None
            ):
                at = queued + wait
            times[name] = at
            earlier = max(earlier, at or 0)
        return times, queued

    def _check(self, times: Mapping[str, int | None]) -> None:
        queued = times["queued_at"] or 0
        for name, at in times.items():
            if name != "booked_at" and at is not None and not 0 <= at - queued <= DAY_MS:
                raise Wrong(f"{name} is {'before queued_at' if at < queued else 'more than a day after queued_at'}")
        for earlier, later in ORDER:
            one, other = times[earlier], times[later]
            if one is not None and other is not None and other < one:
                raise Wrong(f"{later} is before {earlier}")

    def _ended(self, said: str | None, times: Mapping[str, int | None]) -> tuple[StepState, StepState | None]:
        if said is not None and said not in STATES:
            raise Wrong(
                f'state: "{said[:SHORT]}" is none of ours; say in values.state which of {", ".join(STATES)} it is'
            )
        if said is not None:
            state = StepState(STATES[said])
        elif times["finished_at"] is not None:
            state = StepState.FINISHED
        else:
            state = StepState.CANCELLED if times["left_at"] is not None else StepState.UNKNOWN
        called = StepState.WAITING if times["called_at"] is None else StepState.CALLED
        return state, called if state is StepState.CANCELLED else None

    def _whose(self, said: Mapping[str, str]) -> tuple[str, str]:
        service, agency = self._id(said.get("service")), self._id(said.get("agency"))
        if service is None or agency is None:
            raise Wrong(f"it does not say which {'service' if service is None else 'agency'} it was for")
        _, whose = self.named.services.get(service, ("", agency))
        if whose != agency:
            raise Wrong(
                f'service "{service}" is of agency "{whose}" in rows before this;'
                f' say in columns.service what tells them apart, as ["agency", "service"]'
            )
        self.named.services[service] = said.get("service_name") or said["service"], agency
        self.named.agencies[agency] = said.get("agency_name") or said["agency"]
        return service, agency

    def _id(self, text: str | None) -> str | None:
        """A text as an id: itself where it can be one, else what can be of it and a hash of all of it."""
        if text is None or ID.fullmatch(text):
            return text
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
        stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:28]
        return f"{stem}_{blake2b(text.encode(), digest_size=4).hexdigest()}".lstrip("_")

    def _counter(self, text: str | None) -> str | None:
        found = self._id(text)
        if found is not None and text is not None:
            self.named.counters[found] = text
        return found

    def _clerk(self, text: str | None) -> str | None:
        """A pseudonym, of a form that no person of the registry has; the same for the same name in this journal."""
        return None if text is None else f"i{blake2b(text.encode(), key=self._salt, digest_size=8).hexdigest()}"

    def _cases(self, text: str | None) -> int:
        if text is None:
            return 1
        if not text.isdecimal() or not 0 < int(text) < 1_000:
            raise Wrong(f'cases: "{text[:SHORT]}" is no number of cases')
        return int(text)

    def _short(self, text: str, name: str, longest: int) -> str:
        if len(text) > longest or not text.isprintable():
            raise Wrong(f"{name} has more than {longest} signs")
        return text

    def _ticket(self, row: Sequence[str], day: str, journey: str | None) -> str:
        """Of rows that say the same journey on a day the same one (journeys.py)."""
        return self._hash(row) if journey is None else SIGN + self._hash([day, journey])[1:]

    def _hash(self, row: Sequence[str]) -> str:
        return blake2b("\x1f".join(row).encode(), key=self._salt, digest_size=12).hexdigest()


class _counted:  # noqa: N801 - stands where a file would
    """The lines of a file, and how many bytes of it were read, about."""

    def __init__(self, file: Iterator[str]) -> None:
        self._file = file
        self.read = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._file)
        self.read += len(line)
        return line
