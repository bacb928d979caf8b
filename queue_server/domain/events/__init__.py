"""What has happened, in the past tense: the only thing that the journal keeps and that changes the state.

Events carry what was decided (number, counter, credit), never what led to it, so replaying them needs nothing else.
Nothing personal and no free text is ever in one: clerks are pseudonyms, reasons are configured codes, notes references.
`at` is milliseconds since the epoch by the mall's clock. `then` is true on every event but the first of one command:
undo takes a command back as a whole.

Each file here holds the events of one subject. A new kind stands in its file, in `AnyEvent` and in `__all__` below.
"""

from __future__ import annotations

from queue_server.domain.events.acts import (
    ActNoted,
    ClosingSigned,
)
from queue_server.domain.events.counters import (
    AWAY,
    AutoCallSet,
    CounterLeft,
    CounterOpened,
    CounterPaused,
    CounterResumed,
    HelpAnswered,
    HelpAsked,
)
from queue_server.domain.events.event import Event
from queue_server.domain.events.hall import (
    EVACUATION,
    HOLD,
    AlertBegan,
    AlertEnded,
    DayClosed,
    DayOpened,
    EvacuationEnded,
    HallHeld,
    HallReleased,
    Restarted,
    RulesSet,
    ServicePaused,
    ServiceResumed,
    Stopped,
)
from queue_server.domain.events.imported import (
    CounterSpanImported,
    DayImported,
    DayTakenBack,
    HallSpanImported,
    ImportBegan,
    ImportedEvent,
    StepImported,
)
from queue_server.domain.events.paper import (
    SlipReported,
    SlipRequested,
)
from queue_server.domain.events.serving import (
    ServiceFinished,
    ServiceStarted,
    TicketCalled,
    TicketMissed,
    TicketParked,
    TicketPutBack,
    TicketRecalled,
    TicketTransferred,
    Undone,
)
from queue_server.domain.events.tickets import (
    AddressReleased,
    CasesSet,
    NoteAttached,
    OutcomeCorrected,
    PersonalDataErased,
    RollTakenBack,
    TicketCancelled,
    TicketExpired,
    TicketIssued,
    TicketLeft,
    TicketReturned,
    TicketSteppedAway,
)

AnyEvent = (
    DayOpened
    | RulesSet
    | DayClosed
    | Restarted
    | Stopped
    | AlertBegan
    | AlertEnded
    | HallHeld
    | EvacuationEnded
    | HallReleased
    | ServicePaused
    | ServiceResumed
    | TicketIssued
    | TicketCancelled
    | TicketLeft
    | RollTakenBack
    | TicketExpired
    | TicketReturned
    | TicketSteppedAway
    | AddressReleased
    | CasesSet
    | NoteAttached
    | OutcomeCorrected
    | PersonalDataErased
    | ActNoted
    | ClosingSigned
    | TicketCalled
    | TicketRecalled
    | ServiceStarted
    | ServiceFinished
    | TicketMissed
    | TicketPutBack
    | TicketParked
    | TicketTransferred
    | Undone
    | CounterOpened
    | CounterPaused
    | CounterResumed
    | CounterLeft
    | AutoCallSet
    | HelpAsked
    | HelpAnswered
    | SlipRequested
    | SlipReported
    | ImportBegan
    | DayImported
    | StepImported
    | CounterSpanImported
    | HallSpanImported
    | DayTakenBack
)

__all__ = [
    "AWAY",
    "EVACUATION",
    "HOLD",
    "ActNoted",
    "AddressReleased",
    "AlertBegan",
    "AlertEnded",
    "AnyEvent",
    "AutoCallSet",
    "CasesSet",
    "ClosingSigned",
    "CounterLeft",
    "CounterOpened",
    "CounterPaused",
    "CounterResumed",
    "CounterSpanImported",
    "DayClosed",
    "DayImported",
    "DayOpened",
    "DayTakenBack",
    "EvacuationEnded",
    "Event",
    "HallHeld",
    "HallReleased",
    "HallSpanImported",
    "HelpAnswered",
    "HelpAsked",
    "ImportBegan",
    "ImportedEvent",
    "NoteAttached",
    "OutcomeCorrected",
    "PersonalDataErased",
    "Restarted",
    "RollTakenBack",
    "RulesSet",
    "ServiceFinished",
    "ServicePaused",
    "ServiceResumed",
    "ServiceStarted",
    "SlipReported",
    "SlipRequested",
    "StepImported",
    "Stopped",
    "TicketCalled",
    "TicketCancelled",
    "TicketExpired",
    "TicketIssued",
    "TicketLeft",
    "TicketMissed",
    "TicketParked",
    "TicketPutBack",
    "TicketRecalled",
    "TicketReturned",
    "TicketSteppedAway",
    "TicketTransferred",
    "Undone",
]
