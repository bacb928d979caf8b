"""What a message says of a device: its name, its place and its own word, in the recipient's language."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from queue_server.domain.rules import Kiosk, Printer
from queue_server.languages.catalogues import languages_of
from queue_server.notices.outbox import Told
from queue_server.notices.wording import PAGE, worded
from tests.views.hall import NINE, RULES, both

HALL = replace(
    RULES,
    kiosks={
        "kiosk-1": Kiosk(
            id="kiosk-1", name=both("Kios timur", "East kiosk"), zone=next(iter(RULES.zones)), printer="kiosk-1"
        ),
        "kiosk-2": Kiosk(
            id="kiosk-2", name=both("Kios utara", "North kiosk"), zone=next(iter(RULES.zones)), printer="kiosk-2"
        ),
    },
    printers={
        "kiosk-2": Printer(id="kiosk-2", name={}),
        "desk": Printer(id="desk", name=both("Printer meja", "Desk printer")),
    },
    counters={id_: replace(counter, printer="desk") for id_, counter in list(RULES.counters.items())[:1]},
)


def told(subject: str, reason: str) -> Told:
    return Told(
        rule="devices", kind="device", subject=subject, since=NINE, began_at=NINE, count=None, reason=reason, seq=7
    )


@pytest.mark.parametrize(
    ("subject", "reason", "said"),
    [
        ("printer kiosk-2", "agent_offline", ("printer Kios utara", "program printernya tidak terhubung")),
        ("printer desk", "cover_open", ("printer Printer meja", "Di mana: loket", "terbuka")),
        ("kiosk kiosk-1", "offline", ("kios Kios timur", "Di mana: ", "tidak terhubung")),
    ],
)
def test_devices_are_called_as_the_mall_calls_them(subject: str, reason: str, said: tuple[str, ...]):
    """No id and no code stands in a mail."""
    content = worded(told(subject, reason), None, HALL, "", "id")

    assert all(part in f"{content.title}\n{content.text}" for part in said), content
    assert subject.split()[1] not in content.text
    assert reason not in content.text


@pytest.mark.parametrize("language", languages_of(PAGE))
def test_a_code_that_nobody_has_put_into_words_is_left_out(language: str):
    """In any language."""
    assert "odd_code" not in worded(told("printer desk", "odd_code"), None, HALL, "", language).text


@pytest.mark.parametrize(("minutes", "said"), [(0, "1 min"), (59, "59 min"), (60, "1 h 0 min"), (868, "14 h 28 min")])
def test_how_long_it_lasted_is_said_in_hours(minutes: int, said: str):
    """From an hour on, as pages do."""
    content = worded(told("printer desk", "cutter"), NINE + minutes * 60_000, HALL, "", "en")

    assert f"Lasted: {said}" in content.text.splitlines()
