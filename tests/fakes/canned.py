"""One believable mall as views: what a server would say, ready to be changed by `msgspec.structs.replace`."""

from datetime import UTC, datetime, timedelta
from typing import Any

from queue_server.wire.api import (
    BoardServing,
    Evacuation,
    MallAgency,
    MallService,
    MallView,
    Named,
    Place,
    StepView,
    Texts,
    TicketSlip,
    TicketView,
    Wait,
    WayOut,
)
from queue_server.wire.live import (
    Alert,
    Figures,
    FloorCounter,
    FloorService,
    FloorView,
    TicketPageView,
)

ZONE = "Asia/Jakarta"
MALL: Texts = {"id": "Mal Pelayanan Publik Nusantara", "en": "Nusantara Public Service Mall"}


def now() -> datetime:
    return datetime.now(UTC)


def ago(seconds: float) -> str:
    """The instant so many seconds before now, as the API writes it."""
    return (now() - timedelta(seconds=seconds)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def ahead(seconds: float) -> str:
    return ago(-seconds)


def both(indonesian: str, english: str) -> Texts:
    return {"id": indonesian, "en": english}


def named(ident: str, indonesian: str, english: str) -> Named:
    return Named(id=ident, name=both(indonesian, english))


SERVICES = (
    named("ktp-baru", "KTP elektronik baru", "New identity card"),
    named("kartu-keluarga", "Kartu Keluarga", "Family card"),
    named("akta-lahir", "Akta kelahiran", "Birth certificate"),
    named("pindah-datang", "Surat pindah dan datang", "Change of residence"),
    named("paspor-baru", "Paspor baru", "New passport"),
    named("sim-perpanjang", "Perpanjangan SIM", "Driving licence renewal"),
    named("pajak-npwp", "Pendaftaran NPWP", "Taxpayer registration"),
    named("bpjs-peserta", "Perubahan data peserta JKN", "Health insurance member data"),
)
AGENCIES = (
    named(
        "dukcapil",
        "Dinas Kependudukan dan Pencatatan Sipil",
        "Population and Civil Registration Office",
    ),
    named("imigrasi", "Kantor Imigrasi", "Immigration Office"),
    named("polres", "Kepolisian Resor", "District Police"),
    named("pajak", "Kantor Pelayanan Pajak Pratama", "Tax Service Office"),
    named("bpjs", "BPJS Kesehatan", "National Health Insurance"),
)
AGENCY_OF = {
    "ktp-baru": "dukcapil",
    "kartu-keluarga": "dukcapil",
    "akta-lahir": "dukcapil",
    "pindah-datang": "dukcapil",
    "paspor-baru": "imigrasi",
    "sim-perpanjang": "polres",
    "pajak-npwp": "pajak",
    "bpjs-peserta": "bpjs",
}
PREFIX = dict(zip((s.id for s in SERVICES), "ABCDEFGH", strict=True))
ZONES = (
    named("a", "Zona A, Kependudukan", "Zone A, civil registration"),
    named("b", "Zona B, Perjalanan", "Zone B, travel"),
)
OUTCOMES = (
    named("done", "Selesai", "Done"),
    named("documents_missing", "Berkas kurang", "Documents missing"),
    named("referred", "Dirujuk ke instansi lain", "Referred elsewhere"),
    named("withdrawn", "Dibatalkan pemohon", "Withdrawn by the applicant"),
)
PAUSES = (
    named("break", "Istirahat", "Break"),
    named("prayer", "Salat", "Prayer"),
    named("back_office", "Pekerjaan berkas", "Paperwork"),
    named("system_down", "Sistem instansi mati", "Agency's system is down"),
)
PARKS = (
    named("copies", "Melengkapi fotokopi", "Getting copies"),
    named("payment", "Membayar di bank", "Paying at the bank"),
)
REASONS = (
    named("staffing", "Pengaturan petugas", "Staffing"),
    named("evacuation", "Evakuasi", "Evacuation"),
    named("power", "Listrik padam", "Power failure"),
    named("mistake", "Kesalahan petugas", "Mistake by staff"),
    named("citizen_request", "Permintaan warga", "Asked for by the citizen"),
)
CATEGORIES = (
    named("regular", "Umum", "Regular"),
    Named(id="elderly", name=both("Lansia", "Elderly")),
    Named(id="disabled", name=both("Penyandang disabilitas", "Person with a disability")),
    Named(id="pregnant", name=both("Ibu hamil", "Pregnant")),
)


def place(number: str, waited: int, *, order: int, service: str = "ktp-baru", **more: Any) -> Place:
    known: dict[str, Any] = {
        "ticket": f"t-{number}",
        "number": number,
        "service": service,
        "category": "regular",
        "place": order,
        "queued_at": ago(waited),
        "due_at": ahead(900 - waited),
        "waited_s": waited,
        "why": "due",
        "overdue": waited > 900,
        "language": "id",
    }
    return Place(**(known | more))


def evacuation(**more: Any) -> Evacuation:
    """The building is evacuated, with one way out and a place to gather."""
    known: dict[str, Any] = {
        "since": ago(60),
        "text": {},
        "assembly_point": {"id": "halaman parkir", "en": "the car park"},
        "ways": (
            WayOut(zone="a", name={"id": "Zona A", "en": "Zone A"}, way={"id": "tangga utara", "en": "north stairs"}),
        ),
    }
    return Evacuation(**(known | more))


def ticket(number: str = "A012", state: str = "called", *, service: str = "ktp-baru", **more: Any) -> TicketView:
    """A ticket of one step; `state` as tickets say it."""
    step = StepView(
        service=service,
        agency=AGENCY_OF[service],
        state="finished" if state == "served" else state,
        queued_at=ago(1260),
        due_at=ago(360),
        first_called_at=None if state == "waiting" else ago(40),
        called_at=None if state == "waiting" else ago(40),
        started_at=ago(30) if state in {"serving", "served"} else None,
        finished_at=ago(5) if state == "served" else None,
        counter=None if state == "waiting" else "c12",
        outcome="done" if state == "served" else None,
    )
    known: dict[str, Any] = {
        "id": f"t-{number}",
        "number": number,
        "state": state,
        "category": "regular",
        "language": "id",
        "day": "2026-11-24",
        "issued_at": ago(1260),
        "steps": (step,),
        "people_ahead": 4 if state == "waiting" else None,
        "estimated_wait": Wait(p50_s=600, p90_s=1500) if state == "waiting" else None,
        "track_url": f"/t/t-{number}",
        "slip": TicketSlip(state="printed"),
    }
    return TicketView(**(known | more))


def mall() -> MallView:
    """The public menu, from which pages learn the names of services, agencies and categories."""
    agencies = tuple(
        MallAgency(
            id=agency.id,
            name=agency.name,
            services=tuple(
                MallService(
                    id=service.id,
                    name=service.name,
                    prefix=PREFIX[service.id],
                    open=True,
                    reason=None,
                    waiting=5,
                    estimated_wait=Wait(p50_s=600, p90_s=1500),
                    documents={"id": ("KTP lama", "Kartu Keluarga"), "en": ("Old identity card", "Family card")},
                )
                for service in SERVICES
                if AGENCY_OF[service.id] == agency.id
            ),
        )
        for agency in AGENCIES
    )
    return MallView(
        name=MALL, languages=("id", "en"), open=True, agencies=agencies, categories=CATEGORIES, timezone=ZONE
    )


STATES = ("serving", "idle_waiting", "called", "paused", "idle", "closed")


def floor_counter(position: int) -> FloorCounter:
    state = STATES[position % len(STATES)]
    busy = state in {"serving", "called"}
    return FloorCounter(
        id=f"c{position + 1}",
        label=str(position + 1),
        zone="a" if position < 6 else "b",
        state=state,
        clerk=None if state == "closed" else f"Petugas {position + 1}",
        number=f"A{position + 10:03}" if busy else None,
        service="ktp-baru" if busy else None,
        since=ago(60 + 90 * position),
        reason="prayer" if state == "paused" else None,
        help_since=ago(75) if position == 6 else None,
        services=("ktp-baru", "kartu-keluarga"),
        served=3 * position,
        moves=(
            *(("help-answered",) if position == 6 else ()),
            *(("put-back",) if state == "called" else ()),
            *(("close",) if state not in {"closed", "called", "serving"} else ()),
        ),
    )


def floor_service(position: int) -> FloorService:
    service = SERVICES[position]
    longest = (2460, 300, 0, 840, 1290, 0, 610, 120)[position]
    waiting = (14, 3, 0, 6, 9, 0, 4, 1)[position]
    return FloorService(
        id=service.id,
        agency=AGENCY_OF[service.id],
        name=service.name,
        open=position != 5,
        reason="paused" if position == 5 else None,
        waiting=waiting,
        longest_wait_s=longest,
        target_s=900,
        open_counters=(2, 2, 1, 1, 1, 0, 1, 1)[position],
        issued=waiting + 20 + position,
        served=20 + position,
        estimated_wait=Wait(p50_s=longest // 2 + 60, p90_s=longest + 300) if waiting else None,
        longest=place(f"{PREFIX[service.id]}031", longest, order=1, service=service.id) if waiting else None,
        moves=("resume",) if position == 5 else ("pause",),
    )


def floor(**more: Any) -> FloorView:
    known: dict[str, Any] = {
        "mall": MALL,
        "day": "2026-11-24",
        "languages": ("id", "en"),
        "agencies": AGENCIES,
        "zones": ZONES,
        "figures": Figures(
            waiting=37,
            longest_wait_s=2460,
            issued=231,
            served=188,
            open_counters=9,
            within_target=0.83,
            wait_p50_s=540,
            wait_p90_s=1320,
            no_shows=6,
            waits=194,
        ),
        "counters": tuple(floor_counter(position) for position in range(12)),
        "services": tuple(floor_service(position) for position in range(len(SERVICES))),
        "alerts": (
            Alert(kind="help", subject="c7", text="", since=ago(75), severity="alert"),
            Alert(
                kind="over_target",
                subject="ktp-baru",
                text="",
                since=ago(1560),
                severity="alert",
                fields={"number": "A031", "late_s": 1560, "waiting": 14},
            ),
            Alert(kind="idle_while_waiting", subject="c2", text="", since=ago(240)),
            Alert(kind="printer", subject="kiosk-1", text="", since=ago(400), fields={"error": "paper_out"}),
        ),
        "held": None,
        "reasons": REASONS,
        "timezone": ZONE,
    }
    return FloorView(**(known | more))


def ticket_page(shown: TicketView | None = None, **more: Any) -> TicketPageView:
    known: dict[str, Any] = {
        "ticket": shown or ticket("A012", "waiting"),
        "mall": MALL,
        "languages": ("id", "en"),
        "service": SERVICES[0].name,
        "agency": AGENCIES[0].name,
        "counter_label": None,
        "direction": {},
        "held": None,
        "held_text": {},
        "documents": {"id": ("KTP lama", "Kartu Keluarga"), "en": ("Old identity card", "Family card")},
        "serving": (
            BoardServing(counter="c12", label="12", number="A008", zone="a", state="serving"),
            BoardServing(counter="c13", label="13", number="A007", zone="a", state="called"),
        ),
        "timezone": ZONE,
        "may_cancel": True,
        "services": {service.id: service.name for service in SERVICES},
    }
    return TicketPageView(**(known | more))


def called_page() -> TicketPageView:
    return ticket_page(
        ticket("A012", "called"),
        counter_label="12",
        direction=both("Zona A, di kiri setelah tangga", "Zone A, on the left after the stairs"),
    )
