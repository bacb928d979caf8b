"""config.toml: what a right file gives, and that a wrong one is answered with every mistake at once."""

import re
from pathlib import Path

import pytest

from queue_server.errors import ConfigWrong
from queue_server.settings import Rate, load, read
from queue_server.settings.syntax import parse
from queue_server.settings.values import contrast, duration, prefix, rate, span, weekdays

HOUSE = Path(__file__).parent.parent

SMALL = """\
[mall]
name = { id = "Mal", en = "Mall" }
languages = ["id", "en"]
timezone = "Asia/Jakarta"
id = "mal"
[agencies.dukcapil]
name = "Dukcapil"

[services.ktp_el]
agency = "dukcapil"
name = { id = "KTP", en = "Identity card" }
prefix = "A"

[zones.north]
name = { id = "Utara", en = "North" }

[counters.1]
zone = "north"
services = ["ktp_el"]
"""


def mistakes(tmp_path: Path, text: str, **more) -> list[str]:
    """What `load` has to say about a file with this text, without the file's name."""
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigWrong) as wrong:
        load(file, **more)
    assert all(line.startswith("config.toml:") for line in wrong.value.mistakes)
    return [line.removeprefix("config.toml:") for line in wrong.value.mistakes]


def with_line(text: str, after: str, line: str) -> tuple[str, int]:
    """SMALL with `line` after the line `after`, and the number of that line."""
    rows = text.splitlines()
    at = rows.index(after) + 1
    return "\n".join([*rows[:at], line, *rows[at:]]) + "\n", at + 1


def test_a_small_file_is_enough(tmp_path):
    """What is not said has its default, and one text stands for all languages."""
    (tmp_path / "config.toml").write_text(SMALL, encoding="utf-8")

    settings = load(tmp_path / "config.toml")

    assert settings.agencies["dukcapil"].name == {"id": "Dukcapil", "en": "Dukcapil"}
    assert settings.services["ktp_el"].target == 15 * 60_000
    assert settings.services["ktp_el"].hours == "default"
    assert settings.policy.undo == 10_000
    assert settings.server.port == 8080


@pytest.mark.parametrize("wrong", ["", "a", "Nusa", "nusa_raya", "-nusa", "nusa-", "é1", "n" * 33])
def test_a_malls_id_may_become_part_of_a_host_name(tmp_path, wrong: str):
    """Letters, digits and hyphens between them, 2 to 32; else it is said how it is written."""
    said = mistakes(tmp_path, SMALL.replace('id = "mal"', f'id = "{wrong}"'))

    assert len(said) == 1
    assert said[0].startswith(f'5: mall.id: "{wrong}" is no id of a mall; write 2 to 32 of a-z, 0-9 and -')


def test_a_mall_without_an_id_is_not_read(tmp_path):
    """What is needed for ever is not made up."""
    assert mistakes(tmp_path, SMALL.replace('id = "mal"', "")) == ["1: mall.id: is missing; write it"]


def test_every_mistake_is_said_at_once(tmp_path):
    """One reading finds all mistakes, each with its line and key, in the order of the file."""
    text = (
        SMALL.replace("Asia/Jakarta", "Asia/Jakrta")
        .replace('en = "Mall"', 'fr = "Centre"')
        .replace('agency = "dukcapil"', 'agency = "dukcapill"\ntarget = "soon"\nquota = "many"')
        .replace('zone = "north"', 'zone = "nort"\ncolour = "red"')
    )

    said = mistakes(tmp_path, text)

    assert said == [
        "2: mall.name.fr: is none of the mall's languages; it can be id, en",
        "2: mall.name: has no text for en; write it",
        '4: mall.timezone: there is no time zone "Asia/Jakrta"; did you mean "Asia/Jakarta"?',
        '10: services.ktp_el.agency: there is no agency "dukcapill"; did you mean "dukcapil"?',
        '11: services.ktp_el.target: "soon" is no duration; write it like "90s", "10m" or "1h30m"',
        "12: services.ktp_el.quota: is text in quotes; write a whole number",
        '20: counters.1.zone: there is no zone "nort"; did you mean "north"?',
        "21: counters.1.colour: unknown key; it can be zone, services, label, languages, help_after, desk, printer",
    ]


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ('["id", "xx"]', 'no text here is in "xx"; did you mean "en"?'),
        ('["id", "EN"]', 'no text here is in "EN"; did you mean "en"?'),
        ('["id", "en", "ka"]', 'no text here is in "ka"; write every text in it too, or leave it out'),
        ('["id"]', 'does not name "en"; name it'),
    ],
)
def test_a_wrong_language_of_the_mall_is_said_once(tmp_path, written: str, wrong: str):
    """Where the languages stand, with a count of the texts that it makes wrong; other mistakes are not drowned."""
    house = (HOUSE / "config.toml").read_text(encoding="utf-8")
    line = house.splitlines().index('languages = ["id", "en"]') + 1
    text = house.replace('languages = ["id", "en"]', f"languages = {written}", 1)
    text = text.replace('timezone = "Asia/Jakarta"', 'timezone = "Asia/Jakrta"')

    first, *rest = mistakes(tmp_path, text)

    said, _, consequences = first.partition(" (")
    assert said == f"{line}: mall.languages: {wrong}"
    assert re.fullmatch(r"\d{3} texts do not fit, the first is mall\.name on line \d+\)", consequences)
    assert [entry.partition(": ")[2].partition(":")[0] for entry in rest] == ["mall.timezone"]


