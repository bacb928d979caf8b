"""When something stands on boards, as staff say it: from and until, at which hours, on which weekdays.

For announcements and media alike.
"""

from __future__ import annotations

from typing import Protocol
from zoneinfo import ZoneInfo

from queue_server.domain.rules import Rules
from queue_server.errors import Invalid, NotFound
from queue_server.letters.days import instant_said
from queue_server.settings.values import NotWritten, span


class Said(Protocol):
    @property
    def since(self) -> str | None: ...
    @property
    def until(self) -> str | None: ...
    @property
    def hours(self) -> tuple[str, ...]: ...
    @property
    def boards(self) -> tuple[str, ...]: ...


def when(said: Said, now: int, rules: Rules) -> tuple[int | None, int | None]:
    """From and until, in milliseconds. Raises Invalid for what would never stand, NotFound for an unknown board."""
    for board in said.boards:
        if board not in rules.boards:
            raise NotFound(f"There is no board {board!r}.", board=board)
    since, until = _at(said.since, "since", rules.timezone), _at(said.until, "until", rules.timezone)
    if until is not None and until <= max(now, since or now):
        raise Invalid("It would be over before it begins.", reason="over", field="until")
    for opening in said.hours:
        try:
            span(opening)
        except NotWritten as error:
            raise Invalid(f"{error}.", reason="field", field="hours") from None
    return since, until


def _at(said: str | None, field: str, timezone: str) -> int | None:
    """An instant; what names no zone is said by the mall's clocks."""
    if not said:
        return None
    try:
        read = instant_said(said)
    except ValueError:
        raise Invalid(f"`{field}` is a time such as 2026-11-24T14:00.", reason="field", field=field) from None
    return round((read if read.tzinfo else read.replace(tzinfo=ZoneInfo(timezone))).timestamp() * 1000)


def texts_of(said: dict[str, str], field: str) -> dict[str, str]:
    """Without what says nothing. Raises Invalid where nothing is left."""
    texts = {language: " ".join(text.split()) for language, text in said.items()}
    texts = {language: text for language, text in texts.items() if text}
    if not texts:
        raise Invalid("Say it in one language at least.", reason="field", field=field)
    return texts
