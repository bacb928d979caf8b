"""Keeps one screen's browser alive: starts it, asks the page every few seconds whether it runs, ends what is stuck.

    python3 watchdog.py --page http://SERVER:8080/screen --port 9222 -- chromium --kiosk ... http://SERVER:8080/screen

A crashed tab leaves the browser running with "Aw, Snap!" on it, so looking at the process is not enough. The page is
asked through the browser's own DevTools, on this machine alone. A page that does not answer three times, or is another
server's, has its browser ended; then this program ends, too, with status 1, and systemd starts both anew. What systemd
asks for (READY, WATCHDOG) is said, so that a watchdog that hangs is noticed as well.

Runs with the Python of the screen's machine, 3.9 or later, and with nothing else.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from urllib.parse import urlsplit
from urllib.request import urlopen

LOOK_S = 4.0
FAILS = 3
START_S = 60.0
ANSWER_S = 3.0
END_S = 5.0


class Stuck(Exception):
    """The page does not answer as it should."""


def main(said: list[str]) -> int:
    asked = _arguments(said)
    browser = subprocess.Popen(asked.browser, start_new_session=True)
    signal.signal(signal.SIGTERM, lambda *_: _end(browser, 0))
    started, fails, seen = time.monotonic(), 0, False
    while True:
        time.sleep(asked.every)
        if browser.poll() is not None:
            _say(f"the browser ended with status {browser.returncode}")
            return 1
        try:
            look(asked.port, asked.page)
        except (Stuck, OSError, ValueError, LookupError) as error:
            fails += 1
            patient = not seen and time.monotonic() - started < asked.start
            _say(f"no answer from the page: {error}")
            if fails >= FAILS and not patient:
                _say("the browser is started anew")
                _end(browser, 1)
        else:
            if not seen:
                _tell("READY=1")
            fails, seen = 0, True
        _tell("WATCHDOG=1")


def look(port: int, page: str) -> None:
    """Raises where no page of that server answers."""
    with urlopen(f"http://127.0.0.1:{port}/json/list", timeout=ANSWER_S) as answer:
        targets = json.load(answer)
    pages = [target for target in targets if target["type"] == "page"]
    if not pages:
        raise Stuck("the browser shows no page")
    target = pages[0]
    said = _evaluate(target["webSocketDebuggerUrl"], "location.origin + ' ' + document.readyState")
    origin = said.split(" ", 1)[0]
    wanted = urlsplit(page)
    # the browser's own error page, while the server cannot be reached and no worker of ours stands in
    if origin != f"{wanted.scheme}://{wanted.netloc}":
        raise Stuck(f"it shows {target['url'][:80]}")


def _evaluate(address: str, expression: str) -> str:
    """What the page makes of it, over one WebSocket connection of its own."""
    where = urlsplit(address)
    with socket.create_connection((where.hostname or "127.0.0.1", where.port or 80), ANSWER_S) as line:
        key = base64.b64encode(os.urandom(16)).decode()
        line.sendall(
            (
                f"GET {where.path} HTTP/1.1\r\nHost: 127.0.0.1:{where.port}\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
            ).encode()
        )
        stream = line.makefile("rb")
        if b" 101 " not in stream.readline():
            raise Stuck("the browser refuses to be asked")
        while stream.readline().strip():
            pass
        asked = {"id": 1, "method": "Runtime.evaluate", "params": {"expression": expression, "returnByValue": True}}
        line.sendall(_frame(json.dumps(asked).encode()))
        until = time.monotonic() + ANSWER_S
        while time.monotonic() < until:
            heard = json.loads(_message(stream))
            if heard.get("id") == 1:
                answer = heard.get("result", {}).get("result", {}).get("value")
                if answer is None:
                    raise Stuck(f"it cannot be asked: {heard.get('error', {}).get('message', 'no answer')}")
                return str(answer)
    raise Stuck("it does not answer in time")


def _frame(text: bytes) -> bytes:
    """A text frame, masked as a client must (RFC 6455, 5.2)."""
    mask = os.urandom(4)
    length = bytes([0x80 | len(text)]) if len(text) < 126 else bytes([0x80 | 126]) + struct.pack(">H", len(text))
    return b"\x81" + length + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(text))


def _message(stream) -> bytes:  # type: ignore[no-untyped-def]  # a file of socket.makefile
    head = stream.read(2)
    if len(head) < 2:
        raise Stuck("the line to it ended")
    length = head[1] & 0x7F
    if length == 126:
        (length,) = struct.unpack(">H", stream.read(2))
    elif length == 127:
        (length,) = struct.unpack(">Q", stream.read(8))
    return bytes(stream.read(length))


def _say(what: str) -> None:
    sys.stderr.write(f"{what}\n")
    sys.stderr.flush()


def _tell(what: str) -> None:
    """Says it to systemd, if that started us."""
    place = os.environ.get("NOTIFY_SOCKET")
    if not place:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.connect("\0" + place[1:] if place.startswith("@") else place)
        line.sendall(what.encode())


def _end(browser: subprocess.Popen[bytes], status: int) -> None:
    """The browser and all that it has started: its command may be a script around it."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(browser.pid, how)
            browser.wait(END_S)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
    sys.exit(status)


def _arguments(said: list[str]) -> argparse.Namespace:
    asked = argparse.ArgumentParser(description="Keeps one screen's browser alive.")
    asked.add_argument("--page", required=True)
    asked.add_argument("--port", type=int, default=9222)
    asked.add_argument("--every", type=float, default=LOOK_S)
    asked.add_argument("--start", type=float, default=START_S, help="seconds that the first page may take")
    asked.add_argument("browser", nargs="+")
    return asked.parse_args(said)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
