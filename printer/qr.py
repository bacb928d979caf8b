"""The QR code of a slip: black on white with its quiet zone of four modules, no smaller than was asked for.

ISO/IEC 18004 asks for four modules of white around the symbol; phones often read with less, never surely.
Error correction M: a crease or a thumb's mark does no harm, and the symbol stays small.
"""

from __future__ import annotations

from functools import lru_cache

import segno
from PIL import Image

QUIET = 4


def modules(text: str) -> int:
    """How many modules its symbol is across."""
    return len(segno.make_qr(text, error="m", boost_error=False).matrix)


@lru_cache(maxsize=4)
def code(text: str, side: int) -> Image.Image:
    """`text` as a symbol of at least `side` dots across, its quiet zone around it; set where to print."""
    symbol = segno.make_qr(text, error="m", boost_error=False)
    modules = len(symbol.matrix)
    dots = -(-side // modules)
    image = Image.frombytes("L", (modules, modules), bytes(255 * bit for row in symbol.matrix for bit in row))
    large = image.resize((modules * dots, modules * dots), Image.Resampling.NEAREST).convert("1")
    whole = Image.new("1", (large.width + 2 * QUIET * dots, large.height + 2 * QUIET * dots))
    whole.paste(large, (QUIET * dots, QUIET * dots))
    return whole
