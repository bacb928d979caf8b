"""Whether the file's texts are in the mall's languages.

One wrong word in `mall.languages` makes every text of the file wrong. So what all texts together say of a language is
looked at first: one that no text has, or that most have though the mall does not name it, is said once, where the
languages stand, with a count of what follows from it. All else is said text by text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from queue_server.settings.mistakes import Mistakes, closest, meant
from queue_server.settings.syntax import Path

LANGUAGES = ("mall", "languages")

_FEW = 3
"""Texts in a language that the mall does not name; so many may be slips of the pen, one by one."""


class Spoken:
    """The texts that are written by language, each with the languages that it has."""

    def __init__(self, languages: tuple[str, ...], also: frozenset[str] = frozenset()) -> None:
        """`also` are languages of boards: a text may be in them and need not."""
        self._languages = languages
        self._also = also
        self._texts: list[tuple[Path, str, tuple[str, ...]]] = []

    def has(self, path: Path, what: str, languages: Iterable[str]) -> None:
        """The text or list (`what`) at `path` is written in these."""
        self._texts.append((path, what, tuple(languages)))

    @property
    def found(self) -> frozenset[str]:
        """The languages that any text is in."""
        return frozenset(language for _, _, has in self._texts for language in has)

    def judge(self, mistakes: Mistakes) -> frozenset[str]:
        """Adds what is wrong; gives the languages that are dealt with where the mall's languages stand."""
        if not self._languages:
            return frozenset()
        count = Counter(language for _, _, has in self._texts for language in has)
        unspoken = [language for language in self._languages if self._texts and not count[language]]
        unnamed = [
            language
            for language, texts in count.most_common()
            if language not in self._languages and texts > _FEW and texts * 2 >= len(self._texts)
        ]
        dealt_with = frozenset((*unspoken, *unnamed))
        then = self._consequences(dealt_with, mistakes)
        for language in unspoken:
            wrong, todo = f'no text here is in "{language}"', _todo(language, unnamed) + then
            mistakes.add(LANGUAGES, wrong, todo, self._languages.index(language))
        if unnamed and not unspoken:
            named = " and ".join(f'"{language}"' for language in unnamed)
            mistakes.add(LANGUAGES, f"does not name {named}", f"name it{then}")
        for path, what, has in self._texts:
            self._text(path, what, has, dealt_with, mistakes)
        return dealt_with

    def _consequences(self, dealt_with: frozenset[str], mistakes: Mistakes) -> str:
        """The end of the sentence: how many texts are wrong by that alone."""
        wrong = [path for path, _, has in self._texts if dealt_with & (set(has) ^ set(self._languages))]
        if not wrong:
            return ""
        return f" ({len(wrong)} texts do not fit, the first is {'.'.join(wrong[0])} on line {mistakes.line(wrong[0])})"

    def _text(
        self, path: Path, what: str, has: tuple[str, ...], dealt_with: frozenset[str], mistakes: Mistakes
    ) -> None:
        for language in has:
            if language not in (*self._languages, *self._also, *dealt_with):
                todo = meant(language, self._languages, "take it out")
                mistakes.add((*path, language), "is none of the mall's languages", todo)
        missing = [language for language in self._languages if language not in (*has, *dealt_with)]
        if missing:
            mistakes.add(path, f"has no {what} for {', '.join(missing)}", "write it")


def _todo(language: str, unnamed: list[str]) -> str:
    """The nearest of the languages that the texts have instead, or what else to do."""
    if unnamed:
        return f'did you mean "{closest(language, unnamed) or unnamed[0]}"?'
    return "write every text in it too, or leave it out"
