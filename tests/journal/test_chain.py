"""The hash rule, and the words by which chains are told apart: frozen, since every journal rests on them."""

from __future__ import annotations

import msgspec
import pytest

from queue_server.domain.events import AnyEvent, DayOpened
from queue_server.journal import chain
from queue_server.journal.promises import Row
from queue_server.journal.verify import verify

OPENED = (
    b'{"type":"DayOpened","at":3,"mall":"nusa-raya","journal":"0123456789abcdef","day":"2026-11-24","starts_at":1,'
    b'"ends_at":2,"before":"ff"}'
)
"""As it was written, to the byte."""


def chained(*events: tuple[str, bytes]) -> list[Row]:
    """Rows of these streams and events."""
    rows: list[Row] = []
    before = chain.START
    for seq, (stream, data) in enumerate(events, 1):
        before = chain.link(before, seq, stream, seq, data)
        rows.append(Row(seq, stream, seq, data, before))
    return rows


def opening(day: str, before: str, mall: str = "nusa-raya", journal: str = "j1") -> bytes:
    return msgspec.json.encode(
        {"type": "DayOpened", "mall": mall, "journal": journal, "day": day, "before": before, "new": [1]}
    )


UNKNOWN = b'{"type":"SomethingOfALaterVersion","x":1}'


def test_rows_of_a_newer_version_can_be_checked():
    """A chain is whole whatever its events say: only a day's opening is read, and of it only what never changes."""
    first = chained(("2026-11-24", opening("2026-11-24", "")), ("2026-11-24", UNKNOWN))
    before = first[-1].hash.hex()
    rows = chained(*((row.stream, row.data) for row in first), ("2026-11-25", opening("2026-11-25", before)))

    found = verify(rows)

    assert (found.rows, found.days, found.wrong) == (3, 2, None)
    assert (found.mall, found.journal) == ("nusa-raya", "j1")


@pytest.mark.parametrize("other", [{"mall": "depok"}, {"journal": "j2"}])
def test_a_day_of_another_journal_does_not_follow(other: dict[str, str]):
    """Rows put together from two malls, or from two journals of one, are found at the day that is another's."""
    first = chained(("2026-11-24", opening("2026-11-24", "")))
    before = first[-1].hash.hex()
    rows = chained(("2026-11-24", first[0].data), ("2026-11-25", opening("2026-11-25", before, **other)))

    found = verify(rows)

    assert found.wrong_seq == 2
    assert "is of another journal" in str(found.wrong)


@pytest.mark.parametrize("data", [UNKNOWN, b"no json", opening("2026-11-23", "")])
def test_a_day_begins_with_its_opening(data: bytes):
    """What stands in its place is wrong, whether it can be read or not."""
    found = verify(chained(("2026-11-24", data)))

    assert (found.wrong_seq, found.wrong) == (1, "the day 2026-11-24 does not begin with its opening")


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
