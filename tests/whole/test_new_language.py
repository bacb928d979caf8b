"""A language that Antrean does not know yet, added as CONTRIBUTING says: catalogues, and nothing in Python."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from queue_server.languages.catalogues import FOLDER
from tests.whole.server import ROOT, server

NEW = "eo"
MALL = """
[mall]
id = "esperanta"
name = { eo = "Domo de servoj", en = "House of services" }
languages = ["eo", "en"]
timezone = "Europe/Warsaw"

[agencies.a]
name = "A"

[services.s]
agency = "a"
name = "S"
prefix = "A"
hours = { mon-sun = ["00:00-24:00"] }

[zones.z]
name = "Z"

[counters.1]
zone = "z"
services = ["s"]

[boards.hall]
zones = ["z"]
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The product, with one more language: every English wording in brackets."""
    for package in ("queue_server", "kiosk", "display", "printer"):
        shutil.copytree(ROOT / package, tmp_path / "house" / package, ignore=shutil.ignore_patterns("__pycache__"))
    for page in (tmp_path / "house" / FOLDER.relative_to(ROOT)).iterdir():
        english = (page / "en.po").read_text(encoding="utf-8")
        head, texts = english.split("\n\n", 1)
        head = re.sub(r'"Language: \w+\\n"', rf'"Language: {NEW}\\n"', head)
        said = re.sub(r'^msgid "(.*)"\nmsgstr ""$', r'msgid "\1"\nmsgstr "[\1]"', texts, flags=re.MULTILINE)
        plural = r'^msgid "(.*)"\nmsgid_plural "(.*)"\nmsgstr\[0\] ""\nmsgstr\[1\] ""$'
        forms = r'msgid "\1"\nmsgid_plural "\2"\nmsgstr[0] "[\1]"\nmsgstr[1] "[\2]"'
        said = re.sub(plural, forms, said, flags=re.MULTILINE)
        (page / f"{NEW}.po").write_text(f"{head}\n\n{said}", encoding="utf-8")
    return tmp_path / "house"


async def test_a_new_language_is_new_catalogues(house: Path, tmp_path: Path):
    """Kiosk, display, phone, staff's pages, slips and usual reasons speak it, though no line of Python knows it."""
    config = tmp_path / "config.toml"
    config.write_text(MALL, encoding="utf-8")

    async with server(tmp_path, config=config, code=house) as here:
        token = here.token("kiosk", "--name", "K1")
        ticket = (await here.post("/api/v1/tickets", {"service": "s"}, token))["id"]
        preview = await here.get("/printing/preview?lang=eo")
        kiosk, board, phone, floor = [
            (await here.get(path)).body.decode()
            for path in ("/kiosk/K1", "/display/hall", f"/t/{ticket}", f"/floor?lang={NEW}")
        ]
    slips = words_of_slips(house)

    for page in (kiosk, board, phone, floor):
        assert re.search(r'<html lang="eo" dir="ltr"', page), page[:300]
        table = block(page, "texts")["tables"][NEW]
        assert (table["months"][10], table["texts"]["stale"][:12]) == ("Novembro", "[Connection ")
    assert "[Hold the hall]" in floor
    assert block(floor, "data")["pause_reasons"][0]["name"][NEW] == "[Break]"
    assert {"id": NEW, "name": "[English]"} in block(preview.body.decode(), "data")["languages"]
    assert {"[People ahead of you]", "[Please bring]", "[up to 2 min]", "[COPY]"} <= slips


def test_the_check_names_what_a_new_language_lacks(house: Path, tmp_path: Path):
    """Whole it is only unread; a text that was forgotten is named with its file, and so is one of staff's pages."""
    config = tmp_path / "config.toml"
    config.write_text(MALL, encoding="utf-8")
    texts = house / FOLDER.relative_to(ROOT)

    whole = checked(house, config)
    for page, key in (("kiosk", "take"), ("staff", "find")):
        forget(texts / page / f"{NEW}.po", key)
    lacking = checked(house, config)

    assert "lacks" not in whole
    assert f"texts/kiosk/{NEW}.po lacks 1, which are said in English: take" in lacking
    assert f"texts/staff/{NEW}.po lacks 1, which are said in English: find" in lacking


def checked(house: Path, config: Path) -> str:
    """What `antrean check` of the code in `house` says."""
    command = [sys.executable, "-m", "queue_server", "check", "--config", str(config)]
    done = subprocess.run(command, cwd=house, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def forget(path: Path, key: str) -> None:
    """Take one text out of a catalogue."""
    said = path.read_text(encoding="utf-8")
    entries = said.split("\n\n")
    kept = [entry for entry in entries if f'msgctxt "{key}"' not in entry]
    assert len(kept) == len(entries) - 1
    path.write_text("\n\n".join(kept), encoding="utf-8")


def block(page: str, name: str) -> dict:
    found = re.search(rf'id="{name}">(.*?)</script>', page)
    assert found is not None
    return dict(json.loads(found[1]))


def words_of_slips(house: Path) -> set[str]:
    """What slips say in the new language, by the code in `house`."""
    code = f"import json; from queue_server.views.slip_sample import own_words; print(json.dumps(own_words({NEW!r})))"
    done = subprocess.run([sys.executable, "-c", code], cwd=house, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))
