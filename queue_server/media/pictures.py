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
MOST_DOTS = 36_000_000
"""A small file can say that it is huge: each dot takes four bytes while it is drawn. An 8K panel has 33 million."""
MOST_WAITING = 72_000_000
"""Of a JPEG that comes in several scans all is kept until the last one, two bytes for each dot and colour."""
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
            width, height = opened.size
            waiting = width * height * len(opened.getbands()) if _comes_in_scans(opened) else 0
            larger = max(width, height, LONGEST_SIDE) / LONGEST_SIDE
            opened.draft("RGB", (int(width / larger), int(height / larger)))  # a JPEG is read smaller at once
            if opened.width * opened.height > MOST_DOTS or waiting > MOST_WAITING:
                raise Wrong("too_large", f"It has {width} x {height} dots; {ENOUGH}")
            opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # first of all: every further copy is a small one
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
