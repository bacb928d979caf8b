"""From what TOML gave to typed tables: every key known, every value of its type, every text in every language.

Never stops at a mistake: it is noted, a blank of the right type takes the place, and the reading goes on. What is
between tables (does that agency exist?) is looked at afterwards, in meaning.py.
"""

from __future__ import annotations

import re
import types
import unicodedata
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import Struct

from queue_server.letters import composed
from queue_server.settings import values
from queue_server.settings.mistakes import Mistakes, closest, meant
from queue_server.settings.spoken import Spoken
from queue_server.settings.syntax import Path
from queue_server.settings.tables import Hours, Prefixed, TextLists, Texts, Week
from queue_server.settings.values import ClockTime, Colour, Duration, MallId, Rate, Span, Volumes

T = TypeVar("T", bound=Struct)

_LEAVES: dict[Any, Callable[[object], object]] = {
    Duration: values.duration,
    ClockTime: values.start_of_day,
    Colour: values.colour,
    MallId: values.mall_id,
    Rate: values.rate,
    Volumes: values.volumes,
    Prefixed: values.prefix,
    date: values.day,
}
_IN_WORDS = {
    "str": "text in quotes",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
}
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


class Reading:
    """One pass over the file.

    `texts` gathers every text with its place, to see whether it can be drawn; `openings` every opening with its own, to
    see whether it fits into a business day; `spoken` in which languages each text is.
    """

    def __init__(
        self,
        mistakes: Mistakes,
        languages: tuple[str, ...],
        set_aside: frozenset[str],
        also: frozenset[str] = frozenset(),
    ) -> None:
        self.texts: list[tuple[Path, str]] = []
        self.openings: list[tuple[Path, Span]] = []
        self.spoken = Spoken(languages, also)
        self._mistakes = mistakes
        self._languages = languages
        self._also = tuple(sorted(also.difference(languages)))
        self._set_aside = set_aside

    def table(self, kind: type[T], raw: object, path: Path = ()) -> T:
        """`raw` as a `kind`; whatever is missing or wrong is blank in it, and noted."""
        if not isinstance(raw, dict):
            self._mistakes.add(path, f"must be a table, not {values.shown(raw)}", f"write [{'.'.join(path)}]")
            raw = {}
        fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
        instead = {self._unknown(key, fields, path) for key in raw.keys() - fields.keys()}
        read: dict[str, Any] = {}
        for key, field in fields.items():
            if key in raw:
                read[field.name] = self._value(field.type, raw[key], (*path, key))
            elif field.required:
                if key not in instead | self._set_aside:
                    self._mistakes.add((*path, key), "is missing", "write it")
                read[field.name] = _blank(field.type)
        return kind(**read)

    def _unknown(self, key: str, fields: dict[str, Any], path: Path) -> str | None:
        """Notes an unknown key; which one was probably meant."""
        what = "unknown key" if path else "unknown table"
        self._mistakes.add((*path, key), what, meant(key, fields, "take it out"))
        return closest(key, fields)

    def _value(self, kind: Any, raw: object, path: Path) -> Any:
        union = get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)
        options = [option for option in union if option is not types.NoneType]
        kind = options[-1] if isinstance(raw, dict) else options[0]
        if kind in _LEAVES:
            return self._leaf(_LEAVES[kind], kind, raw, path)
        if kind is Texts:
            return self._texts(raw, path)
        if kind is TextLists:
            return self._text_lists(raw, path)
        if kind is Week:
            return self._week(raw, path)
        if isinstance(kind, type) and issubclass(kind, Struct):
            return self.table(kind, raw, path)
        if kind == tuple[Duration, ...] and isinstance(raw, list):
            return tuple(self._leaf(values.duration, Duration, one, (*path, str(at))) for at, one in enumerate(raw))
        if get_origin(kind) is dict:
            return self._each(get_args(kind)[1], raw, path)
        return self._plain(kind, raw, path)

    def _each(self, kind: Any, raw: object, path: Path) -> dict[str, Any]:
        """A table whose keys are ids."""
        if not isinstance(raw, dict):
            self._mistakes.add(path, f"must be a table, not {values.shown(raw)}", f"write [{'.'.join(path)}.ID]")
            return {}
        for key in raw:
            if path != ("prefixes",) and not _ID.fullmatch(key):
                self._mistakes.add((*path, key), "is no id", "write up to 40 of a-z, A-Z, 0-9, _ and -")
        named = composed if path == ("prefixes",) else str
        return {named(key): self._value(kind, value, (*path, key)) for key, value in raw.items()}

    def _leaf(self, read: Callable[[object], object], kind: Any, raw: object, path: Path) -> Any:
        try:
            value = read(raw)
        except values.NotWritten as error:
            self._mistakes.add(path, error.wrong, error.todo)
            return _blank(kind)
        return kind(value) if isinstance(value, str) else value

    def _plain(self, kind: Any, raw: object, path: Path) -> Any:
        """What msgspec can read by itself."""
        if get_origin(kind) is Literal:
            return self._choice(get_args(kind), raw, path)
        if kind == tuple[str, ...]:
            return self._names(raw, path)
        plain = str if kind is Hours else kind
        try:
            value = msgspec.convert(raw, plain)
        except msgspec.ValidationError as error:
            self._mistakes.add(path, *_in_words(error))
            return _blank(kind)
        return Hours(value) if kind is Hours else value

    def _names(self, raw: object, path: Path) -> tuple[str, ...]:
        """A list of ids or codes, none of them twice."""
        if not isinstance(raw, list):
            self._mistakes.add(path, f"must be a list, not {values.shown(raw)}", 'write it like ["…"]')
            return ()
        for place, name in enumerate(raw):
            if not isinstance(name, str):
                self._mistakes.add(path, f"must hold text in quotes, not {values.shown(name)}", 'write "…"', place)
            elif name in raw[:place]:
                self._mistakes.add(path, f'names "{name}" twice', "take one out", place)
        return tuple(str(name) for name in raw)

    def _choice(self, options: tuple[str, ...], raw: object, path: Path) -> str:
        if raw in options:
            return str(raw)
        self._mistakes.add(path, f"{values.shown(raw)} is not possible", meant(str(raw), options, "take another"))
        return options[0]

    def _texts(self, raw: object, path: Path) -> Texts:
        """One text for each language, or a single one for all."""
        if isinstance(raw, str):
            self._text(raw, path)
            return Texts(dict.fromkeys(self._languages, raw))
        texts = self._by_language(raw, path, "text")
        return Texts({lang: str(text) for lang, text in texts.items() if self._text(text, (*path, lang))})

    def _text_lists(self, raw: object, path: Path) -> TextLists:
        lists = self._by_language(raw, path, "list")
        read = TextLists()
        for language, entries in lists.items():
            if not isinstance(entries, list):
                self._mistakes.add(
                    (*path, language), f"must be a list, not {values.shown(entries)}", 'write it like ["…"]'
                )
                continue
            good = [self._text(text, (*path, language, str(at))) for at, text in enumerate(entries)]
            read[language] = tuple(entries) if all(good) else ()
        return read

    def _by_language(self, raw: object, path: Path, what: str) -> dict[str, object]:
        if not isinstance(raw, dict):
            example = f"{{ {self._languages[0]} = … }}" if self._languages else "a table"
            self._mistakes.add(path, f"must hold a {what} for each language", f"write it like {example}")
            return {}
        self.spoken.has(path, what, raw)
        return {language: raw[language] for language in (*self._languages, *self._also) if language in raw}

    def _text(self, raw: object, path: Path) -> bool:
        if not isinstance(raw, str):
            self._mistakes.add(path, f"must be text in quotes, not {values.shown(raw)}", 'write "…"')
            return False
        if not raw.strip():
            self._mistakes.add(path, "is empty", "write it, or take the key out")
        elif any(unicodedata.category(letter) == "Cc" for letter in raw):
            self._mistakes.add(path, "holds a control character", "take it out")  # a printer would obey it
        self.texts.append((path, raw))
        return True

    def _week(self, raw: object, path: Path) -> Week:
        if not isinstance(raw, dict):
            self._mistakes.add(path, "is no timetable", 'write a table like { mon-fri = ["08:00-16:00"] }')
            return Week()
        days: dict[int, tuple[str, list[Span]]] = {}
        for key, entries in raw.items():
            try:
                covered = values.weekdays(key)
            except values.NotWritten as error:
                self._mistakes.add((*path, key), error.wrong, meant(key, values.WEEKDAYS, error.todo))
                continue
            spans = self._spans(entries, (*path, key))
            for weekday in covered:
                if weekday in days:
                    self._mistakes.add(
                        (*path, key), f"{values.WEEKDAYS[weekday]} stands in {days[weekday][0]} already", "take one out"
                    )
                days.setdefault(weekday, (key, spans))
        self._overlaps(days, path)
        return Week(tuple(sorted(days[weekday][1])) if weekday in days else () for weekday in range(7))

    def _spans(self, raw: object, path: Path) -> list[Span]:
        if not isinstance(raw, list):
            self._mistakes.add(path, "is no list of openings", 'write it like ["08:00-12:00", "13:00-16:00"]')
            return []
        read = [(str(at), self._leaf(values.span, tuple, entry, (*path, str(at)))) for at, entry in enumerate(raw)]
        self.openings += [((*path, at), span) for at, span in read if span]
        return [span for _, span in read if span]

    def _overlaps(self, days: dict[int, tuple[str, list[Span]]], path: Path) -> None:
        """Openings of one week must not overlap, over midnight and from Sunday to Monday neither."""
        openings = sorted(
            (weekday * values.DAY_MINUTES + start, weekday * values.DAY_MINUTES + end, key)
            for weekday, (key, spans) in days.items()
            for start, end in spans
        )
        if openings:
            start, end, key = openings[0]
            openings.append((start + 7 * values.DAY_MINUTES, end + 7 * values.DAY_MINUTES, key))
        for (_, earlier_ends, _), (start, _, key) in pairwise(openings):
            if start < earlier_ends:
                minutes = start % values.DAY_MINUTES
                at = f"{minutes // 60:02}:{minutes % 60:02}"
                wrong = f"openings overlap: the one from {at} starts before another ends"
                self._mistakes.add((*path, key), wrong, "let it start later, or write both as one")


def _blank(kind: Any) -> Any:
    """What stands in for a value that could not be read, so that the reading can go on."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if kind is date:
        return date.min
    if kind is Rate:
        return None
    if get_origin(kind) in (Union, types.UnionType):
        return _blank(get_args(kind)[0])
    if isinstance(kind, type) and issubclass(kind, Struct):
        fields = msgspec.structs.fields(kind)
        return kind(**{field.name: _blank(field.type) for field in fields if field.required})
    return (get_origin(kind) or kind)()


def _in_words(error: msgspec.ValidationError) -> tuple[str, str]:
    """Msgspec's message as whoever wrote the file would say it, and what to do."""
    said = str(error)
    found = re.fullmatch(r"Expected `(\w+)(?: \| null)?`, got `(\w+)`", said)
    if found is None:
        return said[0].lower() + said[1:].replace("`", ""), "write such a one"
    wanted, got = (_IN_WORDS.get(name, name) for name in found.groups())
    return f"is {got}", f"write {wanted}"
