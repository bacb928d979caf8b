"""What the program is made of: the list is what is pinned, and no pinned version has a fault that is known here."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from shutil import copytree

ROOT = Path(__file__).parents[1]


def check(root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "scripts/check-packages"), "check"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_no_pinned_package_has_a_known_fault():
    """Nor is the list of packages another one than what is pinned."""
    ran = check(ROOT)

    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout


def test_it_runs_by_its_name():
    """As the guide has it: the machine's own Python, which has none of our packages, hands over to the project's."""
    search = os.pathsep.join(one for one in os.environ["PATH"].split(os.pathsep) if not one.startswith(str(ROOT)))
    command = [str(ROOT / "scripts/check-packages"), "check"]

    ran = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, env={**os.environ, "PATH": search}
    )

    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout


def test_a_fault_that_is_known_is_found(tmp_path: Path):
    """A pin from before the mended version is named, with the fault and what to take; so is a list that is stale."""
    copytree(ROOT / "scripts", tmp_path / "scripts")
    copytree(ROOT / "requirements", tmp_path / "requirements")
    copytree(ROOT / "docs/security", tmp_path / "docs/security")
    pins = tmp_path / "requirements/run.txt"
    pins.write_text(re.sub(r"^jinja2==\S+", "jinja2==3.1.5", pins.read_text(encoding="utf-8"), flags=re.MULTILINE))

    ran = check(tmp_path)

    assert ran.returncode == 1
    assert "jinja2 3.1.5 has CVE-2025-27516; take 3.1.6 or later" in ran.stdout
    assert "sbom.json is not what is pinned" in ran.stdout


def test_the_list_is_cyclonedx():
    """Whoever reads such lists finds each package with name, version and where it is from."""
    bom = json.loads((ROOT / "docs/security/sbom.json").read_text(encoding="utf-8"))

    assert (bom["bomFormat"], bom["specVersion"]) == ("CycloneDX", "1.6")
    assert all(part["purl"] == f"pkg:pypi/{part['name']}@{part['version']}" for part in bom["components"])
    assert len(bom["components"]) > 20
