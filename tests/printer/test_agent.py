"""An agent takes jobs, prints each once and says what became of it, whoever goes away meanwhile."""

import asyncio
import io
import sqlite3
from contextlib import closing

import msgspec
import pytest
from PIL import Image

from printer.escpos import id_query
from printer.machine import Limits
from queue_server.errors import DataFolderBusy
from queue_server.wire.printing import (
    Ack,
    Cancelled,
    Greeting,
    Hello,
    Job,
    Need,
    OpenJob,
    Paper,
    Part,
    Refusal,
    Result,
    Sending,
    SlipLayout,
    Status,
    TestView,
    TooLate,
    Waiting,
    encode,
)
from tests.printer.conftest import QUICK, Bench, slip
from tests.waiting import until

# ------------------------------------------------------------------------------------------- a job's way


async def test_a_job_is_printed_once_and_confirmed_by_its_id(bench: Bench):
    """A job ends as printed when the printer has repeated its id, and lies on paper once."""
    bench.start()

    job = await bench.server.give(slip())
    result = await bench.server.result(job)

    assert (result.outcome, result.evidence, result.torn) == ("printed", "id", False)
    assert bench.on_paper(slip()) == 1
    assert bench.server.acks_of(job) == ["accepted"]
    assert await bench.server.heard(Sending, job=job)


async def test_the_state_is_asked_before_every_job(bench: Bench):
    """A printer that cannot print swallows a job and prints it when somebody shuts its cover: it is asked first."""
    bench.start()
    await bench.server.heard(Status, ready=True)
    bench.printer.questions.clear()
    before = bench.printer.received

    job = await bench.server.give(slip())
    await bench.server.result(job)

    first = bench.printer.questions[:4]
    assert first == [bytes((0x10, 0x04, n)) for n in (1, 2, 3, 4)]
    assert bench.printer.received > before


async def test_jobs_are_printed_one_after_the_other_in_their_order(bench: Bench):
    """Slips come out in the order in which their jobs came."""
    bench.start()
    views = [slip(f"A\u20090{place:02}") for place in range(8)]

    jobs = [await bench.server.give(view) for view in views]
    results = [await bench.server.result(job) for job in jobs]

    assert {result.outcome for result in results} == {"printed"}
    assert [piece.rows for piece in bench.printer.pieces] == [bench.rows(view) for view in views]


async def test_the_same_job_twice_is_one_print(bench: Bench):
    """A job id prints at most once, however often it is sent; the second time its result is said again."""
    bench.start()

    job = await bench.server.give(slip())
    await bench.server.result(job)
    await bench.server.give(slip(), job=job)
    await bench.server.heard(Ack, job=job, verdict="duplicate")
    marker = await bench.server.give(slip("B\u2009001"))
    await bench.server.result(marker)

    assert bench.on_paper(slip()) == 1
    assert [result.outcome for result in bench.server.results(job)] == ["printed", "printed"]


async def test_the_first_slip_at_a_printer_that_was_not_ready_is_confirmed(bench: Bench):
    """What it can prove is learned when it is ready, after the slip was drawn; the question goes out all the same."""
    bench.printer.paper_out = True
    bench.start()
    await bench.server.heard(Status, reasons=("paper_out",))
    job = await bench.server.give(slip())
    await bench.server.heard(Waiting, job=job, reason="paper_out")

    bench.printer.repair()
    result = await bench.server.result(job)

    assert (result.outcome, result.evidence) == ("printed", "id")
    assert bench.on_paper(slip()) == 1


async def test_a_job_that_has_begun_is_let_go_of(bench: Bench):
    """Held up in the middle, wanted no more: what the printer keeps is thrown away, and does not come out later."""
    bench.limits = QUICK._replace(grace=60)
    bench.start()
    await bench.server.heard(Status, ready=True)
    bench.printer.knobs.paper_out_at = 20
    job = await bench.server.give(slip())
    await bench.server.heard(Sending, job=job, reason="paper_out")

    await bench.server.cancel(job, begun=True)
    result = await bench.server.result(job)
    bench.printer.repair()
    await bench.server.result(await bench.server.give(slip("B\u2009001")))

    assert await bench.server.heard(TooLate, job=job)
    assert (result.outcome, result.torn) == ("not_printed", True)
    assert bench.on_paper(slip()) == 0


