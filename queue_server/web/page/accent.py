"""A mall's own colour on every page: the stylesheet that puts it over look.css.

`antrean check` holds the colour readable on paper and under white. Pages of dark ground take the first lighter tone of
it that is read as well as our own there, and softer grounds are no stronger than lets the accent be read on them.
"""

from __future__ import annotations

from collections.abc import Iterable

from queue_server.settings.values import PAPER, READABLE, WHITE, contrast

NIGHT = "#0E1420"
"""The ground of dark pages, as in look.css."""

CLEAR = 7.0
"""The contrast of an accent on it (WCAG 2.2, level AAA): a hall's displays are read from afar."""

SOFT, SOFT_NIGHT = 9, 20
"""Percent of the accent in a softer ground, at most."""


def is_readable(accent: str) -> bool:
    return min(contrast(accent, PAPER), contrast(accent, WHITE)) >= READABLE


def sheet(accent: str) -> str:
    """CSS. Raises ValueError for a colour that cannot be read."""
    if not is_readable(accent):
        raise ValueError(accent)
    night = _first((mixed(accent, WHITE, share) for share in range(100, -1, -5)), NIGHT, CLEAR)
    dark = f"--accent: {night}; --accent-soft: {_soft(night, NIGHT, SOFT_NIGHT)};"
    return (
        f":root {{ --accent: {accent}; --accent-soft: {_soft(accent, WHITE, SOFT)}; }}\n"
        f".theme-night {{ {dark} }}\n"
        f"@media (prefers-color-scheme: dark) {{ .theme-auto {{ {dark} }} }}\n"
    )


def mixed(one: str, other: str, share: int) -> str:
    """`share` percent of one colour in another."""
    parts = [(int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round((a * share + b * (100 - share)) / 100):02X}" for a, b in parts)


def _soft(accent: str, ground: str, most: int) -> str:
    return _first((mixed(accent, ground, share) for share in range(most, -1, -1)), accent, READABLE)


def _first(tones: Iterable[str], beside: str, least: float) -> str:
    """The first tone that is told from `beside`; the last is, at the latest."""
    tone = beside
    for tone in tones:
        if contrast(tone, beside) >= least:
            break
    return tone
