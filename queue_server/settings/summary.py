"""What a right config.toml adds up to, and what in it may be meant but looks odd."""

from __future__ import annotations

from queue_server.settings.tables import WORKING_DAYS, Service, Settings, Week


def summary(settings: Settings) -> list[str]:
    """A few lines for whoever has just edited the file."""
    minutes = sum(_minutes_a_week(settings, service) for service in settings.services.values())
    quotas = [service.quota for service in settings.services.values() if service.quota is not None]
    counts = {
        "agency": len(settings.agencies),
        "service": len(settings.services),
        "category": len(settings.categories),
        "counter": len(settings.counters),
        "zone": len(settings.zones),
        "kiosk": len(settings.kiosks),
        "printer": len(settings.printers),
        "board": len(settings.boards),
    }
    return [
        ", ".join(f"{count} {_plural(noun, count)}" for noun, count in counts.items()),
        f"languages {', '.join(settings.mall.languages)}; time zone {settings.mall.timezone}",
        f"{minutes // 60} service hours in an ordinary week, other hours on {len(settings.dates)} occasions",
        f"at most {sum(quotas)} tickets a day; {len(settings.services) - len(quotas)} services without a quota",
    ]


def notes(settings: Settings) -> list[str]:
    """What the server accepts although somebody may wait for ever, or a thing is never used."""
    served = {service for counter in settings.counters.values() for service in counter.services}
    used = {service.agency for service in settings.services.values()}
    printing = {kiosk.printer for kiosk in settings.kiosks.values()}
    printing |= {counter.printer for counter in settings.counters.values()}
    printing |= {printer.fallback for printer in settings.printers.values()}
    return [
        *(f"note: no counter serves {id_}" for id_ in settings.services if id_ not in served),
        *(f"note: the agency {id_} has no service" for id_ in settings.agencies if id_ not in used),
        *(f"note: nothing is printed by {id_}" for id_ in settings.printers if id_ not in printing),
    ]


def _plural(noun: str, count: int) -> str:
    if count == 1:
        return noun
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"


def _minutes_a_week(settings: Settings, service: Service) -> int:
    hours = service.hours
    week = hours if isinstance(hours, Week) else settings.hours.get(hours, WORKING_DAYS)
    return sum(end - start for day in week for start, end in day)
