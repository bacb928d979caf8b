"""Who signs in, as what, and with which secret.

`id` is a pseudonym: it is what events say, for ever. The name and everything else stand here and can be taken away.
Secrets (a clerk's PIN, a password) are kept as Argon2id with the parameters that OWASP recommends as a minimum
(19 MiB, two passes): some 25 ms per check, so check in a thread.

Nobody of an identity provider has a password, a link to choose one by, or a badge here (`check_local`).
"""

from __future__ import annotations

import secrets
from functools import cache
from hashlib import sha256
from typing import Any

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from msgspec import Struct

from queue_server.database import Connection
from queue_server.errors import Invalid, NotFound
from queue_server.letters import composed, name_key, name_look, typed_forms
from queue_server.letters.lines import has_unseen
from queue_server.registry import strength
from queue_server.registry.agencies import agencies_in, written
from queue_server.registry.file import RegistryFile
from queue_server.registry.roles import PEOPLE, Role
from queue_server.registry.tokens import is_pseudonym

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class Person(Struct, frozen=True, kw_only=True):
    """`skills` are the services that this clerk may serve; None means all of the counter's. Milliseconds."""

    id: str
    name: str
    role: Role
    agencies: tuple[str, ...] | None
    skills: tuple[str, ...] | None
    created_at: int
    signed_in_at: int | None
    suspended_at: int | None = None
    has_secret: bool = False


COLUMNS = "people.id, name, role, agency, skills, people.created_at, signed_in_at, suspended_at, secret IS NOT NULL"


class People:
    def __init__(self, file: RegistryFile) -> None:
        self._file = file

    def add(
        self,
        name: str,
        role: Role,
        *,
        secret: str | None = None,
        agency: str | None = None,
        skills: tuple[str, ...] | None = None,
    ) -> Person:
        """Somebody new; without a secret nobody can sign in by this name yet. Raises `Invalid`."""
        name = composed(name.strip())
        if not name:
            raise Invalid("A name to sign in with is missing.", reason="name")
        if has_unseen(name):
            raise Invalid("A name has only signs that are seen.", reason="name")
        if is_pseudonym(name.lower()):
            raise Invalid("Records call somebody else so; sign in by another name.", reason="name")
        if role not in PEOPLE:
            raise Invalid(f"A {role} does not sign in; give it a token (antrean token).", reason="role")
        hashed = hash_secret(secret, role, name) if secret is not None else None
        # 64 random bits: in no other mall does somebody else have the same, for whoever compares malls
        person = "p" + secrets.token_hex(8)
        with self._file.change() as connection:
            names = [row[0] for row in connection.execute("SELECT name FROM people")]
            if name_look(name) in map(name_look, names):
                raise Invalid(
                    "There is somebody of that name already, or of one that looks like it.", reason="name_taken"
                )
            connection.execute(
                "INSERT INTO people (id, name, role, agency, skills, secret, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (person, name, role.value, written(role, agency), _to_json(skills), hashed, self._file.now()),
            )
        found = self.get(person)
        assert found is not None
        return found

    def get(self, person: str) -> Person | None:
        rows = self._file.read(f"SELECT {COLUMNS} FROM people WHERE id = ?", (person,))
        return person_of(rows[0]) if rows else None

    def named(self, name: str) -> Person | None:
        """Whoever has this name, however its letters were typed."""
        return next(iter(self.alike(name)), None)

    def is_taken(self, name: str) -> bool:
        """Somebody has this name, or one that cannot be told from it on a screen."""
        return name_look(name) in (name_look(one.name) for one in self.list())

    def alike(self, name: str) -> tuple[Person, ...]:
        """Everybody whom this name may mean; the closest spelling first."""
        return tuple(person_of(row[:-1]) for row in self._rows(name))

    def _rows(self, name: str) -> list[tuple[Any, ...]]:
        """Who has this name, with the secret behind the columns; the closest spelling first.

        There may be several: names that count as the same today did not always.
        """
        wanted = name_key(name)
        alike = [row for row in self._file.read(f"SELECT {COLUMNS}, secret FROM people") if name_key(row[1]) == wanted]
        typed = name.strip()
        return sorted(alike, key=lambda row: (row[1] != typed, composed(row[1]) != composed(typed)))

    def list(self) -> list[Person]:
        return [person_of(row) for row in self._file.read(f"SELECT {COLUMNS} FROM people ORDER BY name")]

    def has_admin(self) -> bool:
        """Somebody can run the mall: an admin of all of it who may come in."""
        return any(one.role is Role.ADMIN and one.suspended_at is None for one in self.list())

    def remove(self, person: str) -> None:
        """Forget somebody, sessions too; events keep the pseudonym. Raises `NotFound`.

        Whom an identity provider knows stays out until they are let in again (`Provided.let_in`).
        """
        with self._file.change() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO shut_out SELECT subject, person, ? FROM provided WHERE person = ?",
                (self._file.now(), person),
            )
            changed = connection.execute("DELETE FROM people WHERE id = ?", (person,)).rowcount
        if not changed:
            raise NotFound("There is nobody of that name.", person=person)

    def change(self, person: str, *, role: Role, agency: str | None, skills: tuple[str, ...] | None) -> bool:
        """What somebody may from now on; another role ends sessions that a badge began, which may not do for it.

        A role that asks for more than their secret was chosen for takes it away, and with it every session and link:
        what came in by a PIN is nobody's word for more. True if so. Raises `NotFound`, `Invalid`.
        """
        if role not in PEOPLE:
            raise Invalid(f"A {role} does not sign in; give it a token (antrean token).", reason="role")
        with self._file.change() as connection:
            connection.execute(
                "DELETE FROM sessions WHERE way = 'badge'"
                " AND person IN (SELECT id FROM people WHERE id = ? AND role <> ?)",
                (person, role.value),
            )
            weak = self._outgrown(connection, person, role)
            changed = connection.execute(
                "UPDATE people SET role = ?, agency = ?, skills = ? WHERE id = ?",
                (role.value, written(role, agency), _to_json(skills), person),
            ).rowcount
        if not changed:
            raise NotFound("There is nobody of that name.", person=person)
        return weak

    def _outgrown(self, connection: Connection, person: str, role: Role) -> bool:
        """Take away a secret that was chosen for a role of which less is asked."""
        row = connection.execute("SELECT role FROM people WHERE id = ? AND secret IS NOT NULL", (person,)).fetchone()
        if row is None or strength.shortest(Role(row[0])) >= strength.shortest(role):
            return False
        connection.execute("UPDATE people SET secret = NULL WHERE id = ?", (person,))
        connection.execute("DELETE FROM sessions WHERE person = ?", (person,))
        connection.execute("DELETE FROM links WHERE person = ?", (person,))
        return True

    def suspend(self, person: str, suspended: bool) -> None:
        """Let somebody in no longer, whatever they know, and end their sessions; or let them sign in again."""
        with self._file.change() as connection:
            connection.execute(
                "UPDATE people SET suspended_at = ? WHERE id = ?", (self._file.now() if suspended else None, person)
            )
            if suspended:
                connection.execute("DELETE FROM sessions WHERE person = ?", (person,))

    def set_secret(self, person: str, secret: str, *, keep: str | None = None) -> None:
        """A new secret; who is signed in by the old one has to sign in again, but the browser with the cookie `keep`.

        Links to choose a secret by are over, too. Raises `NotFound`, `Invalid` (`check_local`). Slow.
        """
        known = self.get(person)
        if known is None:
            raise NotFound("There is nobody of that name.", person=person)
        hashed = hash_secret(secret, known.role, known.name)
        with self._file.change() as connection:
            check_local(connection, person, "a password")
            changed = connection.execute("UPDATE people SET secret = ? WHERE id = ?", (hashed, person)).rowcount
            kept = sha256(keep.encode(errors="replace")).digest() if keep is not None else b""
            connection.execute("DELETE FROM sessions WHERE person = ? AND hash <> ?", (person, kept))
            connection.execute("DELETE FROM links WHERE person = ?", (person,))
        if not changed:
            raise NotFound("There is nobody of that name.", person=person)

    def check(self, name: str, secret: str) -> Person | None:
        """Whoever has this name and this secret. Takes as long for a name that nobody has. Slow."""
        rows = self._rows(name)
        hashes: list[str | None] = [row[-1] for row in rows] or [None]
        fits = [_fits(hashed or _nobody(), secret) and hashed is not None for hashed in hashes]
        if True not in fits:
            return None
        found = rows[fits.index(True)]
        person = person_of(found[:-1])
        return None if person.suspended_at is not None else person


