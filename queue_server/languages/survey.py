"""What a language's catalogues lack, and what no native speaker has read yet: for `antrean check`, `antrean texts` and
docs/languages.md.

Whoever has read a catalogue takes the line UNREAD out of its head; a single text that was read before has the comment
`# read` above it (catalogues.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from queue_server.languages.catalogues import FOLDER, SOURCE, Text, languages_of, read

CITIZENS = ("kiosk", "display", "slip", "ticket", "house", "usual")
"""What everybody in the hall reads: the mall's languages must have all of it."""

STAFF = ("staff", "printing", "report", "audit", "notices")
"""What only staff read: a language may leave it out, and staff then choose another."""


class Said(NamedTuple):
    """One text: where, by which key, in English and in the language; whether somebody at home in it has read that."""

    page: str
    key: str
    english: Text
    text: Text | None
    read: bool


def texts(language: str, pages: tuple[str, ...] = (*CITIZENS, *STAFF)) -> Iterator[Said]:
    """Everything that there is to say, in the order of the catalogues."""
    for page in pages:
        path = FOLDER / page / f"{language}.po"
        own = read(path) if path.exists() else None
        for key, english in read(FOLDER / page / f"{SOURCE}.po").texts.items():
            text = own.texts.get(key) if own is not None else None
            yield Said(page, key, english, text, own is not None and key in own.good)


def lacking(language: str, pages: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """By page, the keys that are said in English since the language lacks them."""
    missing: dict[str, list[str]] = {}
    for said in texts(language, pages):
        if said.text is None:
            missing.setdefault(said.page, []).append(said.key)
    return {page: tuple(keys) for page, keys in missing.items()}


def notes(languages: tuple[str, ...]) -> list[str]:
    """What a mall that speaks these languages should know before it opens."""
    found = []
    for language in languages:
        staffs = tuple(page for page in STAFF if language in languages_of(page))
        for page, keys in lacking(language, (*CITIZENS, *staffs)).items():
            few = ", ".join(keys[:3]) + (", …" if len(keys) > 3 else "")
            found.append(f"texts/{page}/{language}.po lacks {len(keys)}, which are said in English: {few}")
        unread = sum(not said.read for said in texts(language, (*CITIZENS, *staffs)) if said.text is not None)
        if unread:
            found.append(
                f"{language}: no native speaker has read {unread} texts; `antrean texts {language}` lists them"
            )
    return found
