"""All of a language that a page needs in the browser, ready: Chromium has no data for Georgian, Javanese and others.

So month and weekday names, patterns of dates and times (CLDR) and plural forms travel with the texts.
"""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct

from queue_server.languages.catalogues import COUNTS, HOUSE, Text, catalogue, texts_of
from queue_server.languages.locales import locale_of


class LanguageTable(Struct, frozen=True, kw_only=True):
    """`texts` by key, without those that the language lacks."""

    name: str
    """The endonym."""
    dir: str
    """`ltr` or `rtl`."""
    plural: str
    """One digit for each count from 0 to 199."""
    texts: dict[str, Text]
    months: tuple[str, ...]
    """January first."""
    weekdays: tuple[str, ...]
    """Monday first."""
    date: str
    time: str
    decimal: str
    """What stands before tenths."""


@lru_cache(maxsize=512)
def table(page: str, language: str) -> LanguageTable:
    """What `page` says in `language`, the house's texts included."""
    own = catalogue(page, language) or catalogue(HOUSE, language)
    locale = locale_of(language)
    months, weekdays = locale.months["format"]["wide"], locale.days["format"]["wide"]
    return LanguageTable(
        name=name_of(language),
        dir=locale.text_direction,
        plural=own.plural if own is not None else "0" * COUNTS,
        texts=texts_of(page, language),
        months=tuple(str(months[month]) for month in range(1, 13)),
        weekdays=tuple(str(weekdays[day]) for day in range(7)),
        date=str(locale.date_formats["full"].pattern),
        time=str(locale.time_formats["short"].pattern),
        decimal=str(locale.number_symbols["latn"]["decimal"]),
    )


def name_of(language: str) -> str:
    """What a language calls itself."""
    named = texts_of(HOUSE, language).get("language_name")
    locale = locale_of(language)
    known = locale.get_display_name() if locale.language == language.partition("-")[0] else None
    return str(named or (known or language).capitalize())