def test_a_text_in_another_language_is_said_where_it_stands(tmp_path):
    """So long as most texts are right, the mistake is the text's."""
    text = SMALL.replace('en = "North"', 'fr = "Nord"')

    said = mistakes(tmp_path, text)

    assert said == [
        "15: zones.north.name.fr: is none of the mall's languages; it can be id, en",
        "15: zones.north.name: has no text for en; write it",
    ]


KTP = 'prefix = "A"'
ONE = 'services = ["ktp_el"]'
MALL = 'timezone = "Asia/Jakarta"'
NORTH = 'name = { id = "Utara", en = "North" }'


@pytest.mark.parametrize(
    ("after", "line", "expected"),
    [
        (KTP, 'targget = "5m"', 'services.ktp_el.targget: unknown key; did you mean "target"?'),
        (KTP, "target = 5", 'services.ktp_el.target: 5 is no duration; write it like "90s", "10m" or "1h30m"'),
        (KTP, "quota = -1", "services.ktp_el.quota: expected int >= 0; write such a one"),
        (KTP, 'hours = "ofice"', 'services.ktp_el.hours: there is no timetable "ofice"; it can be default'),
        (
            KTP,
            "paper_roll = 1",
            "services.ktp_el.paper_roll: is a whole number; write true or false",
        ),
        (
            KTP,
            'targets = { eldery = "5m" }',
            'services.ktp_el.targets.eldery: there is no category "eldery"; it can be regular',
        ),
        (KTP, 'help = { id = "x" }', "services.ktp_el.help: has no text for en; write it"),
        (KTP, 'help = { id = " ", en = "x" }', "services.ktp_el.help.id: is empty; write it, or take the key out"),
        (KTP, 'help = "a\\u001bb"', "services.ktp_el.help: holds a control character; take it out"),
        (KTP, 'documents = { id = ["KTP"] }', "services.ktp_el.documents: has no list for en; write it"),
        (
            KTP,
            'documents = { id = ["KTP"], en = [3] }',
            'services.ktp_el.documents.en.0: must be text in quotes, not 3; write "…"',
        ),
        (
            KTP,
            'hours = { mon = ["08:00-12:00", "11:59-13:00"] }',
            "services.ktp_el.hours.mon: openings overlap: the one from 11:59 starts before another ends;"
            " let it start later, or write both as one",
        ),
        (
            KTP,
            'hours = { sun = ["22:00-02:00"], mon = ["01:00-03:00"] }',
            "services.ktp_el.hours.mon: openings overlap: the one from 01:00 starts before another ends;"
            " let it start later, or write both as one",
        ),
        (
            KTP,
            'hours = { mon-wed = ["08:00-12:00"], tue = [] }',
            "services.ktp_el.hours.tue: tue stands in mon-wed already; take one out",
        ),
        (
            KTP,
            'hours = { tues = ["08:00-12:00"] }',
            'services.ktp_el.hours.tues: is no weekday, nor several like mon-thu; did you mean "tue"?',
        ),
        (
            KTP,
            'hours = { mon = ["8-12"] }',
            'services.ktp_el.hours.mon.0: "8" is no time of day; write it like "08:00"',
        ),
        (
            ONE,
            'help_after = { kia = "5m" }',
            'counters.1.help_after.kia: there is no service of this counter "kia"; it can be ktp_el',
        ),
        (ONE, 'printer = "p"', 'counters.1.printer: there is no printer "p"; take it out, or add what it names'),
        (
            ONE,
            '[counters.2]\nzone = "north"\nservices = ["ktp", "ktp_el", "kia"]',
            'counters.2.services: there is no service "ktp"; did you mean "ktp_el"?',
        ),
        (
            ONE,
            '[kiosks.k]\nprinter = "p"',
            'kiosks.k.printer: there is no printer "p"; take it out, or add what it names',
        ),
        (ONE, '[kiosks.k]\nagencies = ["x"]', 'kiosks.k.agencies: there is no agency "x"; it can be dukcapil'),
        (
            ONE,
            '[kiosks.k]\nservices = ["ktp_el"]\ncommon = ["kk"]',
            'kiosks.k.common: there is no service at this kiosk "kk"; it can be ktp_el',
        ),
        (ONE, '[kiosks.k]\nhours = "late"', 'kiosks.k.hours: there is no timetable "late"; it can be default'),
        (ONE, '[kiosks.k]\nlayout = "service"', 'kiosks.k.layout: "service" is not possible; did you mean "services"?'),
        (
            ONE,
            '[kiosks.k]\npages = ["saerch"]',
            'kiosks.k.pages: there is no page of a kiosk "saerch"; did you mean "search"?',
        ),
        (
            ONE,
            '[kiosks.k]\ncommon = ["ktp_el"]\npages = ["details"]',
            "kiosks.k.common: is shown nowhere without the page common; add it to pages, or take it out",
        ),
        (ONE, '[voices.xx]\nengine = "clips"', 'voices.xx: there is no language "xx"; it can be id, en'),
        (
            ONE,
            '[voices.id]\nengine = "spoken"',
            'voices.id.engine: "spoken" is not possible; did you mean "espeak"?',
        ),
        (
            ONE,
            '[voices.id]\nengine = "command"',
            'voices.id.engine: wants a command; add one like command = ["/usr/local/bin/say"]',
        ),
        (ONE, '[voices.id]\nengine = "piper"', "voices.id.engine: wants Piper's model file; name it as voice"),
        (ONE, "[speech]\nloudness = -3.0", "speech.loudness: expected float <= -14.0; write such a one"),
        (ONE, '[boards.hall]\nzones = ["nroth"]', 'boards.hall.zones: there is no zone "nroth"; did you mean "north"?'),
        (ONE, "[boards.hall]\nzones = []", "boards.hall.zones: names no zone, so the board would stay empty; name one"),
        (
            ONE,
            '[boards.hall]\nzones = ["north"]\nlanguages = ["en", "fr"]',
            'boards.hall.languages: there is no language "fr"; it can be id, en',
        ),
        (
            ONE,
            '[printers.p]\nfallback = "p"',
            "printers.p.fallback: a printer cannot stand in for itself; name another",
        ),
        (ONE, "[printers.p]\nwidth = 500", "printers.p.width: expected int that's a multiple of 8; write such a one"),
        (
            ONE,
            "[prefixes.A]\nstart = 500\nend = 400",
            "prefixes.A.end: 400 lies before the start, 500, and no number is left; write a larger one",
        ),
        (ONE, "[prefixes.A]\nend = 5\nstep = 9", "prefixes.A.step: 9 steps over all from 1 to 5; write a smaller one"),
        (ONE, "[prefixes.Z]\nend = 5", 'prefixes.Z: there is no service with the prefix "Z"; it can be A'),
        (
            ONE,
            '[prefixes.A]\nused_up = "stop"',
            'prefixes.A.used_up: "stop" is not possible; it can be continue, wrap, refuse',
        ),
        (
            ONE,
            '[limits]\nlookups = "30"',
            'limits.lookups: "30" is no limit; write it like "30 per minute" or "5 per 10m", or "off"',
        ),
        (
            ONE,
            '[server]\ncertificate = "config.toml"',
            "server.certificate: is of no use without `key`; write both, or neither",
        ),
        (
            ONE,
            '[server]\nkey = "config.toml"',
            "server.key: is of no use without `certificate`; write both, or neither",
        ),
        (
            ONE,
            '[server]\ncertificate = "config.toml"\nkey = "nowhere.pem"',
            'server.key: there is no file "nowhere.pem"; put it there, or take the key out',
        ),
        (
            ONE,
            '[server]\nproxies = ["proxy.example"]',
            'server.proxies: "proxy.example" is no address or network; write it like "10.0.0.5" or "10.0.0.0/24"',
        ),
        (
            ONE,
            '[server]\nwatchers = ["0.0.0.0/0"]',
            'server.watchers: "0.0.0.0/0" is every address; name those that are meant',
        ),
        (ONE, "[limits]\nconnections = 5", "limits.connections: expected int >= 20; write such a one"),
        (
            ONE,
            "[policy]\nblind = true\npicking = true",
            "policy.picking: clerks who cannot see the queue (blind) cannot pick from it; take one of the two",
        ),
        (
            ONE,
            "[policy]\nno_show_calls = 4\nmax_recalls = 2",
            "policy.no_show_calls: 4 calls are never reached with max_recalls = 2;"
            " ask for fewer calls, or allow more recalls",
        ),
        (ONE, '[pause_reasons]\naway = "Pergi"', "pause_reasons.away: is the server's own code; take another"),
        (
            ONE,
            '[categories.elderly]\nname = "Lansia"',
            'categories: has no "regular", the category of whoever has no other; add [categories.regular]',
        ),
        (
            ONE,
            '[dates.x]\nname = "x"\nfirst = "2026-13-01"',
            'dates.x.first: "2026-13-01" is no date; write it like 2026-12-25',
        ),
        (
            ONE,
            '[dates.x]\nname = "x"\nfirst = 2026-12-25\nlast = 2026-12-24',
            "dates.x.last: 2026-12-24 lies before the first, 2026-12-25; write a later day",
        ),
        (
            ONE,
            '[dates.x]\nname = "x"\nfirst = 2026-12-25\nhours = { default = "ramadan" }',
            'dates.x.hours.default: there is no timetable "ramadan"; it can be default',
        ),
        (
            ONE,
            '[dates.x]\nname = "x"\nfirst = 2026-12-25\nagencies = ["dukcapi"]',
            'dates.x.agencies: there is no agency "dukcapi"; did you mean "dukcapil"?',
        ),
        (ONE, "[agencies.pln]", "agencies.pln.name: is missing; write it"),
        (ONE, '[agencies."P L N"]\nname = "PLN"', "agencies.P L N: is no id; write up to 40 of a-z, A-Z, 0-9, _ and -"),
        (ONE, '[servvices.x]\nname = "x"', 'servvices: unknown table; did you mean "services"?'),
        (
            MALL,
            'day_starts = "13:00"',
            'mall.day_starts: "13:00" is too late; a business day begins between "00:00" and "11:59"',
        ),
        (
            MALL,
            'public_url = "mall.example"',
            'mall.public_url: is no address; write one like "https://antrean.example.id", or ""',
        ),
        *(
            (
                MALL,
                f"public_url = '{address}'",
                'mall.public_url: is no address; write one like "https://antrean.example.id", or ""',
            )
            for address in (
                "https://somebody:secret@queue.example",
                "https://queue.example\\@evil.example",
                "https://queue.example:99999",
                "https://queue.example:0",
                "https://queue.example/../x",
                "javascript:alert(1)",
                "//queue.example",
                "https://queue.example/?x",
            )
        ),
        (MALL, 'accent = "teal"', 'mall.accent: "teal" is no colour; write it like "#0A5560"'),
        (
            MALL,
            'logo = "nowhere.png"',
            'mall.logo: there is no file "nowhere.png" beside config.toml; put it there, or take the key out',
        ),
        (
            ONE,
            '[questions.phone]\nasks = "phone"\npurpose = "To call you"\nservices = ["ktp_el", "passport"]',
            'questions.phone.services: there is no service "passport"; it can be ktp_el',
        ),
        (
            ONE,
            '[questions.a]\nasks = "name"\npurpose = "x"\n[questions.b]\nasks = "name"\npurpose = "y"',
            'questions.b.services: "ktp_el" is asked for the name by a already; name other services, or take one of the'
            " two out",
        ),
        (ONE, '[questions.phone]\nasks = "phone"', "questions.phone.purpose: is missing; write it"),
        (
            ONE,
            '[questions.x]\nasks = "nik"\npurpose = "x"',
            'questions.x.asks: "nik" is not possible; it can be name, phone, identity',
        ),
        (
            ONE,
            '[questions.x]\nasks = "identity"\npurpose = "x"',
            "questions.x.number: is missing; write nik, fin, georgia or pattern",
        ),
        (
            ONE,
            '[questions.x]\nasks = "identity"\npurpose = "x"\nnumber = "nik"\ncheck_digits = "luhn"',
            'questions.x.check_digits: a nik has its own; take it out, or write number = "pattern"',
        ),
        (
            ONE,
            '[questions.x]\nasks = "identity"\npurpose = "x"\nnumber = "pattern"',
            'questions.x.shapes: is missing; write how the number looks, such as ["999999999"]',
        ),
        (
            ONE,
            '[questions.x]\nasks = "identity"\npurpose = "x"\nnumber = "pattern"\nshapes = ["AA999"]\n'
            'check_digits = "luhn"',
            'questions.x.check_digits: Luhn\'s scheme is for digits alone; write "mod97", or shapes of 9',
        ),
        (
            ONE,
            '[services.two]\nagency = "dukcapil"\nname = "Two"\nprefix = "Z"\ncodes = ["ONE"]\n'
            '[services.three]\nagency = "dukcapil"\nname = "Three"\nprefix = "Y"\ncodes = ["one"]',
            'services.three.codes: "one" is a code of two already; take another one for either',
        ),
        (
            ONE,
            '[kiosks.k]\nkeys = { F1 = "ktp" }',
            'kiosks.k.keys.F1: there is no service at this kiosk "ktp"; did you mean "ktp_el"?',
        ),
        (
            ONE,
            '[kiosks.k]\nkeys = { Enter = "ktp_el" }',
            "kiosks.k.keys.Enter: is a key that does something else; give the button another one",
        ),
        (
            ONE,
            '[kiosks.k]\nchoose_by = "codes"',
            "kiosks.k.choose_by: nothing can be chosen: it has no keys, and no service here has codes; write either, or"
            " take the key out",
        ),
        (
            ONE,
            '[questions.x]\nasks = "identity"\npurpose = "x"\nnumber = "nik"\nkeep = false',
            "questions.x.keep: a number that is neither kept nor counted is asked for nothing; write daily",
        ),
        (
            ONE,
            '[questions.x]\nasks = "phone"\npurpose = "x"\ndaily = 1',
            'questions.x.daily: is for identity numbers; take it out, or ask for the "identity"',
        ),
        (
            ONE,
            '[questions.x]\nasks = "phone"\npurpose = "x"\nkeep = false',
            "questions.x.keep: a phone that is not kept is asked for nothing; take the key out, or the whole question",
        ),
        (
            ONE,
            '[privacy]\nkey_file = "nowhere.key"',
            'privacy.key_file: there is no file "nowhere.key"; put it there, or take the key out',
        ),
        (
            ONE,
            '[privacy]\nkey_file = "env:MY KEY"',
            'privacy.key_file: "env:MY KEY" names no variable; write one like "env:ANTREAN_SECRET"',
        ),
        (NORTH, 'directionn = "kiri"', 'zones.north.directionn: unknown key; did you mean "direction"?'),
        (
            "[counters.1]",
            'languages = ["id", "Basa Jawa"]',
            'counters.1.languages: "Basa Jawa" is no language code; write one like "id" or "en"',
        ),
    ],
)
def test_a_mistake_is_said_with_its_key_and_what_it_should_be(tmp_path, after, line, expected):
    """Whatever is wrong, its key is named, with what is wanted there or the nearest name that is valid."""
    text, number = with_line(SMALL, after, line)

    said = mistakes(tmp_path, text)

    assert expected in [entry.partition(": ")[2] for entry in said]
    [at] = [int(entry.partition(":")[0]) for entry in said if entry.endswith(f": {expected}")]
    assert number <= at <= number + line.count("\n")


