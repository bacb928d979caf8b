"""What citizens gave of themselves for a purpose, each with its ticket: until some time after that has ended.

How they are sealed and forgotten is personal.py's; here is whose they are and when they are due.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec import Struct

from queue_server.registry.file import RegistryFile
from queue_server.registry.personal import Personal

KIND = "citizen"


class Citizen(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`phone` is digits, perhaps with a plus before them; `identity` capitals and digits."""

    name: str | None = None
    phone: str | None = None
    identity: str | None = None


class Given(Struct, frozen=True, kw_only=True):
    """Where what a citizen gave stands, and with which ticket."""

    reference: str
    ticket: str
    at: int


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Citizen).decode


class Citizens:
    def __init__(self, file: RegistryFile, personal: Personal) -> None:
        self._file = file
        self._personal = personal

    def add(self, ticket: str, citizen: Citizen) -> str:
        """Its reference, for the event that gives the ticket; as `Personal.add`."""
        return self._personal.add(KIND, _encode(citizen).decode(), ticket=ticket)

    def read(self, reference: str, *, though_held: bool = False) -> Citizen | None:
        """None when it was forgotten, or is on hold. Raises Unavailable where it cannot be opened."""
        text = self._personal.read(reference, though_held=though_held)
        return None if text is None else _decode(text)

    def of_ticket(self, ticket: str) -> list[Given]:
        return list(self._given("ticket = ?", ticket))

    def with_phone(self, phone: str) -> list[Given]:
        """All who gave this one. Each is opened for it: there is no index by which phones could be guessed."""
        found = ((one, self.read(one.reference, though_held=True)) for one in self._given("1"))
        return [one for one, citizen in found if citizen is not None and citizen.phone == phone]

    def of_open_tickets(self) -> list[Given]:
        """Those of whose ticket it is not known yet that it has ended."""
        return list(self._given("ended_at IS NULL AND kept_at IS NOT NULL"))

    def ended(self, reference: str, at: int | None) -> None:
        """Its ticket ended then; None where that was undone."""
        with self._file.change() as connection:
            connection.execute("UPDATE personal SET ended_at = ? WHERE reference = ?", (at, reference))

    def due(self, before: int) -> list[Given]:
        """Those whose ticket had ended by then, as far as was noted."""
        return list(self._given("ended_at <= ? AND held_at IS NULL", before))

    def _given(self, where: str, *parameters: str | int) -> Iterator[Given]:
        rows = self._file.read(
            f"SELECT reference, ticket, created_at FROM personal WHERE kind = ? AND {where} ORDER BY created_at",
            (KIND, *parameters),
        )
        return (Given(reference=reference, ticket=ticket, at=at) for reference, ticket, at in rows)
