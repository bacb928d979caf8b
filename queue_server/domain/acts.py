"""What is noted of whoever runs the mall, beside what moves tickets and counters: sign-ins, rights, devices, upkeep.

Moves in the hall say themselves by whom they were made. Everything else that somebody must be able to answer for is one
of these kinds, kept as `ActNoted`. A new kind is a line here, and its name in the texts of the auditor's page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum


class ActKind(StrEnum):
    """One word each, as events and the API say it."""

    # letting in
    SIGN_IN = "sign_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGN_OUT = "sign_out"
    SESSION_ENDED = "session_ended"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    REFUSED = "refused"
    # people and their rights
    PERSON_ADDED = "person_added"
    PERSON_INVITED = "person_invited"
    PERSON_CHANGED = "person_changed"
    PERSON_SUSPENDED = "person_suspended"
    PERSON_RESTORED = "person_restored"
    PERSON_REMOVED = "person_removed"
    SECRET_SET = "secret_set"  # noqa: S105 - a word, no secret
    SECOND_FACTOR_SET = "second_factor_set"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    BADGE_SET = "badge_set"
    SETUP_LINK_MADE = "setup_link_made"
    SETUP_LINK_USED = "setup_link_used"
    # programs and devices
    TOKEN_MADE = "token_made"  # noqa: S105 - a word, no secret
    TOKEN_ROTATED = "token_rotated"  # noqa: S105 - a word, no secret
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 - a word, no secret
    DEVICE_ASKED = "device_asked"
    DEVICE_PAIRED = "device_paired"
    DEVICE_REFUSED = "device_refused"
    DEVICE_RENAMED = "device_renamed"
    DEVICE_REPLACED = "device_replaced"
    DEVICE_REVOKED = "device_revoked"
    SCREENSHOT_TAKEN = "screenshot_taken"
    TECHNICIAN_OPENED = "technician_opened"
    TECHNICIAN_DID = "technician_did"
    # on the boards
    ANNOUNCEMENT_SHOWN = "announcement_shown"
    ANNOUNCEMENT_ENDED = "announcement_ended"
    MEDIA_SHOWN = "media_shown"
    MEDIA_CHANGED = "media_changed"
    MEDIA_REMOVED = "media_removed"
    # on reports
    DAY_NOTE_LEFT = "day_note_left"
    DAY_NOTE_REMOVED = "day_note_removed"
    # the server itself
    RATE_ALARM = "rate_alarm"
    CONNECTIONS_ALARM = "connections_alarm"
    SETTINGS_TAKEN = "settings_taken"
    KEY_MADE = "key_made"
    BACKUP_MADE = "backup_made"
    HISTORY_EXPORTED = "history_exported"
    HISTORY_IMPORTED = "history_imported"
    # reading and forgetting
    AUDIT_READ = "audit_read"
    AUDIT_EXPORTED = "audit_exported"
    PERSON_EXPORTED = "person_exported"
    PERSON_ERASED = "person_erased"
    CITIZEN_READ = "citizen_read"
    TICKET_FOUND = "ticket_found"
    CITIZEN_ERASED = "citizen_erased"
    CITIZEN_HELD = "citizen_held"
    CITIZEN_RELEASED = "citizen_released"
    RETENTION_RAN = "retention_ran"


REPEATED = frozenset(
    {ActKind.SIGN_IN_REFUSED, ActKind.REFUSED, ActKind.RATE_ALARM, ActKind.CONNECTIONS_ALARM, ActKind.TICKET_FOUND}
)
"""What an attacker can bring about as often as he likes: those that are alike are counted and written once a minute."""

LONGEST = 64
"""Characters of a detail, an id, a code."""

_WRITTEN = re.compile(rf"[A-Za-z0-9_.:,*/+=~-]{{1,{LONGEST}}}")


def code_or_none(said: str | None) -> str | None:
    """A code, an id, a pseudonym as it may come into the chain, which cannot forget; anything else counts as `?`."""
    if said is None or _WRITTEN.fullmatch(said):
        return said
    return "?"


def details_of(said: Mapping[str, object]) -> dict[str, str]:
    """The same of each detail; those that are None are left out."""
    return {name: code_or_none(str(value)) or "?" for name, value in said.items() if value is not None}
