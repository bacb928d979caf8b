"""What Prometheus reads at `/metrics`: requests by route and status, and the hall's own figures.

Requests are counted in plain numbers, since a metric object with labels costs more than the rest of a fast answer; they
become metrics only when somebody asks.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from queue_server.service.engine import Engine
from queue_server.service.hub import Hub
from queue_server.service.slips.printers import Printers
from queue_server.web.edge.lines import Lines

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
"""Seconds."""

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
"""Any word may stand for a method; each of these is counted by itself."""

TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Meter:
    """Counts answers. One per server."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str, int], int] = {}
        self._buckets: dict[tuple[str, str], list[int]] = {}
        self._seconds: dict[tuple[str, str], float] = {}

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        method = method if method in METHODS else "other"
        key = (method, route, status)
        self._answers[key] = self._answers.get(key, 0) + 1
        where = (method, route)
        buckets = self._buckets.get(where)
        if buckets is None:
            buckets = self._buckets[where] = [0] * (len(BUCKETS) + 1)
            self._seconds[where] = 0.0
        buckets[bisect_left(BUCKETS, seconds)] += 1
        self._seconds[where] += seconds

    def families(self) -> Iterator[Metric]:
        answers = CounterMetricFamily(
            "antrean_http_answers", "Answers by route and status.", labels=("method", "route", "status")
        )
        for (method, route, status), amount in self._answers.items():
            answers.add_metric((method, route, str(status)), amount)
        yield answers
        times = HistogramMetricFamily(
            "antrean_http_seconds", "From a request's arrival to its answer.", labels=("method", "route")
        )
        for where, buckets in self._buckets.items():
            times.add_metric(where, list(_cumulated(buckets)), sum_value=self._seconds[where])
        yield times


def _cumulated(buckets: list[int]) -> Iterator[tuple[str, float]]:
    total = 0
    for bound, amount in zip((*map(str, BUCKETS), "+Inf"), buckets, strict=True):
        total += amount
        yield bound, total


class Hall(Collector):
    """The hall as it stands, read when it is asked for."""

    def __init__(self, engine: Engine, hub: Hub, printers: Printers, meter: Meter, lines: Lines, version: str) -> None:
        self._engine = engine
        self._printers = printers
        self._hub = hub
        self._meter = meter
        self._lines = lines
        self._version = version

    def collect(self) -> Iterator[Metric]:
        state = self._engine.state
        yield _gauge("antrean_healthy", "1 while the journal takes what is written.", int(self._engine.healthy))
        yield _gauge("antrean_alarms", "What an operator should look at.", len(self._engine.alarms))
        yield _gauge("antrean_journal_seq", "The last event's number.", state.seq)
        yield _gauge("antrean_day_open", "1 while a business day is open.", int(state.open))
        yield _gauge("antrean_tickets_today", "Tickets of the business day.", len(state.tickets))
        yield _gauge("antrean_live_topics", "Topics that somebody watches.", len(self._hub.topics))
        yield _gauge("antrean_live_behind", "Screens that read too slowly; they skip to the newest.", self._hub.behind)
        yield _gauge("antrean_connections", "Open connections.", len(self._lines))
        yield _gauge("antrean_connections_busy", "Connections that are being answered.", self._lines.busy)
        yield _gauge("antrean_connections_room", "Connections for which there is room.", self._lines.room.connections)
        turned = CounterMetricFamily("antrean_connections_turned_away", "Newcomers for whom there was no room.")
        turned.add_metric((), self._lines.turned_away)
        yield turned
        waiting = GaugeMetricFamily("antrean_waiting", "People waiting, by service.", labels=("service",))
        issued = GaugeMetricFamily("antrean_issued", "Tickets issued today, by service.", labels=("service",))
        if state.open:
            for service in state.rules.services:
                waiting.add_metric((service,), state.waiting(service))
                issued.add_metric((service,), state.issued.get(service, 0))
        yield waiting
        yield issued
        counters = GaugeMetricFamily("antrean_counters", "Counters, by state.", labels=("state",))
        for name in ("open", "paused", "closed"):
            counters.add_metric((name,), sum(record.state == name for record in state.counters.values()))
        yield counters
        yield from _paper(self._printers, state.rules.printers if state.open else ())
        build = GaugeMetricFamily("antrean_build", "Which version runs.", labels=("version",))
        build.add_metric((self._version,), 1)
        yield build
        yield from self._meter.families()


def _paper(printers: Printers, ids: Iterable[str]) -> Iterator[Metric]:
    up = GaugeMetricFamily("antrean_printer_up", "1 while a printer can print.", labels=("printer",))
    left = GaugeMetricFamily("antrean_printer_tickets_left", "Slips left on a roll near its end.", labels=("printer",))
    for id_ in ids:
        up.add_metric((id_,), int(printers.device(id_)[0] != "down"))
        link = printers.ready_link(id_)
        if link is not None and link.status is not None and link.status.tickets_left is not None:
            left.add_metric((id_,), link.status.tickets_left)
    yield up
    yield left
    slips = CounterMetricFamily("antrean_slips", "How slips ended.", labels=("printer", "outcome"))
    for (printer, outcome), amount in printers.outcomes.items():
        slips.add_metric((printer, outcome), amount)
    yield slips


def exposition(engine: Engine, hub: Hub, printers: Printers, meter: Meter, lines: Lines, version: str) -> bytes:
    """The text that Prometheus reads."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Hall(engine, hub, printers, meter, lines, version))
    return generate_latest(registry)


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(name, says, value=value)
