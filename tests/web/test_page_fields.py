"""Every field that a page reads is one that the server says: the pages' scripts against queue_server/wire."""

import os
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent.parent
NODE = {**os.environ, "NODE_PATH": "/usr/share/nodejs:/usr/share/javascript"}


@pytest.fixture
def wire(tmp_path: Path) -> Path:
    """What the server says, written as types."""
    written = tmp_path / "wire.d.ts"
    written.write_text(runpy.run_path(str(HOUSE / "scripts/wire-types"))["written"](), encoding="utf-8")
    return written


def faults(wire: Path, *scripts: Path) -> list[str]:
    node = shutil.which("node")
    assert node, "node is missing; scripts/system-packages test installs it with node-typescript"
    checked = [node, "scripts/page-fields.cjs", "--wire", str(wire), *map(str, scripts)]
    done = subprocess.run(checked, cwd=HOUSE, env=NODE, capture_output=True, text=True, timeout=100)
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_pages_read_only_what_the_server_says(wire: Path):
    """No page reads a field that its view does not have, or a field of something of which nobody said what it is."""
    assert faults(wire) == []


def test_a_field_that_goes_from_the_wire_is_missed(wire: Path):
    """Where the server stops saying a field, every page that reads it is named."""
    said = wire.read_text(encoding="utf-8")
    wire.write_text(said.replace("    served_today: number;\n", ""), encoding="utf-8")

    found = faults(wire)

    assert [one.partition(":")[0] for one in found] == ["queue_server/web/static/terminal/terminal.js"]
    assert "'served_today' does not exist on type 'DeskView'" in found[0]


def test_a_field_is_read_only_of_what_is_known(wire: Path, tmp_path: Path):
    """A read that no type covers is a fault, since nothing would miss its field."""
    script = tmp_path / "page.js"
    script.write_text("export const late = (service) => service.longest_wait_s;\n", encoding="utf-8")

    [found] = faults(wire, script)

    assert found.endswith("'longest_wait_s' is read of something whose type nobody said")
