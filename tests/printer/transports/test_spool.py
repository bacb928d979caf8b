"""A queue of CUPS is used by its own commands, and not believed to know where the paper is."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.printer.conftest import Bench, slip

LP = """#!/bin/sh
cat > "$SPOOL/data"
echo "$@" >> "$SPOOL/asked"
echo "request id is kiosk-17 (1 file(s))"
"""
LPSTAT = """#!/bin/sh
case "$1" in
-p) cat "$SPOOL/printer" ;;
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

    def made(printer: str = "printer kiosk is idle.  enabled since Tue", *, held: bool = False) -> Path:
        commands, folder = tmp_path / "bin", tmp_path / "spool"
        commands.mkdir()
        folder.mkdir()
        for name, script in (("lp", LP), ("lpstat", LPSTAT), ("cancel", CANCEL)):
            (commands / name).write_text(script)
            (commands / name).chmod(0o755)
        (folder / "printer").write_text(printer + "\n")
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


async def test_a_job_that_was_never_begun_is_taken_back(bench: Bench, spool: Spool):
    """What the queue still holds can be cancelled; then it is known that nothing was printed."""
    folder = spool(held=True)
    bench.start("lp://kiosk")

    result = await bench.server.result(await bench.server.give(slip()))

    assert (result.outcome, result.evidence) == ("not_printed", "spooler")
    assert (folder / "cancelled").read_text() == "kiosk-17\n"


async def test_a_job_that_had_begun_is_not_called_unprinted(bench: Bench, spool: Spool):
    """Cancelled in the middle it may have come out."""
    spool("printer kiosk now printing kiosk-17.  enabled since Tue", held=True)
    bench.start("lp://kiosk")

    result = await bench.server.result(await bench.server.give(slip()))

    assert (result.outcome, result.reason) == ("unknown", "spooled")


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
