"""What staff send and read beyond the table of the design: notes, corrections, paper rolls, rules of the day, the hall.

In the style of api.py, which holds what everybody uses.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from queue_server.wire.api import Evacuation, Place, Texts, Word

Reason = Annotated[str, Meta(min_length=1, max_length=500)]
"""A configured code; other words are kept encrypted beside the journal, which gets a reference to them."""


class WhyRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reason: Reason


class HoldRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why, if that is to be said; `hold` where nobody says so."""

    reason: Reason | None = None


class GoOnRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a hold, an evacuation or a pause ends, for the record."""

    reason: Reason | None = None


class CloseRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A supervisor says why; a clerk need not."""

    reason: Reason | None = None


class PutBackRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A supervisor who takes a clerk's call back says why; the clerk need not."""

    ticket: Word | None = None
    reason: Reason | None = None


class ReturnRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A supervisor who works at no counter says why; a clerk need not."""

    reason: Reason | None = None


class NextRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`ticket` and `outcome` are about the one who is being served, where calling the next finishes it."""

    ticket: Word | None = None
    outcome: Word | None = None


class NoteRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An empty `text` takes the note away."""

    text: Annotated[str, Meta(max_length=1000)]


class CasesRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    cases: Annotated[int, Meta(ge=1, le=99)]


class CorrectRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`step` counts from 0; without it the last finished one is meant."""

    outcome: Word
    reason: Reason
    step: Annotated[int, Meta(ge=0, le=99)] | None = None


class ParkElsewhereRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`counter` is needed only from somebody who works at none and parks a ticket that is at none."""

    reason: Reason | None = None
    counter: Word | None = None


class ServicesRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    services: Annotated[tuple[Word, ...], Meta(max_length=64)]
    reason: Reason


class RollRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The number `last` torn off, with or without its prefix: `47` or `"P047"`.

    `first` is the first one of the day, needed where nothing was entered today and `last` is far from the prefix's
    start. `category` is of whoever tore off the last one.
    """

    last: int | Word
    first: int | Word | None = None
    category: Word = "regular"


class RollView(Struct, frozen=True, kw_only=True):
    """`last` is the number of the service that was last given."""

    service: str
    last: str | None
    waiting: int


LONGEST_S = 86_400
"""Nobody is promised to be called within more than a day."""

Seconds = Annotated[int, Meta(ge=0, le=LONGEST_S)]


class RulesRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Other rules until the day ends; what is not named stays.

    `targets` by service: seconds for `regular`, the other categories in the proportion that config.toml has (a day at
    most), or seconds by category.
    `help_after` by counter and service: seconds, 0 for none.
    """

    targets: dict[Word, Seconds | dict[Word, Seconds]] = field(default_factory=dict)
    help_after: dict[Word, dict[Word, Seconds]] = field(default_factory=dict)
    reason: Reason | None = None
    """Needed to save, not to preview."""


class QueuePreview(Struct, frozen=True, kw_only=True):
    """One service's queue: `order` as the other rules would make it, `now` as it is."""

    service: str
    order: tuple[Place, ...]
    now: tuple[Place, ...]


class CounterPreview(Struct, frozen=True, kw_only=True):
    """Whom one counter would call: `order` by the other rules, `now` as it is."""

    counter: str
    order: tuple[Place, ...]
    now: tuple[Place, ...]


class RulesPreview(Struct, frozen=True, kw_only=True):
    """`queues` of the services whose targets were named, `counters` that were named or serve one of those services."""

    queues: tuple[QueuePreview, ...]
    counters: tuple[CounterPreview, ...]


class RulesView(Struct, frozen=True, kw_only=True):
    """What holds now, in seconds: targets by service and category, `help_after` by counter and service."""

    targets: dict[str, dict[str, int]]
    help_after: dict[str, dict[str, int]]


class ReloadRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`file`: the one that is meant, whole path; refused if the server reads another."""

    file: Annotated[str, Meta(max_length=4096)] | None = None


class ClockConfirm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`alarm`: the one that whoever confirms has seen; refused if it is another by now."""

    alarm: Literal["clock_jumped", "clock_behind"] | None = None


class Reloaded(Struct, frozen=True, kw_only=True):
    """`taken`: config.toml holds from now on; else from the next day on, `refused` says why."""

    taken: bool
    refused: tuple[str, ...] = ()


class HallView(Struct, frozen=True, kw_only=True):
    """`held` is the reason's code while nobody is called, `paused` that of each service that is paused.

    `evacuation` while everybody must leave the building, which is a hold, too.
    """

    held: str | None
    held_text: Texts
    since: str | None
    paused: dict[str, str]
    evacuation: Evacuation | None = None


class Health(Struct, frozen=True, kw_only=True):
    """`status`: ok, or failing. `alarms` are for the operator."""

    status: str
    boot: str
    version: str
    alarms: tuple[str, ...] = ()
