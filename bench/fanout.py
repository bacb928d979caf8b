"""Press of call-next to the frame at the last of 10 to 5,000 displays, beside the same bytes over plain TCP.

The peer is a no-op aiohttp POST that writes as many bytes to as many plain sockets; ours decides, commits to disk with
synchronous=FULL, encodes the board and pushes it. A second peer commits one row first: with few displays a press is
mostly the disk's, which after a pause takes longer than under load. Aim: within 1.5 of that one at 10, 1.3 at 1,000.
A tenth of a second lies
between presses: the sound of a call is made after it, on the same two processors, and nobody calls forty a second.
Last come 1,000 displays beside 50 that are stuck, and the same without those, in turns.
"""

from __future__ import annotations

import http.client
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO

import click
import msgspec

from bench.mall import ROOT, Mall, mall, unlimited
from bench.quiet import Slice, measure, take_turns

COUNTS = (10, 100, 1_000, 5_000)
STUCK = 50
IDLE_S = 10.0
ROUNDS = 5
PRESSES = 30
PAUSE_S = 0.1


class Screens:
    """The displays' process: `wait` says when the last of them had its frame (monotonic, ns)."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    @property
    def _in(self) -> IO[str]:
        assert self.process.stdin is not None
        return self.process.stdin

    @property
    def _out(self) -> IO[str]:
        assert self.process.stdout is not None
        return self.process.stdout

    def press(self, act: Callable[[], None], size: int) -> float:
        """Milliseconds from `act` until every display has `size` bytes more."""
        self._in.write(f"go {size}\n")
        self._in.flush()
        assert self._out.readline() == "set\n"
        began = time.monotonic_ns()
        act()
        return (int(self._out.readline()) - began) / 1e6


@contextmanager
def screens(port: int, count: int, path: str, token: str, stuck: int = 0) -> Iterator[Screens]:
    command = [sys.executable, "-m", "bench.watchers", str(port), str(count), path, token, str(stuck)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise RuntimeError("the displays could not connect")
        yield Screens(process)
    finally:
        process.kill()
        process.wait(10)


class Poster:
    """One keep-alive connection that presses."""

    def __init__(self, port: int, token: str = "") -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._headers = {"Content-Type": "application/json"}
        self._used = time.monotonic()
        if token:
            self._headers["Authorization"] = f"Bearer {token}"

    def post(self, path: str, body: str = "{}") -> int:
        if time.monotonic() - self._used > IDLE_S:
            self._line.close()  # the server may have, and it opens by itself
        self._used = time.monotonic()
        self._line.request("POST", path, body, self._headers)
        answer = self._line.getresponse()
        answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {answer.status}")
        return answer.status


def run() -> None:
    click.echo("displays  ours ms  plain TCP ms  ratio  with a commit ms  ratio  foreign CPU  frame bytes")
    with unlimited() as config, mall(config) as server:
        desk = Desk(server)
        plain = subprocess.Popen(
            [sys.executable, "-m", "bench.plain_fanout", str(desk.frame)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert plain.stdout is not None
            _, http_port, tcp_port = plain.stdout.readline().split()
            for count in COUNTS:
                _compare(count, desk, Poster(int(http_port)), int(tcp_port), plain.pid)
            _with_stuck(1_000, desk)
        finally:
            plain.terminate()
            plain.wait(10)


class Desk:
    """A counter that calls, with somebody waiting for every press."""

    def __init__(self, server: Mall) -> None:
        self.server = server
        self.board_token = server.token("display", "--name", "bench")
        clerk = server.token("supervisor", "--name", "bench")
        counters = server.ask("/api/v1/counters", clerk)
        assert isinstance(counters, list)
        self.counter = counters[0]["id"]
        self.service = counters[0]["services"][0]
        boards = server.ask("/api/v1/devices", clerk)
        assert isinstance(boards, list)
        self.board = next(device["id"] for device in boards if device["kind"] == "display")
        self.clerk = Poster(server.port, server.token("clerk", "--name", "bench", "--counter", self.counter))
        self.kiosk = Poster(server.port, server.token("kiosk", "--name", "bench"))
        self.clerk.post(f"/api/v1/counters/{self.counter}/open")
        self.prepare(20)
        for _ in range(15):  # the board's list is full from here on, so every frame is as long as the last
            self.call()
        view = server.ask(f"/api/v1/boards/{self.board}", self.board_token)
        told = {"topic": f"board:{self.board}", "boot": "0" * 12, "seq": 100, "now": "2026-11-24T02:00:00.000Z"}
        self.frame = len(msgspec.json.encode({**told, "view": view}))

    def prepare(self, count: int) -> None:
        for _ in range(count):
            self.kiosk.post("/api/v1/tickets", f'{{"service": "{self.service}"}}')

    def call(self) -> None:
        self.clerk.post(f"/api/v1/counters/{self.counter}/call-next")
        self.clerk.post(f"/api/v1/counters/{self.counter}/start")

    def press(self) -> None:
        self.clerk.post(f"/api/v1/counters/{self.counter}/call-next")

    def start(self) -> None:
        self.clerk.post(f"/api/v1/counters/{self.counter}/start")


def _compare(count: int, desk: Desk, poster: Poster, tcp_port: int, plain_pid: int) -> None:
    def plain(peer: str) -> Slice:
        with screens(tcp_port, count, "", "") as hall:
            time.sleep(0.5)  # until the peer has taken in every connection

            def press() -> Mapping[str, float]:
                times = []
                for _ in range(PRESSES):
                    times.append(hall.press(lambda: void(poster.post(peer)), 200))
                    time.sleep(PAUSE_S)
                return {"ms": statistics.median(times)}

            return measure(press, [plain_pid, hall.process.pid])

    found = take_turns(
        {"ours": lambda: _ours(count, desk), "plain": lambda: plain("/"), "durable": lambda: plain("/durable")}, ROUNDS
    )
    mine, limit, durable = (found[name]["ms"] for name in ("ours", "plain", "durable"))
    click.echo(
        f"{count:8d}  {mine:7.2f}  {limit:12.2f}  {mine / limit:5.2f}  {durable:16.2f}  {mine / durable:5.2f}"
        f"  {found['ours']['foreign']:11.0%}  {desk.frame:11d}"
    )


def _ours(count: int, desk: Desk, stuck: int = 0) -> Slice:
    path = f"/api/v1/live?topic=board:{desk.board}"
    desk.prepare(PRESSES)
    with screens(desk.server.port, count, path, desk.board_token, stuck) as hall:
        time.sleep(0.3 + count / 1_000)  # the first frames are not what is measured

        def press() -> Mapping[str, float]:
            times = []
            for _ in range(PRESSES):
                times.append(hall.press(desk.press, 200))
                hall.press(desk.start, 200)  # a frame that is still on its way would be taken for the next one
                time.sleep(PAUSE_S)
            return {"ms": statistics.median(times)}

        return measure(press, [desk.server.pid, hall.process.pid])


def _with_stuck(count: int, desk: Desk) -> None:
    found = take_turns({"all": lambda: _ours(count, desk), "stuck": lambda: _ours(count, desk, STUCK)}, ROUNDS)
    alone, beside = found["all"]["ms"], found["stuck"]["ms"]
    click.echo(f"{count:,} displays {alone:.2f} ms; beside {STUCK} stuck ones {beside:.2f} ms: {beside / alone:.2f}")


def void(status: int) -> None:
    """The answer does not matter."""
