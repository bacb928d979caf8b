"""How a report says its numbers, in one language: waits, shares, counts, dates, half-hours, and names of that day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from queue_server.domain.rules import Rules, Texts
from queue_server.journal.day_facts import Names
from queue_server.languages.catalogues import say
from queue_server.languages.locales import clock_text, date_text, day_text, decimal_text, time_text, weekday_text
from queue_server.reports.period import Period

PAGE = "report"


class Words(Struct, frozen=True):
    """`language` is the reader's. What `names` calls by a name goes before `rules` (that_day.py)."""

    language: str
    rules: Rules
    names: Names = Names()
    imported: Mapping[date, bool] = {}
    """The days that there are, the earliest first, and whether each was lived elsewhere."""
    here: str = ""
    """The mall's own time zone, where `rules` have that of an imported day."""

    def t(self, key: str, **values: object) -> str:
        return say(PAGE, self.language, key, **values)

    def wait(self, seconds: float | None) -> str:
        """Rounded to a minute from one on: nobody feels the seconds of twenty minutes."""
        if seconds is None:
            return self.t("unknown")
        if seconds < 60:
            return self.t("seconds", n=round(seconds))
        minutes = round(seconds / 60)
        if minutes < 60:
            return self.t("minutes", n=minutes)
        if minutes % 60 == 0:
            return self.t("hours_whole", h=minutes // 60)
        return self.t("hours", h=minutes // 60, m=minutes % 60)

    def target(self, held: Sequence[float]) -> str:
        """What was promised: the first and the last time that held."""
        if len(held) < 2:
            return self.wait(held[0] if held else None)
        return self.t("target_then", first=self.wait(held[0]), last=self.wait(held[-1]))

    def share(self, share: float | None) -> str:
        return self.t("unknown") if share is None else self.t("percent", n=round(share * 100))

    def count(self, number: float | None) -> str:
        return self.t("unknown") if number is None else decimal_text(round(number), self.language)

    def tenths(self, number: float | None) -> str:
        return self.t("unknown") if number is None else decimal_text(round(number, 1), self.language)

    def change(self, now: float | None, then: float | None) -> str:
        """`3 min longer`, for waits."""
        if now is None or then is None:
            return ""
        if abs(now - then) < 30:
            return self.t("as_before")
        return self.t("longer" if now > then else "shorter", time=self.wait(abs(now - then)))

    def half_hour(self, slot: int) -> str:
        """When it begins."""
        slot %= 48
        return clock_text(slot // 2, slot % 2 * 30, self.language)

    def weekday(self, day: int) -> str:
        return weekday_text(day, self.language)

    def day(self, day: date, *, short: bool = False) -> str:
        return day_text(day, self.language, "d MMM" if short else "full")

    def dated(self, day: date) -> str:
        """With its weekday, without its year: of a span that is said already."""
        return self.t("dated", weekday=self.weekday(day.weekday()), date=day_text(day, self.language, "d MMMM"))

    def made(self, ms: int) -> str:
        """When this was made: by the clock on the wall of whoever reads it, and not by that of its days."""
        return self.t("made_on", when=self.instant(ms, self.here))

    def instant(self, ms: int, zone_of: str = "") -> str:
        zone = ZoneInfo(zone_of or self.rules.timezone)
        return f"{date_text(ms, zone, self.language)}, {time_text(ms, zone, self.language)}"

    def period(self, period: Period) -> str:
        """One day with its weekday, else from one date to another, without what they share."""
        if period.days == 1:
            return self.day(period.first)
        one, other = period.first, period.last
        pattern = "d" if (one.year, one.month) == (other.year, other.month) else "d MMMM"
        if one.year != other.year:
            pattern = "d MMMM y"
        return f"{day_text(one, self.language, pattern)} \u2013 {day_text(other, self.language, 'd MMMM y')}"

    def pick(self, texts: Texts | Mapping[str, str] | None) -> str:
        known = texts or {}
        return next((known[code] for code in (self.language, *self.rules.languages) if known.get(code)), "")

    def name(self, kind: str, id_: object) -> str:
        """What the mall called it; what it never named is called by its id."""
        if id_ is None:
            return self.t("unknown")
        id_ = str(id_)
        if kind == "counter":
            known = self.rules.counters.get(id_)
            label = self.names.counters.get(id_) or (known.label if known else id_)
            return self.t("counter_named", label=label)
        then: dict[str, Mapping[str, Texts]] = {
            "service": self.names.services,
            "agency": self.names.agencies,
            "category": self.names.categories,
            "kiosk": self.names.kiosks,
        }
        tables: dict[str, Mapping[str, Any]] = {
            "service": self.rules.services,
            "agency": self.rules.agencies,
            "category": self.rules.categories,
            "kiosk": self.rules.kiosks,
        }
        found = tables.get(kind, {}).get(id_)
        return self.pick(then.get(kind, {}).get(id_)) or (self.pick(found.name) if found is not None else "") or id_

    def agency_of(self, service: str) -> str | None:
        """Whose it was."""
        rule = self.rules.services.get(service)
        return self.names.of.get(service) or (rule.agency if rule is not None else None)
