"""What a foreign log says of time, in milliseconds: instants by the mapping's clock, and lengths. Nothing is guessed: a
clock time that never was is refused, and of one that was twice it is said which was taken.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from queue_server.handover.mapping import EPOCH_MS, EPOCH_S, ISO, UNITS_MS, TimeForm

DAY_MS = 86_400_000
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
SHORT = 32


class Wrong(ValueError):
    """Why a row cannot be read."""


class Clock:
    """`zone` is of times that say none, `now` the end of what can have been."""

    def __init__(self, form: TimeForm, zone: ZoneInfo, now: int) -> None:
        self._form = form
        self._zone = zone
        self._now = now

    def instant(self, name: str, text: str | None, doubts: list[str], not_before: int | None = None) -> int | None:
        """Of a clock time that was twice the first, if that is not before `not_before`; `doubts` hears of it."""
        if text is None:
            return None
        found = next((time for form in self._form.formats if (time := _read(text, form)) is not None), None)
        if found is None:
            raise Wrong(f'{name}: "{text[:SHORT]}" is no time in any format of the mapping')
        aware = found if found.tzinfo is not None else found.replace(tzinfo=self._zone)
        if aware < EARLIEST:
            raise Wrong(f"{name}: {found.date().isoformat()} cannot be")
        at = _ms(aware) if found.tzinfo is not None else self._by_the_clock(name, text, found, doubts, not_before)
        if at > self._now:
            raise Wrong(f"{name}: {found:%Y-%m-%d %H:%M} has not been yet")
        return at

    def _by_the_clock(
        self, name: str, text: str, found: datetime, doubts: list[str], not_before: int | None = None
    ) -> int:
        first, second = (_ms(found.replace(tzinfo=self._zone, fold=fold)) for fold in (0, 1))
        if first > second:  # so in a gap: each reading takes the offset of the other side (PEP 495)
            raise Wrong(
                f'{name}: "{text[:SHORT]}" does not exist in {self._zone.key}, where clocks were put forward over it'
            )
        if first == second:
            return first
        later = not_before is not None and first < not_before <= second
        doubts.append(
            f'{name}: "{text[:SHORT]}" occurs twice in {self._zone.key}, where clocks were put back; taken as the '
            f"{'second' if later else 'first'}"
        )
        return second if later else first

    def length(self, name: str, text: str | None) -> int | None:
        """Of `90`, `1,5`, `12:30` or `1:02:03`; a day at most."""
        if text is None:
            return None
        seconds = 0
        if re.fullmatch(r"\d{1,9}(:[0-5]?\d){1,2}", text):
            for part in text.split(":"):
                seconds = seconds * 60 + int(part)
            length = seconds * 1_000.0
        elif re.fullmatch(r"\d+([.,]\d+)?", text):
            length = float(text.replace(",", ".")) * UNITS_MS[self._form.lengths]
        else:
            raise Wrong(f'{name}: "{text[:SHORT]}" is no length of time')
        if length > DAY_MS:
            raise Wrong(f'{name}: "{text[:SHORT]}" is more than a day; say in time.lengths what it is counted in')
        return round(length)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000)


def _read(text: str, form: str) -> datetime | None:
    try:
        if form == ISO:
            return datetime.fromisoformat(text)
        if form in (EPOCH_S, EPOCH_MS):
            return datetime.fromtimestamp(float(text) / (1 if form == EPOCH_S else 1_000), UTC)
        return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is said by the mapping
    except (ValueError, OverflowError, OSError):
        return None