@pytest.mark.parametrize(
    ("starts", "opening", "cut"),
    [
        ("01:00", "18:00-02:00", True),
        ("00:00", "18:00-02:00", True),
        ("04:00", "03:00-05:00", True),
        ("02:00", "18:00-02:00", False),
        ("04:00", "18:00-02:00", False),
        ("00:00", "18:00-24:00", False),
        ("04:00", "00:00-24:00", False),
        ("04:00", "01:00-04:00", False),
    ],
)
def test_an_opening_lies_within_one_business_day(tmp_path, starts, opening, cut):
    """Where the next day begins in its middle, whoever waits would be sent home and numbers given twice that night."""
    text, _ = with_line(SMALL, MALL, f'day_starts = "{starts}"')
    text += f'\n[hours.late]\nfri = ["{opening}"]\n'
    line = text.splitlines().index("[hours.late]") + 2

    if not cut:
        (tmp_path / "config.toml").write_text(text, encoding="utf-8")
        assert load(tmp_path / "config.toml").hours["late"][4]
        return

    assert mistakes(tmp_path, text) == [
        f"{line}: hours.late.fri: {opening} reaches past {starts}, where the next business day begins (day_starts) and"
        " whoever waits is sent home; let days start when nothing is open"
    ]


def test_a_day_that_begins_within_the_usual_hours_is_refused(tmp_path):
    """Services without other hours are open from 08:00 to 16:00."""
    text, number = with_line(SMALL, MALL, 'day_starts = "09:00"')

    (said,) = mistakes(tmp_path, text)

    assert said.startswith(f"{number}: mall.day_starts: 08:00-16:00 reaches past 09:00")


