"""From config.toml to the rules of one business day: hours become instants, defaults are filled in.

The only place that knows both what the mall writes and what the domain reads; what goes into the journal is what comes
out here, plain data that means the same when the file says something else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from queue_server.domain import rules
from queue_server.domain.calendar import Span, bounds, business_day, dates_in, openings
from queue_server.domain.rules import Interval, Rules
from queue_server.languages.catalogues import in_every_language, say
from queue_server.settings import WORKING_DAYS, Settings, Week, tables
from queue_server.settings.menus import menu_of

_DAY = timedelta(days=1)

LOOKED_AHEAD = 14
"""Days in which the next opening is looked for: no holiday is longer."""

USUAL = "usual"
"""The catalogue of what a mall is given that names nothing itself: without a reason nobody could pause a counter."""


class BusinessDay(Struct, frozen=True, kw_only=True):
    """`starts_at` (included) and `ends_at` (excluded) in milliseconds since the epoch."""

    date: date
    starts_at: int
    ends_at: int

    @property
    def name(self) -> str:
        """As events and the API write it: `2026-11-24`."""
        return self.date.isoformat()


def day_at(settings: Settings, at: int) -> BusinessDay:
    """The business day that the instant `at` belongs to."""
    return day_of(settings, business_day(at, settings.mall.day_starts, _zone(settings)))


def day_of(settings: Settings, day: date) -> BusinessDay:
    """The business day of a date, as long as it should be."""
    starts_at, ends_at = bounds(day, settings.mall.day_starts, _zone(settings))
    return BusinessDay(date=day, starts_at=starts_at, ends_at=ends_at)


def day_after(settings: Settings, before: BusinessDay, at: int) -> BusinessDay:
    """The business day of the instant `at`, when `before` has ended: a day only follows a day, and none comes twice.

    Where `day_starts` or the time zone has moved meanwhile, the clock may still show the date of `before`: then the
    next day begins where that one ended. It is longer than others, or shorter, and the calendar is right again.
    """
    day = day_at(settings, at)
    if day.date <= before.date:
        return structs.replace(day_of(settings, before.date + _DAY), starts_at=before.ends_at)
    return structs.replace(day, starts_at=max(day.starts_at, before.ends_at))


def rules_for(settings: Settings, day: BusinessDay, *, always_open: bool = False, listens_at: str = "") -> Rules:
    """The rules of `day` as config.toml has them.

    `always_open` opens every service from the day's first moment to its last (for demonstrations). `listens_at` is
    the server's own address, and the public one where the file names none.
    """
    mall = settings.mall
    categories = _categories(settings)
    return Rules(
        name=dict(mall.name),
        languages=mall.languages,
        timezone=mall.timezone,
        agencies={id_: _agency(id_, agency) for id_, agency in settings.agencies.items()},
        services={
            id_: _always_open(settings, id_, day) if always_open else _service(settings, id_, day)
            for id_ in settings.services
        },
        counters={id_: _counter(id_, counter) for id_, counter in settings.counters.items()},
        zones={id_: _zone_of_hall(id_, zone) for id_, zone in settings.zones.items()},
        categories={
            id_: rules.Category(id=id_, name=dict(kind.name), at_kiosk=kind.at_kiosk)
            for id_, kind in categories.items()
        },
        kiosks={
            id_: _kiosk(settings, id_, kiosk, None if always_open else kiosk_hours(settings, id_, day))
            for id_, kiosk in settings.kiosks.items()
        },
        printers={id_: _printer(settings, id_, printer) for id_, printer in settings.printers.items()},
        boards={id_: _board(settings, id_, board) for id_, board in settings.boards.items()},
        prefixes={letters: _prefix(prefix) for letters, prefix in settings.prefixes.items()},
        outcomes=_codes(settings.outcomes),
        pause_reasons=_codes(settings.pause_reasons) or {"break": in_every_language(USUAL, "pause_reasons.break")},
        reasons=_codes(settings.reasons) or {"other": in_every_language(USUAL, "reasons.other")},
        park_reasons=_codes(settings.park_reasons),
        policy=_policy(settings),
        evacuation=dict(settings.evacuation.text),
        assembly_point=dict(settings.evacuation.assembly_point),
        public_url=(mall.public_url or listens_at).rstrip("/"),
    )


def hours_of(settings: Settings, service: str, day: BusinessDay) -> tuple[Interval, ...]:
    """When a service is open on `day`: its timetable, or what stands in for it on dates that differ."""
    return _hours(settings, settings.services[service].hours, day, lambda on: differing_dates(settings, service, on))


def kiosk_hours(settings: Settings, kiosk: str, day: BusinessDay) -> tuple[Interval, ...] | None:
    """When a kiosk gives numbers on `day`; dates that differ for the whole mall do so for it. None: at any hour."""
    timetable = settings.kiosks[kiosk].hours
    if timetable is None:
        return None
    return _hours(settings, timetable, day, lambda on: _differing(settings, on, lambda _: False))


def _hours(
    settings: Settings, timetable: tables.Hours | Week, day: BusinessDay, differs: Callable[[date], tables.Dates | None]
) -> tuple[Interval, ...]:
    within, zone = (day.starts_at, day.ends_at), _zone(settings)
    differing: dict[date, tuple[Span, ...]] = {}
    for date_ in dates_in(within, zone):
        dates = differs(date_)
        if dates is not None:
            differing[date_] = _instead(settings, dates, timetable, date_)
    return openings(_week(settings, timetable), differing, within, zone)


class Later(Struct, frozen=True, kw_only=True):
    """By id, when what is closed for today opens next (milliseconds), if that is within `LOOKED_AHEAD` days."""

    services: dict[str, int]
    kiosks: dict[str, int]


def opens_after(settings: Settings, day: BusinessDay) -> Later:
    """When services, and kiosks with hours of their own, open for the first time after `day`."""
    later = Later(services={}, kiosks={})
    for _ in range(LOOKED_AHEAD):
        day = day_of(settings, day.date + _DAY)
        for service in settings.services.keys() - later.services.keys():
            opens = hours_of(settings, service, day)
            if opens:
                later.services[service] = opens[0][0]
        for kiosk in settings.kiosks.keys() - later.kiosks.keys():
            opens = kiosk_hours(settings, kiosk, day) or ()
            if opens:
                later.kiosks[kiosk] = opens[0][0]
    return later


def differing_dates(settings: Settings, service: str, date_: date) -> tables.Dates | None:
    """The entry of `[dates]` that applies to a service on a calendar date; of several the last in the file."""
    agency = settings.services[service].agency
    return _differing(settings, date_, lambda dates: service in dates.services or agency in dates.agencies)


def _differing(settings: Settings, date_: date, named: Callable[[tables.Dates], bool]) -> tables.Dates | None:
    """The last entry that is for the whole mall, or for what is `named`."""
    for dates in reversed(settings.dates.values()):
        meant = not (dates.services or dates.agencies) or named(dates)
        if meant and dates.first <= date_ <= (dates.last or dates.first):
            return dates
    return None


def _instead(settings: Settings, dates: tables.Dates, usual: tables.Hours | Week, date_: date) -> tuple[Span, ...]:
    """The openings on a date that differs. A service whose timetable the entry does not name keeps its own hours."""
    if dates.hours is None:
        return ()
    if isinstance(dates.hours, dict):
        named = isinstance(usual, tables.Hours) and usual in dates.hours
        instead = tables.Hours(dates.hours[str(usual)]) if named else usual
    else:
        instead = dates.hours
    week = _week(settings, instead)
    return week[date_.weekday()] if week else ()


def _week(settings: Settings, hours: tables.Hours | Week) -> Week:
    if isinstance(hours, Week):
        return hours
    return settings.hours.get(hours, WORKING_DAYS)


def _zone(settings: Settings) -> ZoneInfo:
    return ZoneInfo(settings.mall.timezone)


def _categories(settings: Settings) -> dict[str, tables.Category]:
    everybody = tables.Texts({code: say(USUAL, code, "categories.regular") for code in settings.mall.languages})
    return settings.categories or {"regular": tables.Category(name=everybody)}


def _codes(named: Mapping[str, tables.Texts]) -> dict[str, dict[str, str]]:
    return {code: dict(texts) for code, texts in named.items()}


def _named(settings: Settings, texts: dict[str, str], id_: str) -> dict[str, str]:
    """A name in every language; the id where the file gives none."""
    return dict(texts) or dict.fromkeys(settings.mall.languages, id_)


def _agency(id_: str, agency: tables.Agency) -> rules.Agency:
    return rules.Agency(id=id_, name=dict(agency.name))


def _always_open(settings: Settings, id_: str, day: BusinessDay) -> rules.Service:
    usual = _service(settings, id_, day)
    return structs.replace(usual, open=((day.starts_at, day.ends_at),), occasion={})


def _service(settings: Settings, id_: str, day: BusinessDay) -> rules.Service:
    service = settings.services[id_]
    dates = differing_dates(settings, id_, day.date)
    return rules.Service(
        id=id_,
        agency=service.agency,
        name=dict(service.name),
        prefix=str(service.prefix),
        targets=_targets(settings, service),
        open=hours_of(settings, id_, day),
        quota=service.quota,
        help=dict(service.help),
        documents=dict(service.documents),
        expected_ms=int(service.expected),
        paper_roll=service.paper_roll,
        carry_over=service.carry_over,
        occasion=dict(dates.name) if dates else {},
    )


def _targets(settings: Settings, service: tables.Service) -> dict[str, int]:
    shares = {category: kind.target_share for category, kind in _categories(settings).items()}
    return {
        category: min(int(service.targets.get(category, _whole_seconds(service.target * share))), rules.LONGEST_MS)
        for category, share in shares.items()
    }


def shares_of(settings: Settings, service: str) -> dict[str, float]:
    """By category, which share of the `regular` target of a service config.toml gives it.

    Where that target is 0, or the file does not have the service any more, the category's own share.
    """
    own = {category: kind.target_share for category, kind in _categories(settings).items()}
    targets = _targets(settings, settings.services[service]) if service in settings.services else {}
    regular = targets.get("regular", 0)
    return {**own, **{category: target / regular for category, target in targets.items() if regular}}


def _whole_seconds(milliseconds: float) -> int:
    return round(milliseconds / 1000) * 1000


def _counter(id_: str, counter: tables.Counter) -> rules.Counter:
    return rules.Counter(
        id=id_,
        label=counter.label or id_,
        zone=counter.zone,
        services=counter.services,
        help_after={service: int(after) for service, after in counter.help_after.items()},
        desk=counter.desk,
        printer=counter.printer,
    )


def _zone_of_hall(id_: str, zone: tables.Zone) -> rules.Zone:
    return rules.Zone(id=id_, name=dict(zone.name), direction=dict(zone.direction), way_out=dict(zone.way_out))


def _kiosk(settings: Settings, id_: str, kiosk: tables.Kiosk, hours: tuple[Interval, ...] | None) -> rules.Kiosk:
    return rules.Kiosk(
        id=id_,
        name=_named(settings, kiosk.name, id_),
        zone=kiosk.zone,
        printer=kiosk.printer,
        languages=kiosk.languages or settings.mall.languages,
        services=menu_of(settings, kiosk),
        open=hours,
    )


def _printer(settings: Settings, id_: str, printer: tables.Printer) -> rules.Printer:
    return rules.Printer(
        id=id_,
        name=_named(settings, printer.name, id_),
        width_dots=printer.width,
        dpi=printer.dpi,
        mode=printer.mode,
        model=printer.model,
        fallback=printer.fallback,
        place=dict(printer.place),
    )


def _board(settings: Settings, id_: str, board: tables.Board) -> rules.Board:
    return rules.Board(
        id=id_,
        name=_named(settings, board.name, id_),
        zones=board.zones,
        languages=board.languages or settings.mall.languages,
        notice=dict(board.notice),
    )


def _prefix(prefix: tables.Prefix) -> rules.Prefix:
    return rules.Prefix(start=prefix.start, end=prefix.end, step=prefix.step, used_up=prefix.used_up)


def _policy(settings: Settings) -> rules.Policy:
    policy, credits_ = settings.policy, settings.credits
    return rules.Policy(
        no_show_calls=policy.no_show_calls,
        no_show_apart_ms=int(policy.no_show_apart),
        no_show_then=policy.no_show_then,
        max_recalls=policy.max_recalls,
        grace_ms=int(policy.grace),
        undo_ms=int(policy.undo),
        finish_on_call_next=policy.finish_on_call_next,
        picking=policy.picking,
        blind=policy.blind,
        auto_call_after_ms=int(policy.auto_call_after),
        away_after_ms=int(policy.away_after),
        address_limit_ms=int(policy.address_limit),
        closing=policy.closing,
        slip_ttl_ms=int(policy.slip_limit),
        unclaimed=policy.unclaimed,
        step_away_ms=tuple(int(span) for span in policy.step_away),
        step_away_times=policy.step_away_times,
        credits=rules.Credits(
            transfer=credits_.transfer,
            next_service=credits_.next_service,
            give_back=credits_.give_back,
            put_back=credits_.put_back,
            step_away=credits_.step_away,
        ),
    )
