"""People whom an identity provider knows: each is one person here, found by the provider's word for them.

Role and agencies are the provider's to say, each time anew. Nobody becomes a local account of the same name by that.
"""

from __future__ import annotations

from hashlib import sha256
from itertools import count

from queue_server.errors import Forbidden, NotFound
from queue_server.registry.file import RegistryFile
from queue_server.registry.people import COLUMNS, People, Person, person_of
from queue_server.registry.roles import Role

LONGEST_NAME = 60
"""Characters; what tells two of one name apart fits behind it."""


class Provided:
    def __init__(self, file: RegistryFile, people: People) -> None:
        self._file = file
        self._people = people

    def find(self, issuer: str, subject: str) -> Person | None:
        rows = self._file.read(
            f"SELECT {COLUMNS} FROM provided JOIN people ON people.id = provided.person WHERE subject = ?",
            (_hash(issuer, subject),),
        )
        return person_of(rows[0]) if rows else None

    def has(self, person: str) -> bool:
        return bool(self._file.read("SELECT 1 FROM provided WHERE person = ?", (person,)))

    def shut_out(self) -> list[tuple[str, int]]:
        """Who was removed and stays out: their pseudonym of then, and when; the latest first."""
        rows = self._file.read("SELECT person, at FROM shut_out ORDER BY at DESC")
        return [(str(person), int(at)) for person, at in rows]

    def let_in(self, person: str) -> None:
        """Whoever had this pseudonym may sign in by the provider again, as somebody new. Raises `NotFound`."""
        with self._file.change() as connection:
            if not connection.execute("DELETE FROM shut_out WHERE person = ?", (person,)).rowcount:
                raise NotFound("Nobody of that pseudonym is shut out.", person=person)

    def take(self, issuer: str, subject: str, name: str, role: Role, agency: str | None) -> tuple[Person, str | None]:
        """Who that is here, as the provider says now; `added` or `changed` where they were not so before.

        Raises `Forbidden` for somebody who is suspended here, or was removed.
        """
        found = self.find(issuer, subject)
        if found is None:
            if self._file.read("SELECT 1 FROM shut_out WHERE subject = ?", (_hash(issuer, subject),)):
                raise Forbidden("That person was removed here.", reason="suspended")
            return self._add(issuer, subject, name, role, agency), "added"
        if found.suspended_at is not None:
            raise Forbidden("That person is suspended here.", reason="suspended")
        self._people.change(found.id, role=role, agency=agency, skills=found.skills)
        now = self.find(issuer, subject)
        assert now is not None
        return now, None if (now.role, now.agencies) == (found.role, found.agencies) else "changed"

    def _add(self, issuer: str, subject: str, name: str, role: Role, agency: str | None) -> Person:
        name = "".join(letter for letter in name if letter.isprintable()).strip()[:LONGEST_NAME] or "?"
        person = self._people.add(self._free(name), role, agency=agency)
        with self._file.change() as connection:
            connection.execute("INSERT INTO provided VALUES (?, ?)", (_hash(issuer, subject), person.id))
        return person

    def _free(self, name: str) -> str:
        """The name, or one that tells two of that name apart."""
        names = (name if again == 1 else f"{name} ({again})" for again in count(1))
        return next(one for one in names if not self._people.is_taken(one))


def _hash(issuer: str, subject: str) -> bytes:
    return sha256(f"{issuer}\n{subject}".encode(errors="replace")).digest()