async def test_what_nobody_wants_is_let_go_of_by_the_next_agent(bench: Bench):
    """An agent that is killed meanwhile leaves word: the next one clears before it counts."""
    bench.limits = QUICK._replace(grace=60, idle=60)
    bench.start()
    await bench.server.heard(Status, ready=True)
    bench.printer.knobs.hot_at, bench.printer.knobs.hot_for = 20, 60
    job = await bench.server.give(slip())
    await bench.server.heard(Sending, job=job, reason="head_hot")
    await bench.printer.unplug()
    await bench.server.cancel(job, begun=True)
    await bench.server.heard(TooLate, job=job)
    await bench.kill()

    bench.printer.hot = False
    bench.printer.knobs.mm_per_s = 20  # cleared before it comes out
    await bench.printer.plug()
    bench.start()
    result = await bench.server.result(job)
    await bench.printer.settled()

    assert result.outcome == "not_printed"
    assert bench.on_paper(slip()) == 0


async def test_a_job_id_is_remembered_by_the_next_agent(bench: Bench):
    """Nor does a job print again after the agent was started anew."""
    bench.start()
    job = await bench.server.give(slip())
    await bench.server.result(job)
    await bench.stop()

    bench.start()
    await bench.server.give(slip(), job=job)
    await bench.server.heard(Ack, job=job, verdict="duplicate")
    marker = await bench.server.give(slip("B\u2009001"))
    await bench.server.result(marker)

    assert bench.on_paper(slip()) == 1


async def test_a_cancelled_job_is_not_printed(bench: Bench):
    """Before its first byte a job can be taken back, and then nothing of it comes out."""
    bench.start()
    await bench.server.heard(Status, ready=True)
    bench.printer.paper_out = True

    job = await bench.server.give(slip())
    await bench.server.heard(Waiting, job=job, reason="paper_out")
    await bench.server.cancel(job)
    await bench.server.heard(Cancelled, job=job)
    bench.printer.repair()
    marker = await bench.server.give(slip("B\u2009001"))
    await bench.server.result(marker)

    assert bench.on_paper(slip()) == 0
    assert bench.server.results(job) == []


async def test_a_printed_job_is_too_late_to_cancel(bench: Bench):
    """From the first byte on a job cannot be taken back, and that is said."""
    bench.start()
    job = await bench.server.give(slip())
    await bench.server.result(job)

    await bench.server.cancel(job)

    assert await bench.server.heard(TooLate, job=job)


async def test_a_job_that_the_printer_cannot_take_waits_and_says_why(bench: Bench):
    """While a job may live it stays queued, its cause is told at once and it is printed when it passes."""
    bench.start()
    await bench.server.heard(Status, ready=True)
    bench.printer.cover_open = True

    job = await bench.server.give(slip())
    waiting = await bench.server.heard(Waiting, job=job)
    bench.printer.repair()
    result = await bench.server.result(job)

    assert waiting.reason == "cover_open"
    assert result.outcome == "printed"


async def test_a_job_whose_time_is_over_never_prints(bench: Bench):
    """No stale number comes out later: what could not be sent in time is final, with its cause."""
    bench.start()
    await bench.server.heard(Status, ready=True)
    bench.printer.paper_out = True

    job = await bench.server.give(slip(), ttl_ms=300)
    result = await bench.server.result(job)
    bench.printer.repair()
    marker = await bench.server.give(slip("B\u2009001"))
    await bench.server.result(marker)

    assert (result.outcome, result.reason) == ("not_printed", "paper_out")
    assert bench.on_paper(slip()) == 0


async def test_a_job_that_waited_for_no_agent_is_expired(bench: Bench):
    """What waited too long while the agent was gone is expired, and nothing of it was printed."""
    bench.start()
    await bench.server.heard(Status, ready=True)
    bench.printer.paper_out = True
    job = await bench.server.give(slip(), ttl_ms=2_000)
    await bench.server.heard(Ack, job=job)
    await bench.kill()
    bench.printer.repair()
    await asyncio.sleep(2)  # its time to live, the thing itself

    bench.start()
    result = await bench.server.result(job)

    assert result.outcome == "expired"
    assert bench.on_paper(slip()) == 0


# ------------------------------------------------------------------------------------ what it tells


async def test_the_agent_says_what_its_printer_can_prove(bench: Bench):
    """Staff see whether printing is confirmed, as the printer itself showed when it was asked."""
    bench.start()

    status = await bench.server.heard(Status, ready=True)

    assert status.caps.confirms == "id"
    assert (status.caps.status, status.caps.counter, status.caps.clear) == ((1, 2, 3, 4), 178, True)


async def test_a_change_of_the_printer_is_said_at_once(bench: Bench):
    """Paper out on an idle printer is known without a job."""
    bench.start()
    await bench.server.heard(Status, ready=True)

    bench.printer.paper_out = True
    status = await bench.server.heard(Status, reasons=("paper_out",))

    assert status.ready is False


