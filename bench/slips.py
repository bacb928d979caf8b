"""How long a slip takes to build, and from the job to the printer's first byte; the printer itself is the limit.

Built: warm, in a row, with a new number, time and address each, next to pasting the same dots as one picture and
packing them (the least that any raster slip costs). First byte: from the moment the job goes out to the agent over its
link (when its ticket is on disk) to the moment its picture begins at the printer, next to the same bytes sent to the
same port over a plain socket. Aims: built in under 10 ms, first byte within 20 ms, medians.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import click
import msgspec
from PIL import Image

from bench.quiet import measure, take_turns
from printer.escpos import RESET, body_bytes
from printer.press import Press, press
from printer.run import AgentConfig, run_agent
from queue_server.service import logs
from queue_server.wire.printing import Fact, Listing, Paper, Result, Sign, SlipView, Status, Track
from tests.fakes.fake_printer import FakePrinter, Knobs
from tests.fakes.print_server import PrintServer

ROUNDS = 5
SLIPS = 60
JOBS = 40

VIEW = SlipView(
    language="id",
    mall="Mal Pelayanan Publik Kota Sukamaju",
    agency="Dinas Kependudukan dan Pencatatan Sipil",
    number="A\u2009012",
    service="Perekaman KTP elektronik",
    sign=Sign(kind="elderly", label="Prioritas · Lanjut usia"),
    date="Selasa, 24 November 2026",
    time="09.41",
    ahead=Fact(label="Orang di depan Anda", value="4"),
    wait=Fact(label="Perkiraan tunggu", value="10–20 menit"),
    bring=Listing(title="Siapkan", lines=("Kartu Keluarga asli", "Pas foto 3 × 4, dua lembar")),
    track=Track(
        url="https://antrean.sukamaju.go.id/t/7Hk2mQ9xR4tB",
        caption="Ikuti antrean Anda di ponsel",
        line="antrean.sukamaju.go.id/t/7Hk2mQ9xR4tB",
    ),
)


def run() -> None:
    logs.set_up(quiet=True)
    drawing = press()
    _built(drawing)
    asyncio.run(_first_bytes(drawing))


def fresh(place: int) -> SlipView:
    """The slip of another citizen: what differs from one to the next differs."""
    assert VIEW.track is not None
    track = msgspec.structs.replace(
        VIEW.track, url=f"{VIEW.track.url[:-4]}{place:04}", line=f"{VIEW.track.line[:-4]}{place:04}"
    )
    return msgspec.structs.replace(
        VIEW,
        number=f"A\u2009{place % 1000:03}",
        time=f"09.{place % 60:02}",
        track=track,
        ahead=Fact(label="Orang", value=f"{place % 40}"),
    )


# ------------------------------------------------------------------------------------------- building


def _built(drawing: Press) -> None:
    click.echo("slip      built ms    p99  paste ms   ratio    mm  bytes  foreign CPU")
    for name, paper in (("80 mm", Paper()), ("58 mm", Paper(dots=384))):
        for place in range(5):
            drawing.made(fresh(9000 + place), paper)
        made = drawing.made(VIEW, paper)
        image = drawing.draw(VIEW, paper)
        found = take_turns(
            {
                "built": partial(measure, partial(_build, drawing, paper), []),
                "paste": partial(measure, partial(_paste, image, paper), []),
            },
            ROUNDS,
        )
        built, paste = found["built"], found["paste"]
        click.echo(
            f"{name:8s}  {built['ms']:8.2f}  {built['p99']:5.1f}  {paste['ms']:8.2f}  {built['ms'] / paste['ms']:6.1f}"
            f"  {made.length_mm:4.0f}  {len(made.whole):5d}  {built['foreign']:11.0%}"
        )


_places = iter(range(10_000_000))


def _build(drawing: Press, paper: Paper) -> Mapping[str, float]:
    return _timed([lambda: drawing.made(fresh(next(_places)), paper) for _ in range(SLIPS)])


def _paste(image: Image.Image, paper: Paper) -> Mapping[str, float]:
    def once() -> None:
        whole = Image.new("1", image.size, 1)
        whole.paste(image, (0, 0))
        body_bytes(whole, paper)

    return _timed([once] * SLIPS)


def _timed(runs: Sequence[Callable[[], object]]) -> Mapping[str, float]:
    took = []
    for once in runs:
        began = time.perf_counter()
        once()
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    return {"ms": statistics.median(took), "p99": took[int(0.99 * len(took))]}


# ---------------------------------------------------------------------------------------- first byte


class Stamped(FakePrinter):
    """A printer that notes when each picture begins to arrive."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.began: list[float] = []
        self.beginning = asyncio.Event()

    def receive(self, data: bytes, reply=None) -> None:  # type: ignore[no-untyped-def]
        if b"\x1dv0\x00" in data[:64]:
            self.began.append(time.perf_counter())
            self.beginning.set()
        super().receive(data, reply)


async def _first_bytes(drawing: Press) -> None:
    click.echo("job        first byte ms    p99   confirmed ms  plain socket ms   ratio")
    with tempfile.TemporaryDirectory() as folder:
        async with PrintServer() as server, Stamped(Knobs(mm_per_s=20_000)) as printer:
            stop = asyncio.Event()
            config = AgentConfig(
                server=server.url, token="t", printer="p1", device=printer.url, data=Path(folder), version="0"
            )
            agent = asyncio.create_task(run_agent(config, stop, drawing=drawing))
            await server.heard(Status, ready=True)
            for place in range(5):
                await server.result(await server.give(fresh(place)))
            agents = [await _job(server, printer, place) for place in range(100, 100 + JOBS)]
            plain = [await _plain(printer, drawing.made(fresh(place), Paper()).whole) for place in range(JOBS)]
            stop.set()
            await agent
    first = sorted(took for took, _whole in agents)
    whole = statistics.median(whole for _took, whole in agents)
    median, limit = statistics.median(first), statistics.median(plain)
    p99 = first[int(0.99 * len(first))]
    click.echo(f"TCP 9100   {median:13.1f}  {p99:5.1f}  {whole:13.1f}  {limit:15.2f}  {median / limit:6.1f}")


async def _job(server: PrintServer, printer: Stamped, place: int) -> tuple[float, float]:
    """Milliseconds to the first byte, and to the confirmed result."""
    printer.began.clear()
    began = time.perf_counter()
    job = await server.give(fresh(place))
    result: Result = await server.result(job)
    ended = time.perf_counter()
    assert result.outcome == "printed", result
    return (printer.began[0] - began) * 1000, (ended - began) * 1000


async def _plain(printer: Stamped, data: bytes) -> float:
    """The same bytes over a plain socket: connecting and sending, to the first byte."""
    printer.began.clear()
    printer.beginning.clear()
    began = time.perf_counter()
    _reader, writer = await asyncio.open_connection("127.0.0.1", printer.port)
    writer.write(RESET + data)
    await printer.beginning.wait()
    took = (printer.began[0] - began) * 1000
    await writer.drain()
    writer.close()
    await printer.idle.wait()
    return took
