"""The sample mall and docs/settings.md: both say what the code does, and all of it."""

import re
import tomllib
from datetime import date
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from queue_server.settings import WORKING_DAYS, Rate, load, tables
from queue_server.settings.values import WEEKDAYS, ClockTime, Duration

HOUSE = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def sample() -> tables.Settings:
    return load(HOUSE / "config.toml")


def test_the_sample_is_a_whole_mall(sample):
    """The sample has the size of a real mall, and everything in it is used."""
    served = {service for counter in sample.counters.values() for service in counter.services}

    assert len(sample.agencies) >= 20
    assert len(sample.services) >= 60
    assert len(sample.counters) >= 30
    assert len(sample.zones) == 4
    assert len(sample.kiosks) >= 2
    assert len(sample.boards) >= 3
    assert served == set(sample.services)
    assert {service.agency for service in sample.services.values()} == set(sample.agencies)


def test_the_sample_shows_what_is_hard_to_show(sample):
    """Many counters, labels of words, long names, a board of three languages and one that is read from the right."""
    labels = [counter.label for counter in sample.counters.values() if counter.label]
    names = [service.name["id"] for service in sample.services.values()]
    languages = [board.languages for board in sample.boards.values()]

    assert len(sample.counters) >= 40
    assert any(" " in label for label in labels)
    assert max(map(len, names)) >= 50
    assert max(map(len, languages)) >= 3
    assert any(spoken[:1] == ("ar",) for spoken in languages)


def test_a_boards_own_language_is_in_all_that_it_shows(sample):
    """Nothing on the sample's boards falls back to another language."""
    for board in sample.boards.values():
        zones = [sample.zones[zone] for zone in board.zones]
        shown = [sample.mall.name, board.name, board.notice, *(text for z in zones for text in (z.name, z.direction))]
        for language in board.languages:
            assert all(language in text for text in shown if text), (board.name, language)


def test_the_sample_is_as_its_first_users_expect(sample):
    """The first board shows all zones, the first printer is a kiosk's, kiosks have no limit, quotas are generous."""
    kiosk_printers = {kiosk.printer for kiosk in sample.kiosks.values()}

    assert set(next(iter(sample.boards.values())).zones) == set(sample.zones)
    assert next(iter(sample.printers)) in kiosk_printers
    assert None not in kiosk_printers
    assert sample.limits.tickets_per_kiosk is None
    assert all((service.quota or 0) >= 200 for service in sample.services.values())


def test_services_without_other_hours_are_open_on_working_days(sample):
    """Monday to Friday, 08:00 to 16:00, is what a service has that names nothing else."""
    assert sample.hours["default"] == WORKING_DAYS
    assert WORKING_DAYS[0] == WORKING_DAYS[4] == ((480, 960),)
    assert WORKING_DAYS[5] == WORKING_DAYS[6] == ()
    assert sum(service.hours == "default" for service in sample.services.values()) > 40


def test_prefixes_of_the_sample_are_told_apart(sample):
    """No prefix holds a letter that looks like a digit or sounds like another word for it."""
    assert not {letter for service in sample.services.values() for letter in service.prefix} & set("IOQZSB")


def test_dates_keep_the_order_of_the_file(sample):
    """Where several dates apply the last in the file counts, so their order is kept."""
    assert next(iter(sample.dates)) == "ramadan_2027"
    assert sample.dates["natal_2026"].first == date(2026, 12, 25)


def test_every_key_of_the_sample_is_commented_where_it_first_stands():
    """Whoever edits the file needs no other page: each key is explained above its first use."""
    rows = (HOUSE / "config.toml").read_text(encoding="utf-8").splitlines()
    explained = re.findall(r"^#   (\w+) ", "\n".join(rows), flags=re.MULTILINE)
    explained += [word for row in rows if row.startswith("#") for word in re.findall(r"`(\w+)[` ]", row)]
    seen = {*explained, *WEEKDAYS}

    bare = []
    for above, row in pairwise(rows):
        key = re.match(r"(\w+)(?:\.\w+)? = ", row)
        if key and key[1] not in seen:
            seen.add(key[1])
            if not (above.startswith("#") or re.match(r"\w+ = |\[", above)):
                bare.append(row)

    assert bare == []


