"""A page as PDF, by whatever Chromium this machine has: the same that prints it in a browser.

The page is one file that loads nothing. The browser reaches no network, has a profile of its own that is thrown away,
ends when the paper is made, and gives way to whatever else runs here, a hall's server above all.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from queue_server.errors import Unavailable

KIND = "application/pdf"

NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
)
"""What it is called by Debian and by others; the one without windows first, since it starts fastest."""

WITHIN_S = 120

NONE = (
    "There is no Chromium on this machine, which makes the PDF. Install it (Debian: apt-get install"
    " chromium-headless-shell), or take the report as HTML, which every browser prints."
)


def chromium() -> str | None:
    """Where it is, if it is."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def pdf_of(page: str, browser: str | None = None) -> bytes:
    """`page` is a whole HTML file. Raises Unavailable where there is no browser, or it makes nothing."""
    browser = browser or chromium()
    if browser is None:
        raise Unavailable(NONE)
    with TemporaryDirectory(prefix="antrean-") as folder:
        source, target = Path(folder) / "report.html", Path(folder) / "report.pdf"
        source.write_text(page, encoding="utf-8")
        asked = [browser, *FLAGS, f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}", source.as_uri()]
        try:
            # the page is ours and holds no script; where root runs it, Chromium has no sandbox to offer
            done = subprocess.run(
                [*(["nice"] if shutil.which("nice") else []), *asked, *(["--no-sandbox"] if os.geteuid() == 0 else [])],
                capture_output=True,
                timeout=WITHIN_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Unavailable(f"{browser} made no PDF: {error}.") from error
        made = target.read_bytes() if target.is_file() else b""
    if not made.startswith(b"%PDF"):
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise Unavailable(f"{browser} made no PDF ({said[-1] if said else f'exit status {done.returncode}'}).")
    return made


FLAGS = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",
)
