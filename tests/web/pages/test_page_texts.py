"""Every word on the staff's pages and the ticket's page is there, in Indonesian and English."""

import re
from pathlib import Path

import pytest

from queue_server.languages import catalogues as words
from queue_server.languages.tables import table
from queue_server.web import page_table
from queue_server.web.page import pages

WEB = Path(pages.__file__).parent
USED = re.compile(r"""(?:\b(?:t|n|say)\((?:[a-z()"#.-]+, )?|data-say=)["']([a-z_0-9.]+)["']""")
"""A key in a template (`t("save")`, `data-say="save"`) or a script (`words.t("save")`, `words.say(node, "save")`)."""

TEMPLATES = WEB / "templates"
PARTS = {"staff": ("staff.html", "staff_parts.html"), "printing": ("staff.html", "staff_parts.html")}
SCRIPTS = re.compile(r"""static\(['"](\w+)/\w+\.js['"]\)""")
PAGES = sorted({row.texts for row in page_table.PAGES if (TEMPLATES / row.template).exists()})
"""Of catalogues; those of kiosk and display have a test beside the catalogues."""


def files(page: str) -> list[Path]:
    """The templates that say something in this catalogue, and the scripts of their folders."""
    rows = [row.template for row in (*page_table.PAGES, page_table.PROBLEM) if row.texts == page]
    templates = [TEMPLATES / name for name in dict.fromkeys((*rows, *PARTS.get(page, ())))]
    folders = {name for path in templates for name in SCRIPTS.findall(path.read_text(encoding="utf-8"))}
    if page == "staff":
        folders.add("staff")
    return [*templates, *(path for name in sorted(folders - {"js"}) for path in (WEB / "static" / name).glob("*.js"))]


def keys(page: str) -> set[str]:
    found = {key for file in files(page) for key in USED.findall(file.read_text(encoding="utf-8"))}
    return {key for key in found if not key.endswith(".")}


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_key_has_its_words(page: str, language: str):
    """No page says a key instead of words, in neither language."""
    known = table(page, language).texts

    used = keys(page)

    assert len(used) > 5
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
