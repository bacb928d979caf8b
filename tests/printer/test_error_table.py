"""Each row of the table of errors, as the agent sees it: what it does, and what it tells the server.

What citizens and staff then read is said by the server from these messages and tested with it.
"""

import asyncio

import msgspec

from printer.machine import Limits
from queue_server.wire.printing import Ack, Cancelled, Result, Sending, Status, Waiting
from tests.printer.conftest import QUICK, Bench, slip
from tests.waiting import until

#: For a printer that answers, on a machine that is busy with much else.
PATIENT = QUICK._replace(answer=1.0, late=8.0, connect=8.0, confirm=8.0, settle=15.0)


async def ready(bench: Bench, limits: Limits = PATIENT) -> None:
    bench.limits = limits
    bench.start()
    await bench.server.heard(Status, ready=True)


async def printed(bench: Bench, number: str = "Z\u2009999") -> Result:
    return await bench.server.result(await bench.server.give(slip(number)))


async def test_id_received(bench: Bench):
    """The printer repeated the id: printed, on the strongest evidence."""
    await ready(bench)

    result = await printed(bench)

    assert (result.outcome, result.evidence) == ("printed", "id")


async def test_near_end(bench: Bench):
    """Paper runs low: printing goes on, staff get about how many tickets are left."""
    bench.printer.knobs.near_end_at = 0.0
    await ready(bench)
    status = await bench.server.heard(Status, near_end=True)

    result = await printed(bench)

    assert result.outcome == "printed"
    assert status.ready is True
    assert status.tickets_left is not None
    assert status.tickets_left > 5


async def test_not_ready_before_the_first_byte(bench: Bench):
    """Paper out, cover, cutter: no byte is sent, the cause is told at once, and final when time is over."""
    for fault, reason in (("paper_out", "paper_out"), ("cover_open", "cover_open"), ("jammed", "cutter")):
        bench.server.said.clear()
        await ready(bench)
        setattr(bench.printer, fault, True)
        job = await bench.server.give(slip(), ttl_ms=1_500)

        waiting = await bench.server.heard(Waiting, job=job)
        result = await bench.server.result(job)

        assert waiting.reason == reason
        assert (result.outcome, result.reason, result.torn) == ("not_printed", reason, False)
        assert not [said for said in bench.server.said if isinstance(said, Sending)]
        assert (bench.printer.pieces, bytes(bench.printer.hanging)) == ([], b"")
        bench.printer.repair()
        await bench.stop()


async def test_a_fault_in_the_middle_is_told_before_the_end_is_known(bench: Bench):
    """A printer that cannot be cleared keeps half a slip for long: what is amiss is said at once, and its end later."""
    bench.printer.knobs.clear, bench.printer.knobs.process_id = False, False
    bench.printer.knobs.counters = frozenset()
    bench.printer.knobs.paper_out_at = 20
    await ready(bench, QUICK)

    job = await bench.server.give(slip())
    told = await bench.server.heard(Sending, job=job, reason="paper_out")
    status = await bench.server.heard(Status, ready=False, reasons=("paper_out",))
    result = await bench.server.result(job)

    assert result.outcome == "unknown"
    assert max(map(bench.server.said.index, (told, status))) < bench.server.said.index(result)


async def test_those_behind_a_silent_printer_are_told_and_expire_in_time(bench: Bench):
    """While one slip's fate is sought, the others know why they wait, and none outlives its time."""
    bench.printer.knobs.deaf_at_byte, bench.printer.knobs.small_window = 9_000, True
    await bench.printer.unplug()
    await bench.printer.plug()
    await ready(bench, PATIENT._replace(confirm=60))
    first = await bench.server.give(slip())
    await bench.server.heard(Sending, job=first, reason="no_status")

    behind = await bench.server.give(slip("B\u2009001"), ttl_ms=1_500)
    waiting = await bench.server.heard(Waiting, job=behind)
    result = await bench.server.result(behind)

    assert waiting.reason == "no_status"
    assert (result.outcome, result.reason) == ("not_printed", "no_status")
    assert bench.server.results(first) == []
    await bench.kill()


async def test_a_head_that_gets_hot_in_the_middle_is_told_and_goes_on(bench: Bench):
    """It gets hot while it prints: one moment, says the kiosk; then the slip is good."""
    bench.printer.knobs.hot_at, bench.printer.knobs.hot_for = 25, 60
    await ready(bench)

    job = await bench.server.give(slip())
    await bench.server.heard(Sending, job=job, reason="head_hot")
    bench.printer.repair()
    result = await bench.server.result(job)

    assert result.outcome == "printed"
    told = [said.reason for said in bench.server.said if isinstance(said, Sending)]
    assert told in ([None, "head_hot"], [None, "head_hot", None])


