"""The layout and the logos that travel to agents by the hash of their bytes."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import msgspec

from queue_server.service.slips.files import LARGEST, SlipFiles, layout_of
from queue_server.settings import Settings, load, tables
from queue_server.wire.printing import PartKind, SlipLayout, hash_of
from queue_server.wire.printing import layout_of as read_layout
from tests.test_settings import SMALL


def settings(folder: Path, more: str = "", logo: str = "") -> Settings:
    text = SMALL.replace('name = "Dukcapil"', f'name = "Dukcapil"\n{logo}') + more
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return load(folder / "config.toml")


def test_the_parts_are_those_that_agents_draw():
    """config.toml knows every part, in the order that agents have by themselves."""
    assert set(tables.SLIP_PARTS) == set(get_args(PartKind))
    assert layout_of(tables.Slip()) == SlipLayout()


def test_the_usual_layout_does_not_travel(tmp_path: Path):
    """Agents have it; another goes by its hash, and what arrives is what was written."""
    files = SlipFiles(lambda: current, tmp_path)
    current = settings(tmp_path)
    usual = files.layout_hash
    more = (
        '[slip]\nparts = ["number", "track"]\nlarge = ["number"]\nqr_mm = 30\nfooter = { id = "Halo", en = "Hello" }\n'
    )
    current = settings(tmp_path, more)
    named = files.layout_hash

    assert usual is None
    assert named is not None
    assert hash_of(files.file(named)) == named
    travelled = read_layout(files.file(named))
    assert [(part.kind, part.size) for part in travelled.parts] == [("number", "large"), ("track", "normal")]
    assert (travelled.qr_mm, travelled.footer) == (30.0, {"id": "Halo", "en": "Hello"})


def test_an_agencys_logo_goes_before_the_malls(tmp_path: Path):
    """By hash; a job that named the old one can still be drawn after a change."""
    (tmp_path / "one.png").write_bytes(b"one")
    (tmp_path / "two.png").write_bytes(b"two")
    files = SlipFiles(lambda: current, tmp_path)
    current = msgspec.structs.replace(
        base := settings(tmp_path, logo='logo = "one.png"'),
        mall=msgspec.structs.replace(base.mall, logo="two.png"),
    )
    own, mall = files.logo("dukcapil"), files.logo("another")
    current = settings(tmp_path)

    assert (own, mall) == (hash_of(b"one"), hash_of(b"two"))
    assert files.logo("dukcapil") is None
    assert files.file(hash_of(b"one")) == b"one"
    assert files.file("unknown") == b""


def test_a_logo_that_cannot_travel_is_left_out(tmp_path: Path):
    """Too large for the link, or gone since it was checked: the slip goes without."""
    (tmp_path / "huge.png").write_bytes(bytes(LARGEST + 1))
    huge = settings(tmp_path, logo='logo = "huge.png"')
    (tmp_path / "huge.png").rename(tmp_path / "away.png")
    gone = huge

    assert SlipFiles(lambda: gone, tmp_path).logo("dukcapil") is None
    (tmp_path / "away.png").rename(tmp_path / "huge.png")
    assert SlipFiles(lambda: huge, tmp_path).logo("dukcapil") is None
