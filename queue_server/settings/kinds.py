"""What the tables of config.toml are made of: texts in the mall's languages, prefixes, weeks, shares.

Each kind that is read in a way of its own is a type of its own, by which reading.py knows it.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from queue_server.settings.values import Span, span

Positive = Annotated[int, Meta(ge=1)]
Share = Annotated[float, Meta(ge=-10, le=1)]


class Texts(dict[str, str]):
    """A text for each language of the mall."""


class TextLists(dict[str, tuple[str, ...]]):
    """A list of texts for each language of the mall."""


class Prefixed(str):
    """A ticket prefix: one to three capital letters."""


class Week(tuple[tuple[Span, ...], ...]):
    """Seven days from Monday, each with its openings in order; a day belongs to the date on which an opening starts."""


class Hours(str):
    """The id of a timetable."""


#: Monday to Friday, 08:00 to 16:00: for every service without other hours.
WORKING_DAYS = Week(((span("08:00-16:00"),) if weekday < 5 else ()) for weekday in range(7))


class Table(Struct, frozen=True, kw_only=True):
    pass
