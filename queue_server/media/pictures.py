"""A picture, drawn anew: only its dots come over, so nothing hides in it; upright, and no larger than a display needs.

The door of Pillow in the server. Takes time and memory: for a thread, one at a time.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from threading import Lock

from PIL import Image, ImageOps, JpegImagePlugin, UnidentifiedImageError

from queue_server.media.kinds import Wrong

LONGEST_SIDE = 3840
"""Dots of the largest panel; a browser's memory for a picture grows with its area."""
SHOWN_DOTS = 3840 * 2160
"""No panel shows more of a picture, lying or upright."""
MOST_BYTES = 150_000_000
"""A small file can say that it is huge: so much memory it may take while it is read, four and a half times what a panel
shows in four bytes a dot."""
QUALITY = 86
ENOUGH = f"{LONGEST_SIDE} on its longer side are enough."
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")

_ONE = Lock()


def redraw(source: Path, to: Path | None) -> None:
    """Into a WebP that is whole when it is there; None only sees whether it can be. Raises Wrong, and OSError where it
    cannot be written.
    """
    with _ONE:
        picture = _read(source)
        if to is None:
            return
        part = to.with_suffix(".part")
        picture.save(part, "WEBP", quality=QUALITY, method=3)
    part.replace(to)


def _read(source: Path) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opening = Image.open(source, formats=FORMATS)
        with opening as opened:
            _check_size(opened)
            opened.thumbnail(_shown(opened.size))  # first of all: every further copy is a small one
            upright = ImageOps.exif_transpose(opened)
            # a new picture: what stood in the file beside the dots (places, names, profiles) stays behind
            plain = Image.new("RGB", upright.size, "white")
            see_through = upright.convert("RGBA")
            plain.paste(see_through, mask=see_through)
            return plain
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Wrong("too_large", f"It has far too many dots; {ENOUGH}") from error
    except UnidentifiedImageError as error:
        raise Wrong("damaged", "It is no picture that can be drawn; export it anew.") from error
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, OverflowError) as error:
        raise Wrong("damaged", "It is damaged or not whole; copy it anew.") from error


def _check_size(opened: Image.Image) -> None:
    """Raises Wrong for what would take too much memory. A JPEG is read smaller at once from here on."""
    (width, height), mode = opened.size, opened.mode
    scans = _comes_in_scans(opened)
    if isinstance(opened, JpegImagePlugin.JpegImageFile):
        large = width * height * DOT > MOST_BYTES or scans
        opened.draft("RGB", _shown((width, height), SHOWN_DOTS // 2 if large else SHOWN_DOTS))
    each = SCANNED * len(opened.getbands()) if scans else _bytes_of(opened.format, mode)
    dots = width * height if scans else opened.width * opened.height
    if dots * each > MOST_BYTES:
        most = f"{MOST_BYTES // each / 1_000_000:.0f} million are the most of such a file"
        raise Wrong("too_large", f"It has {width} x {height} dots; {most}, and {ENOUGH}")


DOT = 4
SCANNED = 2
"""For each dot and colour: of a JPEG that comes in several scans all is kept until the last one."""


def _bytes_of(form: str | None, mode: str) -> int:
    """So many each dot takes, measured: one with see-through parts is there twice while it is made smaller."""
    if form == "WEBP":
        return 10
    if mode in ("RGBA", "LA", "PA"):
        return 2 * DOT
    return 1 if mode in ("1", "L", "P") else DOT


def _shown(size: tuple[int, int], dots: int = SHOWN_DOTS) -> tuple[int, int]:
    """As large as a panel shows it, and not larger than it is."""
    width, height = size
    smaller = max(1, max(size) / LONGEST_SIDE, (width * height / dots) ** 0.5)
    return max(1, int(width / smaller)), max(1, int(height / smaller))


def _comes_in_scans(opened: Image.Image) -> bool:
    """Whether it is a JPEG of which no part can be drawn before all has been read: a progressive one, and one whose
    first scan lacks a colour. One of which that cannot be told counts as such.
    """
    if not isinstance(opened, JpegImagePlugin.JpegImageFile):
        return False
    if opened.info.get("progressive"):
        return True
    file, colours = opened.fp, len(opened.layer)
    if file is None:
        return True
    at = file.tell()
    head = 6 + 2 * colours  # of the scan, which has been read just now
    file.seek(at - head)
    said = file.read(3)
    file.seek(at)
    return said != bytes((0, head, colours))
