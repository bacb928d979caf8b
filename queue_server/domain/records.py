"""What the state holds and the messages carry: tickets with their steps and slips, counters, and what is expected.

All times are milliseconds since the epoch, UTC; `None` means that it has not happened. Only `evolve` changes tickets,
steps and counters; everybody else reads. They are plain data so that an `Undone` or `DayOpened` event can carry them
whole. None of them can be part of a cycle, so the collector need not walk them (`gc=False`): a day holds very many.
"""

from __future__ import annotations

from msgspec import Struct

from queue_server.domain.counter_life import CounterState
from queue_server.domain.lifecycle import StepState
from queue_server.domain.slip_life import SlipState


class Address(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Who alone may call a step: one counter or one clerk, until `until`, then it waits for all."""

    counter: str | None = None
    clerk: str | None = None
    until: int | None = None


class Promise(Struct, frozen=True, kw_only=True, gc=False):
    """What was promised when the step was queued; the service level is measured against it."""

    target: int
    p50: int | None = None
    p90: int | None = None


class Step(Struct, kw_only=True, omit_defaults=True, gc=False):
    """One service on a ticket's journey.

    `credit` is how much of an earlier wait counts: the step is due at `queued_at - credit + target`.
    `served` adds up earlier stretches of serving (before a park); `held` the part of the wait in which the hall
    was held, `held_called` what was held since its call: that is part of the wait once the call is put back.
    """

    service: str
    state: StepState = StepState.PLANNED
    queued_at: int | None = None
    credit: int = 0
    booked_at: int | None = None
    address: Address | None = None
    promise: Promise | None = None
    first_called_at: int | None = None
    called_at: int | None = None
    calls: int = 0
    """Calls and recalls since it was last taken from the queue."""
    counted: int = 0
    """Those of them that were far enough apart to count towards a no-show."""
    counted_at: int | None = None
    before_call: tuple[int | None, int | None] | None = None
    """`first_called_at` and `called_at` before that: a call that is put back does not count."""
    started_at: int | None = None
    finished_at: int | None = None
    served: int = 0
    held: int = 0
    held_called: int = 0
    counter: str | None = None
    clerk: str | None = None
    outcome: str | None = None
    reason: str | None = None
    missed: int = 0
    """How often somebody called it and nobody came, also where it has returned since."""
    left_at: int | None = None
    """When it was parked or marked as a no-show; else when it was cancelled or expired."""
    back_at: int | None = None
    """Its citizen has stepped away, and it waits again then."""
    was: StepState | None = None
    """What it was when it was cancelled or expired: a no-show stays one in the statistics."""


class Slip(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What is known of the paper of the latest job.

    `clean` is true while every earlier attempt is known not to have printed; `told_at` is when it was last heard of.
    """

    state: SlipState = SlipState.NONE
    reason: str | None = None
    job: str | None = None
    printer: str | None = None
    expires_at: int | None = None
    copy: int = 0
    clean: bool = True
    sent: bool = False
    told_at: int | None = None


class Outlook(Struct, frozen=True, kw_only=True, gc=False):
    """What becomes of a slip that is to be made at a printer now: whether it leaves at once, since the printer's agent
    is there, and why it has to wait."""

    leaves: bool
    reason: str | None = None


class Ticket(Struct, kw_only=True, omit_defaults=True, gc=False):
    """A citizen's place. `changed` is the `seq` of the last event that moved it."""

    id: str
    number: str
    prefix: str
    ordinal: int
    """The number without its prefix."""
    category: str
    language: str
    day: str
    issued_at: int
    steps: list[Step]
    current: int = 0
    channel: str = "kiosk"
    kiosk: str | None = None
    cases: int = 1
    note: str | None = None
    """A reference into the registry's side table, never the text."""
    citizen: str | None = None
    """The same, to a name or phone that the citizen gave for a purpose."""
    place: int | None = None
    """Its rank, where the number does not say it: the prefix's range had begun anew."""
    slip: Slip = Slip()
    void: bool = False
    """Entered from a paper roll by mistake and taken back: nobody holds it, and nothing counts it."""
    unclaimed: bool = False
    """Nobody saw the number on the screen, and nobody has come with it since."""
    times_away: int = 0
    """How often its citizen has stepped away."""
    changed: int = 0

    @property
    def rank(self) -> int:
        """What decides between tickets that came in the same moment: the lower number, in the order of giving."""
        return self.ordinal if self.place is None else self.place

    @property
    def step(self) -> Step:
        """The step that the ticket stands at."""
        return self.steps[self.current]

    @property
    def state(self) -> str:
        """`waiting called serving parked no_show served cancelled expired`."""
        state = self.step.state
        return "served" if state is StepState.FINISHED else str(state)


class CounterRecord(Struct, kw_only=True, omit_defaults=True, gc=False):
    """A counter as the state holds it."""

    id: str
    state: CounterState = CounterState.CLOSED
    clerk: str | None = None
    skills: tuple[str, ...] | None = None
    ticket: str | None = None
    since: int = 0
    """When this state began."""
    free_since: int | None = None
    """Since when nobody has been called here; auto-call counts from it."""
    pause_reason: str | None = None
    auto_call: bool = False
    help_since: int | None = None
    changed: int = 0
    """The `seq` of the last event that changed anything of this; undo looks at it."""


class Estimate(Struct, frozen=True, kw_only=True, gc=False):
    """How long somebody who comes now will wait:

    half wait no longer than `p50`, nine in ten no longer than `p90`. Milliseconds. `others` people of other services
    are called before by the counters that serve this one.
    """

    p50: int
    p90: int
    others: int = 0