async def test_unreachable(bench: Bench):
    """Nobody answers at its address: the same, with that as the cause, and staff are told why in words."""
    await ready(bench)
    await bench.printer.unplug()

    job = await bench.server.give(slip(), ttl_ms=1_500)
    waiting = await bench.server.heard(Waiting, job=job)
    result = await bench.server.result(job)
    status = await bench.server.heard(Status, reasons=("unreachable",))

    assert waiting.reason == "unreachable"
    assert (result.outcome, result.reason) == ("not_printed", "unreachable")
    assert status.ready is False


async def test_no_status(bench: Bench):
    """It is reached and says nothing: no byte of the job is sent."""
    await ready(bench)
    bench.printer.knobs.mute = True

    job = await bench.server.give(slip(), ttl_ms=1_500)
    waiting = await bench.server.heard(Waiting, job=job)
    result = await bench.server.result(job)
    await bench.printer.settled()

    assert waiting.reason == "no_status"
    assert (result.outcome, result.reason) == ("not_printed", "no_status")
    assert bench.on_paper(slip()) == 0
    await bench.kill()


async def test_a_late_answerer_is_waited_for(bench: Bench):
    """Answers that take longer than usual are not taken for those to the next question: its slips come out."""
    bench.printer.knobs.late_by = 0.4
    await ready(bench, PATIENT._replace(answer=0.25))

    result = await printed(bench)

    assert (result.outcome, result.evidence) == ("printed", "id")
    assert bench.on_paper(slip("Z\u2009999")) == 1


async def test_noise_is_no_status(bench: Bench):
    """A printer that answers anything with a zero byte: staff are told what was heard, and no slip leaves."""
    bench.printer.knobs.noise = b"\x00"
    bench.start()
    status = await bench.server.heard(Status, reasons=("no_status",))

    result = await bench.server.result(await bench.server.give(slip(), ttl_ms=1_500))

    assert "no status" in status.detail
    assert (result.outcome, result.reason) == ("not_printed", "no_status")
    assert bench.on_paper(slip()) == 0


async def test_fault_mid_ticket(bench: Bench):
    """Paper out or cover in the middle: a grace, then cleared; torn, and nothing of it comes out later."""
    for knob, reason in (("paper_out_at", "paper_out"), ("cover_open_at", "cover_open")):
        await ready(bench)
        setattr(bench.printer.knobs, knob, bench.printer.printed_mm + 20)

        job = await bench.server.give(slip(f"T\u2009{knob[:3]}"))
        result = await bench.server.result(job)
        bench.printer.repair()
        await printed(bench)

        assert (result.outcome, result.reason, result.torn) == ("not_printed", reason, True)
        assert bench.on_paper(slip(f"T\u2009{knob[:3]}")) == 0
        await bench.stop()


async def test_repaired_within_the_grace(bench: Bench):
    """Whoever reloads at once gets the ticket finished, whole."""
    bench.printer.knobs.repaired_after = 0.15
    await ready(bench, PATIENT._replace(grace=20))
    bench.printer.knobs.paper_out_at = 20

    result = await printed(bench)

    assert (result.outcome, result.torn) == ("printed", False)
    assert bench.on_paper(slip("Z\u2009999")) == 1


async def test_cutter_jam(bench: Bench):
    """Cleared and torn; no job goes out until the cutter is free."""
    bench.printer.knobs.jam_at_cut = 1
    await ready(bench)

    first = await printed(bench, "J\u2009001")
    job = await bench.server.give(slip("J\u2009002"))
    waiting = await bench.server.heard(Waiting, job=job)
    bench.printer.repair()
    second = await bench.server.result(job)

    assert (first.outcome, first.reason, first.torn) == ("not_printed", "cutter", True)
    assert waiting.reason == "cutter"
    assert second.outcome == "printed"


async def test_lost_but_counted(bench: Bench):
    """The connection broke after the first byte and the counter says that it was cut: printed."""
    bench.printer.knobs.drop_before_id = True
    await ready(bench)

    result = await printed(bench)

    assert (result.outcome, result.evidence) == ("printed", "counter")


async def test_lost_and_not_counted(bench: Bench):
    """It broke, and after clearing the count is the same: not printed, so a new job may follow at once."""
    await ready(bench)
    bench.printer.knobs.drop_at_byte = bench.printer.received + 12_000

    result = await printed(bench)
    again = await printed(bench)

    assert (result.outcome, result.reason, result.evidence) == ("not_printed", "lost", "counter")
    assert again.outcome == "printed"
    assert bench.on_paper(slip("Z\u2009999")) == 1


