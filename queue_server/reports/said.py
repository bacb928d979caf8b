"""The finding as a sentence."""

from __future__ import annotations

from datetime import date

from queue_server.reports.finding import Finding
from queue_server.reports.words import Words


def sentence(found: Finding, words: Words, *, single_day: bool = False) -> str:
    """Of a span of one day the weekday is said already. A unit that ends in a full stop ends the sentence, too."""
    return _sentence(found, words, single_day).replace("..", ".")


def _sentence(found: Finding, words: Words, single_day: bool) -> str:
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
    if found.kind == "peak":
        return _peak(found, words, single_day)
    first = words.t(
        "finding.fell_plain" if found.kind == "fell" and found.within is None else f"finding.{found.kind}",
        service=words.name("service", found.service),
        now=words.wait(found.now),
        before=words.wait(found.before),
        within=words.share(found.within),
    )
    when = _when(found, words, single_day)
    return f"{first} {when}{_behind(found, words)}." if when else f"{first.rstrip(',.،')}."


def _peak(found: Finding, words: Words, single_day: bool) -> str:
    first = words.t(
        "finding.peak_day" if single_day else "finding.peak", half=words.wait(found.now), **_span(found, words)
    )
    key = "finding.on_the_whole" if found.before is None else "finding.on_the_whole_compared"
    whole = words.t(key, most=words.wait(found.most), before=words.wait(found.before))
    return f"{first[:1].upper()}{first[1:]}{_behind(found, words)}. {whole}"


def _when(found: Finding, words: Words, single_day: bool) -> str:
    if found.weekday is None:
        return ""
    if found.first_slot is None:
        return "" if single_day else words.t("finding.when_weekday", day=words.weekday(found.weekday))
    key = "finding.when_all" if found.together else "finding.when"
    return words.t(f"{key}_day" if single_day else key, **_span(found, words))


def _span(found: Finding, words: Words) -> dict[str, str]:
    return {
        "day": words.weekday(found.weekday or 0) if found.date is None else words.dated(date.fromisoformat(found.date)),
        "first": words.half_hour(found.first_slot or 0),
        "last": words.half_hour(found.last_slot or 0),
    }


def _behind(found: Finding, words: Words) -> str:
    """How many counters were open then, where they were fewer; and that none was."""
    said = ""
    if found.counters is not None and found.usual_counters is not None and found.fewer is not None:
        open_, most = words.count(found.counters), words.count(found.usual_counters)
        key, first, last = "finding.counters", *(words.half_hour(at) for at in found.fewer)
        if found.fewer != (found.first_slot, found.last_slot):
            key += "_until" if found.fewer[0] == found.first_slot else "_between"
        said = f"{words.t('comma')} {words.t(key, open=open_, most=most, count=found.counters, first=first, last=last)}"
    if found.shut is not None:
        first, last = (words.half_hour(at) for at in found.shut)
        said += f"{words.t('comma')} {words.t('finding.shut', first=first, last=last)}"
    return said
