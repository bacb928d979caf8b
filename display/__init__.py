"""The hall's displays: pages, chime, the agent for counter panels; `FOLDER` holds their template and static files."""

from pathlib import Path

FOLDER = Path(__file__).parent
