"""The touchscreen page, where a citizen takes a ticket; `FOLDER` holds its template and static files."""

from pathlib import Path

FOLDER = Path(__file__).parent
