"""The sections of a report: each a chart whose title is what it found, and the same numbers as a table."""
