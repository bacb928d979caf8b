"""A ticket's number is the same however somebody writes it."""

from __future__ import annotations

import pytest

from queue_server.reports.ticket_numbers import key, near


@pytest.mark.parametrize("said", ["A047", "a47", "A 047", " a\u2009047 ", "A-47", "\uff21\uff10\uff14\uff17"])
def test_spaces_signs_case_and_leading_zeros_are_writing(said: str):
    """All of them are A047."""
    assert key(said) == key("A047")


@pytest.mark.parametrize("said", ["A470", "B047", "047", "A04", "A047B", "AA47"])
def test_another_number_is_another(said: str):
    """Whatever else is written is not left out."""
    assert key(said) != key("A047")


def test_what_is_near_is_offered():
    """Other series first, then its neighbours, the nearest first; itself and what is far are not among them."""
    known = ["A047", "B 047", "A048", "A044", "A099", "B012", "A48"]

    assert near("a47", known) == ["B 047", "A48", "A044"]
    assert near("nothing", known) == []