def test_a_prefix_belongs_to_one_service(tmp_path):
    """Two services with one prefix would give the same number twice."""
    text = SMALL + '\n[services.kia]\nagency = "dukcapil"\nname = "KIA"\nprefix = "A"\n'

    said = mistakes(tmp_path, text)

    assert said == [
        '24: services.kia.prefix: "A" is the prefix of ktp_el already;'
        " to give both one series of numbers, write shared = true under [prefixes.A]"
    ]


KIA = '\n[services.kia]\nagency = "dukcapil"\nname = "KIA"\nprefix = "A"\n'
SHARED = "\n[prefixes.A]\nshared = true\n"


def test_services_of_one_agency_may_share_a_prefix(tmp_path):
    """Where the mall says so they count in one series."""
    (tmp_path / "config.toml").write_text(SMALL + KIA + SHARED, encoding="utf-8")

    settings = load(tmp_path / "config.toml")

    assert {service.prefix for service in settings.services.values()} == {"A"}


@pytest.mark.parametrize(
    ("other", "wrong"),
    [
        (
            KIA.replace("dukcapil", "pajak") + '\n[agencies.pajak]\nname = "Pajak"\n',
            '"A" is the prefix of ktp_el already; only services of one agency share a prefix',
        ),
        (
            KIA + "paper_roll = true\n",
            '"A" cannot be shared with ktp_el: what is torn off a paper roll is for one service; take another',
        ),
        (
            KIA.replace('"A"', '"А"'),
            '"А" cannot be told from "A" of ktp_el: its letters look alike; take another',
        ),
    ],
)
def test_what_cannot_share_a_prefix(tmp_path, other: str, wrong: str):
    """Another agency's service, numbers torn off a roll, and letters that only look the same."""
    assert mistakes(tmp_path, SMALL + other + SHARED) == [f"24: services.kia.prefix: {wrong}"]


