"""What `antrean kiosk-setup` writes is whole and well formed, and its watchdog notices a tab that has crashed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from queue_server.cli.kiosk_setup import command
from queue_server.cli.screen import watchdog
from tests.browser import CHROMIUM
from tests.fakes import mall
from tests.fakes.hall import FakeHall
from tests.waiting import until

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config.toml"


def setup(folder: Path, screen: str, *more: str, server: str = "https://queue.example") -> Result:
    said = [screen, "--server", server, "--into", str(folder), "--config", str(CONFIG), *more]
    return CliRunner().invoke(command, said, standalone_mode=True)


def test_the_files_of_a_kiosk(tmp_path: Path):
    """Policy, units, session and installer name the server, the kiosk's panel and each other's places."""
    ran = setup(tmp_path, "kiosk-1", "--turned", "left", server="http://10.0.0.5:8080/")

    policy = json.loads((tmp_path / "etc/chromium/policies/managed/antrean.json").read_text())
    session = (tmp_path / "opt/antrean-screen/session").read_text()
    assert ran.exit_code == 0
    assert "antrean devices accept CODE kiosk kiosk-1" in ran.output
    assert policy["URLAllowlist"] == ["http://10.0.0.5:8080"]
    assert policy["URLBlocklist"] == ["*"]
    assert policy["TranslateEnabled"] is False
    assert "size=1080,1920" in session
    assert "--rotate left" in session
    assert "--unsafely-treat-insecure-origin-as-secure=http://10.0.0.5:8080" in session
    assert (tmp_path / "opt/antrean-screen/watchdog.py").read_text() == Path(watchdog.__file__).read_text()


def test_over_https_nothing_is_called_safe_that_is_not(tmp_path: Path):
    """The flag for plain http is written for plain http alone; a display's size is what its machine says."""
    ran = setup(tmp_path, "hall")

    session = (tmp_path / "opt/antrean-screen/session").read_text()
    assert "accept CODE display hall" in ran.output
    assert "insecure" not in session
    assert "size=\n" in session


@pytest.mark.parametrize("name", ["install.sh", "opt/antrean-screen/session"])
def test_a_shell_can_read_what_it_is_to_run(tmp_path: Path, name: str):
    """Each script is well formed, and may be run."""
    setup(tmp_path, "kiosk-1")

    read = subprocess.run(["sh", "-n", str(tmp_path / name)], capture_output=True, text=True, check=False)

    assert (read.returncode, read.stderr) == (0, "")
    assert os.access(tmp_path / name, os.X_OK)


def test_systemd_can_read_the_units(tmp_path: Path):
    """Nothing is wrong with them but that this machine has no X to start."""
    setup(tmp_path, "kiosk-1")
    units = [str(path) for path in sorted((tmp_path / "etc/systemd/system").iterdir())]

    read = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)

    wrong = [line for line in read.stderr.splitlines() if line and "is not executable" not in line]
    assert wrong == []


@pytest.mark.parametrize(
    ("screen", "more", "server", "said"),
    [
        ("kiosk-9", (), "https://queue.example", "no kiosk or board 'kiosk-9'"),
        ("kiosk-1", (), "queue.example", "--server is an address"),
        ("kiosk-1", (), "https://queue.example/kiosk", "--server is an address"),
        ("kiosk-1", ("--restart", "late"), "https://queue.example", "--restart is a time"),
    ],
)
def test_what_cannot_be_is_said(tmp_path: Path, screen: str, more: tuple[str, ...], server: str, said: str):
    """A screen that the mall does not have, an address that is none: nothing is written."""
    ran = setup(tmp_path / "new", screen, *more, server=server)

    assert ran.exit_code in (1, 2)
    assert said in ran.output
    assert not (tmp_path / "new").exists()


async def test_a_crashed_tab_is_noticed(tmp_path: Path):
    """While the page answers the browser is left alone; once its tab is gone the watchdog ends it and itself."""
    hall = FakeHall(views={"kiosk:K1": mall.kiosk()})
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with hall.running() as url:
        page = f"{url}/kiosk/K1"
        browser = [CHROMIUM, "--headless", f"--remote-debugging-port={port}", f"--user-data-dir={tmp_path / 'profile'}"]
        if os.geteuid() == 0:
            browser.append("--no-sandbox")
        program = [
            sys.executable,
            watchdog.__file__,
            "--page",
            page,
            "--port",
            str(port),
            "--every",
            "0.3",
            "--start",
            "1",
            "--",
        ]
        notified = tmp_path / "systemd"
        log = tmp_path / "said"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd, log.open("wb") as told:
            systemd.bind(str(notified))
            systemd.setblocking(False)
            running = await asyncio.create_subprocess_exec(
                *program,
                *browser,
                page,
                stderr=told,
                env={**os.environ, "NOTIFY_SOCKET": str(notified)},
            )
            try:
                await until(lambda: hall.watchers > 0, 30)
                ready = await asyncio.wait_for(asyncio.get_running_loop().sock_recv(systemd, 100), 30)
                assert ready in (b"READY=1", b"WATCHDOG=1")
                await until(lambda: _renderers(running.pid), 30)

                for pid in _renderers(running.pid):
                    os.kill(pid, signal.SIGKILL)
                await asyncio.wait_for(running.wait(), 40)
            finally:
                if running.returncode is None:
                    running.terminate()
                    await running.wait()

    assert running.returncode == 1
    assert b"the browser is started anew" in log.read_bytes()
    assert [pid for pid in _all() if str(tmp_path) in _line(pid)] == []


def _below(pid: int) -> list[int]:
    """All processes that this one has started, theirs too."""
    found = [one for one in _all() if _parent(one) == pid]
    return [*found, *(deeper for one in found for deeper in _below(one))]


def _renderers(pid: int) -> list[int]:
    return [one for one in _below(pid) if "--type=renderer" in _line(one)]


def _all() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""  # it has just ended
