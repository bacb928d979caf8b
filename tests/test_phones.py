"""One phone is one text, however it is typed."""

from __future__ import annotations

import pytest

from queue_server.letters.phones import phone


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0812 5550-1234", "081255501234"),
        ("(+62) 812.5550.1234", "+6281255501234"),
        ("٠٨١٢٥٥٥٠", "08125550"),
        ("０８１２", "0812"),
        ("", None),
    ],
)
def test_phones_are_kept_as_digits(typed: str, kept: str | None):
    """However somebody types it, one phone is one text, so that it is found again."""
    assert phone(typed) == kept


@pytest.mark.parametrize("typed", ["+", "12+34", "1234567890123456", "call me"])
def test_what_is_no_phone_is_refused(typed: str):
    """Nothing else is kept under that name."""
    with pytest.raises(ValueError, match="no phone"):
        phone(typed)
