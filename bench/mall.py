"""A whole server in a process of its own, as `antrean serve` starts it, with the tokens to ask it things."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
OPEN_AT = "2026-11-24T09:00:00+07:00"
"""A Tuesday morning by the sample mall's clock: every service with usual hours is open."""


class Mall:
    """A running server: its port, its process and its data folder."""

    def __init__(self, process: subprocess.Popen[str], port: int, data: Path) -> None:
        self.process = process
        self.port = port
        self.data = data

    @property
    def pid(self) -> int:
        return self.process.pid

    def token(self, role: str, *options: str) -> str:
        """A bearer token from the command line, beside the running server."""
        command = [sys.executable, "-m", "queue_server", "token", "--role", role, "--data", str(self.data), *options]
        return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()

    def ask(self, path: str, token: str = "", body: object = None) -> object:
        """One request; a body makes it a POST. Returns the JSON answer, or None for 204."""
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            said = answer.read()
        return json.loads(said) if said else None


@contextmanager
def mall(
    config: Path = ROOT / "config.toml",
    data: Path | None = None,
    under: tuple[str, ...] = (),
    program: tuple[str, ...] = ("-m", "queue_server"),
) -> Iterator[Mall]:
    """Start a server on a free port and stop it at the end; `under` is the tool that it runs in, if any."""
    with tempfile.TemporaryDirectory() as folder:
        data = data or Path(folder)
        command = [*under, sys.executable, *program, "serve", "--config", str(config), "--data", str(data)]
        command += ["--port", "0", "--clock", OPEN_AT]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            assert process.stdout is not None
            ready = next((line for line in process.stdout if line.startswith("ready ")), None)
            if ready is None:
                raise RuntimeError("the server did not start; run `antrean serve` to see why")
            yield Mall(process, int(ready.rpartition(":")[2]), data)
        finally:
            process.terminate()
            process.wait(120)


@contextmanager
def unlimited() -> Iterator[Path]:
    """The sample mall's file without daily quotas or a limit of connections, so that a bench may take what it likes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        lines = (ROOT / "config.toml").read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if not line.startswith(("quota", "connections ="))]
        kept.insert(kept.index("[limits]") + 1, "connections = 20000")
        path.write_text("\n".join(kept), encoding="utf-8")
        yield path
