"""Load over HTTP/1.1 from a process of its own: so many connections, each sends its next request when the last is
answered.

Lean on purpose (raw bytes, uvloop): a heavy client would measure itself. Loopback only; bounded in count.

    python -m bench.load PORT CLIENTS COUNT TOKEN PATH BODY
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import cast

import uvloop

from bench.quiet import percentile


class Line(asyncio.Protocol):
    """One connection. `left` is shared by all."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._buffer = b""
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name
        self._send()

    def _send(self) -> None:
        request = self._run.next_request()
        if request is None:
            self._transport.close()
            self._run.closed()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if len(body) < length:
            return
        self._buffer = b""
        self._run.answered(time.perf_counter() - self._sent_at, head[9:12])
        self._send()


class Run:
    """COUNT requests over CLIENTS connections; each with an Idempotency-Key of its own."""

    def __init__(self, clients: int, count: int, token: str, path: str, body: bytes) -> None:
        self.times: list[float] = []
        self.statuses: dict[str, int] = {}
        self._open = clients
        self._left = count
        self._number = 0
        self._stamp = time.time_ns()
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        auth = f"Authorization: Bearer {token}\r\n" if token else ""
        self._head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{auth}Content-Type: application/json\r\n".encode()
        self._tail = b"Content-Length: %d\r\n\r\n" % len(body) + body

    def next_request(self) -> bytes | None:
        if not self._left:
            return None
        self._left -= 1
        self._number += 1
        return b"%bIdempotency-Key: %d-%d\r\n%b" % (self._head, self._stamp, self._number, self._tail)

    def answered(self, seconds: float, status: bytes) -> None:
        self.times.append(seconds)
        key = status.decode()
        self.statuses[key] = self.statuses.get(key, 0) + 1

    def closed(self) -> None:
        self._open -= 1
        if not self._open:
            self.done.set_result(None)


async def main(port: int, clients: int, count: int, token: str, path: str, body: str) -> None:
    run = Run(clients, count, token, path, body.encode())
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    for _ in range(clients):
        await loop.create_connection(lambda: Line(run), "127.0.0.1", port)
    async with asyncio.timeout(120):
        await run.done
    seconds = time.perf_counter() - began
    answer = {
        "per_s": len(run.times) / seconds,
        "p50_ms": percentile(run.times, 0.5) * 1000,
        "p99_ms": percentile(run.times, 0.99) * 1000,
        "ok": sum(n for status, n in run.statuses.items() if status.startswith("2")),
    }
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    port, clients, count, token, path, body = sys.argv[1:]
    uvloop.run(main(int(port), int(clients), int(count), token, path, body))