async def test_a_line_that_turns_out_slow_is_said_to_be_one(bench: Bench):
    """No address says how fast a box on the network is: a slip that took long to hand over does."""
    bench.limits = QUICK._replace(confirm=20)
    bench.printer.knobs.bytes_per_s, bench.printer.knobs.small_window = 3_600, True
    await bench.printer.unplug()
    await bench.printer.plug()
    bench.start()
    before = await bench.server.heard(Status, ready=True)

    result = await bench.server.result(await bench.server.give(slip()), within=60)
    await until(lambda: any(isinstance(said, Status) and said.slow_s for said in bench.server.said))

    assert before.slow_s is None
    assert result.outcome == "printed"


async def test_a_model_that_the_agent_does_not_know_prints_all_the_same(bench: Bench):
    """A server that knows more models: what it says of dots holds."""
    bench.server.greeting = Greeting(server="test", printer="p1", paper=Paper(dots=384, model="TM-T99"))
    bench.start()

    result = await bench.server.result(await bench.server.give(slip()))

    assert result.outcome == "printed"
    assert bench.printer.slips(bench.rows(slip(), Paper(dots=384))) == 1


async def test_paper_that_runs_low_is_counted(bench: Bench):
    """After the sensor has reported, the paper used is counted and the tickets left are estimated."""
    bench.printer.knobs.near_end_at = 0.0
    bench.options = "?near_end_mm=1000"
    bench.start()
    first = await bench.server.heard(Status, near_end=True)

    for place in range(3):
        await bench.server.result(await bench.server.give(slip(f"A\u20090{place:02}")))
    bench.printer.paper_out = True
    later = await bench.server.heard(Status, reasons=("paper_out",))

    assert first.tickets_left is not None
    assert later.tickets_left is not None
    assert later.tickets_left < first.tickets_left
    assert later.mm_since_near_end == pytest.approx(3 * (len(bench.rows(slip())) / 72 * 25.4 / 203 + 15), rel=0.05)


async def test_a_text_without_a_font_is_rejected(bench: Bench):
    """A slip with an empty box for a letter is never printed: the job is refused and the letters are named."""
    bench.start()

    job = await bench.server.give(msgspec.structs.replace(slip(), service="身分証"))
    ack = await bench.server.heard(Ack, job=job)

    assert (ack.verdict, ack.reason, ack.detail) == ("rejected", "uncovered", "身分証")
    assert bench.printer.pieces == []


async def test_an_id_that_a_printer_cannot_repeat_is_rejected(bench: Bench):
    """Four printable characters, or the job is refused before anything is printed."""
    bench.start()

    job = await bench.server.give(slip(), seq4="é\x10\x04 ")
    ack = await bench.server.heard(Ack, job=job)

    assert (ack.verdict, ack.reason) == ("rejected", "invalid")


# -------------------------------------------------------------------------------- layouts and logos


async def test_layouts_and_logos_travel_once(bench: Bench):
    """What a job names by hash is asked for, kept, and not asked for again, also by the next agent."""
    layout = SlipLayout(parts=(Part(kind="number"), Part(kind="footer")), footer={"": "Thank you"})
    picture = io.BytesIO()
    Image.new("RGB", (80, 80), "navy").save(picture, "PNG")
    named = bench.server.asset(encode(layout))
    logo = bench.server.asset(picture.getvalue())
    view = msgspec.structs.replace(slip(), logo=logo)
    bench.start()

    for start_again in (False, True, False):
        if start_again:
            await bench.stop()
            bench.start()
        await bench.server.result(await bench.server.give(view, layout=named))

    rows = bench.rows(view, layout=layout)
    assert [piece.rows for piece in bench.printer.pieces] == [rows, rows, rows]
    assert [message.hashes for message in bench.server.said if isinstance(message, Need)] == [(named, logo)]


async def test_a_logo_that_does_not_come_holds_nothing_up(bench: Bench):
    """A slip without its logo is better than none: it is waited for a moment, then left out."""
    bench.start()

    job = await bench.server.give(msgspec.structs.replace(slip(), logo="0" * 64))
    result = await bench.server.result(job)

    assert result.outcome == "printed"
    assert bench.on_paper(slip()) == 1


async def test_a_logo_that_is_no_picture_is_left_out(bench: Bench):
    """Whatever somebody uploaded as a logo, slips come out."""
    logo = bench.server.asset(b"not a picture")
    bench.start()

    result = await bench.server.result(await bench.server.give(msgspec.structs.replace(slip(), logo=logo)))

    assert result.outcome == "printed"
    assert bench.on_paper(slip()) == 1


