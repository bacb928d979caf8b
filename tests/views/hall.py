"""A small hall to look at: two agencies, four services, three counters in two zones, driven by commands."""

from typing import Any
from zoneinfo import ZoneInfo

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.rules import (
    Agency,
    Board,
    Category,
    Counter,
    Kiosk,
    Policy,
    Printer,
    Rules,
    Service,
    Zone,
)
from tests.hall import SmallHall

JAKARTA = ZoneInfo("Asia/Jakarta")
MIDNIGHT = 1_795_453_200_000
"""2026-11-24 00:00 in Jakarta, 2026-11-23T17:00Z."""
HOUR, MINUTE, SECOND = 3_600_000, 60_000, 1_000
NINE = MIDNIGHT + 9 * HOUR
OPEN = ((MIDNIGHT + 8 * HOUR, MIDNIGHT + 12 * HOUR), (MIDNIGHT + 13 * HOUR, MIDNIGHT + 16 * HOUR))
TARGETS = {"regular": 15 * MINUTE, "elderly": 5 * MINUTE}


def both(indonesian: str, english: str) -> dict[str, str]:
    return {"id": indonesian, "en": english}


def service(id_: str, agency: str, prefix: str, **more: Any) -> Service:
    known: dict[str, Any] = {"name": both(f"Layanan {id_}", f"Service {id_}"), "targets": TARGETS, "open": OPEN}
    return Service(id=id_, agency=agency, prefix=prefix, **(known | more))


RULES = Rules(
    name=both("Mal Kecil", "Small Mall"),
    languages=("id", "en"),
    timezone="Asia/Jakarta",
    agencies={
        "civil": Agency(id="civil", name=both("Dukcapil", "Civil Registry")),
        "travel": Agency(id="travel", name=both("Imigrasi", "Immigration")),
    },
    services={
        "card": service("card", "civil", "A", documents={"id": ("KTP asli",), "en": ("Own card",)}),
        "birth": service("birth", "civil", "B"),
        "passport": service("passport", "travel", "C", quota=3),
        "roll": service("roll", "travel", "R", paper_roll=True),
    },
    counters={
        "c1": Counter(id="c1", label="1", zone="east", services=("card", "birth")),
        "c2": Counter(id="c2", label="2", zone="east", services=("card", "passport"), help_after={"card": 10 * MINUTE}),
        "c3": Counter(id="c3", label="3", zone="west", services=("passport",)),
    },
    zones={
        "east": Zone(id="east", name=both("Timur", "East"), direction=both("Di kiri", "On the left")),
        "west": Zone(id="west", name=both("Barat", "West")),
    },
    categories={
        "regular": Category(id="regular", name=both("Umum", "Regular")),
        "elderly": Category(id="elderly", name=both("Lansia", "Elderly")),
        "walkup": Category(id="walkup", name=both("Langsung", "Walk-up"), at_kiosk=False),
    },
    kiosks={
        "k1": Kiosk(id="k1", name=both("Pintu", "Door"), printer="p1"),
        "k2": Kiosk(id="k2", name=both("Barat", "West"), services=("passport", "roll"), languages=("en",)),
    },
    printers={"p1": Printer(id="p1", name=both("Pencetak", "Printer"))},
    boards={
        "all": Board(id="all", name=both("Aula", "Hall"), zones=("east", "west"), languages=("id", "en")),
        "west": Board(id="west", name=both("Barat", "West"), zones=("west",), languages=("id",)),
    },
    outcomes={"done": both("Selesai", "Done")},
    pause_reasons={"break": both("Istirahat", "Break")},
    reasons={"power": both("Listrik mati", "Power failure")},
    policy=Policy(no_show_apart_ms=10 * SECOND),
)


class Hall(SmallHall):
    """A day of the small mall. `at` is now; every command is given then."""

    def __init__(self, rules: Rules = RULES, at: int = NINE) -> None:
        super().__init__(at)
        self._tickets = 0
        self.carry_out(
            c.OpenDay(
                at=at,
                mall="m",
                journal="j",
                day="2026-11-24",
                starts_at=MIDNIGHT,
                ends_at=MIDNIGHT + 24 * HOUR,
                rules=rules,
            )
        )

    def issue(self, *services: str, category: str = "regular", **more: Any) -> str:
        """A ticket; its id (`t1`, `t2`…)."""
        self._tickets += 1
        ticket = f"t{self._tickets}"
        known: dict[str, Any] = {
            "at": self.at,
            "ticket": ticket,
            "services": services or ("card",),
            "category": category,
        }
        self.carry_out(c.IssueTicket(**(known | more)))
        return ticket

    def open(self, counter: str, clerk: str | None = None) -> None:
        self.carry_out(c.OpenCounter(at=self.at, counter=counter, clerk=clerk or f"clerk-{counter}"))

    def at_counter(self, kind: type[c.CounterCommand], counter: str, **more: object) -> list[e.AnyEvent]:
        clerk = self.state.counters[counter].clerk or f"clerk-{counter}"
        return self.carry_out(kind(at=self.at, counter=counter, clerk=clerk, **more))

    def call(self, counter: str) -> None:
        self.at_counter(c.CallNext, counter)
