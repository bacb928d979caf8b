"""Text of one line that somebody gives for others to read: a name, an announcement. What is not seen is no part of it.

Signs that steer a terminal, that nobody sees, or that turn the order of letters round make one name look like another.
"""

from __future__ import annotations

from unicodedata import category

JOINERS = "\u200c\u200d"
"""Some scripts cannot be written without them."""


def has_unseen(text: str) -> bool:
    """Whether a sign of it steers, is no letter of Unicode, or turns the order of the others."""
    return any(category(sign) in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp") for sign in text if sign not in JOINERS)


def for_terminal(text: str) -> str:
    """For a command to print: whatever would steer the terminal is said by its number."""
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text)