async def test_an_asset_must_be_what_its_hash_says(bench: Bench):
    """Bytes that are not those that the job named are not used."""
    wrong = "1" * 64
    bench.server.assets[wrong] = encode(SlipLayout(parts=(Part(kind="number"),)))
    bench.start()

    await bench.server.result(await bench.server.give(slip(), layout=wrong))

    assert bench.on_paper(slip()) == 1


# ------------------------------------------------------------------------------ the server goes away


async def test_a_result_is_said_until_the_server_has_it(bench: Bench):
    """A result that was not acknowledged is said again when the link is back."""
    bench.server.acks = False
    bench.start()
    job = await bench.server.give(slip())
    await bench.server.result(job)

    bench.server.acks = True
    await bench.server.cut_off()
    hello = await bench.server.heard(Hello, open=(OpenJob(job=job, state="final", outcome="printed"),))
    await until(lambda: len(bench.server.results(job)) == 2)

    assert hello.open[0].outcome == "printed"
    assert bench.on_paper(slip()) == 1


async def test_a_job_in_hand_is_finished_without_the_server(bench: Bench):
    """When the link breaks in the middle of a slip, the slip is finished and its result said later."""
    bench.printer.knobs.mm_per_s = 100
    bench.start()
    job = await bench.server.give(slip())
    await bench.server.heard(Sending, job=job)

    await bench.server.down()
    await until(lambda: bench.printer.pieces)
    await bench.server.up()
    result = await bench.server.result(job)

    assert result.outcome == "printed"
    assert bench.on_paper(slip()) == 1


async def test_the_token_goes_with_the_link(bench: Bench):
    """The agent shows its bearer token and says which printer it is."""
    bench.start()
    hello = await bench.server.heard(Hello)

    request = bench.server.requests[0]
    assert request.headers["Authorization"] == "Bearer a-token"
    assert request.path == "/api/v1/live?topic=printer:p1"
    assert (hello.printer, hello.device) == ("p1", bench.printer.url)


async def test_another_version_is_not_spoken_with(bench: Bench):
    """Nothing is printed for a server of another protocol; the agent comes back and tries again."""
    bench.server.greeting = Greeting(server="old", printer="p1", protocol=0)
    bench.start()

    await until(lambda: bench.server.links == 2)

    assert bench.server.said == []


async def test_nonsense_from_the_server_is_passed_over(bench: Bench):
    """A message that is none changes nothing; the next one is heard."""
    bench.start()
    await bench.server.heard(Status, ready=True)

    assert bench.server.link is not None
    await bench.server.link.send('{"type":"explode"}')
    await bench.server.link.send("not json")
    result = await bench.server.result(await bench.server.give(slip()))

    assert result.outcome == "printed"


async def test_a_refusal_ends_the_session(bench: Bench):
    """A server that refuses this agent is left, and tried again later."""
    bench.start()
    await bench.server.heard(Hello)

    await bench.server.send(Refusal(code="forbidden", detail="not your printer"))

    await until(lambda: bench.server.links == 2)


# ------------------------------------------------------------------------------- the agent goes away


async def test_what_was_being_sent_is_settled_before_anything_else(bench: Bench):
    """An agent that was killed in the middle of a slip asks the printer first, then prints the next job."""
    bench.printer.knobs.mm_per_s = 60
    bench.start()
    first = await bench.server.give(slip())
    await bench.server.heard(Sending, job=first)
    second = await bench.server.give(slip("B\u2009001"))
    await bench.server.heard(Ack, job=second)

    await bench.kill()
    bench.printer.knobs.mm_per_s = 4000
    bench.start()
    said_first = await bench.server.result(first)
    said_second = await bench.server.result(second)

    order = [message.job for message in bench.server.said if isinstance(message, Result)]
    assert order.index(first) < order.index(second)
    assert said_second.outcome == "printed"
    assert (said_first.outcome, bench.on_paper(slip())) in {("printed", 1), ("not_printed", 0)}
    assert bench.on_paper(slip("B\u2009001")) == 1


async def test_what_was_sent_before_the_machine_lost_its_power_is_not_guessed(bench: Bench):
    """After another boot the printer, too, may have lost its memory: an unchanged count proves nothing."""
    bench.start()
    await bench.server.heard(Status, ready=True)
    await bench.stop()
    with closing(sqlite3.connect(bench.folder / "printer-p1" / "printer.db")) as memory, memory:
        job = Job(job="old", ticket="A 001", seq4="oldj", data=slip(), ttl_ms=1000)
        memory.execute(
            "INSERT INTO jobs (job, ticket, seq4, body, boot, received_ms, ttl_ms, state, before)"
            " VALUES ('old', 'A 001', 'oldj', ?, 'another boot', 0, 1000, 'sending', ?)",
            (encode(job), bench.printer.cuts),
        )

    bench.start()
    result = await bench.server.result("old")

    assert (result.outcome, result.reason) == ("unknown", "power")


