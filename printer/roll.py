"""How much paper is left once the roll's sensor has said that it is near its end. Pure.

The sensor's place can be changed by hand, so what it means is counted: the millimetres printed since. It
flickers while the roll turns; it is believed when it says the same twice.
"""

from __future__ import annotations

from dataclasses import dataclass

#: From the last line printed to the blade, fed with each cut.
CUT_FEED_MM = 15.0
#: A slip's length until some were printed.
USUAL_MM = 110.0


@dataclass
class Roll:
    """The roll in the printer. `near_end_mm` is what is left on it when the sensor first reports."""

    near_end_mm: float
    near_end: bool = False
    mm_since: float = 0.0
    slip_mm: float = USUAL_MM
    _said: bool = False

    def sensed(self, near_end: bool) -> bool:
        """Take one reading of the sensor; True when what is believed has changed. A new roll starts from 0."""
        believed = self.near_end
        if near_end == self._said:
            self.near_end = near_end
        self._said = near_end
        if believed and not self.near_end:
            self.mm_since = 0.0
        return self.near_end != believed

    def printed(self, length_mm: float) -> None:
        """A slip, or a torn piece of one, has left the roll."""
        taken = length_mm + CUT_FEED_MM
        self.slip_mm += (taken - self.slip_mm) / 8
        if self.near_end or self._said:
            self.mm_since += taken

    @property
    def tickets_left(self) -> int | None:
        """About how many more slips; None while the roll is not near its end."""
        if not self.near_end:
            return None
        return max(0, int((self.near_end_mm - self.mm_since) / self.slip_mm))
