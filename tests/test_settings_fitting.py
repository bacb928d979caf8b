"""What the screens have no room for is refused or noted, each with its line, its key and what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from queue_server.settings import load
from queue_server.settings.fitting import (
    BOARD,
    CATEGORY,
    CHOICE,
    DIRECTION,
    LABEL,
    MALL,
    NOTICE,
    OCCASION,
    REASON,
    Room,
)
from tests.test_settings import SMALL, mistakes

MORE = (
    SMALL.replace('name = { id = "Mal", en = "Mall" }', "name = @mall@")
    .replace('name = "Dukcapil"', "name = @agency@")
    .replace('name = { id = "KTP", en = "Identity card" }', "name = @service@")
    .replace('name = { id = "Utara", en = "North" }', "name = @zone@\ndirection = @direction@")
    .replace("[counters.1]", "[counters.1]\nlabel = @label@")
    + """
[boards.hall]
zones = ["north"]
name = @board@
notice = @notice@

[dates.x]
name = @occasion@
first = 2026-12-25

[reasons]
prayer = @reason@

[categories.regular]
name = "Umum"

[categories.elderly]
name = @category@
"""
)
PLACES = {
    "mall": ("mall.name", MALL),
    "agency": ("agencies.dukcapil.name", CHOICE),
    "service": ("services.ktp_el.name", CHOICE),
    "zone": ("zones.north.name", DIRECTION),
    "direction": ("zones.north.direction", DIRECTION),
    "label": ("counters.1.label", LABEL),
    "board": ("boards.hall.name", BOARD),
    "notice": ("boards.hall.notice", NOTICE),
    "occasion": ("dates.x.name", OCCASION),
    "reason": ("reasons.prayer", REASON),
    "category": ("categories.elderly.name", CATEGORY),
}


def filled(**texts: str) -> str:
    """MORE with these texts, and short ones for the others."""
    text = MORE
    for place in PLACES:
        text = text.replace(f"@{place}@", f'"{texts.get(place, "Kata")}"')
    return text


def noted(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    notes: list[str] = []
    load(file, notes=notes)
    return notes


def words(letters: int) -> str:
    """So many letters, in words of four."""
    return ("kata " * letters)[:letters].rstrip().ljust(letters, "x")


def line(text: str, key: str) -> int:
    """The line on which a value stands that was filled in for `key`."""
    return next(at for at, row in enumerate(text.splitlines(), 1) if row.endswith(f'"{key}"'))


@pytest.mark.parametrize("place", PLACES)
def test_what_cannot_be_shown_whole_is_refused(tmp_path: Path, place: str):
    """A text that no screen has room for is a mistake, with its length, the most, and that it must be shorter."""
    key, room = PLACES[place]
    text = filled(**{place: words(room.most + 1)})

    said = mistakes(tmp_path, text)

    wrong = f"{room.most + 1} letters are more than {room.screen} can show, which is {room.most}; shorten it"
    assert said == [f"{line(text, words(room.most + 1))}: {key}: {wrong}"]


@pytest.mark.parametrize("place", PLACES)
def test_what_is_set_small_is_noted(tmp_path: Path, place: str):
    """A text that a screen shows in smaller letters is allowed, and said with its place and how long would be well."""
    key, room = PLACES[place]
    text = filled(**{place: words(room.well + 1)})

    said = noted(tmp_path, text)

    wrong = f"{room.well + 1} letters are set small on {room.screen}; up to {room.well} are read well"
    assert said == [f"config.toml:{line(text, words(room.well + 1))}: {key}: {wrong}"]
    assert noted(tmp_path, filled(**{place: words(room.well)})) == []


@pytest.mark.parametrize(("place", "room"), [("label", LABEL), ("category", CATEGORY), ("service", CHOICE)])
def test_a_word_too_long_for_its_box_is_refused(tmp_path: Path, place: str, room: Room):
    """A single word cannot be broken, so it may be no longer than its box."""
    assert room.word is not None
    word = "w" * (room.word + 1)

    said = mistakes(tmp_path, filled(**{place: word}))

    assert [entry.partition(": ")[2].partition(": ")[2] for entry in said] == [
        f'"{word}" is too long a word for {room.screen}, which has room for {room.word} letters; shorten it'
    ]


def test_a_long_word_of_a_label_is_noted(tmp_path: Path):
    """What is read well in two lines is small in one."""
    said = noted(tmp_path, filled(label="Pendaftaran"))

    assert [entry.partition(": ")[2] for entry in said] == [
        'counters.1.label: "Pendaftaran" is set small on a display; a word of up to 9 letters is read well'
    ]


def test_each_language_is_measured_and_named(tmp_path: Path):
    """Of a text in several languages, the one that is too long is named."""
    text = filled().replace('direction = "Kata"', f'direction = {{ id = "kiri", en = "{words(DIRECTION.most + 1)}" }}')

    said = mistakes(tmp_path, text)

    assert len(said) == 1
    assert "zones.north.direction.en: " in said[0]


def test_too_many_languages_for_a_screen_are_noted(tmp_path: Path):
    """Seven languages leave a kiosk's choices little room, and a display shows two at a time."""
    seven = '["id", "en", "ka", "az", "jv", "ar", "ru"]'
    text = filled().replace('["id", "en"]', seven) + "[kiosks.a]\nprinter = 'p'\n[printers.p]\n"

    said = noted(tmp_path, text)

    assert [entry.partition(": ")[2] for entry in said] == [
        "boards.hall.languages: 7 languages; a display shows two at a time, the first and in turn one other",
        "kiosks.a.languages: 7 languages leave a kiosk's choices little room; name up to 6 here",
    ]


