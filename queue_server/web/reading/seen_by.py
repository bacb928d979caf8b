"""Whose work a caller may see: their agency's, and clerks by name as `[reports]` says."""

from __future__ import annotations

from datetime import timedelta

from queue_server.errors import Forbidden
from queue_server.settings import Settings
from queue_server.stats.question import date_of
from queue_server.stats.sight import Sight
from queue_server.web.identity.access import Caller
from queue_server.web.permissions import FLOOR
from queue_server.web.scope import agencies_of

ALONE = frozenset({"clerk"})
"""Sees nothing but their own work."""


def sight_of(caller: Caller, settings: Settings, today: str) -> Sight:
    """What this caller may see on a business day: their agency, and clerks as `[reports]` says.

    Raises Forbidden for a clerk in a mall that shows nobody's work.
    """
    whose, since = _whose(caller, settings), _clerks_since(settings, today)
    if whose is None:
        return Sight(agencies=agencies_of(caller), clerks_since=since)
    if caller.role in ALONE:
        if not whose:
            raise Forbidden("This mall shows no clerk's figures.", reason="clerks")
        return Sight(agencies=agencies_of(caller), clerks=whose, clerks_since=since, alone=True)
    return Sight(agencies=agencies_of(caller), clerks=whose, clerks_since=since, folds=settings.reports.fold)


def named_to(caller: Caller, settings: Settings, today: str, day: str) -> frozenset[str] | None:
    """The clerks whom a ticket of an earlier business day names to this caller; None means all."""
    if date_of(day).isoformat() < _clerks_since(settings, today):
        return frozenset()
    return _whose(caller, settings)


def _whose(caller: Caller, settings: Settings) -> frozenset[str] | None:
    """Whose work the mall lets this caller see by name; None means everybody's."""
    shown = settings.reports.clerks
    if caller.role in FLOOR and shown == "supervisors":
        return None
    return frozenset({caller.clerk} if caller.clerk and shown != "nobody" else ())


def _clerks_since(settings: Settings, today: str) -> str:
    """The first day of which anything is told by clerk; empty for all."""
    kept = settings.reports.clerks_for
    return "" if kept is None else (date_of(today) - timedelta(milliseconds=kept)).isoformat()
