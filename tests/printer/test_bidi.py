"""Text of two directions on one line stands as a browser would set it."""

import itertools

import pytest
from bidi import get_display
from hypothesis import given
from hypothesis import strategies as st

from printer.bidi import on_paper, read_from_right, spans


def visual(text: str, *, rtl: bool) -> str:
    """The text as it stands on paper, each span turned as it is drawn."""
    pieces = []
    for span in on_paper(spans(text, rtl=rtl)):
        piece = text[span.start : span.end]
        pieces.append(piece[::-1] if span.rtl else piece)
    return "".join(pieces)


# Capitals stand for nothing here: Hebrew letters are used, since they need no joining to be compared.
CASES = [
    ("from the left", "abc 123", False, "abc 123"),
    ("from the right", "אבג", True, "גבא"),
    ("a number within", "אב 123 גד", True, "דג 123 בא"),
    ("a name within", "אב KTP גד", True, "דג KTP בא"),
    ("a name and its number", "אב KTP 123 גד", True, "דג KTP 123 בא"),
    ("within a line from the left", "abc אבג def", False, "abc גבא def"),
    ("two words within", "abc אב גד def", False, "abc דג בא def"),
    ("a number after them", "abc אב 12 def", False, "abc 12 בא def"),
    ("a date", "אב 24.11.2026", True, "24.11.2026 בא"),
    ("a percentage", "אב 50% גד", True, "דג 50% בא"),
    ("an address", "אב antrean.go.id/t/7H", True, "antrean.go.id/t/7H בא"),
    ("a dot at the end", "אבג.", True, ".גבא"),
    ("a name in brackets and a number", "אב (KTP) 2", True, "2 )KTP( בא"),
    ("a name in brackets first", "(KTP) אב", True, "בא )KTP("),
    ("words in brackets between names", "abc (אב) def", False, "abc (בא) def"),
    ("nothing", "", True, ""),
]


@pytest.mark.parametrize(("name", "text", "rtl", "expected"), CASES, ids=[case[0] for case in CASES])
def test_pieces_stand_in_their_order(name: str, text: str, rtl: bool, expected: str):
    """Runs are turned round level by level, numbers and names keep their own direction."""
    assert visual(text, rtl=rtl) == expected


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Kartu (KK), baru!", False),
        ("(KK) اب", False),
        ("١٢ (سفر)!", True),
        ("12 אב", True),
        ("12–20", None),
        ("", None),
    ],
)
def test_a_text_is_read_as_its_first_letter(text: str, right: bool | None):
    """Digits and signs decide nothing; without a letter the line around it does."""
    assert read_from_right(text) is right


def test_nothing_is_lost_and_nothing_doubled():
    """Whatever the text, its spans cover it once."""
    text = "a אב, 12 (ג) KTP – ٣٤ б"

    for rtl in (False, True):
        covered = sorted((span.start, span.end) for span in spans(text, rtl=rtl))
        assert covered[0][0] == 0
        assert covered[-1][1] == len(text)
        assert all(first[1] == second[0] for first, second in itertools.pairwise(covered))


@given(st.text("אבجدabC12٣٤ ()[]{}.,:/-+%$–!́", max_size=12), st.booleans())
def test_the_order_is_that_of_unicode(text: str, rtl: bool):
    """Letters, digits, signs and brackets of both directions, however mixed, stand as Unicode's algorithm sets them."""
    expected = get_display(text, base_dir="R" if rtl else "L")

    assert visual(text, rtl=rtl) == expected
