"""What pages say: catalogues complete where the house promises it, right in form everywhere."""

from __future__ import annotations

import re
import string

import pytest

from queue_server.languages import catalogues as words
from queue_server.languages.survey import CITIZENS, STAFF, lacking
from queue_server.languages.tables import table

PAGES = sorted(path.name for path in words.FOLDER.iterdir() if path.is_dir())
CATALOGUES = [(page, language) for page in PAGES for language in words.languages_of(page)]
PROMISED = ("id", "en")
SCREENS = ("kiosk", "display")
STAFFS = ("en", "id", "az", "ka", "ar")
"""In which staff read their pages."""

LANGUAGES = sorted({language for _, language in CATALOGUES})


def placeholders(text: words.Text) -> set[str]:
    forms = (text,) if isinstance(text, str) else text
    return {name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name}


def own(page: str, language: str) -> dict[str, words.Text]:
    return words.read(words.FOLDER / page / f"{language}.po").texts


@pytest.mark.parametrize("page", PAGES)
def test_indonesian_and_english_are_complete(page: str):
    """Every text of every page is there in both languages of the sample mall."""
    said = {language: own(page, language).keys() for language in PROMISED}

    assert said["id"] == said["en"]
    assert said["en"]


@pytest.mark.parametrize("page", CITIZENS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_citizens_read_is_complete_in_every_language(page: str, language: str):
    """No citizen meets a screen or a slip that is half in English."""
    assert own(page, "en").keys() - own(page, language).keys() == set()


@pytest.mark.parametrize("language", STAFFS)
def test_what_staff_read_is_there_in_their_languages(language: str):
    """Every page of staff is offered in it, and nothing of it is in English; what is would be said by name."""
    assert {page for page in STAFF if language not in words.languages_of(page)} == set()
    assert lacking(language, STAFF) == {}


@pytest.mark.parametrize(("page", "language"), CATALOGUES)
def test_a_translation_fills_the_same_places(page: str, language: str):
    """No translation asks for a value that the page does not give, and none says a key that English lacks."""
    english = own(page, "en")
    wrong = {
        key: sorted(placeholders(text) - placeholders(english.get(key, "")))
        for key, text in own(page, language).items()
        if key not in english or placeholders(text) - placeholders(english[key])
    }

    assert wrong == {}


@pytest.mark.parametrize(("page", "language"), CATALOGUES)
def test_counts_find_their_form(page: str, language: str):
    """Each count from 0 to 199 has a form that the texts of that language have."""
    found = words.read(words.FOLDER / page / f"{language}.po")
    texts, plural = found.texts, found.plural
    forms = {len(text) for text in texts.values() if isinstance(text, tuple)}

    assert len(plural) == 200
    assert forms <= {int(max(plural)) + 1}


def test_arabic_has_six_forms():
    """Nobody, one, two, a few, many and the hundred are different words."""
    plural = table("house", "ar").plural

    assert [plural[count] for count in (0, 1, 2, 3, 11, 100)] == ["0", "1", "2", "3", "4", "5"]


def test_languages_that_chromium_lacks_have_their_calendar():
    """Georgian, Azerbaijani and Javanese month and weekday names come with the page."""
    georgian, azerbaijani, javanese = (table("display", code) for code in ("ka", "az", "jv"))

    assert (georgian.months[10], georgian.weekdays[1]) == ("ნოემბერი", "სამშაბათი")
    assert azerbaijani.months[10] == "noyabr"
    assert javanese.weekdays[1] == "Selasa"


def test_a_missing_text_is_said_in_english():
    """A language without a catalogue still has a page that can be used."""
    assert words.say("kiosk", "fr", "take") == words.say("kiosk", "en", "take") == "Take a ticket"
    with pytest.raises(KeyError):
        words.say("kiosk", "id", "no such key")


@pytest.mark.parametrize("page", SCREENS)
def test_scripts_and_templates_name_only_texts_that_exist(page: str):
    """Every key in a room's templates and scripts is in its catalogue or the house's."""
    known = own(page, "en").keys() | own("house", "en").keys()
    room = words.FOLDER.parents[2] / page
    named: set[str] = set()
    for path in [*room.rglob("*.html"), *room.rglob("*.js")]:
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r"""(?:data-say="|\bt\(["']|words\(\)\.[tn]\("|said\(")([\w.]+)["']""", text))

    assert {key.removeprefix("house.") for key in named} - known == set()
