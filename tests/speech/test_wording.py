"""What is said, held against tables that were written out by hand: `tables/<language>.tsv`.

Each row names who, at home in the language, has reviewed it, or "nobody yet". `antrean speech sheet` prints what a
reviewer needs; a row that a reviewer corrects is corrected here and in `speech/wording`.
"""

import csv
from itertools import product
from pathlib import Path
from string import ascii_uppercase

import pytest

from queue_server.speech.wording import LANGUAGES, pieces_of, sentence, sheet, text
from queue_server.speech.wording.sentences import ticket

TABLES = Path(__file__).with_name("tables")
PREFIXES = [*ascii_uppercase, *("".join(pair) for pair in product(ascii_uppercase, repeat=2))]


def rows(language: str) -> list[dict[str, str]]:
    with (TABLES / f"{language}.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def said(language: str, what: str) -> dict[str, str]:
    return {row["written"]: row["said"] for row in rows(language) if row["what"] == what}


def by_hand(language: str, sample: str) -> tuple[str, str]:
    """Around the number and the counter, what the sentences of the table have."""
    whole = said(language, "sentence")["A012 3"]
    number = " ".join([said(language, "letter")["A"], *(said(language, "number")[digit] for digit in "012")])
    before, rest = whole.split(f" {number}")
    return before, rest


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_row_says_who_reviewed_it(language: str):
    """A table has all letters, numbers below 100, 60 counters and kinds of sentence, each row with its reviewer."""
    table = rows(language)

    assert all(row["reviewed by"].strip() for row in table)
    assert set(said(language, "letter")) == set(ascii_uppercase)
    assert set(said(language, "number")) == {str(number) for number in range(100)}
    assert set(said(language, "counter")) == {str(number) for number in range(1, 61)}
    assert len(said(language, "sentence")) >= 7


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_sentences_are_those_of_the_table(language: str):
    """Each kind of sentence (called again; a counter with a number, a code, a name) is said as it was written down."""
    for written, wanted in said(language, "sentence").items():
        flags = [word for word in written.split(" ") if word in ("again", "moved", "hundreds")]
        number, label = written.removeprefix(" ".join(flags)).strip().split(" ", 1)

        heard = sentence(LANGUAGES[language], number, label, **dict.fromkeys(flags, True))

        assert text(heard) == wanted, written


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_numbers_from_a001_to_zz999_are_read_out(language: str):
    """Every prefix from A to ZZ and every number from 001 to 999 is said letter by letter and digit by digit."""
    letters, digits = said(language, "letter"), said(language, "number")

    def wanted(prefix: str, number: str) -> str:
        return " ".join([*(letters[letter] for letter in prefix), *(digits[digit] for digit in number)])

    every_prefix = [(prefix, f"{1 + at * 37 % 999:03}") for at, prefix in enumerate(PREFIXES)]
    every_number = [(prefix, f"{number:03}") for prefix in ("A", "Q", "ZZ") for number in range(1, 1000)]
    for prefix, number in [*every_prefix, *every_number]:
        assert text(ticket(LANGUAGES[language], prefix + number)) == wanted(prefix, number)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_counters_1_to_60_are_said_in_their_form(language: str):
    """After every number the counter is said in the case and form that the sentence wants."""
    third = said(language, "counter")["3"]
    before, rest = by_hand(language, "A012 3")
    letters, digits = said(language, "letter"), said(language, "number")
    for written, counter in said(language, "counter").items():
        head, _, tail = rest.rpartition(third)
        number = " ".join([letters["Z"], letters["Z"], digits["9"], digits["0"], digits["7"]])

        heard = text(sentence(LANGUAGES[language], "ZZ907", written))

        assert heard == f"{before} {number}{head}{counter}{tail}"


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_whole_numbers_are_those_of_the_table(language: str):
    """With hundreds a number is said as people count, without the zeros before it."""
    table = {**said(language, "number"), **said(language, "whole")}

    for written, wanted in table.items():
        assert text(ticket(LANGUAGES[language], written.zfill(3), hundreds=True)) == wanted


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_reviewer_gets_every_row(language: str):
    """The sheet for a native speaker has all that the table has; a counter's name stands there as a gap."""
    handed = {(what, written): words for what, written, words in sheet(LANGUAGES[language])}

    for row in rows(language):
        what, written = row["what"], row["written"]
        named = what == "sentence" and (what, written) not in handed
        words = handed["sentence", "D001 …"] if named else handed[what, written]

        assert words.replace("…", written.partition(" ")[2] if named else "") == row["said"], written


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_nothing_that_is_said_is_a_figure(language: str):
    """No figure is left for a voice to read in its own way, whatever the number and the style."""
    for number, hundreds in product(("A001", "BQ640", "C9999", "D12345"), (True, False)):
        for label in ("1", "07", "60", "412", "B12", "3a", "IT 4"):
            heard = text(sentence(LANGUAGES[language], number, label, hundreds=hundreds))

            assert not any(letter.isdigit() for letter in heard)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("hundreds", [False, True])
def test_the_list_to_record_has_every_clip_that_is_played(language: str, hundreds: bool):
    """What a mall is told to record is what its calls are joined from, and a name is one text."""
    labels = [*map(str, range(1, 61)), "B12", "Kasir"]
    clips = pieces_of(LANGUAGES[language], ("A", "BC"), labels, hundreds=hundreds, last=2999)

    for number, label in product(("A001", "BC112", "A740", "A900", "BC1005", "A2340"), labels):
        for opening in ("again", "moved"):
            for piece in sentence(LANGUAGES[language], number, label, hundreds=hundreds, **{opening: True}):
                assert clips[piece.name].text == piece.text


def test_letters_of_other_scripts_are_left_to_the_voice():
    """A prefix in the language's own script is read as the letter that it is."""
    assert text(ticket(LANGUAGES["ka"], "ბ012")) == "ბ ნული ერთი ორი"


def test_a_clip_of_a_named_counter_is_named_after_it():
    """A counter with a name is one clip, which a speaker finds by that name."""
    heard = sentence(LANGUAGES["id"], "A001", "Kasir  Bank/2")

    assert heard[-1].name == "counter-kasir-bank-2"


def test_a_number_in_a_counters_name_is_said_in_words():
    """A name may hold a number; that, too, is not left to the voice."""
    assert text(sentence(LANGUAGES["ka"], "A001", "სალარო 12")).endswith("სალარო თორმეტი.")
    assert text(sentence(LANGUAGES["en"], "A001", "Cash desk 2")).endswith("please go to Cash desk two.")
