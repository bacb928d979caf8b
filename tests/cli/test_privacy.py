"""`antrean privacy`: the key of personal words, and what is kept of one citizen."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from queue_server.cli import antrean
from queue_server.registry.store import open_registry
from tests.web.edge import CONFIG


def privacy(folder: Path, *words: str) -> Result:
    config = folder / "config.toml"
    if not config.exists():
        config.write_text(CONFIG, encoding="utf-8")
    where = ("--config", str(config), "--data", str(folder))
    return CliRunner().invoke(antrean, ["privacy", *words, *(where if words != ("key",) else ())])


def test_a_key_is_exchanged_by_the_guides_steps(tmp_path: Path):
    """A fresh first line; how much is left is said until all is sealed by it."""
    registry = open_registry(tmp_path / "registry.db")
    registry.personal.add("note", "Ibu Sari")
    registry.close()
    before = privacy(tmp_path, "keys")
    file = tmp_path / "personal.key"

    fresh = privacy(tmp_path, "key").stdout
    file.write_text(fresh + file.read_text())
    during = privacy(tmp_path, "keys")
    registry = open_registry(tmp_path / "registry.db")
    registry.personal.seal_anew()
    registry.close()
    file.write_text(fresh)

    assert (before.stdout, during.stdout, privacy(tmp_path, "keys").stdout) == ("0\n", "1\n", "0\n")


def test_looking_makes_no_key(tmp_path: Path):
    """Where nothing personal was ever kept, there is nothing to seal."""
    looked = privacy(tmp_path, "keys")

    assert looked.stdout == "0\n"
    assert not (tmp_path / "personal.key").exists()
