"""A printer without metal behaves as one with it, and its paper is a picture."""

import io

import zxingcpp
from PIL import Image

from printer.transports.virtual import VirtualPrinter, VirtualSlip
from printer.typed import image_of
from queue_server.wire.printing import Paper, Sending, Status, Waiting
from tests.printer.conftest import Bench, slip


async def test_its_slips_are_pictures_of_the_bytes(bench: Bench):
    """What is shown of a slip is drawn from the bytes that a real printer would have got."""
    virtual = VirtualPrinter("hall-1")
    bench.start("virtual://hall-1", virtual)

    result = await bench.server.result(await bench.server.give(slip()))

    (paper,) = virtual.slips
    assert (result.outcome, result.evidence) == ("printed", "id")
    assert paper.image.tobytes() == bench.drawing.draw(slip(), Paper()).tobytes()
    with Image.open(io.BytesIO(paper.png)) as shown:
        (code,) = zxingcpp.read_barcodes(shown.convert("L"))
    track = slip().track
    assert track is not None
    assert track.url == code.text


async def test_written_slips_are_pictures_too(bench: Bench):
    """In letters near to a printer's own; the code can be scanned, and each slip begins in the usual letters."""
    virtual = VirtualPrinter("hall-1", Paper(mode="text"))
    bench.start("virtual://hall-1?mode=text", virtual)
    first, second = slip(), slip("B\u2009700")

    for view in (first, second):
        assert (await bench.server.result(await bench.server.give(view))).outcome == "printed"

    assert [len(zxingcpp.read_barcodes(paper.image.convert("L"))) for paper in virtual.slips] == [1, 1]
    assert len(virtual.slips[0].data) < 1000
    again = bench.drawing.made(second, Paper(mode="text"))
    assert virtual.slips[1].image.tobytes() == image_of(again.body, Paper(mode="text")).tobytes()


async def test_faults_are_rehearsed(bench: Bench):
    """A trainer takes the paper out and puts it back; the agent sees what it would see of metal."""
    virtual = VirtualPrinter("hall-1")
    bench.start("virtual://hall-1", virtual)
    await bench.server.heard(Status, ready=True)

    virtual.set_fault(paper_out=True)
    job = await bench.server.give(slip())
    waiting = await bench.server.heard(Waiting, job=job)
    virtual.set_fault(paper_out=False)
    result = await bench.server.result(job)

    assert waiting.reason == "paper_out"
    assert result.outcome == "printed"
    assert len(virtual.slips) == 1


async def test_a_fault_in_the_middle_tears_the_slip(bench: Bench):
    """Paper out while it prints: cleared, not printed, and a struck-out piece before the next slip."""
    virtual = VirtualPrinter("hall-1", mm_per_s=100)
    bench.start("virtual://hall-1", virtual)
    await bench.server.heard(Status, ready=True)

    job = await bench.server.give(slip())
    await bench.server.heard(Sending, job=job)
    virtual.set_fault(cover_open=True)
    result = await bench.server.result(job)
    virtual.set_fault(cover_open=False)
    second = await bench.server.result(await bench.server.give(slip("B\u2009001")))

    assert (result.outcome, result.reason, result.torn) == ("not_printed", "cover_open", True)
    assert second.outcome == "printed"
    assert virtual.slips[-1].image.tobytes() == bench.drawing.draw(slip("B\u2009001"), Paper()).tobytes()


async def test_switched_off_it_is_unreachable(bench: Bench):
    """As a printer without power."""
    virtual = VirtualPrinter("hall-1", switched_off=True)
    bench.start("virtual://hall-1", virtual)

    result = await bench.server.result(await bench.server.give(slip(), ttl_ms=300))

    assert (result.outcome, result.reason) == ("not_printed", "unreachable")


async def test_whoever_watches_is_told_of_each_slip(bench: Bench):
    """The demonstration shows a slip as it falls."""
    seen: list[VirtualSlip] = []
    virtual = VirtualPrinter("hall-1", on_slip=seen.append)
    bench.start("virtual://hall-1", virtual)

    for place in range(3):
        await bench.server.result(await bench.server.give(slip(f"A\u20090{place:02}")))

    assert [paper.place for paper in seen] == [1, 2, 3]
    assert list(virtual.slips) == seen
