"""Who may be let in as what. What each role may do is decided at the edge (web/access)."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    KIOSK = "kiosk"
    PRINTER = "printer"
    DISPLAY = "display"
    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    AGENCY_ADMIN = "agency_admin"
    ADMIN = "admin"
    AUDITOR = "auditor"

    @property
    def word(self) -> str:
        """As sentences have it."""
        return self.value.replace("_", " ")


DEVICES = frozenset({Role.KIOSK, Role.PRINTER, Role.DISPLAY})
"""Machines: they hold tokens and never sign in."""

PEOPLE = frozenset(Role) - DEVICES
"""Humans: they sign in with a name and a secret."""
