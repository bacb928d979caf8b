"""Whether a push service is in trouble, or only what one phone gave: that alone decides whether the hall is told.

A phone may give any address below a listed service, so one that leads nowhere, or is answered with a refusal, says
nothing of the service. What does: that a host which has taken a message fails, or that phones of several tickets in a
row got nowhere with it.
"""

from __future__ import annotations

from queue_server.notices.phones.endpoints import NoSuchPlace

IN_A_ROW = 3
"""Phones of so many tickets."""


class Services:
    """`host` is an endpoint's own. Kept in memory: after a restart each must prove itself anew."""

    def __init__(self) -> None:
        self._proven: set[str] = set()
        self._failed: dict[str, set[str]] = {}

    def took(self, host: str) -> None:
        self._proven.add(host)
        self._failed.pop(host, None)

    def failed(self, host: str, ticket: str, error: BaseException | None, *, of_phone: bool) -> bool:
        """Whether that is to be told. `of_phone`: it refused what this phone gave, and may take others."""
        if host in self._proven and not of_phone:
            self._failed.setdefault(host, set()).add(ticket)
            return True
        if _leads_nowhere(error):
            return False
        tickets = self._failed.setdefault(host, set())
        tickets.add(ticket)
        return len(tickets) >= IN_A_ROW

    def waited_for(self, hosts: set[str]) -> None:
        """What nothing is to be said through any more is not known to fail."""
        self._failed = {host: tickets for host, tickets in self._failed.items() if host in hosts}

    def all_well(self) -> bool:
        return not self._failed


def _leads_nowhere(error: BaseException | None) -> bool:
    """aiohttp wraps what the resolver raised."""
    return isinstance(error, NoSuchPlace) or isinstance(getattr(error, "os_error", None), NoSuchPlace)
