"""The mall's keys seal the keys of single texts, and are exchanged without a pause."""

from __future__ import annotations

from pathlib import Path

import pytest

from queue_server.database import open_file
from queue_server.errors import Unavailable
from queue_server.registry.keys import fresh
from queue_server.registry.store import Registry, open_registry
from tests.registry.conftest import Place


def with_keys(folder: Path, *keys: str) -> Registry:
    return open_registry(folder / "registry.db", keys=lambda _make: "# ours\n" + "\n".join(keys))


def test_the_file_alone_opens_nothing(tmp_path: Path):
    """Whoever has registry.db without the key reads no text."""
    first = with_keys(tmp_path, fresh())
    reference = first.personal.add("note", "Ibu Sari")
    first.close()
    stolen = with_keys(tmp_path, fresh())

    with pytest.raises(Unavailable, match="not there any more"):
        stolen.personal.read(reference)
    stolen.close()


def test_a_key_is_exchanged_without_a_pause(tmp_path: Path):
    """Old and new stand side by side until all is sealed by the new one; then the old one may go."""
    old, new = fresh(), fresh()
    registry = with_keys(tmp_path, old)
    reference = registry.personal.add("note", "Ibu Sari")
    registry.close()

    both = with_keys(tmp_path, new, old)
    assert both.personal.read(reference) == "Ibu Sari"
    assert both.personal.sealed_by_others() == 1
    assert both.personal.seal_anew() == 1
    assert (both.personal.sealed_by_others(), both.personal.seal_anew()) == (0, 0)
    both.close()

    after = with_keys(tmp_path, new)
    assert after.personal.read(reference) == "Ibu Sari"
    after.close()


def test_texts_of_an_older_version_are_sealed_too(place: Place):
    """Their keys lay open beside them; they are read, and sealed at the first opportunity."""
    registry = place.open()
    reference = registry.personal.add("note", "Ibu Sari")
    ring = registry.keys.ring()
    db = open_file(place.path)
    (sealed,) = db.execute("SELECT key FROM personal_keys").fetchone()
    plain = ring.open(sealed)
    db.execute("UPDATE personal_keys SET key = ?, sealed_by = NULL", (plain,))
    db.close()

    assert registry.personal.read(reference) == "Ibu Sari"
    assert registry.personal.seal_anew() == 1
    registry.write_down()

    assert plain not in place.bytes_on_disk()
    assert registry.personal.read(reference) == "Ibu Sari"


def test_a_wrong_key_is_said_without_it(tmp_path: Path):
    """Neither a file without a key nor one with another text in it comes into the message."""
    for lines in ("", "hunter2"):
        registry = with_keys(tmp_path, lines)

        with pytest.raises(Unavailable) as refused:
            registry.personal.add("note", "Ibu Sari")
        registry.close()

        assert "hunter2" not in refused.value.detail


def test_a_key_that_is_lost_is_not_replaced(tmp_path: Path):
    """Once something is sealed a missing file is said, and none is made that would hide the loss."""
    registry = open_registry(tmp_path / "registry.db")
    registry.personal.add("note", "Ibu Sari")
    registry.close()
    (tmp_path / "personal.key").unlink()
    registry = open_registry(tmp_path / "registry.db")

    with pytest.raises(Unavailable, match="Put the file back"):
        registry.personal.add("note", "Budi")

    registry.close()
    assert not (tmp_path / "personal.key").exists()


def test_the_key_of_our_own_is_for_nobody_else(tmp_path: Path):
    """Made when it is needed, once, readable for the server alone."""
    registry = open_registry(tmp_path / "registry.db")
    registry.personal.add("note", "Ibu Sari")
    registry.close()
    path = tmp_path / "personal.key"
    made = path.read_text()

    again = open_registry(tmp_path / "registry.db")
    again.personal.add("note", "Budi")
    again.close()

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text() == made
    assert [one.name for one in tmp_path.glob("*.part")] == []
