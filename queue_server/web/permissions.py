"""Who may do what: the one table. Routes, live topics and pages name a right of it; nothing else says who is let in.

A right is the set of roles that have it. What a role may is narrowed further by whose data it is (scope.py): everybody
but the mall's admin may belong to one agency or several. docs/permissions.md shows this table with every call, topic
and page; a test asks the running server for each of them as each role, and for what is not listed there it is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from queue_server.registry.roles import Role

NOBODY = ""
"""The role of whoever shows no token at all."""


class Right(frozenset[str]):
    """The roles that may, with a name and what it lets them do."""

    name: str
    says: str

    def __new__(cls, name: str, says: str, roles: Iterable[str]) -> Self:
        made = super().__new__(cls, map(str, roles))
        made.name, made.says = name, says
        return made


CLERK, SUPERVISOR, MANAGER, AUDITOR = Role.CLERK, Role.SUPERVISOR, Role.MANAGER, Role.AUDITOR
ADMIN, AGENCY_ADMIN = Role.ADMIN, Role.AGENCY_ADMIN
KIOSK, DISPLAY, PRINTER = Role.KIOSK, Role.DISPLAY, Role.PRINTER

LEADS = (SUPERVISOR, ADMIN, AGENCY_ADMIN)

ANYONE = Right("anyone", "what everybody in the hall may, without a token", ())
STAFF = Right("staff", "see queues, counters and tickets", (CLERK, MANAGER, AUDITOR, *LEADS))
ORDER = Right("order", "see who is next also in a mall that keeps its queue blind", STAFF - {CLERK})
DESK = Right("desk", "work at counters", (CLERK, *LEADS))
REPRINTS = Right("desk, manager", "have a slip printed again", (CLERK, MANAGER, *LEADS))
HOLDERS = Right("desk, or no token", "give a place up that one holds, or somebody's at a counter", (*DESK, NOBODY))
ISSUERS = Right("kiosk, desk, manager", "take and issue tickets", (KIOSK, *REPRINTS))
RECEPTION = Right("reception", "issue tickets for people", ISSUERS - {KIOSK})
SUPERVISORS = Right("supervisor", "change rules of the day, counters' services, hold the hall", LEADS)
FLOOR = Right("supervisor, manager, auditor", "see the whole hall, and its figures", (MANAGER, AUDITOR, *LEADS))
MANAGERS = Right("supervisor, manager", "write what explains figures", FLOOR - {AUDITOR})
WATCHERS = Right("watchers", "read figures and alarms of the server itself", (MANAGER, ADMIN, AUDITOR))
AUDITORS = Right("auditors", "read who did what", (ADMIN, AUDITOR))
BOARDS = Right("display, staff", "see what a board shows", (DISPLAY, *STAFF))
PRINTERS = Right("printer", "print", (PRINTER,))
PEOPLE = Right("admins", "let people in, and put them out", (ADMIN, AGENCY_ADMIN))
ADMINS = Right("admin", "run the server", (ADMIN,))
SIGNED_IN = Right("people", "whoever signed in, for what is their own", STAFF)
KNOWN = Right("any token", "whoever is let in at all", Role)

RIGHTS = tuple(right for right in list(vars().values()) if isinstance(right, Right))
"""All of them, in the order above."""
