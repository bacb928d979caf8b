"""A whole server in a process of its own, started as `antrean serve` or `antrean demo` would be, and what tests ask it.

It can be killed and started again on the same folder and port, as a power cut would do it.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientTimeout

ROOT = Path(__file__).parent.parent.parent
SAMPLE = ROOT / "config.toml"
NINE = "2026-11-24T09:00:00+07:00"
"""A Tuesday morning in the sample mall: every service with usual hours is open."""

START_S = 30.0


class Answer:
    """One answer, its JSON read."""

    def __init__(self, status: int, body: Any, headers: dict[str, str]) -> None:
        self.status = status
        self.body = body
        self.headers = headers

    @property
    def code(self) -> str:
        return str(self.body["code"])

    def __getitem__(self, name: str) -> Any:
        return self.body[name]

    def __repr__(self) -> str:
        return f"{self.status} {self.body}"


class Server:
    """`at` is the address; every request carries the token it is given."""

    def __init__(self, data: Path, config: Path, options: tuple[str, ...], command: str) -> None:
        self.data = data
        self.config = config
        self.command = command
        self.options = options
        self.house = ROOT
        """Where the code lies."""
        self.log_at = data.parent / "server.log"
        self.port = 0
        self.said: list[str] = []
        """What it said before it was ready."""
        self.process: asyncio.subprocess.Process | None = None
        self.client: ClientSession | None = None

    @property
    def at(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def password(self) -> str:
        """A demonstration's, as it says it."""
        return next(line.split()[1] for line in reversed(self.said) if line.startswith("  Password "))

    async def start(self) -> None:
        """Start it, on the same port as before if it ran already; returns when it says that it is ready."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        await self.spawn(asyncio.subprocess.PIPE)
        assert self.process is not None
        assert self.process.stdout is not None
        async with asyncio.timeout(START_S):
            while line := (await self.process.stdout.readline()).decode():
                self.said.append(line)
                if line.startswith("ready "):
                    self.port = int(line.split()[1].rpartition(":")[2])
                    break
            else:
                raise AssertionError(f"it did not start:\n{self.log()[-3000:]}")
        if self.client is None:
            self.client = ClientSession(timeout=ClientTimeout(total=20))

    async def spawn(self, stdout: int) -> None:
        """The process alone, whatever it says to `stdout`."""
        where = ("--config", str(self.config), "--data", str(self.data), "--port", str(self.port))
        with self.log_at.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "queue_server",
                self.command,
                *where,
                *self.options,
                cwd=self.house,
                stdout=stdout,
                stderr=log,
            )

    def log(self) -> str:
        return self.log_at.read_text(encoding="utf-8")

    async def kill(self) -> None:
        """As a power cut: no goodbye."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def stop(self) -> None:
        assert self.process is not None
        if self.process.returncode is None:
            self.process.terminate()
            async with asyncio.timeout(20):
                await self.process.wait()
        if self.client is not None:
            await self.client.close()
            self.client = None

    def antrean(self, *words: str) -> subprocess.CompletedProcess[str]:
        """One command of `antrean` beside the server."""
        return subprocess.run(
            [sys.executable, "-m", "queue_server", *words],
            cwd=self.house,
            capture_output=True,
            text=True,
            timeout=60,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )

    def token(self, role: str, *options: str) -> str:
        done = self.antrean("token", "--role", role, "--data", str(self.data), *options)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    async def get(self, path: str, token: str = "", **headers: str) -> Answer:
        return await self._ask("GET", path, None, token, headers)

    async def post(self, path: str, body: object = None, token: str = "", **headers: str) -> Answer:
        return await self._ask("POST", path, body, token, headers)

    async def _ask(self, method: str, path: str, body: object, token: str, headers: dict[str, str]) -> Answer:
        assert self.client is not None
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            said["Authorization"] = f"Bearer {token}"
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            said.setdefault("Content-Type", "application/json")
        address = path if path.startswith("http") else f"{self.at}{path}"
        async with self.client.request(method, address, data=data, headers=said, allow_redirects=False) as answer:
            raw = await answer.read()
            kind = answer.headers.get("Content-Type", "")
            read = json.loads(raw) if raw and "json" in kind else raw
            return Answer(answer.status, read, dict(answer.headers))


@asynccontextmanager
async def server(
    folder: Path,
    *options: str,
    config: Path = SAMPLE,
    command: str = "serve",
    clock: str | None = NINE,
    log_at: Path | None = None,
    code: Path = ROOT,
) -> AsyncIterator[Server]:
    """A running server on a free port; `folder` holds its data, and its log unless that is to be elsewhere.

    `code` is where its packages lie, if it is not this house itself.
    """
    more = (*options, "--clock", clock) if clock is not None and command == "serve" else options
    house = Server(folder / "data", config, more, command)
    house.log_at, house.house = log_at or house.log_at, code
    await house.start()
    try:
        yield house
    finally:
        await house.stop()