def check_local(connection: Connection, person: str, what: str) -> None:
    """Within a change that gives somebody `what`. Raises Invalid for whoever signs in by an identity provider."""
    if connection.execute("SELECT 1 FROM provided WHERE person = ?", (person,)).fetchone():
        raise Invalid(
            f"The identity provider says who that is; {what} here would outlive it."
            " Whoever must come in without the provider has an account of another name.",
            reason="by_provider",
        )


def hash_secret(secret: str, role: Role, name: str) -> str:
    """Raises Invalid for one that is too easy to guess. Slow."""
    strength.check(secret, role, name)
    return _hasher.hash(composed(secret))


def _fits(hashed: str, secret: str) -> bool:
    """The secret is the one, in any form in which a keyboard sends it: older ones are kept as they were typed."""
    for form in typed_forms(secret):
        try:
            return _hasher.verify(hashed, form)
        except VerificationError:
            continue
    return False


@cache
def _nobody() -> str:
    """What is checked in place of the secret of somebody who does not exist."""
    return _hasher.hash(secrets.token_urlsafe(24))


def person_of(row: tuple[Any, ...]) -> Person:
    person, name, role, agency, skills, created_at, signed_in_at, suspended_at, has_secret = row
    return Person(
        id=person,
        name=name,
        role=Role(role),
        agencies=agencies_in(agency),
        skills=msgspec.json.decode(skills, type=tuple[str, ...]) if skills is not None else None,
        created_at=created_at,
        signed_in_at=signed_in_at,
        suspended_at=suspended_at,
        has_secret=bool(has_secret),
    )


def _to_json(skills: tuple[str, ...] | None) -> str | None:
    return msgspec.json.encode(skills).decode() if skills is not None else None