# ------------------------------------------------------------------------------------- docs/settings.md


def documented() -> dict[str, dict[str, str]]:
    """Table -> key -> default as docs/settings.md has them."""
    page = (HOUSE / "docs" / "settings.md").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = {}
    for heading in re.split(r"^## ", page, flags=re.MULTILINE)[1:]:
        for table in re.findall(r"`\[(\w+)(?:\.\w+)?\]`", heading.partition("\n")[0]):
            found[table] = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", heading, flags=re.MULTILINE))
    return found


def written(field: msgspec.structs.FieldInfo) -> str:
    """A default as the page writes it: as it would stand in the file."""
    if field.required:
        return "needed"
    default = field.default_factory() if field.default_factory is not msgspec.NODEFAULT else field.default
    if default is None:
        return '"off"' if "Rate" in str(field.type) else "none"
    return f"`{default!r}`" if isinstance(default, list) else in_toml(default)


def in_toml(value: object) -> str:
    if isinstance(value, Duration):
        unit, size = next(
            (u, s) for u, s in (("d", 86_400_000), ("m", 60_000), ("s", 1_000), ("ms", 1)) if value % s == 0
        )
        return f'`"{value // size}{unit}"`'
    if isinstance(value, ClockTime):
        return f'`"{value // 60:02}:{value % 60:02}"`'
    if isinstance(value, Rate):
        return f'`"{value.count} per {({60_000: "minute"})[value.per_ms]}"`'
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, str):
        return f'`"{value}"`'
    if isinstance(value, tuple) and value:
        return "`[" + ", ".join(f'"{one}"' for one in value) + "]`"
    return {"()": "`[]`", "{}": "`{}`"}.get(str(value), f"`{value}`")


def in_code() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for table in msgspec.structs.fields(tables.Settings):
        kind = table.type.__args__[-1] if hasattr(table.type, "__args__") else table.type
        fields = msgspec.structs.fields(kind) if isinstance(kind, type) and issubclass(kind, msgspec.Struct) else ()
        found[table.encode_name] = {field.encode_name: written(field).replace('`"off"`', '"off"') for field in fields}
    return found


def test_the_page_on_settings_says_what_the_code_does():
    """Every table and key stands in docs/settings.md with its default, and none that does not exist."""
    page = {table: {k: v.replace('`"off"`', '"off"') for k, v in keys.items()} for table, keys in documented().items()}

    assert page == in_code()


def test_the_sample_uses_every_table_and_key():
    """The file to copy shows everything that can be said, if only as a comment."""
    text = (HOUSE / "config.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text)

    for table, keys in in_code().items():
        assert table in raw
        for key in keys:
            assert re.search(rf"^(# )?{key}(\.\w+)? = ", text, flags=re.MULTILINE), f"{table}.{key}"


def test_the_examples_in_the_docs_are_of_the_sample(sample):
    """Whoever copies a command from docs/ gets an answer from the sample mall: its services and devices are meant."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in [*(HOUSE / "docs").glob("*.md"), HOUSE / "README.md"])
    over = {f"counter-{counter}" for counter in sample.counters}  # what stands over a counter
    known = {"kiosk": sample.kiosks, "printer": sample.printers, "display": sample.boards | dict.fromkeys(over)}

    services = re.findall(r'"service": "([^"]+)"', text)
    devices = re.findall(r"--role (kiosk|printer|display) +--name ([\w-]+)", text)

    assert services
    assert devices
    assert set(services) <= set(sample.services)
    assert [(role, name) for role, name in devices if name not in known[role]] == []
