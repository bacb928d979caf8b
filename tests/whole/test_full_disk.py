"""A disk that is full, when the server starts and while it runs."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

from tests.whole.server import ROOT, SAMPLE


def test_a_server_that_cannot_write_says_what_to_do_and_does_not_start(tmp_path: Path):
    """With no room for the journal `serve` names the folder and says to make room, instead of a client's advice."""

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (72 * 1024, 72 * 1024))

    where = ("--config", str(SAMPLE), "--data", str(tmp_path / "data"), "--port", "0")
    done = subprocess.run(
        [sys.executable, "-m", "queue_server", "serve", *where],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        preexec_fn=no_room,
    )

    assert done.returncode == 1
    assert str(tmp_path / "data") in done.stderr
    assert "Idempotency-Key" not in done.stderr
    assert "ready" not in done.stdout
