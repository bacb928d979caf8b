"""The printers as staff see them, the tickets without paper, what the floor is told of both, and slips of nobody."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.languages.catalogues import languages_of
from queue_server.views.alerts import ASK_MS
from queue_server.views.floor import floor_view
from queue_server.views.printers import Known, printers_view
from queue_server.views.slip import SLIP
from queue_server.views.slip_sample import sample_slip, texts_on_slips
from queue_server.wire.api import DeviceView
from queue_server.wire.printers import PrinterView
from queue_server.wire.printing import Caps, Hello, Paper, Status
from tests.views.hall import JAKARTA, NINE, RULES, Hall

UNSEEN = Known(state="down", reason="agent_offline", last_seen=None)


def slips(hall: Hall, *fates: tuple[str, str | None]) -> list[str]:
    """A ticket for each fate of its slip."""
    tickets = []
    for number, (state, reason) in enumerate(fates):
        ticket = hall.issue(kiosk="k1", slip_job=f"j{number}")
        tickets.append(ticket)
        hall.carry_out(
            c.ReportSlip(
                at=hall.at, ticket=ticket, job=f"j{number}", state=state, reason=reason, sent=state != "queued"
            )
        )
    return tickets


def printer(known: Known) -> PrinterView:
    [shown] = printers_view(Hall().state, {"p1": known}).printers
    return shown


def test_tickets_without_paper_newest_first():
    """Those whose paper may be missing and whose number still counts; a reprint that must say COPY is told apart."""
    hall = Hall()
    printed, torn, unknown, gone, queued = slips(
        hall,
        ("printed", None),
        ("not_printed", "torn"),
        ("unknown", "power"),
        ("not_printed", "lost"),
        ("queued", "hot"),
    )
    hall.carry_out(c.CancelTicket(at=hall.at, ticket=gone))

    view = printers_view(hall.state, {"p1": UNSEEN})

    assert [(paper.ticket, paper.reason, paper.copy) for paper in view.papers] == [
        (unknown, "power", True),
        (torn, "torn", False),
    ]
    assert (view.printers[0].queued, view.reasons[0].id) == (1, "power")
    assert {printed, queued}.isdisjoint(paper.ticket for paper in view.papers)


def test_an_agency_sees_its_own_tickets():
    """And every printer."""
    hall = Hall()
    slips(hall, ("unknown", "lost"))

    view = printers_view(hall.state, {"p1": UNSEEN}, agencies=frozenset({"travel"}))

    assert (view.papers, len(view.printers)) == ((), 1)


def test_an_agent_that_is_away_is_offline():
    """What it could prove is not known, and what the mall says of its paper is all there is."""
    shown = printer(UNSEEN)

    assert (shown.state, shown.reason, shown.confirms, shown.width) == ("offline", "agent_offline", None, 576)
    assert shown.kiosks == ("k1",)


def test_a_linked_printer_says_what_it_is():
    """What it proves, the paper that its agent uses, how much is left, and its troubles, newest first."""
    caps = Caps(status=(1, 2, 3, 4), process_id=True, counter=50, clear=True)
    shown = printer(
        Known(
            state="warning",
            reason="paper_low",
            last_seen=None,
            linked=True,
            hello=Hello(agent="7", printer="p1", device="tcp://10.0.0.9:9100", paper=Paper(dots=384)),
            status=Status(ready=True, near_end=True, tickets_left=12, mm_since_near_end=800, caps=caps, printed=5),
            version="7",
            troubles=((NINE, "cutter", "A001"), (NINE + 1_000, "paper_out", None)),
            test=(NINE, "printed", None),
        )
    )

    assert (shown.state, shown.reason, shown.confirms, shown.clear) == ("warning", "paper_low", "id", True)
    assert (shown.width, shown.device, shown.tickets_left, shown.printed) == (384, "tcp://10.0.0.9:9100", 12, 5)
    assert [trouble.reason for trouble in shown.troubles] == ["paper_out", "cutter"]
    assert shown.test is not None
    assert shown.test.state == "printed"


@pytest.mark.parametrize(
    ("fates", "severity", "reason"),
    [
        ([("not_printed", "paper_out"), ("unknown", "lost")], "warning", "not_printed"),
        ([("unknown", "lost"), ("unknown", "power")], "warning", "unconfirmed"),
        ([("not_printed", "torn"), ("unknown", "power")], "alert", "torn"),
    ],
)
def test_the_floor_is_told_once_of_each_printers_missing_paper(
    fates: list[tuple[str, str | None]], severity: str, reason: str
):
    """The worst of it, with the numbers, for their agency; over when their citizens had time to come and ask."""
    hall = Hall()
    slips(hall, *fates)

    [now] = [alert for alert in floor_view(hall.state, hall.at, {}).alerts if alert.kind == "slips"]
    elsewhere = floor_view(hall.state, hall.at, {}, agencies=frozenset({"travel"})).alerts
    hall.later(ASK_MS + 30_000)
    later = [alert for alert in floor_view(hall.state, hall.at, {}).alerts if alert.kind == "slips"]

    assert (now.subject, now.severity, now.fields["reason"]) == ("p1", severity, reason)
    assert now.fields["numbers"] == "A002, A001"
    assert [alert for alert in elsewhere if alert.kind == "slips"] == later == []


def test_a_printers_alert_names_its_kiosk_and_what_is_left():
    """So that staff know where to go, and how soon."""
    device = DeviceView(
        id="p1",
        kind="printer",
        state="warning",
        last_seen=None,
        version="7",
        last_error=None,
        details={"reason": "paper_low", "tickets_left": 12},
    )

    [alert] = floor_view(Hall().state, NINE, {}, [device]).alerts

    assert (alert.severity, alert.text) == ("warning", "Printer p1: paper low, about 12 slips left.")
    assert (alert.fields["kiosks"], alert.fields["left"]) == ("k1", 12)


def test_the_alert_of_a_desks_printer_says_which_desk():
    """It stands at a counter, not at a kiosk."""
    counters = {"c3": replace(RULES.counters["c3"], desk=True, printer="p2")}
    printers = {"p2": replace(RULES.printers["p1"], id="p2")}
    agreed = replace(RULES, counters=RULES.counters | counters, printers=RULES.printers | printers)
    device = DeviceView(id="p2", kind="printer", state="offline", last_seen=None, version="7", last_error=None)

    [alert] = floor_view(Hall(agreed).state, NINE, {}, [device]).alerts

    assert alert.fields["kiosks"] == "c3"


@pytest.mark.parametrize("language", languages_of(SLIP))
def test_a_sample_has_something_to_say_in_every_part(language: str):
    """The preview shows what a full slip would: documents, category, what comes after, people ahead, the code."""
    view = sample_slip(Hall().state, NINE, language, tz=JAKARTA, copy=True)

    assert all((view.mall, view.agency, view.sign, view.date, view.time, view.ahead, view.wait, view.then, view.bring))
    assert view.copy is not None
    assert view.copy.endswith(" 1")
    assert view.number == "A 012"


def test_every_text_of_a_slip_is_looked_at():
    """With its place in config.toml, so that whoever is told can mend it."""
    found = set(texts_on_slips(RULES, {"id": "Terima kasih"}))

    assert {
        ("mall.name", "Mal Kecil"),
        ("agencies.travel.name", "Immigration"),
        ("services.card.name", "Layanan card"),
        ("services.card.documents", "Own card"),
        ("categories.elderly.name", "Lansia"),
        ("slip.footer", "Terima kasih"),
        ("language id", "SALINAN"),
    } <= found
