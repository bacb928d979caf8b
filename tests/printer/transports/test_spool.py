"""A queue of CUPS is used by its own commands, and not believed to know where the paper is."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from queue_server.wire.printing import Paper, Sending, Status, Waiting
from tests.printer.conftest import QUICK, Bench, slip
from tests.waiting import until

LP = """#!/bin/sh
echo "$@" >> "$SPOOL/asked"
. "$SPOOL/lp"
"""
TAKES = 'cat > "$SPOOL/data"; echo "request id is kiosk-17 (1 file(s))"'
REFUSES = 'echo "lp: Error - Destination \\"kiosk\\" is not accepting jobs." >&2; exit 1'
LPSTAT = """#!/bin/sh
case "$1" in
-p) cat "$SPOOL/printer" ;;
-a) cat "$SPOOL/accepting" ;;
-W) [ -e "$SPOOL/held" ] && echo "kiosk-17 somebody 1024 Tue Nov 24" ; true ;;
esac
"""
CANCEL = """#!/bin/sh
echo "$@" >> "$SPOOL/cancelled"
rm -f "$SPOOL/held"
"""

Spool = Callable[..., Path]


@pytest.fixture
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Spool:
    """CUPS as three commands on the path, and a folder in which it is set up and looked at."""

    def made(
        printer: str = "printer kiosk is idle.  enabled since Tue", *, held: bool = False, lp: str = TAKES
    ) -> Path:
        commands, folder = tmp_path / "bin", tmp_path / "spool"
        commands.mkdir()
        folder.mkdir()
        for name, script in (("lp", LP), ("lpstat", LPSTAT), ("cancel", CANCEL)):
            (commands / name).write_text(script)
            (commands / name).chmod(0o755)
        (folder / "printer").write_text(printer + "\n")
        (folder / "accepting").write_text("kiosk accepting requests since Tue\n")
        (folder / "lp").write_text(lp + "\n")
        if held:
            (folder / "held").touch()
        monkeypatch.setenv("PATH", f"{commands}{os.pathsep}{os.environ['PATH']}")
        monkeypatch.setenv("SPOOL", str(folder))
        return folder

    return made


async def test_a_job_that_went_through_is_unknown(bench: Bench, spool: Spool):
    """The spooler took it and no longer has it; whether there is paper, it does not know."""
    folder = spool()
    bench.start("lp://kiosk")

    result = await bench.server.result(await bench.server.give(slip()))

    assert (result.outcome, result.reason) == ("unknown", "spooled")
    assert (folder / "data").read_bytes().startswith(b"\x1b@")
    assert (folder / "asked").read_text().startswith("-d kiosk -o raw")


async def test_what_the_queue_still_holds_does_not_come_out_later(bench: Bench, spool: Spool):
    """When its time is over it is cancelled; that none of it came out before cannot be proved."""
    folder = spool(held=True)
    bench.start("lp://kiosk")

    result = await bench.server.result(await bench.server.give(slip()))

    assert (result.outcome, result.reason) == ("unknown", "spooled")
    assert (folder / "cancelled").read_text() == "kiosk-17\n"


async def test_a_slip_that_nobody_wants_is_taken_out_of_the_queue(bench: Bench, spool: Spool):
    """At once, not when its time is over."""
    folder = spool(held=True)
    bench.limits = QUICK._replace(confirm=60)
    bench.start("lp://kiosk")
    job = await bench.server.give(slip())
    await bench.server.heard(Sending, job=job)
    await until((folder / "data").exists)

    await bench.server.cancel(job, begun=True)
    result = await bench.server.result(job)

    assert (result.outcome, result.reason) == ("unknown", "spooled")
    assert (folder / "cancelled").read_text() == "kiosk-17\n"


@pytest.mark.parametrize(
    "lp",
    [
        'cat > "$SPOOL/data"; echo "lp: Error - unable to queue from stdin - Request Timeout." >&2; exit 1',
        'cat > "$SPOOL/data"; echo "lp: Error - Bad Request" >&2; exit 1',
        'head -c 100 > "$SPOOL/data"; exit 1',
        'cat > "$SPOOL/data"; exec sleep 60',
        'cat > "$SPOOL/data"; kill -9 $$',
        'cat > "$SPOOL/data"; echo "lp: not accepting jobs" >&2; exit 1',
        'cat > "$SPOOL/data"',
    ],
    ids=["stdin", "finish", "part", "slow", "killed", "misleading words", "silent"],
)
async def test_what_lp_has_read_may_come_out(bench: Bench, spool: Spool, lp: str):
    """However `lp` ends afterwards: a slip that CUPS may have is never sent again by itself."""
    folder = spool(lp=lp)
    bench.limits = QUICK._replace(open=1.0)
    bench.start("lp://kiosk")

    result = await bench.server.result(await bench.server.give(slip()))

    assert (result.outcome, result.evidence) == ("unknown", "none")
    assert (folder / "asked").read_text().count("\n") == 1
    assert (folder / "data").stat().st_size > 0


@pytest.mark.parametrize(
    ("lp", "reason"),
    [
        (REFUSES, "offline"),
        ('echo "lp: Error - The printer or class does not exist." >&2; exit 1', "offline"),
        ("exec sleep 60", "unreachable"),
        ("kill -9 $$", "offline"),
        # what it left behind reads later, and finds nothing
        ('setsid sh -c "sleep 0.2; cat > $SPOOL/late" <&0 >/dev/null 2>&1 & exit 1', "offline"),
    ],
    ids=["rejects", "unknown", "slow", "killed", "leaves one behind"],
)
async def test_what_lp_did_not_read_waits(bench: Bench, spool: Spool, lp: str, reason: str):
    """A refusal before the slip was handed over: it waits while it may live, is told why, and nothing came out."""
    folder = spool(lp=lp)
    bench.limits = QUICK._replace(open=0.5)
    bench.start("lp://kiosk")

    job = await bench.server.give(slip(), ttl_ms=1_500)
    waiting = await bench.server.heard(Waiting, job=job)
    result = await bench.server.result(job)

    assert waiting.reason == reason
    assert (result.outcome, result.reason) == ("not_printed", reason)
    assert not (folder / "data").exists()
    if "late" in lp:
        await until((folder / "late").exists)
        assert (folder / "late").read_bytes() == b""


async def test_a_queue_that_refuses_for_a_moment_prints_afterwards(bench: Bench, spool: Spool):
    """The slip was refused at the door, and is taken at the next attempt: once."""
    folder = spool(lp=REFUSES)
    bench.start("lp://kiosk")
    job = await bench.server.give(slip())
    await bench.server.heard(Waiting, job=job, reason="offline")

    (folder / "lp").write_text(TAKES)
    result = await bench.server.result(job)

    assert (result.outcome, result.reason) == ("unknown", "spooled")
    assert (folder / "data").read_bytes() == bench.drawing.made(slip(), Paper()).whole


async def test_a_queue_that_rejects_is_not_asked_to_take(bench: Bench, spool: Spool):
    """CUPS says apart whether a queue prints and whether it takes jobs; the slip waits until it does."""
    folder = spool()
    (folder / "accepting").write_text("kiosk not accepting requests since Tue -\n\tRejecting Jobs\n")
    bench.start("lp://kiosk")
    await bench.server.heard(Status, reasons=("offline",))
    job = await bench.server.give(slip())
    await bench.server.heard(Waiting, job=job, reason="offline")
    asked = (folder / "asked").exists()

    (folder / "accepting").write_text("kiosk accepting requests since Tue\n")
    result = await bench.server.result(job)

    assert not asked
    assert (result.outcome, result.reason) == ("unknown", "spooled")


async def test_an_lp_that_cannot_be_run_sends_nothing(bench: Bench, spool: Spool):
    """Any way in which it does not start leaves the agent at work."""
    folder = spool()
    (folder.parent / "bin" / "lp").chmod(0o644)
    bench.start("lp://kiosk")

    result = await bench.server.result(await bench.server.give(slip(), ttl_ms=500))

    assert (result.outcome, result.reason) == ("not_printed", "unreachable")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("printer kiosk disabled since Tue -\n\tPaused", "offline"),
        ("printer kiosk is idle.  enabled since Tue\n\tmedia-empty-error", "paper_out"),
        ("printer kiosk is idle.  enabled since Tue\n\tCover open.", "cover_open"),
    ],
)
async def test_what_the_queue_says_of_its_printer_is_heard(bench: Bench, spool: Spool, said: str, reason: str):
    """A queue that is held up gets no job, and the cause is told."""
    folder = spool(said)
    bench.start("lp://kiosk")

    result = await bench.server.result(await bench.server.give(slip(), ttl_ms=400))

    assert (result.outcome, result.reason) == ("not_printed", reason)
    assert not (folder / "asked").exists()


async def test_without_cups_nothing_is_sent(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Where the commands are missing, that is what is said."""
    monkeypatch.setenv("PATH", str(tmp_path))
    bench.start("lp://kiosk")

    result = await bench.server.result(await bench.server.give(slip(), ttl_ms=300))

    assert (result.outcome, result.reason) == ("not_printed", "unreachable")
