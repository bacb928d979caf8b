"""A day's closing hash, signed: whoever makes the whole chain anew is found out by what others kept."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.journal.closing import MallKey, mall_key, read_closings, written
from queue_server.journal.sqlite import open_journal
from queue_server.journal.sqlite.verify import verify_file
from queue_server.journal.verify import Against
from tests.journal.hall import Hall


def days(path: Path, key: MallKey | None, tickets: int = 3, count: int = 3, signed: int = 99):
    """So many days that are over, the first `signed` by the key as soon as the next begins; the closings."""
    hall, made = Hall(open_journal(path)), []
    hall.open_day()
    for place in range(count):
        for _ in range(tickets):
            hall.issue("pass")
        day, state = hall.state.day, hall.state
        hall.close_day()
        hall.open_day()
        row = hall.journal.closing_of(day)
        assert row is not None
        if key is not None and place < signed:
            closing = key.sign(mall=state.mall, journal=state.journal, day=day, row=row.seq, digest=row.hash.hex())
            made.append(closing)
            hall.do(
                c.NoteClosing,
                day=day,
                row=row.seq,
                hash=closing.hash,
                public_key=closing.public_key,
                signature=closing.signature,
            )
    hall.journal.close()
    return made


def key_in(folder: Path, name: str = "mall.key") -> MallKey:
    return mall_key(folder / name)[0]


def test_the_key_is_for_the_server_alone(tmp_path: Path):
    """It is made once, nobody else may read it, and what is no such key is refused."""
    key, made = mall_key(tmp_path / "mall.key")
    again, made_again = mall_key(tmp_path / "mall.key")

    assert (made, made_again, key.public == again.public) == (True, False, True)
    assert stat.S_IMODE(os.stat(tmp_path / "mall.key").st_mode) == 0o600


def test_a_signed_history_holds(tmp_path: Path):
    """Every hash that was given away is in it, and every day is signed by the key that was kept."""
    key = key_in(tmp_path)
    made = days(tmp_path / "journal.db", key)

    against = Against(hashes=[closing.hash for closing in made], keys=[key.public])
    report = verify_file(tmp_path / "journal.db", against=against)

    assert (report.wrong, report.signed, report.keys) == (None, 3, (key.public,))


@pytest.mark.parametrize("forger", ["own key", "no key"])
def test_a_history_made_anew_is_found_out(tmp_path: Path, forger: str):
    """Hashed from end to end it is whole in itself; the hash, or the public key, that somebody kept says otherwise."""
    key = key_in(tmp_path)
    kept = days(tmp_path / "true.db", key)
    days(tmp_path / "journal.db", key_in(tmp_path, "other.key") if forger == "own key" else None, tickets=2)

    path = tmp_path / "journal.db"

    assert verify_file(path).wrong is None
    assert "no row has the hash" in str(verify_file(path, against=Against(hashes=[kept[0].hash])).wrong)
    assert verify_file(path, against=Against(keys=[key.public])).wrong is not None


def test_a_day_that_was_left_unsigned_is_found(tmp_path: Path):
    """Where signatures stop, somebody went on without the key."""
    key = key_in(tmp_path)
    days(tmp_path / "journal.db", key, count=4, signed=2)

    report = verify_file(tmp_path / "journal.db", against=Against(keys=[key.public]))

    assert report.wrong == "the day 2026-11-25 is not signed"


def test_what_was_given_away_cannot_be_changed(tmp_path: Path):
    """Each line carries its signature: another hash, day or mall does not fit it."""
    made = days(tmp_path / "journal.db", key_in(tmp_path), count=1)

    (read,) = read_closings(written(made))

    assert read.holds
    assert not any(
        replace(read, **changed).holds
        for changed in ({"hash": "00" * 32}, {"day": "2026-01-01"}, {"mall": "other"}, {"row": 1}, {"signature": "x"})
    )
