"""QR codes as SVG, the web edge's only use of segno.

Level M (15 % may be damaged) and the four modules of quiet zone that the standard asks for; the picture has no size
of its own, so a page gives it one.
"""

from __future__ import annotations

from io import BytesIO

import segno


def svg(text: str) -> bytes:
    """A black-on-white code that says `text`, as a whole SVG document."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(
        out,
        kind="svg",
        border=4,
        dark="#000",
        light="#fff",
        omitsize=True,
        xmldecl=False,
        svgclass=None,
        lineclass=None,
    )
    return out.getvalue()