def test_too_many_counters_for_a_board_are_noted(tmp_path: Path):
    """A round of more than four pages is long to wait for."""
    more = "".join(f'[counters.x{n}]\nzone = "north"\nservices = ["ktp_el"]\n' for n in range(80))

    said = noted(tmp_path, filled() + more)

    assert [entry.partition(": ")[2] for entry in said] == [
        "boards.hall.zones: 81 counters take more than four pages in turn; give some zones a board of their own"
    ]


def test_a_board_may_speak_a_language_more_than_the_mall(tmp_path: Path):
    """What the board shows may be in it; what is not is noted, and nothing else needs to be."""
    text = filled().replace('zones = ["north"]', 'zones = ["north"]\nlanguages = ["ar", "id"]')
    text = text.replace('name = "Kata"\ndirection = "Kata"', 'name = { id = "Utara", en = "North", ar = "شمال" }')

    said = noted(tmp_path, text)

    settings = load(tmp_path / "config.toml")
    assert settings.boards["hall"].languages == ("ar", "id")
    assert settings.zones["north"].name["ar"] == "شمال"
    assert [entry.partition(": ")[2] for entry in said] == [
        'boards.hall.languages: "ar" is not the mall\'s language, and where it is missing id is shown:'
        " mall.name, boards.hall.name, boards.hall.notice; write it, or let it be"
    ]


def test_a_boards_language_that_no_text_is_in_is_a_mistake(tmp_path: Path):
    """A slip of the pen is not a language."""
    text = filled().replace('zones = ["north"]', 'zones = ["north"]\nlanguages = ["en", "idd"]')
    text = text.replace('notice = "Kata"', 'notice = { id = "Kata", en = "Word" }')

    said = mistakes(tmp_path, text)

    assert [entry.partition(": ")[2] for entry in said] == [
        'boards.hall.languages: there is no language "idd"; did you mean "id"?'
    ]


def test_the_page_on_settings_says_how_long_texts_may_be():
    """docs/settings.md has the limits that hold."""
    page = (Path(__file__).parent.parent / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = [row for row in page.splitlines() if re.match(r"\| `.*\| \d+(, no word over \d+)? \| \d+", row)]
    said: dict[str, tuple[int, ...]] = {}
    for row in rows:
        keys, *limits = (cell.strip() for cell in row.strip("|").split(" | "))
        figures = tuple(int(figure) for limit in limits for figure in re.findall(r"\d+", limit))
        said |= dict.fromkeys(re.findall(r"`([\w.]+)`", keys), figures)

    held = {
        re.sub(r"^(\w+)\.(elderly|dukcapil|ktp_el|north|1|hall|prayer|x)\b", r"\1.ID", key): tuple(
            limit for limit in (room.well, room.well_word, room.most, room.word) if limit
        )
        for key, room in PLACES.values()
    }
    assert said == held


@pytest.mark.parametrize(
    ("panel", "languages", "said"),
    [
        ("{ inches = 10.1, width = 800, height = 1280 }", ["id", "en"], "the panel is 136 x 218 mm"),
        ("{ inches = 12.1, width = 1280, height = 800 }", ["id", "en"], "the panel is 261 x 163 mm"),
        ("{ inches = 15, width = 1024, height = 768 }", ["id", "en"], None),
        ("{ inches = 21.5, width = 1080, height = 1920 }", ["id", "en"], None),
    ],
)
def test_a_panel_without_room_for_targets_is_refused(
    tmp_path: Path, panel: str, languages: list[str], said: str | None
):
    """What is too small for 20 mm targets and 4.8 mm capitals is refused with its millimetres and those it needs."""
    written = f"{SMALL}\n[kiosks.k]\nlanguages = {languages}\npanel = {panel}\n".replace("'", '"')

    found = mistakes(tmp_path, written) if said else []

    if said:
        assert len(found) == 1
        assert f"kiosks.k.panel: {said}, and targets of 20 mm, capitals of 4.8 mm" in found[0]
    else:
        (tmp_path / "config.toml").write_text(written)
        load(tmp_path / "config.toml")
