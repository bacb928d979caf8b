"""`antrean backup` and `restore`: one encrypted file, made beside a running server, and a folder that is proved."""

from __future__ import annotations

import asyncio
import os
import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from queue_server.cli import antrean
from queue_server.registry.store import open_registry
from tests.waiting import answered
from tests.web.edge import CONFIG, Edge, edge_at
from tests.web.test_media import MEDIA, file_of, put, shown

KEY = "AGE-SECRET-KEY-"


def run(*words: object) -> Result:
    return CliRunner().invoke(antrean, [str(word) for word in words])


def new_key(folder: Path) -> tuple[Path, str]:
    """A secret key's file, and the public key."""
    path = folder / "backup.key"
    return path, run("backup", "--new-key", path).stdout.strip()


async def hall(edge: Edge) -> None:
    """Something to lose: a ticket, and a note that names somebody."""
    ticket = await edge.called()
    await edge.post(f"/tickets/{ticket['id']}/note", {"text": "Ibu Sari"}, by="clerk")


async def test_a_backup_is_restored_whole(tmp_path: Path):
    """Made while the server runs; the journal that comes back is proved, the words open, a server goes on with it."""
    key, public = new_key(tmp_path)
    file, data = tmp_path / "antrean.age", tmp_path / "back" / "data"
    async with edge_at(tmp_path) as edge:
        await hall(edge)
        (ticket,) = edge.engine.state.tickets.values()
        number, note = ticket.number, ticket.note
        where = ("--data", tmp_path / "data", "--config", tmp_path / "config.toml")
        made = await asyncio.to_thread(run, "backup", file, "--to", public, *where)

    restored = run("restore", file, "--key", key, "--data", data)

    assert (made.exit_code, made.stderr) == (0, "")
    assert (restored.exit_code, restored.stderr) == (0, "")
    for name in ("journal.db", "registry.db", "personal.key", "mall.key", "config.toml"):
        assert name in restored.stdout
    registry = open_registry(data / "registry.db")
    assert registry.personal.read(note or "") == "Ibu Sari"
    registry.close()
    async with edge_at(tmp_path / "back") as again:
        assert (await again.get(f"/tickets?number={number}", by="clerk"))["state"] == "called"


async def test_uploads_for_boards_come_along(tmp_path: Path):
    """The restored mall shows what the lost one showed; a name that no upload has is not unpacked."""
    key, public = new_key(tmp_path)
    file, data = tmp_path / "antrean.age", tmp_path / "back" / "data"
    async with edge_at(tmp_path, config=MEDIA) as edge:
        made = await put(edge)
        (tmp_path / "data" / "media" / "x.sh").write_text("echo")
        made_of = await asyncio.to_thread(run, "backup", file, "--to", public, "--data", tmp_path / "data")

    restored = run("restore", file, "--key", key, "--data", data)

    assert (made_of.exit_code, restored.exit_code) == (0, 0)
    assert "1 files of media" in restored.stdout
    assert [path.name for path in (data / "media").iterdir()] == [made["src"].split("/")[-1]]
    async with edge_at(tmp_path / "back", config=MEDIA) as again:
        (item,) = await answered(lambda: shown(again), bool)
        assert (item["id"], (await file_of(again, item["src"], "display")).status) == (made["id"], 200)


async def test_nothing_of_it_can_be_read_without_the_key(tmp_path: Path):
    """Neither in the file nor with another key; nothing is left lying about, and the file is for its owner alone."""
    _, public = new_key(tmp_path)
    (tmp_path / "other").mkdir()
    other, _ = new_key(tmp_path / "other")
    file = tmp_path / "antrean.age"
    async with edge_at(tmp_path) as edge:
        await hall(edge)
        await asyncio.to_thread(run, "backup", file, "--to", public, "--data", tmp_path / "data")

    refused = run("restore", file, "--key", other, "--data", tmp_path / "back")

    raw = file.read_bytes()
    assert raw.startswith(b"age-encryption.org/v1")
    assert not [word for word in (b"SQLite format", b"PRIVATE KEY", b"ustar") if word in raw]
    assert file.stat().st_mode & 0o777 == 0o600
    assert refused.exit_code == 1
    assert "another key" in refused.stderr
    assert not (tmp_path / "back").exists()
    assert [path.name for path in (*tmp_path.glob(".*"), *(tmp_path / "data").glob(".backup*"))] == []


