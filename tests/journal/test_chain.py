"""The hash rule, and the words by which chains are told apart: frozen, since every journal rests on them."""

from __future__ import annotations

import msgspec

from queue_server.domain.events import AnyEvent, DayOpened
from queue_server.journal import chain

OPENED = (
    b'{"type":"DayOpened","at":3,"mall":"nusa-raya","journal":"0123456789abcdef","day":"2026-11-24","starts_at":1,'
    b'"ends_at":2,"before":"ff"}'
)
"""As it was written, to the byte."""


def test_the_hash_rule_is_what_it_was():
    """A row hashes for ever to what it hashed to when it was written."""
    hashed = chain.link(chain.START, 1, "2026-11-24", 3, OPENED)

    assert hashed.hex() == "2a528bc3c8881cb8563a76888450b0407f27e1052e9ff556529d84478bfd5a0f"


def test_the_opening_of_a_day_is_what_it_was():
    """Type, day, `before`, mall and journal stand in every opening under these names, in this form."""
    opened = DayOpened(
        at=3,
        mall="nusa-raya",
        journal="0123456789abcdef",
        day="2026-11-24",
        starts_at=1,
        ends_at=2,
        before="ff",
    )

    assert msgspec.json.decode(OPENED, type=AnyEvent) == opened
    assert msgspec.json.encode(opened) == OPENED
