"""A mall's own colours on the hall's displays: the stylesheet that puts them over look.css.

`antrean check` holds them readable (settings/theme.py). Edges and softer grounds are mixed of them.
"""

from __future__ import annotations

from queue_server.settings.values import READ_FROM_AFAR, contrast
from queue_server.web.page.accent import mixed

EDGE = 3.0
"""The least contrast of a control's edge (WCAG 2.2, criterion 1.4.11)."""

BLACK = "#000000"


def sheet(ground: str, ink: str, soft: str, call: str) -> str:
    """CSS. Raises ValueError for colours that nobody could read."""
    if min(contrast(colour, ground) for colour in (ink, soft, call)) < READ_FROM_AFAR:
        raise ValueError(ground)
    tokens = {
        "paper": ground,
        "raised": mixed(ink, ground, 5),
        "sunken": mixed(BLACK, ground, 35),
        "ink": ink,
        "muted": soft,
        "call": call,
        "line": mixed(ink, ground, 15),
        "edge": _edge(ink, ground),
    }
    return ".theme-night { " + " ".join(f"--{name}: {colour};" for name, colour in tokens.items()) + " }\n"


def _edge(ink: str, ground: str) -> str:
    tones = (mixed(ink, ground, share) for share in range(30, 101, 5))
    return next(tone for tone in tones if contrast(tone, ground) >= EDGE)
