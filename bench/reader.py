"""A reader in a process of its own: `python -m bench.reader PORT TOKEN` asks for statistics of a year, back to back.

It says `ready` when the first has come."""

from __future__ import annotations

import http.client
import sys
from datetime import date, timedelta
from itertools import count

FIRST, LAST = date(2025, 12, 10), "2026-11-20"
SPANS = 300
"""So many different years; the server remembers fewer answers."""


def main() -> None:
    port, token = int(sys.argv[1]), sys.argv[2]
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    for number in count():
        first = FIRST + timedelta(days=number % 30)
        at = f"{number // 30 % (SPANS // 30) * 2 + 1}"
        path = f"/api/v1/stats?group=half_hour&from={first}&to={LAST}&kiosk=K{at}&kiosk=K1&kiosk=K2&kiosk=K3&kiosk=K4"
        line.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        answer = line.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        if number == 0:
            sys.stdout.write("ready\n")
            sys.stdout.flush()


main()
