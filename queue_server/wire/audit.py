"""What others may keep of a mall's history, so that they can hold it to that."""

from __future__ import annotations

from msgspec import Struct


class ClosingView(Struct, frozen=True, kw_only=True):
    """The hash of the row that closed a day, signed by the mall's Ed25519 key; hashes, key and signature in hex.

    Signed is a text of lines: `antrean closing 1`, `mall`, `journal`, `day`, `row`, `hash`.
    """

    mall: str
    journal: str
    day: str
    row: int
    hash: str
    public_key: str
    signature: str


class ClosingsView(Struct, frozen=True, kw_only=True):
    """The newest first; `public_key` is the one that signs now."""

    public_key: str
    closings: tuple[ClosingView, ...]