@pytest.mark.parametrize(("one", "other"), [("A", "Α"), ("А", "Α"), ("BO", "ВО"), ("I", "І"), ("É", "É"), ("A", "Ａ")])
def test_prefixes_that_look_alike_are_not_taken_side_by_side(tmp_path, one: str, other: str):
    """Two people would be called by what looks like one number, whatever alphabets it is of."""
    text = SMALL.replace('prefix = "A"', f'prefix = "{one}"') + KIA.replace('"A"', f'"{other}"')

    (said,) = mistakes(tmp_path, text)

    assert said.startswith("24: services.kia.prefix: ")


def test_labels_of_counters_that_look_alike_are_refused(tmp_path):
    """People are sent to what they can read."""
    other = '\n[counters.a]\nzone = "north"\nservices = ["ktp_el"]\nlabel = "{}"\n'

    (said,) = mistakes(tmp_path, SMALL + other.format("A") + other.format("А").replace("[counters.a]", "[counters.b]"))

    assert said == '29: counters.b.label: "А" cannot be told from what counter a is called; take another'


@pytest.mark.parametrize("wrong", ["", "a", "A1", "ABCD", "A B", 7, "Ა", "é", "ABCé"])
def test_a_prefix_is_letters(wrong):
    """Digits in a prefix would run into the number; small letters are not what signs show."""
    with pytest.raises(ValueError, match="is no prefix"):
        prefix(wrong)


