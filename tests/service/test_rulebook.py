"""From config.toml to the rules of one business day."""

from datetime import date, datetime
from pathlib import Path

import msgspec
import pytest

from queue_server.domain.rules import Rules
from queue_server.languages.catalogues import languages_of
from queue_server.service.rulebook import day_at, day_of, differing_dates, hours_of, opens_after, rules_for
from queue_server.settings import Settings, load

HOUSE = Path(__file__).parent.parent.parent
TUESDAY = date(2026, 11, 24)
FRIDAY = date(2026, 11, 27)

SMALL = """\
[mall]
id = "mall"
name = "Mall"
languages = ["en", "id"]
timezone = "Europe/Berlin"
day_starts = "04:00"

[categories.regular]
name = "Regular"
[categories.elderly]
name = "Elderly"
target_share = 0.5
[categories.pregnant]
name = "Pregnant"

[hours.late]
fri = ["20:00-02:00"]
[hours.short]
mon-fri = ["09:00-10:00"]

[agencies.a]
name = "A"
[agencies.b]
name = "B"

[services.usual]
agency = "a"
name = "Usual"
prefix = "A"
target = "10m"
targets = { pregnant = "1m" }
[services.late]
agency = "b"
name = "Late"
prefix = "L"
hours = "late"
[services.own]
agency = "b"
name = "Own"
prefix = "W"
hours = { tue = ["12:00-13:00"] }

[zones.z]
name = "Z"
[counters.1]
zone = "z"
services = ["usual", "late"]
help_after = { late = "5m" }
[boards.hall]
zones = ["z"]
"""


def at(written: str) -> int:
    return round(datetime.fromisoformat(written).timestamp() * 1000)


@pytest.fixture
def mall(tmp_path):
    """Settings of SMALL with more appended."""

    def read(more: str = "") -> Settings:
        (tmp_path / "config.toml").write_text(SMALL + more, encoding="utf-8")
        return load(tmp_path / "config.toml")

    return read


@pytest.fixture(scope="module")
def sample() -> Settings:
    return load(HOUSE / "config.toml")


def test_the_day_of_an_instant_follows_the_mall(mall):
    """A business day begins at the mall's hour in the mall's time zone, and has a name and bounds."""
    day = day_at(mall(), at("2026-11-25T03:59:00+01:00"))

    assert day.name == "2026-11-24"
    assert (day.starts_at, day.ends_at) == (at("2026-11-24T04:00+01:00"), at("2026-11-25T04:00+01:00"))


def test_hours_are_instants_of_the_day(mall):
    """A service without hours has the working day, another its timetable or its own hours."""
    settings = mall()

    assert hours_of(settings, "usual", day_of(settings, TUESDAY)) == (
        (at("2026-11-24T08:00+01:00"), at("2026-11-24T16:00+01:00")),
    )
    assert hours_of(settings, "own", day_of(settings, TUESDAY)) == (
        (at("2026-11-24T12:00+01:00"), at("2026-11-24T13:00+01:00")),
    )
    assert hours_of(settings, "late", day_of(settings, TUESDAY)) == ()
    assert hours_of(settings, "late", day_of(settings, FRIDAY)) == (
        (at("2026-11-27T20:00+01:00"), at("2026-11-28T02:00+01:00")),
    )


def test_targets_are_given_for_every_category(mall):
    """A category's share of the target counts where the service names no other."""
    settings = mall()

    rules = rules_for(settings, day_of(settings, TUESDAY))

    assert rules.services["usual"].targets == {"regular": 600_000, "elderly": 300_000, "pregnant": 60_000}


def test_a_holiday_closes_and_is_named(mall):
    """A date without hours closes all services that day, and says why."""
    settings = mall('[dates.x]\nname = "Holiday"\nfirst = 2026-11-24\n')

    rules = rules_for(settings, day_of(settings, TUESDAY))
    next_day = rules_for(settings, day_of(settings, date(2026, 11, 25)))

    assert [service.open for service in rules.services.values()] == [(), (), ()]
    assert rules.services["usual"].occasion == {"en": "Holiday", "id": "Holiday"}
    assert len(next_day.services["usual"].open) == 1
    assert next_day.services["usual"].occasion == {}


def test_a_date_stands_in_for_timetables_it_names(mall):
    """Services on other timetables, or with hours of their own, keep them."""
    settings = mall('[dates.x]\nname = "Short"\nfirst = 2026-11-23\nlast = 2026-11-27\nhours = { default = "short" }\n')

    assert hours_of(settings, "usual", day_of(settings, TUESDAY)) == (
        (at("2026-11-24T09:00+01:00"), at("2026-11-24T10:00+01:00")),
    )
    assert len(hours_of(settings, "own", day_of(settings, TUESDAY))) == 1
    assert len(hours_of(settings, "late", day_of(settings, FRIDAY))) == 1


def test_a_date_may_be_for_some_only_and_the_last_one_counts(mall):
    """An agency may close alone, and a later entry may open one service all the same."""
    settings = mall(
        '[dates.x]\nname = "X"\nfirst = 2026-11-24\nagencies = ["b"]\n'
        '[dates.y]\nname = "Y"\nfirst = 2026-11-24\nservices = ["own"]\nhours = "short"\n'
    )

    assert differing_dates(settings, "usual", TUESDAY) is None
    assert hours_of(settings, "late", day_of(settings, TUESDAY)) == ()
    assert hours_of(settings, "own", day_of(settings, TUESDAY)) == (
        (at("2026-11-24T09:00+01:00"), at("2026-11-24T10:00+01:00")),
    )


