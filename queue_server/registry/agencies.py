"""For which agencies somebody is let in: none in particular (the whole mall), one, or several.

The file keeps them as one text with commas, and so a command takes them: `immigration,registry`.
"""

from __future__ import annotations

from queue_server.errors import Invalid
from queue_server.registry.roles import Role

LONGEST = 64
"""Characters of one agency's id."""


def agencies_in(text: str | None) -> tuple[str, ...] | None:
    """In the order of the alphabet, each once; None for the whole mall."""
    return None if text is None else tuple(sorted({part.strip() for part in text.split(",") if part.strip()}))


def together(agencies: tuple[str, ...] | None) -> str | None:
    """The text of them."""
    return None if agencies is None else ",".join(agencies)


def written(role: Role, text: str | None) -> str | None:
    """As the file keeps it. Raises Invalid for what would open more than was meant."""
    found = agencies_in(text)
    if found == ():
        raise Invalid("An agency without a name would be every agency; leave it out for none.", reason="agency")
    if found and not all(len(one) <= LONGEST and one.isprintable() for one in found):
        raise Invalid(f"An agency's id has up to {LONGEST} letters on one line.", reason="agency")
    if role is Role.AGENCY_ADMIN and found is None:
        raise Invalid("Say of which agency an agency admin is (--agency).", reason="agency")
    if role is Role.ADMIN and found is not None:
        raise Invalid("An admin is the whole mall's; who runs an agency is an agency_admin.", reason="agency")
    return together(found)
