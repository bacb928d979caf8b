"""How an alert or a closing hash is said, in the recipient's language: what, where, since when, what to do. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

import msgspec

from queue_server.domain.events import ClosingSigned
from queue_server.domain.rules import Rules
from queue_server.journal.closing import Closing
from queue_server.languages.catalogues import SOURCE, say, texts_of
from queue_server.languages.locales import date_text, time_text
from queue_server.notices.outbox import Content, Told
from queue_server.settings import Settings
from queue_server.views.instants import rfc3339

PAGE = "notices"

_OF_SERVICES = frozenset({"over_target", "queue", "unserved"})
_OF_COUNTERS = frozenset({"idle", "help"})


def worded(told: Told, until: int | None, rules: Rules, public_url: str, language: str) -> Content:
    """That it began, or that it is over since `until` (milliseconds)."""

    def said(key: str, **values: object) -> str:
        return say(PAGE, language, key, **values)

    zone = ZoneInfo(rules.timezone)
    subject, where = _named(told, rules, language)
    what = said(f"{told.kind}.what", subject=subject, count=told.count or 0)
    mall = in_language(rules.name, language, rules.languages)
    title = said("title.over" if until is not None else "title", what=what, mall=mall)
    since = said("at", date=date_text(told.since, zone, language), time=time_text(told.since, zone, language))
    lines = [said("line", name=said("what"), value=what)]
    if where:
        lines.append(said("line", name=said("where"), value=where))
    lines.append(said("line", name=said("since"), value=since))
    if until is not None:
        over = said("at", date=date_text(until, zone, language), time=time_text(until, zone, language))
        lines.append(said("line", name=said("until"), value=over))
        lines.append(said("line", name=said("lasted"), value=_lasted(until - told.since, language)))
    else:
        if told.reason and (reason := _reason(told, language)):
            lines.append(said("line", name=said("reason"), value=reason))
        lines.append(said("line", name=said("todo"), value=said(f"{told.kind}.todo", subject=subject)))
        if public_url:
            lines.append(said("line", name=said("floor"), value=f"{public_url.rstrip('/')}/floor"))
    text = "\n".join(lines)
    return Content(title=title, text=text, payload=_payload(told, until, rules, text, subject))


def closing_worded(event: ClosingSigned, journal: str, settings: Settings, language: str) -> Content:
    """The hash that closed a day, with all that proves it (journal/closing.py)."""

    def said(key: str, **values: object) -> str:
        return say(PAGE, language, key, **values)

    mall = in_language(settings.mall.name, language, settings.mall.languages)
    closing = Closing(
        mall=str(settings.mall.id),
        journal=journal,
        day=event.day,
        row=event.row,
        hash=event.hash,
        public_key=event.public_key,
        signature=event.signature,
    )
    lines = [
        said("closing.keep"),
        *(
            said("line", name=said(f"closing.{name}"), value=getattr(closing, name))
            for name in ("day", "row", "hash", "public_key", "signature")
        ),
    ]
    text = "\n".join(lines)
    data = {**msgspec.to_builtins(closing), "name": dict(settings.mall.name), "text": text}
    payload: dict[str, object] = {"type": "day.closed", "timestamp": rfc3339(event.at), "data": data}
    return Content(title=said("closing.title", day=event.day, mall=mall), text=text, payload=payload)


def _named(told: Told, rules: Rules, language: str) -> tuple[str, str]:
    """What it is about, and where that is."""
    if told.kind in _OF_SERVICES:
        service = rules.services.get(told.subject)
        if service is None:
            return told.subject, ""
        agency = rules.agencies.get(service.agency)
        return (
            in_language(service.name, language, rules.languages),
            in_language(agency.name, language, rules.languages) if agency is not None else "",
        )
    if told.kind in _OF_COUNTERS:
        counter = rules.counters.get(told.subject)
        if counter is None:
            return told.subject, ""
        zone = rules.zones.get(counter.zone)
        return counter.label, in_language(zone.name, language, rules.languages) if zone is not None else ""
    kind, _, id_ = told.subject.partition(" ")
    name, places = _device(kind, id_, rules, language)
    where = [place for place in places if place != name] or places
    return say(PAGE, language, f"device.{kind}", name=name or id_), ", ".join(where)


def _device(kind: str, id_: str, rules: Rules, language: str) -> tuple[str, list[str]]:
    """What the mall calls it, a printer without a name as the first place that it prints for; and where it stands."""

    def named(texts: Mapping[str, str]) -> str:
        return in_language(texts, language, rules.languages)

    def zones(*ids: str | None) -> list[str]:
        return [named(rules.zones[zone].name) for zone in ids if zone in rules.zones]

    if kind == "kiosk":
        kiosk = rules.kiosks.get(id_)
        return (named(kiosk.name), zones(kiosk.zone)) if kiosk is not None else ("", [])
    if kind == "display":
        board = rules.boards.get(id_)
        return (named(board.name), zones(*board.zones)) if board is not None else ("", [])
    printer = rules.printers.get(id_)
    kiosks = [kiosk for kiosk in rules.kiosks.values() if kiosk.printer == id_]
    counters = [counter for counter in rules.counters.values() if counter.printer == id_]
    desks = [say(PAGE, language, "counter", label=counter.label) for counter in counters]
    places = [*(named(kiosk.name) or kiosk.id for kiosk in kiosks), *desks]
    name = named(printer.name) if printer is not None else ""
    if name in ("", id_):  # nobody has named it: people know it by where it stands
        known = [place for place, kiosk in zip(places, kiosks, strict=False) if place != kiosk.id]
        name = next(iter([*known, *desks]), name)
    around = [kiosk.zone for kiosk in kiosks] + [counter.zone for counter in counters]
    return name, [*places, *dict.fromkeys(zones(*around))]


def _reason(told: Told, language: str) -> str:
    """A device's own code in words; empty where there are none for it."""
    if not told.subject.startswith("printer "):
        return say(PAGE, language, "not_connected") if told.reason == "offline" else ""
    key = f"why.{'fault' if told.reason in ('error', 'down') else told.reason}"
    return say("printing", language, key) if key in texts_of("printing", SOURCE) else ""


def _lasted(ms: int, language: str) -> str:
    """Whole minutes, from an hour on in hours and minutes as the pages say it."""
    minutes = max(1, ms // 60_000)
    if minutes < 60:
        return say(PAGE, language, "minutes", count=minutes)
    return say(PAGE, language, "hours", h=minutes // 60, m=minutes % 60)


def in_language(texts: Mapping[str, str], language: str, languages: tuple[str, ...]) -> str:
    """In the reader's language, or the mall's first in which there is one."""
    for known in (language, *languages):
        if texts.get(known):
            return texts[known]
    return next(iter(texts.values()), "")


def _payload(told: Told, until: int | None, rules: Rules, text: str, name: str) -> dict[str, object]:
    """What a program gets, as Standard Webhooks has it: `type`, `timestamp`, `data`."""
    service = rules.services.get(told.subject) if told.kind in _OF_SERVICES else None
    return {
        "type": "alert.began" if until is None else "alert.ended",
        "timestamp": rfc3339(told.began_at if until is None else until),
        "data": {
            "mall": rules.name,
            "alert": f"{told.rule} {told.subject} {told.seq}",
            "rule": told.rule,
            "kind": told.kind,
            "subject": told.subject,
            "name": name,
            "agency": service.agency if service is not None else None,
            "since": rfc3339(told.since),
            "until": rfc3339(until),
            "waiting": told.count,
            "reason": told.reason,
            "text": text,
        },
    }
