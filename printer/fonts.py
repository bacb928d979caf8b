"""Which font draws a letter: the first, in order of preference, whose own table of characters has it.

Here alone files are opened; the drawing gets the loaded `Fonts`. A mall's texts are checked with `uncovered`
when they are saved or loaded, so that no slip is ever printed with an empty box for a letter.
"""

from __future__ import annotations

import mmap
import struct
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path

from PIL import ImageFont, features

from queue_server.errors import Broken

#: Where Debian and people put fonts. A mall's own may lie in a `fonts` folder under its data.
FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))

#: The order in which families are asked: one sans for all scripts first, the rest only for what it lacks.
PREFERRED = ("NotoSans-", "NotoSansArabic-", "NotoSans", "DejaVuSans", "NotoNaskh", "NotoSerif", "")

#: Characters that are never drawn themselves but steer how their neighbours are: joiners, marks of
#: direction, soft hyphens, variation selectors. No font needs to have them.
INVISIBLE = frozenset(
    chain((0x00AD, 0x034F, 0x061C, 0xFEFF), range(0x200B, 0x2010), range(0x202A, 0x202F))
) | frozenset(chain(range(0x2060, 0x2070), range(0xFE00, 0xFE10)))


class NoFonts(Broken):
    """This machine cannot draw slips; says what to install."""


class Face:
    """One font file: the characters it has, and its sizes as they are asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._sizes: dict[int, ImageFont.FreeTypeFont] = {}

    @cached_property
    def characters(self) -> frozenset[int]:
        """Empty for a file that is not a font or has no Unicode table."""
        try:
            with (
                self.path.open("rb") as file,
                mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
            ):
                return frozenset(_characters(data))
        except (OSError, ValueError, struct.error):
            return frozenset()

    def at(self, px: int) -> ImageFont.FreeTypeFont:
        """The font with an em of `px` dots."""
        found = self._sizes.get(px)
        if found is None:
            found = ImageFont.truetype(str(self.path), px, layout_engine=ImageFont.Layout.RAQM)
            self._sizes[px] = found
        return found


class Fonts:
    """All fonts that slips may be drawn with, in a regular and a bold order."""

    def __init__(self, paths: Iterable[Path]) -> None:
        faces = [Face(path) for path in sorted(paths, key=_preference)]
        bold = [face for face in faces if _is_bold(face.path)]
        regular = [face for face in faces if not _is_bold(face.path)]
        # A script without a bold font is drawn in its regular one rather than not at all.
        self._order = {False: regular + bold, True: bold + regular}
        self._known: dict[tuple[int, bool], Face | None] = {}

    def face_for(self, character: str, *, bold: bool, after: Face | None = None) -> Face | None:
        """The face for this character; `after` is asked first, so that a word stays in one face.

        None when no font has it.
        """
        code = ord(character)
        if after is not None and (code in INVISIBLE or code in after.characters):
            return after
        key = (code, bold)
        if key not in self._known:
            self._known[key] = next((face for face in self._order[bold] if code in face.characters), None)
        return self._known[key]

    @property
    def faces(self) -> list[Face]:
        """All of them, in the order in which they are asked for a regular letter."""
        return self._order[False]

    @property
    def first(self) -> Face:
        """What draws the space between and the letters of no script."""
        return self.faces[0]

    def uncovered(self, text: str) -> str:
        """The characters of `text` that no font has, each once, in their order; "" when all can be drawn.

        Control characters do not count: they are taken out before a slip is drawn.
        """
        return "".join(
            character
            for character in dict.fromkeys(text)
            if unicodedata.category(character) != "Cc"
            and ord(character) not in INVISIBLE
            and self.face_for(character, bold=False) is None
        )


def load_fonts(*more: Path) -> Fonts:
    """The machine's fonts and those in `more` folders. Raises NoFonts when slips cannot be drawn here."""
    if not features.check("raqm"):
        raise NoFonts("Pillow cannot shape text here: install libfribidi0 (Debian), which its raqm loads.")
    return fonts_in([*more, *FOLDERS])


def fonts_in(folders: Sequence[Path]) -> Fonts:
    """All upright fonts in and below these folders. Raises NoFonts when there are none."""
    paths = {
        path
        for folder in folders
        if folder.is_dir()
        for path in folder.rglob("*")
        if path.suffix.lower() in {".ttf", ".otf"} and _is_upright(path)
    }
    if not paths:
        places = ", ".join(str(folder) for folder in folders)
        raise NoFonts(f"No fonts in {places}: install fonts-noto-core (Debian).")
    return Fonts(paths)


def _is_bold(path: Path) -> bool:
    return "Bold" in path.stem


def _is_upright(path: Path) -> bool:
    """Text is set in upright regular and bold; other cuts only lengthen the search."""
    return not any(
        word in path.stem
        for word in ("Italic", "Oblique", "Light", "Condensed", "Mono", "Display", "Math", "Unjoined", "Looped")
    )


def _preference(path: Path) -> tuple[int, str]:
    rank = next(rank for rank, start in enumerate(PREFERRED) if path.stem.startswith(start))
    return rank, path.stem


# ------------------------------------------------------------------ the `cmap` table of a font file
# OpenType 1.9, "cmap": subtables of format 12 (all of Unicode) and 4 (the first 65,536) say which
# characters have a glyph. A segment of format 4 may still map to glyph 0, which is "missing".


def _characters(data: bytes | mmap.mmap) -> set[int]:
    table = _table(data, b"cmap")
    (count,) = struct.unpack_from(">H", data, table + 2)
    found: set[int] = set()
    for index in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", data, table + 4 + 8 * index)
        if (platform, encoding) not in {(0, 3), (0, 4), (3, 1), (3, 10)}:
            continue
        start = table + offset
        (form,) = struct.unpack_from(">H", data, start)
        if form == 4:
            found |= _format_4(data, start)
        elif form == 12:
            found |= _format_12(data, start)
    return found


def _table(data: bytes | mmap.mmap, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", data, 4)
    for index in range(count):
        name, _checksum, offset, _length = struct.unpack_from(">4sIII", data, 12 + 16 * index)
        if name == tag:
            return int(offset)
    raise ValueError("no such table")


def _format_4(data: bytes | mmap.mmap, start: int) -> set[int]:
    (twice,) = struct.unpack_from(">H", data, start + 6)
    count = twice // 2
    ends = struct.unpack_from(f">{count}H", data, start + 14)
    starts = struct.unpack_from(f">{count}H", data, start + 16 + twice)
    deltas = struct.unpack_from(f">{count}H", data, start + 16 + 2 * twice)
    ranges_at = start + 16 + 3 * twice
    ranges = struct.unpack_from(f">{count}H", data, ranges_at)
    found: set[int] = set()
    for index, (first, last, delta, reach) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            if reach == 0:
                glyph = (code + delta) & 0xFFFF
            else:
                at = ranges_at + 2 * index + reach + 2 * (code - first)
                (glyph,) = struct.unpack_from(">H", data, at)
            if glyph:
                found.add(code)
    return found


def _format_12(data: bytes | mmap.mmap, start: int) -> set[int]:
    (count,) = struct.unpack_from(">I", data, start + 12)
    found: set[int] = set()
    for index in range(count):
        first, last, _glyph = struct.unpack_from(">III", data, start + 16 + 12 * index)
        found.update(range(first, last + 1))
    return found