async def test_lost_and_nothing_provable(bench: Bench):
    """A printer that counts nothing lost the line: unknown, and never sent again."""
    bench.printer.knobs.counters = frozenset()
    bench.printer.knobs.drop_before_id = True
    await ready(bench)

    result = await printed(bench)
    await printed(bench, "Z\u2009998")

    assert (result.outcome, result.reason) == ("unknown", "lost")
    assert bench.on_paper(slip("Z\u2009999")) <= 1


async def test_a_slip_that_is_whole_is_not_torn_by_asking(bench: Bench):
    """The line broke behind the job: a printer that works is given the time for it, and its id still comes."""
    bench.printer.knobs.counters = frozenset()
    bench.printer.knobs.drop_behind_job = True
    bench.printer.knobs.mm_per_s = 40
    await ready(bench, PATIENT._replace(confirm=20, settle=30))

    result = await printed(bench)

    assert (result.outcome, result.evidence) == ("printed", "id")
    assert bench.on_paper(slip("Z\u2009999")) == 1


async def test_what_did_not_leave_whole_is_settled_at_once(bench: Bench):
    """Half a picture eats the next question: it is cleared first, so nobody waits as long as for a whole slip."""
    await ready(bench, PATIENT._replace(confirm=60, settle=120))
    bench.printer.knobs.drop_at_byte = bench.printer.received + 4_000

    result = await printed(bench)

    assert (result.outcome, result.reason, result.evidence) == ("not_printed", "lost", "counter")


async def test_power_loss(bench: Bench):
    """The printer lost its power in the middle: what it kept in memory proves nothing."""
    await ready(bench)
    bench.printer.knobs.power_loss_at, bench.printer.knobs.off_for = 20, 1.0

    result = await printed(bench)

    assert (result.outcome, result.reason) == ("unknown", "power")


async def test_head_hot(bench: Bench):
    """A hot head is waited for; staff see it if it lasts, and the ticket comes out whole."""
    bench.printer.knobs.hot_for = 1.0
    await ready(bench)
    bench.printer.knobs.hot_at = 20

    result = await printed(bench)

    assert (result.outcome, result.torn) == ("printed", False)
    assert bench.printer.clears == 1  # the one with which it was asked what it can do


async def test_expired_in_the_queue(bench: Bench):
    """A job that waited in a dead agent for too long is expired, and nothing is printed."""
    await ready(bench)
    bench.printer.paper_out = True
    job = await bench.server.give(slip(), ttl_ms=2_000)
    await bench.server.heard(Ack, job=job)
    await bench.kill()
    bench.printer.repair()
    await asyncio.sleep(2)  # its time to live, the thing itself

    bench.start()
    result = await bench.server.result(job)

    assert (result.outcome, result.reason) == ("expired", "expired")
    assert bench.on_paper(slip()) == 0


async def test_agent_crashed_while_sending(bench: Bench):
    """Settled at the start, before any job."""
    bench.printer.knobs.mm_per_s = 80
    await ready(bench, PATIENT._replace(confirm=2))
    job = await bench.server.give(slip())
    await bench.server.heard(Sending, job=job)
    await bench.kill()
    bench.printer.knobs.mm_per_s = 4000

    bench.start()
    result = await bench.server.result(job)
    await printed(bench)

    assert (result.outcome, bench.on_paper(slip())) in {("printed", 1), ("not_printed", 0)}


async def test_agent_offline(bench: Bench):
    """Without the server the job in hand is finished, and its result replayed."""
    bench.printer.knobs.mm_per_s = 100
    await ready(bench)
    job = await bench.server.give(slip())
    await bench.server.heard(Sending, job=job)

    await bench.server.down()
    await until(lambda: bench.printer.pieces)
    await bench.server.up()
    result = await bench.server.result(job)

    assert result.outcome == "printed"


async def test_a_letter_without_a_font(bench: Bench):
    """Rejected, with the letters; staff see it before a citizen does."""
    await ready(bench)

    job = await bench.server.give(msgspec.structs.replace(slip(), agency="外務省"))
    ack = await bench.server.heard(Ack, job=job)

    assert (ack.verdict, ack.reason, ack.detail) == ("rejected", "uncovered", "外務省")


async def test_cancelled_in_time(bench: Bench):
    """A reprint takes the open job's place: cancelled before its first byte, it never prints."""
    await ready(bench)
    bench.printer.paper_out = True
    job = await bench.server.give(slip())
    await bench.server.heard(Waiting, job=job)

    await bench.server.cancel(job)
    await bench.server.heard(Cancelled, job=job)
    bench.printer.repair()
    await printed(bench)

    assert bench.on_paper(slip()) == 0