def test_always_open_is_the_whole_business_day(mall):
    """A demonstration is open whatever the hour, on any day."""
    settings = mall('[dates.x]\nname = "Holiday"\nfirst = 2026-11-24\n')
    day = day_of(settings, TUESDAY)

    rules = rules_for(settings, day, always_open=True)

    assert {service.open for service in rules.services.values()} == {((day.starts_at, day.ends_at),)}
    assert rules.services["usual"].occasion == {}


def test_what_is_left_out_is_filled_in(mall):
    """Names fall back to ids, languages to the mall's, labels to ids, the public address to the server's own."""
    settings = mall('[printers.p]\n[kiosks.k]\nprinter = "p"\n')

    rules = rules_for(settings, day_of(settings, TUESDAY), listens_at="http://127.0.0.1:8080/")

    assert rules.counters["1"].label == "1"
    assert rules.kiosks["k"].name == {"en": "k", "id": "k"}
    assert rules.kiosks["k"].languages == rules.boards["hall"].languages == ("en", "id")
    assert rules.printers["p"].width_dots == 576
    assert rules.public_url == "http://127.0.0.1:8080"


def test_a_kiosk_has_a_menu_and_hours_of_its_own(mall):
    """The journal has its services and the instants of its hours; a demonstration is open at any hour."""
    own = '[kiosks.k]\nservices = ["usual"]\nhours = { tue = ["09:00-10:00"] }\n'
    settings = mall(f'{own}[kiosks.all]\nhours = "default"\n')
    day = day_of(settings, TUESDAY)

    rules, demo = rules_for(settings, day), rules_for(settings, day, always_open=True)
    opens = rules.kiosks["k"].open or ()

    assert rules.kiosks["k"].services == ("usual",)
    assert [end - start for start, end in opens] == [3_600_000]
    assert rules.kiosks["all"].open == rules.services["usual"].open
    assert demo.kiosks["k"].open is None
    assert opens_after(settings, day).kiosks["k"] == opens[0][0] + 7 * 86_400_000


def test_a_public_address_in_the_file_comes_first(mall):
    """What the file says is what the QR codes say."""
    settings = mall()
    settings = msgspec.structs.replace(
        settings, mall=msgspec.structs.replace(settings.mall, public_url="https://mall.example/")
    )

    rules = rules_for(settings, day_of(settings, TUESDAY), listens_at="http://127.0.0.1:8080")

    assert rules.public_url == "https://mall.example"


def test_without_categories_everybody_is_regular(tmp_path):
    """A mall that names no category has the one that everybody is in."""
    text = "\n".join(row for row in SMALL.splitlines() if "pregnant" not in row)
    head, _, rest = text.partition("[categories.regular]")
    (tmp_path / "config.toml").write_text(head + rest[rest.index("[hours.late]") :], encoding="utf-8")
    settings = load(tmp_path / "config.toml")

    rules = rules_for(settings, day_of(settings, TUESDAY))

    assert list(rules.categories) == ["regular"]
    assert rules.services["usual"].targets == {"regular": 600_000}


def test_without_reasons_there_is_one(mall):
    """A mall that names no reasons can pause a counter and hold the hall all the same, in every language."""
    rules = rules_for(mall(), day_of(mall(), TUESDAY))

    assert (list(rules.pause_reasons), list(rules.reasons)) == (["break"], ["other"])
    for texts in (*rules.pause_reasons.values(), *rules.reasons.values()):
        assert set(texts) == set(languages_of("usual"))


def test_rules_are_plain_data_that_can_be_kept(sample):
    """What goes into the journal comes back the same."""
    rules = rules_for(sample, day_of(sample, TUESDAY), listens_at="http://127.0.0.1:8080")

    kept = msgspec.json.encode(rules)

    assert msgspec.json.decode(kept, type=Rules) == rules
    assert msgspec.json.encode(msgspec.json.decode(kept, type=Rules)) == kept


def test_every_key_of_the_file_reaches_the_rules(sample):
    """Policy and credits of the file are those of the rules, name by name; but for what only shows (presenting.py)."""
    rules = rules_for(sample, day_of(sample, TUESDAY))
    only_shows = {"long_wait"}

    for field in msgspec.structs.fields(type(sample.policy)):
        if field.name in only_shows:
            continue
        name = {"slip_limit": "slip_ttl"}.get(field.name, field.name)
        kept = getattr(rules.policy, f"{name}_ms", None)
        assert (getattr(rules.policy, name) if kept is None else kept) == getattr(sample.policy, field.name)
    assert msgspec.structs.asdict(rules.policy.credits) == msgspec.structs.asdict(sample.credits)


def test_the_sample_is_open_on_working_days_from_eight(sample):
    """On an ordinary Tuesday every service is open, on a Saturday only the yearly vehicle tax, at Christmas none."""
    nine = at("2026-11-24T09:00+07:00")

    def open_at(when: int) -> set[str]:
        rules = rules_for(sample, day_at(sample, when))
        return {
            id_ for id_, service in rules.services.items() if any(start <= when < end for start, end in service.open)
        }

    assert open_at(nine) == set(sample.services)
    assert open_at(at("2026-11-24T08:00+07:00")) == set(sample.services)
    assert open_at(at("2026-11-28T09:00+07:00")) == {"pajak_kendaraan"}
    assert open_at(at("2026-12-25T09:00+07:00")) == set()
    assert "haji" not in open_at(at("2026-11-27T12:00+07:00"))
