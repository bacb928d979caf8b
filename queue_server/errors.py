"""What can go wrong, as one tree with two branches.

    AntreanError
    ├── Refused                the asker can act: it is told what, and nothing has changed
    │   ├── Invalid            the request is not of the right form
    │   ├── IdempotencyMismatch  the key was used for another body
    │   ├── UnknownService     no such service in the mall
    │   ├── NotFound           no such ticket, counter, board…
    │   ├── Unauthorized       who are you?
    │   ├── Forbidden          not yours to do
    │   ├── RateLimited        too often
    │   ├── ServiceClosed      the service takes nobody now
    │   ├── QuotaReached       the day's tickets are given out
    │   ├── CounterClosed      the counter is not open (or paused)
    │   ├── CounterBusy        somebody is at the counter already
    │   ├── NotAtCounter       the ticket meant is not the one at this counter
    │   ├── IllegalMove        the ticket's state does not allow that (domain/lifecycle.py)
    │   └── TooSoon            not yet: calls must be a configured time apart
    └── Broken                 we must act: the asker can only try again
        ├── Unavailable        not known whether it was done: send it again with the same key
        │   └── FileDamaged    a file is not what was written to it; what mends it is said
        ├── ConfigWrong        config.toml has mistakes; all of them are listed
        ├── JournalDamaged     history does not hash to what it says
        ├── DataFolderBusy     another server has this data folder
        └── PortTaken          the address cannot be listened at

Each refusal has a stable `code` (what a program looks at), may have a `reason` (a finer code that a
screen can explain in the reader's language) and `fields` (what the explanation needs).
"""

from __future__ import annotations


class AntreanError(Exception):
    """Anything that Antrean itself says went wrong."""

    code = "unavailable"

    def __init__(self, detail: str, *, reason: str | None = None, **fields: str | int | None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.reason = reason
        self.fields = fields


class Refused(AntreanError):
    """The asker can act; nothing has changed."""

    code = "invalid"


class Invalid(Refused):
    code = "invalid"


class IdempotencyMismatch(Refused):
    code = "idempotency_mismatch"


class UnknownService(Refused):
    code = "unknown_service"


class NotFound(Refused):
    code = "not_found"


class Unauthorized(Refused):
    code = "unauthorized"


class Forbidden(Refused):
    code = "forbidden"


class RateLimited(Refused):
    """`fields["retry_after_s"]` says when to come back."""

    code = "rate_limited"


class ServiceClosed(Refused):
    code = "service_closed"


class QuotaReached(Refused):
    code = "quota_reached"


class CounterClosed(Refused):
    code = "counter_closed"


class CounterBusy(Refused):
    code = "counter_busy"


class NotAtCounter(Refused):
    code = "not_at_counter"


class IllegalMove(Refused):
    code = "illegal_move"


class TooSoon(Refused):
    """`fields["wait_s"]` says how many seconds are left."""

    code = "too_soon"


class Broken(AntreanError):
    """We must act; the asker can only try again."""


class Unavailable(Broken):
    """Whether it was done is not known: the same request with the same key finds out."""


class FileDamaged(Unavailable):
    """What is in a file is not what was written to it: no room on the disk helps, but a command or a backup does."""


class JournalDamaged(Broken):
    """History does not hash to what it says; `fields["seq"]` is the first row that is wrong."""


class DataFolderBusy(Broken):
    """Another server runs on this data folder."""


class PortTaken(Broken):
    """The address cannot be listened at."""


class ConfigWrong(Broken):
    """config.toml has mistakes; `mistakes` holds them all, each one line that says what to do."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


#: The one place that says which HTTP status a code gives.
STATUS: dict[str, int] = {
    "invalid": 422,
    "idempotency_mismatch": 422,
    "unknown_service": 404,
    "not_found": 404,
    "unauthorized": 401,
    "forbidden": 403,
    "rate_limited": 429,
    "unavailable": 503,
    "service_closed": 409,
    "quota_reached": 409,
    "counter_closed": 409,
    "counter_busy": 409,
    "not_at_counter": 409,
    "illegal_move": 409,
    "too_soon": 409,
    "internal": 500,
}
