"""What a language lacks and what nobody has read: said before a mall opens with it."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from click.testing import CliRunner

from queue_server.cli import antrean
from queue_server.languages import survey
from queue_server.languages.catalogues import FOLDER, HOUSE, languages_of

DOC = Path(__file__).parents[2] / "docs" / "languages.md"


def test_every_catalogue_is_the_citizens_or_the_staffs():
    """A new folder of texts says who reads it."""
    assert {path.name for path in FOLDER.iterdir() if path.is_dir()} == {*survey.CITIZENS, *survey.STAFF}


def test_the_malls_own_languages_have_no_notes():
    """Indonesian and English are whole, and were read."""
    assert survey.notes(("id", "en")) == []


def test_a_language_that_nobody_has_read_is_told():
    """Its texts are whole, so the one thing to say is that no native speaker has seen them."""
    (said,) = [note for note in survey.notes(("ka",)) if "native speaker" in note]

    assert re.fullmatch(r"ka: no native speaker has read \d+ texts; `antrean texts ka` lists them", said)


def test_a_language_without_texts_is_told():
    """Whoever asks for one that Antrean does not speak reads what is missing, not only that something is."""
    said = survey.notes(("fr",))

    assert any(note.startswith("texts/kiosk/fr.po lacks") for note in said)


def test_a_native_speaker_gets_one_table():
    """Every text of every catalogue beside its English, and whether it was read."""
    result = CliRunner().invoke(antrean, ["texts", "az"])
    rows = list(csv.reader(io.StringIO(result.stdout)))

    assert rows[0][:4] == ["catalogue", "key", "English", "az"]
    assert len(rows) - 1 == len(list(survey.texts("az")))
    assert ["ticket", "go_now", "Please go now", "İndi yaxınlaşın", "no", ""] in rows


def test_a_language_that_there_is_not_is_refused():
    """The error says which there are."""
    result = CliRunner().invoke(antrean, ["texts", "fr"])

    assert result.exit_code == 1
    assert "only in ar, az, en, id, jv, ka" in result.stderr


def test_the_docs_say_how_each_language_stands():
    """docs/languages.md has a row for each, true in whether it was read and whether staff have it."""
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\| (.+ \| .+) \|$", DOC.read_text(encoding="utf-8"), flags=re.MULTILINE))

    found = {}
    for language in languages_of(HOUSE):
        own = [said for said in survey.texts(language) if said.text is not None]
        staffs = all(language in languages_of(page) for page in survey.STAFF)
        found[language] = f"{'yes' if staffs else 'no'} | {'yes' if all(said.read for said in own) else 'no'}"
    assert rows == found