async def test_an_unknown_is_corrected_when_the_printer_is_back(bench: Bench):
    """A slip whose printer vanished is unknown at first, and printed once the counter has been asked."""
    bench.start()
    await bench.server.heard(Status, ready=True)
    bench.printer.knobs.unplugged_before_id = True

    job = await bench.server.give(slip())
    unknown = await bench.server.result(job)
    await bench.printer.plug()
    corrected = await bench.server.heard(Result, job=job, outcome="printed")

    assert unknown.outcome == "unknown"
    assert corrected.evidence == "counter"
    assert bench.on_paper(slip()) == 1


async def test_one_agent_per_folder(bench: Bench):
    """A second agent for the same printer in the same folder is refused: two could print a job twice."""
    bench.start()
    await bench.server.heard(Hello)
    first = bench.tasks.pop()

    bench.start()
    second, _stop = bench.tasks.pop()
    with pytest.raises(DataFolderBusy):
        await second
    bench.tasks.append(first)


# ------------------------------------------------------------------------------------ kinds of paper


@pytest.mark.parametrize("paper", [Paper(), Paper(dots=384), Paper(dots=512, dpi=180, cut="full"), Paper(cut="none")])
async def test_the_server_says_which_paper_it_is(bench: Bench, paper: Paper):
    """What config.toml says of a printer's width and cut is what is printed, unless its address says otherwise."""
    bench.server.greeting = Greeting(server="test", printer="p1", paper=paper)
    if paper.cut == "none":
        bench.printer.knobs.counters = frozenset()
    bench.start()

    result = await bench.server.result(await bench.server.give(slip()))

    assert result.outcome == "printed"
    assert bench.printer.slips(bench.rows(slip(), paper)) == 1


async def test_the_address_goes_before_the_server(bench: Bench):
    """The technician beside the printer knows its width."""
    bench.options = "?width=384"
    bench.start()

    await bench.server.result(await bench.server.give(slip()))

    hello = await bench.server.heard(Hello)
    assert hello.paper.dots == 384
    assert bench.printer.slips(bench.rows(slip(), Paper(dots=384))) == 1


async def test_a_test_slip_is_a_job_like_any_other(bench: Bench):
    """Staff print a test slip through the same way as a citizen's."""
    bench.start()
    view = TestView(title="Kiosk 1", lines=("all well",))

    result = await bench.server.result(await bench.server.give(view))

    assert result.outcome == "printed"
    assert [piece.rows for piece in bench.printer.pieces] == [bench.rows(view)]


async def test_a_piece_that_hangs_is_struck_out_before_the_next_slip(bench: Bench):
    """After a jam of the cutter a whole slip may hang there, reported as not printed: it falls struck out."""
    bench.printer.knobs.jam_at_cut = 1
    bench.start()
    job = await bench.server.give(slip())
    result = await bench.server.result(job)
    bench.printer.repair()

    await bench.server.result(await bench.server.give(slip("B\u2009001")))

    assert (result.outcome, result.torn) == ("not_printed", True)
    torn, good = bench.printer.pieces
    assert torn.rows.startswith(bench.rows(slip()))
    assert len(torn.rows) > len(bench.rows(slip()))
    assert good.rows == bench.rows(slip("B\u2009001"))


def test_limits_keep_their_proportions():
    """A healthy printer is never cleared before four times a slip's time, nor before eight seconds."""
    usual = Limits()

    assert usual.confirm >= 8
    assert usual.times >= 4
    assert usual.grace >= 3


async def test_an_old_answer_is_not_taken_for_a_new_one(bench: Bench):
    """What the printer still had to say of an earlier job does not confirm the next one that has its id."""
    bench.printer.knobs.counters = frozenset()
    bench.printer.knobs.mm_per_s = 100
    bench.start()
    await bench.server.heard(Status, ready=True)
    earlier = bench.drawing.made(slip("Z\u2009001"), Paper())
    bench.printer.knobs.paper_out_at = earlier.length_mm + 10
    bench.printer.receive(earlier.whole + id_query("same"))

    result = await bench.server.result(await bench.server.give(slip(), seq4="same"))

    assert result.outcome == "not_printed"
    assert bench.on_paper(slip()) == 0
