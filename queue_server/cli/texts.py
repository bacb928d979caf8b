"""`antrean texts`: all that Antrean says in a language, as a table for somebody at home in it to review."""

from __future__ import annotations

import csv
import sys

import click

from queue_server.errors import NotFound
from queue_server.languages.catalogues import HOUSE, Text, languages_of
from queue_server.languages.survey import texts


@click.command(short_help="List a language's texts for a native speaker to review.")
@click.argument("language")
@click.option("--unread", is_flag=True, help="Only what no native speaker has read yet, or is missing.")
def command(language: str, unread: bool) -> None:
    """Print every text of LANGUAGE as CSV: catalogue, key, English, the text, whether it was read, room for another.

    Whoever has read a catalogue takes the line "To be read by a native speaker" out of it; see docs/languages.md.
    """
    known = languages_of(HOUSE)
    if language not in known:
        raise NotFound(f"There are no texts in {language!r}, only in {', '.join(known)}. See docs/languages.md.")
    table = csv.writer(sys.stdout)
    table.writerow(["catalogue", "key", "English", language, "read by a native speaker", "better"])
    for said in texts(language):
        if unread and said.read:
            continue
        state = "missing" if said.text is None else "yes" if said.read else "no"
        table.writerow([said.page, said.key, _one(said.english), _one(said.text or ""), state, ""])


def _one(text: Text) -> str:
    """Plural forms stand one below the other."""
    return text if isinstance(text, str) else "\n".join(text)
