"""A clerk's own day: what they served and how long it took, beside what is usual for them."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from queue_server.reports.numbers import Group
from queue_server.reports.tables import Cell, Column, Table, Tile
from queue_server.reports.words import Words
from queue_server.wire.stats import CounterTime, StepBehind


class OwnDay(Struct, frozen=True, kw_only=True):
    finding: str
    tiles: tuple[Tile, ...]
    steps: Table | None


def own_day(
    day: Group,
    usual: Group,
    usual_days: int,
    time: CounterTime | None,
    steps: tuple[StepBehind, ...],
    words: Words,
    at: Callable[[str], str],
) -> OwnDay:
    """`usual` is of the eight weeks before, on `usual_days` days; `at` writes an instant as a time of day."""
    if not day.issued:
        return OwnDay(finding=words.t("own.nothing"), tiles=(), steps=None)
    finding = words.t("own.finding", n=words.count(day.served), half=words.wait(day.service_half))
    usually = usual.served / usual_days if usual_days and usual.served is not None else None

    def said_usual(value: str) -> tuple[str, ...]:
        return (words.t("usual", value=value, n=words.count(usual_days), count=usual_days),) if value else ()

    tiles = [
        Tile(
            id="served",
            name=words.t("own.served"),
            said=words.count(day.served),
            notes=said_usual(words.count(usually) if usually is not None else ""),
        ),
        Tile(
            id="service",
            name=words.t("own.service"),
            said=words.wait(day.service_half),
            notes=said_usual(words.wait(usual.service_half) if usual.service_half is not None else ""),
        ),
        Tile(
            id="walk",
            name=words.t("own.walk"),
            said=words.wait(day.walk),
            notes=said_usual(words.wait(usual.walk) if usual.walk is not None else ""),
        ),
        Tile(id="missed", name=words.t("tile.lost"), said=words.count(day.no_shows)),
    ]
    if time is not None:
        notes = (
            words.t("own.idle", time=words.wait(time.idle_s + time.idle_waiting_s)),
            words.t("own.paused", time=words.wait(time.paused_s)),
        )
        tiles.append(Tile(id="time", name=words.t("own.serving"), said=words.wait(time.serving_s), notes=notes))
    return OwnDay(finding=finding, tiles=tuple(tiles), steps=_table(steps, words, at))


def _table(steps: tuple[StepBehind, ...], words: Words, at: Callable[[str], str]) -> Table:
    """In the order in which they were called."""
    columns = (
        Column(label=words.t("ticket")),
        Column(label=words.t("own.called")),
        Column(label=words.t("service")),
        Column(label=words.t("col.waited"), kind="seconds"),
        Column(label=words.t("col.service_time"), kind="seconds"),
        Column(label=words.t("col.ended")),
    )
    rows = tuple(
        (
            Cell(value=step.number, said=step.number),
            Cell(value=step.first_called_at, said=at(step.first_called_at) if step.first_called_at else ""),
            Cell(value=step.service, said=words.name("service", step.service)),
            Cell(value=step.wait_s, said=words.wait(step.wait_s)),
            Cell(value=step.service_s, said=words.wait(step.service_s)),
            Cell(value=step.fate, said=words.t(f"ended.{step.fate}")),
        )
        for step in sorted(steps, key=lambda step: step.first_called_at or "")
    )
    return Table(columns=columns, rows=rows)
