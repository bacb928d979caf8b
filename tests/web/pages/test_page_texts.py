"""Every word on the staff's pages and the ticket's page is there, in Indonesian and English."""

import re
from pathlib import Path

import pytest

from queue_server.languages import catalogues as words
from queue_server.languages.tables import table
from queue_server.web import pages

WEB = Path(pages.__file__).parent
USED = re.compile(r"""(?:\b(?:t|n|say)\((?:[a-z()"#.-]+, )?|data-say=)["']([a-z_0-9.]+)["']""")
"""A key in a template (`t("save")`, `data-say="save"`) or a script (`words.t("save")`, `words.say(node, "save")`)."""

PAGES = {
    "staff": [
        *(
            WEB / "static" / room
            for room in ("staff", "terminal", "floor", "reception", "printers", "start", "api_docs")
        ),
        *(
            WEB / "templates" / f"{name}.html"
            for name in ("staff", "staff_parts", "start", "sign_in", "terminal", "terminals", "floor", "reception")
        ),
        *(WEB / "templates" / f"{name}.html" for name in ("api_docs", "printers", "problem")),
    ],
    "ticket": [WEB / "static" / "ticket", WEB / "templates" / "ticket.html"],
}


def keys(page: str) -> set[str]:
    files = [file for place in PAGES[page] for file in (sorted(place.glob("*.js")) if place.is_dir() else [place])]
    found = {key for file in files for key in USED.findall(file.read_text(encoding="utf-8"))}
    return {key for key in found if not key.endswith(".")}


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_key_has_its_words(page: str, language: str):
    """No page says a key instead of words, in neither language."""
    known = table(page, language).texts

    used = keys(page)

    assert len(used) > 15
    assert used - known.keys() == set()


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_say_the_same_things(page: str):
    """Neither catalogue has a text that the other lacks, and each keeps the places for figures."""
    own = {language: words.read(words.FOLDER / page / f"{language}.po").texts for language in ("id", "en")}

    assert own["id"].keys() == own["en"].keys()
    for key, english in own["en"].items():
        assert _places(own["id"][key]) == _places(english), key


def _places(text: words.Text) -> set[str]:
    return set(re.findall(r"{(\w+)}", text if isinstance(text, str) else text[-1]))
