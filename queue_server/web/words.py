"""What pages say, in which language: gettext catalogues and Babel's tables, read once.

A catalogue is `texts/<page>/<language>.po`; `texts/house/` holds what every page says (lost connection, refusals,
waits). The key of a text is its `msgctxt`, the `msgid` its English wording, so a translator sees both and `en.po`
needs no translations. A text that a language lacks is said in English; tests hold `id` and `en` complete.

Browsers get ready tables, since Chromium has no data for Georgian, Javanese and others: month and weekday names,
date and time patterns (CLDR), and which plural form each count takes (`plural`: one digit for each count from 0 to
199; a larger count takes the form of 100 + count % 100, as CLDR's rules for whole numbers below a million do).
"""

from __future__ import annotations

import gettext
from functools import lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.pofile import read_po
from msgspec import Struct

FOLDER = Path(__file__).with_name("texts")
HOUSE = "house"
SOURCE = "en"

# The English of a mall's visitors puts the day before the month and counts 24 hours.
LOCALES = {"en": "en_GB"}

Text = str | tuple[str, ...]
"""One wording, or one for each plural form."""


class LanguageTable(Struct, frozen=True, kw_only=True):
    """All that a page needs to speak one language; `texts` by key, without those that it lacks."""

    name: str
    """The endonym."""
    dir: str
    """`ltr` or `rtl`."""
    plural: str
    texts: dict[str, Text]
    months: tuple[str, ...]
    """January first."""
    weekdays: tuple[str, ...]
    """Monday first."""
    date: str
    time: str
    decimal: str
    """What stands before tenths."""


def languages_of(page: str, folder: Path = FOLDER) -> tuple[str, ...]:
    """The languages in which a page has a catalogue of its own."""
    return tuple(sorted(path.stem for path in (folder / page).glob("*.po")))


@lru_cache(maxsize=512)
def table(page: str, language: str, folder: Path = FOLDER) -> LanguageTable:
    """What `page` says in `language`, the house's texts included."""
    texts: dict[str, Text] = {}
    plural = "0" * 200
    for part in (HOUSE, page):
        path = folder / part / f"{language}.po"
        if path.is_file():
            own, plural = read(path)
            texts.update(own)
    locale = _locale(language)
    months, weekdays = locale.months["format"]["wide"], locale.days["format"]["wide"]
    return LanguageTable(
        name=str(texts.get("language_name") or (locale.get_display_name() or language).capitalize()),
        dir=locale.text_direction,
        plural=plural,
        texts=texts,
        months=tuple(str(months[month]) for month in range(1, 13)),
        weekdays=tuple(str(weekdays[day]) for day in range(7)),
        date=str(locale.date_formats["full"].pattern),
        time=str(locale.time_formats["short"].pattern),
        decimal=str(locale.number_symbols["latn"]["decimal"]),
    )


def read(path: Path) -> tuple[dict[str, Text], str]:
    """A catalogue's texts by key, untranslated ones left out, and its table of plural forms."""
    with path.open("rb") as source:
        catalogue = read_po(source)
    texts: dict[str, Text] = {}
    for message in catalogue:
        said = message.id if path.stem == SOURCE else message.string
        forms = tuple(str(form or "") for form in said) if isinstance(said, tuple | list) else (str(said or ""),)
        if message.context and all(forms):
            texts[message.context] = forms if message.pluralizable else forms[0]
    form_of = gettext.c2py(catalogue.plural_expr)
    return texts, "".join(str(form_of(count)) for count in range(200))


def say(page: str, language: str, key: str, **values: object) -> str:
    """One text for a template, in English where the language lacks it; a wrong key raises KeyError."""
    texts = table(page, language).texts
    text = texts[key] if key in texts else table(page, SOURCE).texts[key]
    return (text if isinstance(text, str) else text[-1]).format(**values)


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(LOCALES.get(language, language))
    except (UnknownLocaleError, ValueError):  # a language that Babel does not know keeps English dates
        return Locale.parse(LOCALES[SOURCE])
