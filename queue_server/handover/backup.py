"""A backup of the data folder as one file, encrypted for whoever keeps the key, and the way back.

The file is a tar in the format of age (age-encryption.org/v1), so `age -d` opens it too. It is encrypted for public
keys: the server that makes it cannot read it, and whoever breaks into that server reads no older one. The databases are
copied each at one moment, beside a running server, the journal first: what an event refers to is there before.
"""

from __future__ import annotations

import os
import re
import shutil
import tarfile
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any

import pyrage

from queue_server.database import Fault, copy_file
from queue_server.errors import Broken, Invalid, Unavailable

DATABASES = ("journal.db", "outbox.db", "registry.db")
"""In the order in which they are copied."""

FILES = ("mall.key", "personal.key", "push.key", "closings.jsonl")

OF_JOURNAL = ("journal.db", "closings.jsonl")
"""What somebody needs who holds the mall to its record: nobody's name, and no key."""

MEDIA = "media"
UPLOAD = re.compile(rf"{MEDIA}/[0-9a-f]{{30}}\.[a-z0-9]{{3,4}}")
"""What staff have uploaded for boards: files that never change, named after their content."""

CONFIG = "config.toml"


def new_key(path: Path) -> str:
    """A secret key into a file that is made for nobody else to read; gives the public one. Raises Broken."""
    identity = pyrage.x25519.Identity.generate()
    public = str(identity.to_public())
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            file.write(f"# public key: {public}\n{identity}\n")
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise Broken(f"{path} is there already; name another file.") from None
    return public


def public_keys(texts: Collection[str]) -> list[Any]:
    """Raises Invalid for what is none."""
    try:
        return [pyrage.x25519.Recipient.from_str(text.strip()) for text in texts]
    except pyrage.RecipientError:
        raise Invalid("A public key begins with age1; antrean backup --new-key makes one.", reason="field") from None


def secret_keys(text: str) -> list[Any]:
    """From the lines of a key's file. Raises Invalid, without the text."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    try:
        found = [pyrage.x25519.Identity.from_str(line) for line in lines]
    except pyrage.IdentityError:
        found = []
    if not found:
        raise Invalid("There is no secret key of age there: a line that begins with AGE-SECRET-KEY-.", reason="field")
    return found


def write(data: Path, config: Path | None, to: Path, keys: Sequence[Any], *, journal_only: bool = False) -> list[str]:
    """Make the backup, whole or not at all, for these keys or, without any, open to all; gives what is in it.

    Raises Unavailable, Broken where there is no journal.
    """
    if not (data / "journal.db").exists():
        raise Broken(f"There is no journal in {data}. Say where the data folder is (--data).")
    names = OF_JOURNAL if journal_only else (*DATABASES, *FILES, *_uploads(data))
    part = to.with_name(f".{to.name}.{token_hex(8)}.part")  # nobody can have put one there before
    try:
        with TemporaryDirectory(prefix=".backup-", dir=data) as room:
            inside = _gather(data, None if journal_only else config, Path(room), names)
            plain = Path(room) / "plain.tar"
            with tarfile.open(plain, "w") as tar:
                for name in inside:
                    tar.add(Path(room) / name, arcname=name)
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY, 0o600))
            if keys:
                pyrage.encrypt_file(str(plain), str(part), list(keys))
            else:
                shutil.copyfile(plain, part)
        _sync(part)
        part.replace(to)
    except (Fault, OSError) as error:
        raise Unavailable(f"The backup {to} cannot be written from {data}: {error}.") from error
    finally:
        part.unlink(missing_ok=True)
    return inside


def _gather(data: Path, config: Path | None, room: Path, names: Collection[str]) -> list[str]:
    for name in names:
        copy: Callable[[Path, Path], object] = copy_file if name in DATABASES else shutil.copy2
        (room / name).parent.mkdir(exist_ok=True)
        if (data / name).exists():
            with suppress(FileNotFoundError):  # an upload may be taken off the boards meanwhile
                (_same if UPLOAD.fullmatch(name) else copy)(data / name, room / name)
    if config is not None and config.exists():
        shutil.copy2(config, room / CONFIG)
    return [name for name in (*names, CONFIG) if (room / name).exists()]


def _uploads(data: Path) -> list[str]:
    return sorted(filter(UPLOAD.fullmatch, (f"{MEDIA}/{path.name}" for path in (data / MEDIA).glob("*"))))


def _same(file: Path, to: Path) -> None:
    """A file that never changes needs no second copy, where the disk knows that."""
    try:
        os.link(file, to)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copy2(file, to)


def restore(file: Path, keys: Sequence[Any], data: Path) -> list[str]:
    """Into a folder that is missing or empty; gives what was in it. Raises Broken, Unavailable."""
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise Broken(f"{data} is there already, and not empty. Move it away, or name another folder.")
    part = data.with_name(f".{data.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(parents=True, mode=0o700)
        plain = part / "plain.tar"
        if is_encrypted(file):
            pyrage.decrypt_file(str(file), str(plain), list(keys))
        else:
            shutil.copyfile(file, plain)
        found = _unpack(plain, part)
        plain.unlink()
        if data.exists():
            data.rmdir()
        part.replace(data)
    except pyrage.DecryptError as error:
        raise Broken(f"{file} does not open: another key made it, or it is damaged ({error}).") from error
    except (tarfile.TarError, OSError) as error:
        raise Unavailable(f"{file} cannot be restored to {data}: {error}.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return found


def is_encrypted(file: Path) -> bool:
    """Raises Unavailable where it cannot be read."""
    try:
        with file.open("rb") as begins:
            return begins.read(22) == b"age-encryption.org/v1\n"
    except OSError as error:
        raise Unavailable(f"{file} cannot be read: {error}.") from error


def _unpack(plain: Path, folder: Path) -> list[str]:
    """Only what a backup has, each a plain file: nothing in it can name a place elsewhere."""
    found = []
    with tarfile.open(plain) as tar:
        for member in tar:
            known = member.name in (*DATABASES, *FILES, CONFIG) or UPLOAD.fullmatch(member.name)
            if known and member.isfile():
                member.mode = 0o600
                tar.extract(member, folder, filter="data")
                found.append(member.name)
    if "journal.db" not in found:
        raise Broken(f"There is no journal in {plain.name}: that is no backup of Antrean.")
    return found


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
