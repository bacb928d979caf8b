"""The canned mall's rules: its places, services and words, for the pages that are made of them and for its counter."""

from queue_server.domain.rules import Agency, Board, Category, Counter, Kiosk, Printer, Rules, Service, Zone
from tests.fakes import canned


def rules() -> Rules:
    texts = {"id": "Kios pintu utama", "en": "Main entrance kiosk"}
    return Rules(
        name=canned.MALL,
        languages=("id", "en"),
        timezone=canned.ZONE,
        agencies={one.id: Agency(id=one.id, name=one.name) for one in canned.AGENCIES},
        services={
            one.id: Service(
                id=one.id,
                agency=canned.AGENCY_OF[one.id],
                name=one.name,
                prefix=canned.PREFIX[one.id],
                targets={},
                paper_roll=one.id == "ktp-baru",
            )
            for one in canned.SERVICES
        },
        counters={
            f"c{number}": Counter(id=f"c{number}", label=str(number), zone="a", services=("ktp-baru",))
            for number in range(1, 12)
        }
        | {"c12": Counter(id="c12", label="12", zone="a", services=("ktp-baru",), desk=True, printer="p2")},
        zones={one.id: Zone(id=one.id, name=one.name) for one in canned.ZONES},
        categories={one.id: Category(id=one.id, name=one.name) for one in canned.CATEGORIES},
        kiosks={"k1": Kiosk(id="k1", name=texts, printer="p1")},
        printers={
            "p1": Printer(id="p1", name={"id": "Pencetak kios 1", "en": "Kiosk printer 1"}),
            "p2": Printer(id="p2", name={"id": "Pencetak meja", "en": "Desk printer"}),
        },
        boards={
            "hall": Board(
                id="hall", name={"id": "Layar aula", "en": "Hall display"}, zones=("a", "b"), languages=("id", "en")
            )
        },
        outcomes={one.id: one.name for one in canned.OUTCOMES},
        pause_reasons={one.id: one.name for one in canned.PAUSES},
        reasons={one.id: one.name for one in canned.REASONS},
    )