async def test_an_open_backup_is_refused_or_warned_of(tmp_path: Path):
    """Who says nothing is asked for a key; who wants none is told what that means."""
    file = tmp_path / "antrean.tar"
    async with edge_at(tmp_path) as edge:
        await hall(edge)
        where = ("--data", tmp_path / "data")
        unsaid = await asyncio.to_thread(run, "backup", file, *where)
        there = file.exists()
        plain = await asyncio.to_thread(run, "backup", file, "--unencrypted", *where)

    restored = run("restore", file, "--data", tmp_path / "back")

    assert (unsaid.exit_code, there) == (1, False)
    assert "--new-key" in unsaid.stderr
    assert plain.exit_code == 0
    assert "not encrypted" in plain.stderr
    assert restored.exit_code == 0


def test_the_key_comes_by_reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """By a file or a variable, never as an argument; a text that is no key is not repeated."""
    key, public = new_key(tmp_path)
    monkeypatch.setenv("BACKUP_KEY", "hunter2")
    file = tmp_path / "some.age"
    file.write_bytes(b"age-encryption.org/v1\n")

    missing = run("restore", file, "--data", tmp_path / "back")
    wrong = run("restore", file, "--key", "env:BACKUP_KEY", "--data", tmp_path / "back")

    assert public.startswith("age1")
    assert key.read_text().splitlines()[-1].startswith(KEY)
    assert key.stat().st_mode & 0o777 == 0o600
    assert KEY not in public
    assert run("backup", "--new-key", key).exit_code == 1
    assert (missing.exit_code, wrong.exit_code) == (1, 1)
    assert "hunter2" not in wrong.stderr


def test_a_backup_puts_nothing_elsewhere(tmp_path: Path):
    """Whatever a file claims to hold, only a backup's own names are taken; a full folder is left alone."""
    bad, full = tmp_path / "bad.tar", tmp_path / "full"
    (tmp_path / "journal.db").write_bytes(b"x")
    full.mkdir()
    (full / "kept").touch()
    with tarfile.open(bad, "w") as tar:
        tar.add(tmp_path / "journal.db", arcname="../journal.db")
        link = tarfile.TarInfo("registry.db")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)

    refused = run("restore", bad, "--data", tmp_path / "back")
    taken = run("restore", bad, "--data", full)

    assert (refused.exit_code, taken.exit_code) == (1, 1)
    assert "no backup of Antrean" in refused.stderr
    assert os.listdir(full) == ["kept"]
    assert not (tmp_path / "back").exists()


async def test_what_lies_in_the_way_of_a_backup_gets_nothing(tmp_path: Path):
    """Neither a file of that name that all may read, nor a link that leads elsewhere, is written to."""
    file, open_to_all, elsewhere = tmp_path / "out.tar", tmp_path / ".out.tar.part", tmp_path / "elsewhere"
    async with edge_at(tmp_path):
        pass
    where = ("--data", tmp_path / "data", "--config", tmp_path / "config.toml")
    _key, public = new_key(tmp_path)
    open_to_all.touch(0o644)
    first = await asyncio.to_thread(run, "backup", file, "--to", public, *where)
    mode = file.stat().st_mode & 0o777
    open_to_all.unlink()
    open_to_all.symlink_to(elsewhere)
    second = await asyncio.to_thread(run, "backup", file, "--to", public, *where)

    assert (first.exit_code, second.exit_code, mode) == (0, 0, 0o600)
    assert not elsewhere.exists()
    assert [path.name for path in tmp_path.glob(".out*")] == [".out.tar.part"]


async def test_a_key_from_elsewhere_is_asked_for_after_a_restore(tmp_path: Path):
    """What `[privacy] key_file` names is in no backup of the data folder: whoever restores one is told."""
    key, public = new_key(tmp_path)
    outside, file, back = tmp_path / "outside.key", tmp_path / "antrean.age", tmp_path / "back"
    outside.write_text(run("privacy", "key").stdout)
    async with edge_at(tmp_path, config=CONFIG + f'\n[privacy]\nkey_file = "{outside}"\n') as edge:
        await hall(edge)
        await asyncio.to_thread(run, "backup", file, "--to", public, "--data", tmp_path / "data")

    restored = run("restore", file, "--key", key, "--data", back)

    assert restored.exit_code == 0
    assert "key_file" in restored.stderr
    assert not (back / "personal.key").exists()
