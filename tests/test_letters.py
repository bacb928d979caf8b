"""When two texts are the same, and when they only look so."""

from __future__ import annotations

from unicodedata import normalize

import pytest

from queue_server.letters import composed, look, name_key, prefix_look, typed_forms


@pytest.mark.parametrize("alike", ["AАΑᎪ", "OОΟ", "IІΙ", "PРΡ", "CС", "TТΤ"])
def test_letters_that_look_alike_have_one_look(alike: str):
    """Latin, Cyrillic, Greek and Cherokee share shapes."""
    assert len({look(letter) for letter in alike}) == 1


def test_letters_of_one_alphabet_keep_their_own_look():
    """Each letter of the alphabets that malls use is told from the others."""
    for letters in ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ", "აბგდევზთიკლმნოპჟრსტუფქღშჩცძწჭხჯჰ"):
        assert len({prefix_look(letter) for letter in letters}) == len(letters)


def test_a_mark_over_a_letter_that_looks_like_another_is_seen_too():
    """A Cyrillic А and a Latin A under the same accent cannot be told apart, with and without it they can."""
    assert look("А\u0301") == look("Á")
    assert look("Á") != look("A")


def test_a_name_is_the_same_in_any_case_and_form():
    """Capitals, marks as points of their own and spaces make no other name; another letter does."""
    forms = ["José  Ñandú", normalize("NFD", "José Ñandú"), " JOSÉ ÑANDÚ "]

    assert len({name_key(name) for name in forms}) == 1
    assert name_key("Jose Nandu") != name_key(forms[0])


def test_a_plain_secret_has_one_form():
    """Only what keyboards send differently is tried more than once, the form that is kept first."""
    assert typed_forms("4711") == ("4711",)
    assert typed_forms(normalize("NFD", "clé"))[0] == composed("clé")
