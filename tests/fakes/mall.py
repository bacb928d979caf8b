"""A mall as the pages see it: canned views of the wire's own types, so a page that passes here reads the real thing."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from queue_server.wire.api import (
    BoardServing,
    MallAgency,
    MallService,
    Named,
    StepView,
    TicketSlip,
    TicketView,
    Wait,
)
from queue_server.wire.boards import BoardCall, BoardView
from queue_server.wire.devices import KioskPrinter, TechnicianView
from queue_server.wire.live import KioskView, TicketPageView

ZONE = "Asia/Jakarta"
NAME = {"id": "Mal Pelayanan Publik Kota Harapan", "en": "Harapan City Public Service Mall"}

CATEGORIES = (
    Named(id="regular", name={"id": "Umum", "en": "Regular"}),
    Named(id="elderly", name={"id": "Lansia, 60 tahun ke atas", "en": "Elderly, 60 and over"}),
    Named(id="disabled", name={"id": "Penyandang disabilitas", "en": "With a disability"}),
    Named(id="pregnant", name={"id": "Ibu hamil", "en": "Pregnant"}),
    Named(id="infant", name={"id": "Membawa bayi", "en": "With an infant"}),
)

AGENCY_NAMES = [
    ("dukcapil", "Dinas Kependudukan dan Pencatatan Sipil", "Population and Civil Registration", "#0B6E4F"),
    ("imigrasi", "Kantor Imigrasi", "Immigration Office", "#1F4E9E"),
    ("polres", "Kepolisian Resor", "Police", "#6B4E00"),
    ("pajak", "Kantor Pelayanan Pajak Pratama", "Tax Office", "#8A3B12"),
    ("bpjs_kes", "BPJS Kesehatan", "Health Insurance", "#176B87"),
    ("bpn", "Kantor Pertanahan", "Land Office", "#5B3E96"),
    ("dpmptsp", "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu", "Investment and Licensing", "#9B1C1C"),
    ("bpjs_tk", "BPJS Ketenagakerjaan", "Employment Insurance", "#2F6B2F"),
    ("kua", "Kantor Urusan Agama", "Religious Affairs", "#3D5A80"),
    ("samsat", "Samsat", "Vehicle Registration", "#B35C00"),
    ("pdam", "PDAM Tirta Harapan", "Water Company", "#006D8F"),
    ("pln", "PLN", "Electricity Company", "#8F6B00"),
    ("kejaksaan", "Kejaksaan Negeri", "Public Prosecutor", "#5C2E2E"),
    ("taspen", "Taspen", "Civil Servants' Pensions", "#4A4A8A"),
]


def _service(
    code: str, prefix: str, name: tuple[str, str], waiting: int, wait: tuple[int, int] | None, **more: Any
) -> MallService:
    values: dict[str, Any] = {
        "id": code,
        "name": {"id": name[0], "en": name[1]},
        "prefix": prefix,
        "open": True,
        "reason": None,
        "waiting": waiting,
        "estimated_wait": Wait(p50_s=wait[0] * 60, p90_s=wait[1] * 60) if wait else None,
        "hours": (("08:00", "12:00"), ("13:00", "15:00")),
    }
    return MallService(**{**values, **more})


PASSPORT = _service(
    "paspor_baru",
    "B",
    ("Paspor baru", "New passport"),
    12,
    (20, 35),
    help={"id": "Permohonan paspor pertama kali", "en": "For whoever has had no passport yet"},
    documents={
        "id": ("KTP-el asli dan fotokopi", "Kartu keluarga", "Akta kelahiran atau ijazah"),
        "en": ("Identity card and a copy", "Family card", "Birth certificate or diploma"),
    },
)
IMMIGRATION: tuple[MallService, ...] = (
    PASSPORT,
    _service(
        "paspor_ganti",
        "C",
        ("Penggantian paspor", "Passport renewal"),
        4,
        (5, 15),
        help={"id": "Habis masa berlaku, hilang, atau rusak", "en": "Expired, lost or damaged"},
    ),
    _service(
        "izin_tinggal",
        "D",
        ("Izin tinggal orang asing", "Residence permit"),
        0,
        (0, 4),
        help={"id": "Perpanjangan izin tinggal kunjungan dan terbatas", "en": "Extension of visit and limited stay"},
    ),
    _service("paspor_ambil", "E", ("Pengambilan paspor", "Passport collection"), 1, (1, 3)),
    _service(
        "bap", "F", ("Pemeriksaan paspor hilang", "Lost passport inquiry"), 0, None, open=False, reason="closed_today"
    ),
    _service("info", "G", ("Informasi dan pengaduan", "Information and complaints"), 2, (2, 6), closing_soon=True),
    _service("paspor_anak", "H", ("Paspor anak", "Passport for a child"), 3, (10, 20)),
    _service(
        "itas", "J", ("ITAS penyatuan keluarga", "Family reunion permit"), 0, None, open=False, reason="quota_reached"
    ),
)


def agencies() -> tuple[MallAgency, ...]:
    made = []
    for index, (code, indonesian, english, colour) in enumerate(AGENCY_NAMES):
        own = IMMIGRATION
        if code != "imigrasi":
            own = tuple(
                _service(
                    f"{code}_{number}",
                    chr(65 + index),
                    (f"Layanan {indonesian} {number}", f"{english} service {number}"),
                    (index * 7 + number * 3) % 23,
                    (index + 2, index + 9),
                )
                for number in range(1, 2 + index % 5)
            )
        made.append(MallAgency(id=code, name={"id": indonesian, "en": english}, services=own, colour=colour))
    return tuple(made)


def kiosk(**changes: object) -> KioskView:
    view = KioskView(
        kiosk="K1",
        mall=NAME,
        languages=("id", "en"),
        open=True,
        held=None,
        held_text={},
        agencies=agencies(),
        categories=CATEGORIES,
        printer="ready",
        printer_reason=None,
        idle_s=45,
        timezone=ZONE,
    )
    return replace(view, **changes)


def ticket(number: str = "B012", service: str = "paspor_baru", **changes: object) -> TicketView:
    at = "2026-11-24T02:15:00Z"
    view = TicketView(
        id=f"t{number}Xk3vQ9",
        number=number,
        state="waiting",
        category="regular",
        language="id",
        day="2026-11-24",
        issued_at=at,
        steps=(StepView(service=service, agency="imigrasi", state="waiting", queued_at=at, due_at=at),),
        people_ahead=12,
        estimated_wait=Wait(p50_s=1200, p90_s=2100),
        track_url=f"http://queue.example/t/t{number}Xk3vQ9",
        slip=TicketSlip(state="queued"),
    )
    return replace(view, **changes)


def ticket_page(shown: TicketView) -> TicketPageView:
    """What the live view of a ticket says."""
    return TicketPageView(
        ticket=shown,
        mall=NAME,
        languages=("id", "en"),
        service={},
        agency={},
        counter_label=None,
        direction={},
        held=None,
        held_text={},
        documents={},
        serving=(),
        timezone=ZONE,
    )


TECHNICIAN = TechnicianView(
    menu_key="open",
    kiosk="K1",
    listed=True,
    name={"id": "Kios utara", "en": "North kiosk"},
    version="0.1.0",
    build="b2",
    address="10.0.0.21",
    printer=KioskPrinter(
        id="P1", state="warning", reason="paper_low", linked=True, test="not_printed", test_reason="no_paper"
    ),
    panel="21.5 inches, 1080 x 1920",
    last_error="TypeError kiosk.js:120",
    alarms=2,
)


ZONES = (
    Named(id="a", name={"id": "Zona A", "en": "Zone A"}),
    Named(id="b", name={"id": "Zona B", "en": "Zone B"}),
)
DIRECTIONS = {
    "a": {"id": "Lantai 1, sebelah kiri pintu masuk", "en": "Ground floor, left of the entrance"},
    "b": {"id": "Lantai 2, naik eskalator lalu ke kanan", "en": "Second floor, up the escalator, then right"},
}


def call(seq: int, number: str, counter: str, at: str, zone: str = "a", *, recall: bool = False) -> BoardCall:
    return BoardCall(seq=seq, number=number, counter=counter, label=counter, zone=zone, at=at, recall=recall)


def serving(numbers: dict[str, str]) -> tuple[BoardServing, ...]:
    return tuple(
        BoardServing(counter=counter, label=counter, number=number, zone="a", state="serving")
        for counter, number in numbers.items()
    )


def board(*calls: BoardCall, **changes: object) -> BoardView:
    view = BoardView(
        board="hall",
        calls=calls,
        serving=(),
        waiting=37,
        name={"id": "Lantai 1", "en": "Ground floor"},
        mall=NAME,
        languages=("id", "en"),
        zones=ZONES,
        directions=DIRECTIONS,
        rows=6,
        sound=True,
        held=None,
        held_text={},
        notice={},
        waiting_list=(),
        timezone=ZONE,
    )
    return replace(view, **changes)
