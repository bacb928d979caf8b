"""The finding as a sentence."""

from __future__ import annotations

from queue_server.reports.finding import Finding
from queue_server.reports.words import Words

FEWER = 0.8
"""Of the most counters that were open at once: with more than this nothing is said of counters."""


def sentence(found: Finding, words: Words, *, single_day: bool = False) -> str:
    """Of a span of one day the weekday is said already."""
    if found.kind in ("quiet", "hidden"):
        return words.t(f"finding.{found.kind}")
    if found.kind == "few":
        key = "finding.few" if found.count else "finding.nobody_called"
        return words.t(key, n=words.count(found.count), count=found.count, half=words.wait(found.now))
    if found.kind == "plain":
        return words.t("finding.plain", half=words.wait(found.now), most=words.wait(found.most))
    if found.kind == "short":
        return words.t("finding.short", half=words.wait(found.now), within=words.share(found.within))
    if found.kind == "calm":
        key = "finding.calm" if found.before is None else "finding.calm_compared"
        return words.t(
            key, half=words.wait(found.now), before=words.wait(found.before), within=words.share(found.within)
        )
    first = words.t(
        "finding.fell_plain" if found.kind == "fell" and found.within is None else f"finding.{found.kind}",
        service=words.name("service", found.service),
        now=words.wait(found.now),
        before=words.wait(found.before),
        within=words.share(found.within),
    )
    if found.first_slot is None or found.last_slot is None or found.weekday is None:
        return f"{first.rstrip(',.')}."
    when = words.t(
        "finding.when_day" if single_day else "finding.when",
        day=words.weekday(found.weekday),
        first=words.half_hour(found.first_slot),
        last=words.half_hour(found.last_slot),
    )
    if found.counters is None or found.usual_counters is None or found.counters > FEWER * found.usual_counters:
        return f"{first} {when}."
    counters = words.t(
        "finding.counters", open=_counters(found.counters, words), most=_counters(found.usual_counters, words)
    )
    return f"{first} {when}, {counters}."


def _counters(many: float, words: Words) -> str:
    """To the nearest half: 1.9 on the average of some hours were two."""
    return words.tenths(round(many * 2) / 2 or many)