@pytest.mark.parametrize("right", ["A", "ABC", "Ж", "ა", "İ", "ج", "ก", "क"])
def test_a_prefix_may_be_of_any_script(right: str):
    """The ordinary letters of scripts without capitals pass, Georgian among them."""
    assert prefix(right) == right


def test_a_prefix_is_kept_with_its_marks_as_one_letter(tmp_path):
    """However the file's editor saves it, [prefixes] finds it."""
    text = SMALL.replace('prefix = "A"', 'prefix = "E\u0301"') + '\n[prefixes."\u00c9"]\nend = 5\n'
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")

    settings = load(tmp_path / "config.toml")

    assert settings.services["ktp_el"].prefix == "\u00c9"


def test_an_accent_that_cannot_be_read_is_refused_with_its_ratio(tmp_path):
    """The contrast of the accent on paper and under white text must reach 4.5:1, and is said when it does not."""
    text, _ = with_line(SMALL, MALL, 'accent = "#FFD34D"')

    said = mistakes(tmp_path, text)

    assert said == [
        "5: mall.accent: #FFD34D cannot be read: its contrast is 1.37:1 on the pages' #FBFAF7 and 1.43:1 under"
        " white text; it must be at least 4.5:1, so take a darker one"
    ]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#FFFFFF", 21.0), ("#FBFAF7", "#0A5560", 8.1), ("#777777", "#FFFFFF", 4.48)],
)
def test_contrast_is_what_wcag_says(one, other, ratio):
    """Black on white is 21:1, and the order of two colours does not matter."""
    assert contrast(one, other) == pytest.approx(ratio, abs=0.05)
    assert contrast(one, other) == contrast(other, one)


def test_letters_that_no_font_has_are_refused(tmp_path):
    """A text that would come out of the printer as empty boxes is a mistake where it stands."""
    text = SMALL.replace('en = "Identity card"', 'en = "Identity ☃ card"').replace('"North"', '"N☃rth"')

    said = mistakes(tmp_path, text, missing_letters=lambda text: "☃" * text.count("☃"))

    assert said == [
        "11: services.ktp_el.name.en: no printer's font here can draw ☃; write it otherwise, or install a font",
        "15: zones.north.name.en: no printer's font here can draw ☃; write it otherwise, or install a font",
    ]


def test_broken_values_hide_no_other_mistake(tmp_path):
    """A line that TOML cannot read is said, and the file is read on without it."""
    text = SMALL.replace(KTP, "prefix = A\ntarget = 10m").replace('zone = "north"', 'zone = "nort"')

    said = mistakes(tmp_path, text)

    assert said == [
        '12: prefix: this is no TOML: invalid value; text stands in quotes: "A"',
        "13: target: this is no TOML: expected newline or end of document after a statement;"
        ' text stands in quotes: "10m"',
        '19: counters.1.zone: there is no zone "nort"; did you mean "north"?',
    ]


@pytest.mark.parametrize(
    ("broken", "line"), [("[services.ktp_el", 9), ('services = ["ktp_el"', 19), ("[mall]\n[mall]", 2)]
)
def test_a_broken_file_says_where(tmp_path, broken, line):
    """Where nothing can be read on, the place is said and no follow-up mistake is made up."""
    whole = {"[services.ktp_el": "[services.ktp_el]", 'services = ["ktp_el"': ONE, "[mall]\n[mall]": "[mall]"}[broken]

    said = mistakes(tmp_path, SMALL.replace(whole, broken))

    assert [int(entry.partition(":")[0]) for entry in said] == [line]
    assert "this is no TOML" in said[0]


