"""Which paper a printer has, and which profile of python-escpos stands for it.

The profile is always named: the library's `default` knows no width, and an unknown name is a bare KeyError.
None of its profiles is newer than 2016, so they are chosen for what they say about dots, not for the name.
"""

from __future__ import annotations

from queue_server.wire.printing import Paper

#: By the width in millimetres that people buy.
PAPERS: dict[int, Paper] = {58: Paper(dots=384, dpi=203), 80: Paper(dots=576, dpi=203)}

_PROFILES = {384: "POS-5890", 512: "TM-T88V", 576: "TM-T20II"}


def profile_for(paper: Paper) -> str:
    """The narrowest profile that is at least as wide as the paper."""
    fitting = [dots for dots in _PROFILES if dots >= paper.dots]
    return _PROFILES[min(fitting)] if fitting else "CT-S651"


def paper_for(width_mm: int) -> Paper:
    """The paper sold under a width; other widths are counted in dots at 203 to the inch, whole bytes."""
    known = PAPERS.get(width_mm)
    return known or Paper(dots=max(64, round((width_mm - 8) * 203 / 25.4) // 8 * 8))
