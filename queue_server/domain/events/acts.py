"""What those who run the mall did, and what its key signed."""

from __future__ import annotations

from msgspec import field

from queue_server.domain.events.event import Event


class ActNoted(Event, frozen=True, kw_only=True):
    """Somebody was let in or refused, or changed who may do what: `what` is one of domain/acts.py.

    `act` is random, and names the act's row in the registry, which has the address for as long as that is kept. `by`
    is whoever did it and `about` whom or what it was about: pseudonyms, numbers of tokens, ids of devices. `why` is a
    code. `times`: so many alike within a minute. `done_at` is when it happened (milliseconds, real time), where no
    server ran then. `details` are codes: the role before and after, the number of rows.
    """

    act: str
    what: str
    by: str | None = None
    about: str | None = None
    agency: str | None = None
    why: str | None = None
    times: int = 1
    done_at: int | None = None
    details: dict[str, str] = field(default_factory=dict)


class ClosingSigned(Event, frozen=True, kw_only=True):
    """The hash that closed `day`, signed with the mall's key: whoever makes the chain anew cannot make this.

    `row` and `hash` are those of the day's `DayClosed`; `public_key` is the mall's and `signature` that of
    Ed25519 over what journal/closing.py says, all in hex.
    """

    day: str
    row: int
    hash: str
    public_key: str
    signature: str