def test_a_file_that_is_not_there_or_not_text_is_said(tmp_path):
    """Who names the wrong file hears what to do."""
    with pytest.raises(ConfigWrong, match="there is no such file; write one, or name another with --config"):
        load(tmp_path / "config.toml")
    (tmp_path / "config.toml").write_bytes(b"\xff\xfe")

    assert mistakes_of(tmp_path / "config.toml") == [
        "config.toml:1: this is not UTF-8 from byte 0 on; save it as UTF-8"
    ]


def test_a_byte_order_mark_does_not_matter(tmp_path):
    """A file saved by an editor that begins it with one is read, its mistakes on their own lines."""
    file = tmp_path / "config.toml"
    file.write_text(SMALL, encoding="utf-8-sig")

    assert load(file).mall.name == {"id": "Mal", "en": "Mall"}
    file.write_text(SMALL.replace("[mall]", "[moll]"), encoding="utf-8-sig")
    assert mistakes_of(file)[0].startswith("config.toml:1: moll: unknown table")


def mistakes_of(path: Path) -> list[str]:
    with pytest.raises(ConfigWrong) as wrong:
        load(path)
    return wrong.value.mistakes


def test_an_empty_file_says_what_is_needed(tmp_path):
    """Nothing at all is one mistake, not one for each key that could be there."""
    assert mistakes(tmp_path, "") == ["1: mall: is missing; write it"]


def test_lines_are_found_in_any_way_of_writing(tmp_path):
    """Dotted keys, inline tables, quoted keys and texts over several lines keep their line."""
    text = """\
# one
a.b = 1
[ c . "d e" ]
f = '''
x = 1
'''  # [no.table]
g = [
  1,
  { h = "=" },
]
i = { j = 2.5, k = [3] }
"""

    lines = parse(text).lines

    assert {".".join(path): line for path, line in lines.items()} == {
        "a": 2, "a.b": 2, "c": 3, "c.d e": 3, "c.d e.f": 4, "c.d e.g": 7, "c.d e.g.0": 8, "c.d e.g.1": 9,
        "c.d e.g.1.h": 9, "c.d e.i": 11, "c.d e.i.j": 11, "c.d e.i.k": 11, "c.d e.i.k.0": 11,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("written", "milliseconds"),
    [("90s", 90_000), ("10m", 600_000), ("1h30m", 5_400_000), ("2d", 172_800_000), ("500ms", 500), ("0s", 0)],
)
def test_durations_are_milliseconds(written, milliseconds):
    """A duration is a row of numbers with their units, largest first."""
    assert duration(written) == milliseconds


@pytest.mark.parametrize("wrong", ["", "10", "m", "5m1h", "-5m", "1.5h", "10 m", 10, True, None])
def test_nothing_else_is_a_duration(wrong):
    """A number without its unit, or in another order, is refused."""
    with pytest.raises(ValueError, match="is no duration"):
        duration(wrong)


def test_no_duration_is_longer_than_a_year():
    """A slip of the finger must not make due times that no calendar has."""
    assert duration("366d") == 366 * 86_400_000
    with pytest.raises(ValueError, match="no duration is longer"):
        duration("366d1ms")


def test_an_opening_may_go_past_midnight():
    """An opening that ends before it starts ends on the next day; a whole day ends at 24:00."""
    assert span("22:00-02:00") == (1320, 1560)
    assert span("00:00-24:00") == (0, 1440)
    for wrong in ("08:00", "08:00-08:00", "24:00-08:00", "08:60-09:00", "25:00-26:00"):
        with pytest.raises(ValueError, match=r"write it like|whole day"):
            span(wrong)


def test_limits_have_a_count_and_a_time():
    """A limit is so many in so long, or off."""
    assert rate("30 per minute") == Rate(count=30, per_ms=60_000)
    assert rate("5 per 10m") == Rate(count=5, per_ms=600_000)
    assert rate("off") is None


def test_weekdays_are_single_or_in_a_row():
    """`mon-thu` is four days; the week begins on Monday."""
    assert list(weekdays("mon-thu")) == [0, 1, 2, 3]
    assert list(weekdays("sun")) == [6]
    with pytest.raises(ValueError, match="backwards"):
        weekdays("sat-mon")


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ('parts = ["number", "trak"]', 'slip.parts: there is no part of a slip "trak"; did you mean "track"?'),
        ('parts = ["head"]', 'slip.parts: must hold "number": a slip without its number is of no use; add it'),
        ('large = ["head"]\nsmall = ["head"]', 'slip.small: "head" is large already; take it out of one of the two'),
        ("number_mm = 5", "slip.number_mm: expected `float` >= 13.0; write such a one"),
        ("qr_mm = 99", "slip.qr_mm: expected `float` <= 45.0; write such a one"),
    ],
)
def test_a_slip_that_could_not_be_read_is_refused(tmp_path: Path, line: str, wrong: str):
    """Parts that there are not, no number, digits and codes of a size that people and phones cannot read."""
    [said] = mistakes(tmp_path, f"{SMALL}\n[slip]\n{line}\n")

    assert said.partition(": ")[2].replace("`", "") == wrong.replace("`", "")


