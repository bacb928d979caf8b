"""A config.toml by chance, and others that follow from it: things come, go and change as a mall's operator would do it.

Everything is kept as plain data and written out anew each time, through the real reader of the file.
"""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import Any

Data = dict[str, Any]

SERVICES = ("passport", "visa", "tax", "land", "roll", "birth")
PREFIXES = ("A", "B", "C", "D", "AB", "X")
COUNTERS = ("1", "2", "3", "4", "5")
CATEGORIES = ("regular", "elderly", "pregnant")
ZONES = ("north", "south")
TIMEZONES = ("Asia/Jakarta", "Asia/Jakarta", "Europe/Warsaw", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland")
DAY_STARTS = ("00:00", "00:00", "03:00", "04:30", "06:00")
TARGETS = ("0s", "1s", "1m", "15m", "30m", "24h")
QUESTIONS: dict[str, Data] = {asks: {"asks": asks, "purpose": "So that we find you"} for asks in ("name", "phone")}
KIOSK_PAGES = ("common", "search", "priority", "details", "several")
HOURS: tuple[Data, ...] = (
    {"mon-sun": ["00:00-24:00"]},
    {"mon-sun": ["06:00-20:00"]},
    {"mon-fri": ["08:00-12:00", "13:00-16:00"], "sat": ["08:00-12:00"]},
    {"mon-sun": ["12:00-24:00"]},
)


def mall(chance: Random) -> Data:
    """A small mall of anything."""
    data: Data = {
        "mall": {
            "id": "mall",
            "name": "Mall",
            "languages": ["en", "id"],
            "timezone": chance.choice(TIMEZONES),
            "day_starts": "00:00",
            "public_url": "http://queue.example",
        },
        "policy": {},
        "credits": {},
        "categories": {"regular": {"name": "Regular"}},
        "hours": {"default": HOURS[0]},
        "agencies": {"a": {"name": "A"}, "b": {"name": "B"}},
        "zones": {zone: {"name": zone} for zone in ZONES},
        "prefixes": {},
        "services": {},
        "counters": {},
        "printers": {"p1": {}, "p2": {}},
        "kiosks": {"k1": {"printer": "p1"}, "k2": {"services": []}},
        "boards": {
            "hall": {"zones": ["north", "south"], "media": {"place": "between"}},
            "south": {"zones": ["south"], "waiting_list": True},
        },
        # sound changes nothing in a hall, and making it would take most of a run's time
        "voices": {"en": {"engine": "off"}, "id": {"engine": "off"}},
        "outcomes": {"done": "Done", "referred": "Referred"},
        "pause_reasons": {"lunch": "Lunch", "meeting": "Meeting"},
        "reasons": {"mistake": "Mistake", "drill": "Drill"},
        "privacy": {"citizens": "1d"},
        "questions": {"name": QUESTIONS["name"]},
    }
    data["policy"] = policy(chance)
    for place in range(chance.randint(2, 4)):
        data["services"][SERVICES[place]] = service(chance, PREFIXES[place])
    for id_ in COUNTERS[: chance.randint(2, 4)]:
        data["counters"][id_] = counter(chance, data)
    return data


def service(chance: Random, prefix: str) -> Data:
    made: Data = {
        "agency": chance.choice("ab"),
        "name": f"Service {prefix}",
        "prefix": prefix,
        "target": chance.choice(TARGETS),
        "carry_over": chance.random() < 0.5,
    }
    if chance.random() < 0.2:
        made["paper_roll"] = True
    if chance.random() < 0.2:
        made["quota"] = chance.choice((0, 5, 30))
    if chance.random() < 0.3:
        made["hours"] = chance.choice(HOURS)
    return made


def counter(chance: Random, data: Data) -> Data:
    services = chance.sample(sorted(data["services"]), chance.randint(1, len(data["services"])))
    made: Data = {"zone": chance.choice(ZONES), "services": services}
    if chance.random() < 0.3:
        made["help_after"] = {chance.choice(services): chance.choice(("1s", "10m"))}
    if chance.random() < 0.3:
        made["desk"] = True
        if chance.random() < 0.5 and data["printers"]:
            made["printer"] = chance.choice(sorted(data["printers"]))
    return made


def policy(chance: Random) -> Data:
    of = chance.choice
    recalls, blind = of((0, 5)), of((False, False, True))
    return {
        "finish_on_call_next": of((True, True, False)),
        "picking": not blind and of((True, False)),
        "no_show_calls": of((1, 1, 2)) if recalls else 1,
        "no_show_apart": of(("0s", "10s")),
        "no_show_then": of(("no_show", "parked")),
        "max_recalls": recalls,
        "grace": of(("1m", "30m", "12h")),
        "undo": of(("10s", "10m")),
        "auto_call_after": of(("0s", "10s")),
        "away_after": "24h",
        "address_limit": of(("20s", "20m")),
        "closing": of(("off", "warn", "stop")),
        "slip_limit": of(("25s", "5m")),
        "blind": blind,
        "step_away": of(([], ["20s", "10m"])),
        "step_away_times": of((1, 5)),
    }


def changed(chance: Random, data: Data) -> Data:
    """The same file after somebody worked on it."""
    data = deepcopy(data)
    for _ in range(chance.choice((1, 1, 2, 5))):
        chance.choice(CHANGES)(chance, data)
    used = [one["prefix"] for one in data["services"].values()]
    data["prefixes"] = {prefix: one for prefix, one in data["prefixes"].items() if prefix in used}
    return data


def _service(chance: Random, data: Data) -> None:
    """A service comes, goes, or takes another prefix."""
    id_ = chance.choice(SERVICES)
    free = [p for p in PREFIXES if p not in {one["prefix"] for one in data["services"].values()}]
    if id_ not in data["services"]:
        if free:
            data["services"][id_] = service(chance, chance.choice(free))
            for one in data["counters"].values():
                if chance.random() < 0.5:
                    one["services"].append(id_)
    elif chance.random() < 0.6 and len(data["services"]) > 1:
        _without(data, "services", id_)
    elif free:
        data["services"][id_]["prefix"] = chance.choice(free)


def _without(data: Data, kind: str, id_: str) -> None:
    """Take a thing out of the file, and out of what names it."""
    del data[kind][id_]
    if kind == "services":
        if id_ in data["questions"].get("identity", {}).get("services", ()):
            del data["questions"]["identity"]
        for kiosk in data["kiosks"].values():
            kiosk["common"] = [one for one in kiosk.get("common", ()) if one != id_]
            kiosk["keys"] = {key: one for key, one in kiosk.get("keys", {}).items() if one != id_}
            if not kiosk["keys"]:
                kiosk.pop("choose_by", None)
        for number, one in list(data["counters"].items()):
            one["services"] = [s for s in one["services"] if s != id_]
            one.get("help_after", {}).pop(id_, None)
            if not one["services"]:
                del data["counters"][number]


def _counter(chance: Random, data: Data) -> None:
    id_ = chance.choice(COUNTERS)
    if id_ in data["counters"] and chance.random() < 0.6:
        _without(data, "counters", id_)
    else:
        data["counters"][id_] = counter(chance, data)


def _category(chance: Random, data: Data) -> None:
    id_ = chance.choice(CATEGORIES[1:])
    if id_ in data["categories"]:
        del data["categories"][id_]
    else:
        data["categories"][id_] = {"name": id_, "target_share": chance.choice((0.1, 0.5, 2.0))}


def _hours(chance: Random, data: Data) -> None:
    data["hours"]["default"] = chance.choice(HOURS)


def _targets(chance: Random, data: Data) -> None:
    for one in data["services"].values():
        one["target"] = chance.choice(TARGETS)


def _quota(chance: Random, data: Data) -> None:
    one = chance.choice(list(data["services"].values()))
    one["quota"] = chance.choice((0, 1, 500))
    one["carry_over"] = chance.random() < 0.5


def _policy(chance: Random, data: Data) -> None:
    data["policy"] = policy(chance)
    data["credits"] = {
        name: chance.choice((1.0, 0.5, 0.0, -2.0)) for name in ("transfer", "next_service", "return", "put_back")
    }


def _prefix(chance: Random, data: Data) -> None:
    """Where a prefix's numbers begin, end and what then."""
    prefix = chance.choice(PREFIXES)
    if data["prefixes"].pop(prefix, None) is None and prefix in {s["prefix"] for s in data["services"].values()}:
        data["prefixes"][prefix] = {
            "start": chance.choice((0, 1, 100)),
            "end": chance.choice((105, 999)),
            "step": chance.choice((1, 1, 3)),
            "used_up": chance.choice(("continue", "refuse")),
        }


def _shared(chance: Random, data: Data) -> None:
    """Two services of one agency count in one series, or no longer do."""
    shared = [prefix for prefix, one in data["prefixes"].items() if one.get("shared")]
    for prefix in shared:
        of_it = [one for one in data["services"].values() if one["prefix"] == prefix]
        free = [p for p in PREFIXES if p not in {one["prefix"] for one in data["services"].values()}]
        if len(free) >= len(of_it) - 1:
            for one in of_it[1:]:
                one["prefix"] = free.pop()
            data["prefixes"][prefix].pop("shared")
    if not shared and len(data["services"]) > 1:
        one, other = (data["services"][id_] for id_ in chance.sample(sorted(data["services"]), 2))
        if not (one.get("paper_roll") or other.get("paper_roll")):
            other |= {"prefix": one["prefix"], "agency": one["agency"]}
            data["prefixes"].setdefault(one["prefix"], {})["shared"] = True


def _day_starts(chance: Random, data: Data) -> None:
    data["mall"]["day_starts"] = chance.choice(DAY_STARTS)


def _timezone(chance: Random, data: Data) -> None:
    data["mall"]["timezone"] = chance.choice(TIMEZONES)


def _hall(chance: Random, data: Data) -> None:
    """What stands in the hall comes and goes."""
    kind, id_ = chance.choice((("printers", "p1"), ("printers", "p2"), ("kiosks", "k1"), ("boards", "south")))
    if id_ in data[kind]:
        del data[kind][id_]
    else:
        data[kind][id_] = {"zones": ["south"]} if kind == "boards" else {}
    for one in (*data["kiosks"].values(), *data["counters"].values()):
        if one.get("printer") not in data["printers"]:
            one.pop("printer", None)


def _kiosk(chance: Random, data: Data) -> None:
    """What a kiosk shows, and by which codes and keys services are chosen there."""
    if not data["kiosks"]:
        return
    one = data["kiosks"][chance.choice(sorted(data["kiosks"]))]
    services = sorted(data["services"])
    one["layout"] = chance.choice(("agencies", "services"))
    one["pages"] = [page for page in KIOSK_PAGES if chance.random() < 0.7]
    one["common"] = services[: chance.randint(0, 2)]
    one["keys"] = {f"F{place}": id_ for place, id_ in enumerate(services, 1)} if chance.random() < 0.5 else {}
    one["choose_by"] = "codes" if one["keys"] and chance.random() < 0.3 else "screen"
    coded = chance.choice(services)
    data["services"][coded]["codes"] = [f"FORM-{coded}"] if chance.random() < 0.7 else []


def _daily(chance: Random, data: Data) -> None:
    """Whether tickets are counted by an identity number, of which services and how many; nobody here has one."""
    if data["questions"].pop("identity", None) is None:
        last = max(data["services"])
        data["questions"]["identity"] = {
            "asks": "identity",
            "number": "nik",
            "purpose": "So that everybody gets one",
            "services": [last],
            "daily": chance.choice((1, 3)),
            "per": chance.choice(("service", "agency", "mall")),
            "keep": chance.random() < 0.5,
        }


def _codes(chance: Random, data: Data) -> None:
    kind, code = chance.choice((("outcomes", "referred"), ("pause_reasons", "meeting"), ("reasons", "drill")))
    if code in data[kind]:
        del data[kind][code]
    else:
        data[kind][code] = code


def _citizens(chance: Random, data: Data) -> None:
    """What kiosks ask citizens for, and for how long that is kept."""
    asks = chance.choice(sorted(QUESTIONS))
    if data["questions"].pop(asks, None) is None:
        data["questions"][asks] = QUESTIONS[asks]
    data["privacy"]["citizens"] = chance.choice(("1h", "1d", "7d"))


CHANGES = (
    _service,
    _service,
    _counter,
    _counter,
    _category,
    _hours,
    _targets,
    _quota,
    _policy,
    _prefix,
    _shared,
    _day_starts,
    _timezone,
    _hall,
    _codes,
    _citizens,
    _kiosk,
    _daily,
)


def written(data: Data) -> str:
    """The text of the file."""
    lines: list[str] = []
    for name, table in data.items():
        if name in ("mall", "policy", "credits", "outcomes", "pause_reasons", "reasons", "privacy"):
            lines += [f"[{name}]", *(f"{key} = {_value(value)}" for key, value in table.items())]
        else:
            for id_, one in table.items():
                lines += [f"[{name}.{id_}]", *(f"{key} = {_value(value)}" for key, value in one.items() if value != [])]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case dict():
            return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
        case list():
            return "[" + ", ".join(map(_value, value)) + "]"
        case str():
            return f'"{value}"'
        case _:
            return str(value)
