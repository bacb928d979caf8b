"""What is said, in which language: gettext catalogues, read once.

The key of a text is its `msgctxt`, the `msgid` its English wording, so a translator sees both and `en.po` needs no
translations. A text that a language lacks is said in English; tests hold complete what the house promises.
"""

from __future__ import annotations

import gettext
from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.messages.pofile import read_po
from msgspec import Struct

FOLDER = Path(__file__).with_name("texts")
HOUSE = "house"
SOURCE = "en"

UNREAD = "To be read by a native speaker"
"""In the first lines of a catalogue written by somebody who is not at home in the language; gone once it was read."""

READ = "read"
"""The comment above a single text that was read before the rest."""

COUNTS = 200
"""Counts whose plural form is looked up; a larger one takes the form of 100 + count % 100, by CLDR's rules."""

Text = str | tuple[str, ...]
"""One wording, or one for each plural form."""


class Catalogue(Struct, frozen=True, kw_only=True):
    """One file. `texts` are by key, without those that are not translated."""

    texts: dict[str, Text]
    plural: str
    """Which form each count takes, from 0 on: one digit each."""
    locale: Locale | None
    """Of the header `Language`, if Babel knows it."""
    good: frozenset[str]
    """The keys whose texts somebody at home in the language has read."""


def languages_of(page: str) -> tuple[str, ...]:
    """The languages in which a page has a catalogue of its own."""
    return tuple(sorted(path.stem for path in (FOLDER / page).glob("*.po")))


@lru_cache(maxsize=512)
def catalogue(page: str, language: str) -> Catalogue | None:
    """What `page` alone says in `language`, if there is a catalogue."""
    path = FOLDER / page / f"{language}.po"
    return read(path) if language in languages_of(page) else None


@lru_cache(maxsize=512)
def texts_of(page: str, language: str) -> dict[str, Text]:
    """What `page` says in `language`, the house's texts included; for reading only."""
    parts = (catalogue(HOUSE, language), catalogue(page, language))
    return {key: text for part in parts if part is not None for key, text in part.texts.items()}


def read(path: Path) -> Catalogue:
    with path.open("rb") as source:
        found = read_po(source)
    texts: dict[str, Text] = {}
    whole = UNREAD not in found.header_comment
    good = {message.context for message in found if message.context and (whole or READ in message.user_comments)}
    for message in found:
        said = message.id if path.stem == SOURCE else message.string
        forms = tuple(str(form or "") for form in said) if isinstance(said, tuple | list) else (str(said or ""),)
        if message.context and all(forms):
            texts[message.context] = forms if message.pluralizable else forms[0]
    form_of = gettext.c2py(found.plural_expr)
    return Catalogue(
        texts=texts,
        plural="".join(str(form_of(count)) for count in range(COUNTS)),
        locale=found.locale,
        good=frozenset(map(str, good)),
    )


def say(page: str, language: str, key: str, **values: object) -> str:
    """One text, in English where the language lacks it; a wrong key raises KeyError. `count` says which plural."""
    texts = texts_of(page, language)
    if key not in texts:
        language, texts = SOURCE, texts_of(page, SOURCE)
    text = texts[key]
    if not isinstance(text, str):
        text = text[_plural(page, language, values.get("count"))]
    return text.format(**values)


def _plural(page: str, language: str, count: object) -> int:
    """The form of a count, the last one where nothing is counted."""
    known = catalogue(page, language) or catalogue(HOUSE, language)
    if not isinstance(count, int) or known is None:
        return -1
    return int(known.plural[count if count < COUNTS else 100 + count % 100])


def in_every_language(page: str, key: str) -> dict[str, str]:
    """One text by language."""
    return {language: say(page, language, key) for language in languages_of(page)}
