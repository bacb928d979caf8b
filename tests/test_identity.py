"""Which signs may be an identity number: by their form, whatever stands between them and in whichever script."""

from __future__ import annotations

import pytest

from queue_server.letters.identity import identity

MAN, WOMAN = "3273010119800002", "1671065412990099"
"""As the libraries that the facts are from have them: Bandung, 1 January; and a woman born on the 14th."""


@pytest.mark.parametrize(
    ("kind", "said", "found"),
    [
        ("nik", MAN.replace("0119", "0112"), "3273010112800002"),
        ("nik", WOMAN, WOMAN),
        ("nik", "32.7301.010180.0002", "3273010101800002"),
        ("nik", "٣٢٧٣٠١٠١٠١٨٠٠٠٠٢", "3273010101800002"),
        ("nik", "3273016902000001", "3273016902000001"),
        ("fin", "5gxm4dz", "5GXM4DZ"),
        ("fin", "94FMDOD", "94FMD0D"),
        ("fin", "94fmıdİ", "94FMIDI"),
        ("georgia", "01 001 012 345", "01001012345"),
        ("nik", " - ", None),
        ("fin", "", None),
    ],
)
def test_what_may_be_one_is_its_signs_alone(kind: str, said: str, found: str | None):
    """Spaces, points and hyphens fall away, digits of other scripts are ours, letters capitals."""
    assert identity(said, kind, (), None) == found


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("nik", "327301010180000"),
        ("nik", "32730101018000020"),
        ("nik", "3273013201800002"),
        ("nik", "3273017201800002"),
        ("nik", "3273010113800002"),
        ("nik", "3273012902010002"),
        ("nik", "3273010101800000"),
        ("nik", "0973010101800002"),
        ("nik", "32730101018O0002"),
        ("fin", "5GXM4D"),
        ("fin", "5GXM4D!"),
        ("fin", "5GXM4DЯ"),
        ("georgia", "0100101234"),
        ("georgia", "0100101234A"),
    ],
)
def test_what_cannot_be_one_is_refused(kind: str, said: str):
    """Too short, too long, no such day, no serial, a letter among digits, a letter of another alphabet."""
    with pytest.raises(ValueError, match="no such"):
        identity(said, kind, (), None)


@pytest.mark.parametrize(
    ("said", "shapes", "check"),
    [
        ("79927398713", ("9" * 11,), "luhn"),
        ("079444", ("999999",), "mod97"),
        ("ab-1234", ("AA9999", "999999"), None),
        ("123456", ("AA9999", "999999"), None),
    ],
)
def test_a_mall_says_how_its_number_looks(said: str, shapes: tuple[str, ...], check: str | None):
    """Any of its shapes, with the check digits of Luhn's scheme (its own example) or MOD 97-10 (0794 with its 44)."""
    assert identity(said, "pattern", shapes, check) is not None


@pytest.mark.parametrize(
    ("said", "shapes", "check"),
    [
        ("79927398710", ("9" * 11,), "luhn"),
        ("79927398731", ("9" * 11,), "luhn"),
        ("074944", ("999999",), "mod97"),
        ("A12345", ("AA9999", "999999"), None),
    ],
)
def test_a_slip_of_the_finger_is_seen_by_its_check_digits(said: str, shapes: tuple[str, ...], check: str | None):
    """One wrong digit, or two that changed places."""
    with pytest.raises(ValueError, match="no such"):
        identity(said, "pattern", shapes, check)