def test_a_text_is_read_into_mistakes_that_have_their_place():
    """For an editor: the path and the element, the line, what is wrong there and what to do."""
    text, line = with_line(SMALL, ONE, '[boards.hall]\nzones = ["north", "nroth"]\nrows = 99')

    found = read(text)
    wrong, many = found.mistakes

    assert found.settings is None
    assert (wrong.path, wrong.place, wrong.line) == (("boards", "hall", "zones"), 1, line + 1)
    assert (wrong.wrong, wrong.todo) == ('there is no zone "nroth"', 'did you mean "north"?')
    assert (many.path, many.place, many.line) == (("boards", "hall", "rows"), None, line + 2)
    assert read(SMALL).settings is not None
    assert read(SMALL).mistakes == ()


def test_a_text_that_is_no_toml_has_mistakes_with_lines_too():
    """An editor's text is wrong most of the time while somebody types."""
    mistake = read('[mall]\nid = "small"\nname = "Mall').mistakes[-1]

    assert (mistake.path, mistake.line) == ((), 3)
    assert mistake.wrong.startswith("name: this is no TOML")
    assert mistake.todo


PUBLIC = SMALL.replace("[mall]", '[mall]\npublic_url = "https://queue.example.id"', 1)
OIDC = """
[oidc]
issuer = "https://id.example.id"
client_id = "antrean"
[oidc.roles]
clerk = ["clerks"]
"""


def test_a_provider_is_read(tmp_path):
    """Its roles are lists by role, its secret a reference."""
    (tmp_path / "config.toml").write_text(PUBLIC + OIDC)

    oidc = load(tmp_path / "config.toml").oidc

    assert (oidc.issuer, dict(oidc.roles), oidc.scopes) == (
        "https://id.example.id",
        {"clerk": ("clerks",)},
        ("openid", "profile"),
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (OIDC.replace("https", "http"), "oidc.issuer: must be reached encrypted"),
        (OIDC.replace('client_id = "antrean"', ""), "oidc.client_id: is missing"),
        (OIDC.replace('issuer = "https://id.example.id"', ""), "names no provider"),
        (OIDC + 'boss = ["x"]\n', 'there is no role "boss"'),
        (OIDC.split("[oidc.roles]")[0], "oidc.roles: lets nobody in"),
        (OIDC + '[oidc.agencies]\nnowhere = ["x"]\n', 'there is no agency "nowhere"'),
        (OIDC + 'agency_admin = ["x"]\n', "needs agencies, and none is mapped"),
        (OIDC.replace("client_id", 'secret_file = "missing"\nclient_id'), 'there is no file "missing"'),
    ],
)
def test_what_is_wrong_with_a_provider_is_said(tmp_path, wrong, said):
    """Each with its place, before anything starts."""
    found = mistakes(tmp_path, PUBLIC + wrong)

    assert any(said in one for one in found), found


def test_a_provider_wants_the_public_address(tmp_path):
    """It leads people back there, and never to a host that a request made up."""
    found = mistakes(tmp_path, SMALL + OIDC)

    assert any("mall.public_url: is missing" in one for one in found), found


PUSH = """
[push]
on = true
contact = "mailto:antrean@example.go.id"
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PUBLIC + PUSH.replace("contact", "# contact"), "push.contact: is missing"),
        (PUBLIC + PUSH.replace("mailto:", ""), "push.contact: is no address"),
        (PUBLIC + PUSH + "through = []\n", "push.through: lets no message through"),
        (PUBLIC + PUSH + 'proxy = "proxy.lan:3128"\n', "push.proxy: is no proxy's address"),
        (PUBLIC + PUSH + 'proxy = "http://me:secret@proxy.lan:3128"\n', "push.proxy: is no proxy's address"),
        (PUBLIC + PUSH + 'through = ["https://"]\n', '"https://" is no push service'),
        (PUBLIC + PUSH + 'through = ["127.0.0.1"]\n', '"127.0.0.1" is no push service'),
        (PUBLIC + PUSH + 'key_file = "missing.pem"\n', 'there is no file "missing.pem"'),
        (PUBLIC.replace("https", "http") + PUSH, "push.on: wants the phones' page on https"),
    ],
)
def test_what_is_wrong_with_messages_to_phones_is_said(tmp_path, text, said):
    """Each with its place, before anything starts."""
    found = mistakes(tmp_path, text)

    assert any(said in one for one in found), found


@pytest.mark.parametrize("more", ["", 'through = ["push.example.id", "http://127.0.0.1:9000"]\n'])
def test_phones_are_told_where_their_page_is_on_https(tmp_path, more):
    """By the usual push services, or by those that the mall names."""
    (tmp_path / "config.toml").write_text(PUBLIC + PUSH + more)

    assert load(tmp_path / "config.toml").push.on
