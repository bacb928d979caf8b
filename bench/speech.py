"""From a press of call-next to the whole sound of the call, in the hands of a display, in Indonesian.

New is a call whose sound must be made; kept is the same file again. The first call after a start also waits for the
process that makes sound. Beside it espeak-ng alone, on the same sentence: what the voice itself takes. The chime sounds
at once and lasts 1.5 s; aim: 400 ms new, 150 ms kept.
"""

from __future__ import annotations

import statistics
import subprocess
import time
import urllib.request
from typing import Any

import click

from bench.mall import Mall, mall, unlimited
from queue_server.speech.wording import LANGUAGES, sentence, text

CALLS = 40
COUNTER, BOARD, SERVICE = "1", "hall", "ktp_el"
"""Of the sample mall."""
WORDS_A_MINUTE = 115


def run() -> None:
    with unlimited() as config, mall(config) as server:
        desk, display = server.token("supervisor", "--name", "bench"), server.token("display", "--name", BOARD)
        server.ask(f"/api/v1/counters/{COUNTER}/open", desk, {})
        first, *new = [_called(server, desk, display) for _ in range(CALLS + 1)]
    made = [ms for ms, _, _ in new]
    kept = [ms for _, ms, _ in new]
    alone = [_espeak(number) for _, _, number in new]
    median, limit = statistics.median(made), statistics.median(alone)
    click.echo("call to sound ms: new  kept  first after a start   espeak-ng alone ms   ratio of new")
    click.echo(
        f"{median:21.0f}  {statistics.median(kept):4.0f}  {first[0]:19.0f}  {limit:19.0f}  {median / limit:13.1f}"
    )


def _called(server: Mall, desk: str, display: str) -> tuple[float, float, str]:
    """Milliseconds to the sound of a new call, to the same sound again, and the number."""
    server.ask("/api/v1/tickets", desk, {"service": SERVICE})
    pressed = time.perf_counter()
    server.ask(f"/api/v1/counters/{COUNTER}/call-next", desk, {})
    view: Any = server.ask(f"/api/v1/boards/{BOARD}", display)
    call = view["calls"][0]
    _fetch(server, call["speech"][0], display)
    new = time.perf_counter()
    _fetch(server, call["speech"][0], display)
    kept = time.perf_counter()
    server.ask(f"/api/v1/counters/{COUNTER}/start", desk, {})
    server.ask(f"/api/v1/counters/{COUNTER}/finish", desk, {})
    return (new - pressed) * 1000, (kept - new) * 1000, call["number"]


def _fetch(server: Mall, path: str, token: str) -> bytes:
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}{path}", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return bytes(answer.read())


def _espeak(number: str) -> float:
    said = text(sentence(LANGUAGES["id"], number, COUNTER)).encode()
    command = ("espeak-ng", "-v", "id", "-s", str(WORDS_A_MINUTE), "-z", "--stdin", "--stdout")
    began = time.perf_counter()
    subprocess.run(command, input=said, capture_output=True, check=True)
    return (time.perf_counter() - began) * 1000
