"""House rules that no linter knows: what may stand where, and what must stand beside it."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent
PRODUCT = ("queue_server", "kiosk", "display", "printer")
LONGEST = 500
HOMELESS = {"utils", "util", "helpers", "common", "base", "manager", "controller", "misc"}

# Each outside library has one door: the files or rooms that may import it. msgspec is everywhere.
DOORS = {
    "aiohttp": (
        "queue_server/notices/webhook.py",
        "queue_server/notices/phones/",
        "queue_server/web/",
        "kiosk/",
        "display/",
        "queue_server/compose.py",
        "queue_server/cli/",
    ),
    "aiosmtplib": ("queue_server/notices/mail.py",),
    "argon2": ("queue_server/registry/",),
    "babel": ("queue_server/languages/catalogues.py", "queue_server/languages/locales.py"),
    "click": ("queue_server/cli/", "printer/", "display/"),
    "cryptography": (
        "queue_server/registry/",
        "queue_server/journal/closing.py",
        "queue_server/notices/phones/",
        "queue_server/service/certificate.py",
    ),
    "escpos": ("printer/",),
    "jinja2": ("queue_server/web/",),
    "numpy": ("queue_server/speech/", "queue_server/stats/"),
    "authlib": ("queue_server/service/provider.py",),
    "httpx": ("queue_server/service/provider.py",),
    "joserfc": ("queue_server/service/provider.py", "queue_server/notices/phones/vapid.py"),
    "PIL": ("printer/", "queue_server/media/pictures.py"),
    "pyrage": ("queue_server/handover/backup.py",),
    "pyotp": ("queue_server/registry/second_factors.py",),
    "prometheus_client": ("queue_server/web/", "queue_server/service/"),
    "segno": ("queue_server/web/", "printer/", "kiosk/"),
    "sqlite3": ("queue_server/database.py",),
    "sqlite_utils": ("queue_server/database.py",),
    "uvloop": ("queue_server/compose.py", "queue_server/cli/"),
    "xlsxwriter": ("queue_server/handover/",),
    "websockets": ("queue_server/link/",),
}

# Everything copied from elsewhere, with the licence that came with it.
VENDORED = {
    "queue_server/web/static/fonts/noto-sans-latin.woff2": "LICENSE-noto-sans.txt",
    "queue_server/web/static/fonts/noto-sans-latin-ext.woff2": "LICENSE-noto-sans.txt",
    "queue_server/web/static/fonts/noto-sans-cyrillic.woff2": "LICENSE-noto-sans.txt",
    "queue_server/web/static/fonts/noto-sans-georgian.woff2": "LICENSE-noto-sans-georgian.txt",
    "queue_server/web/static/fonts/noto-sans-arabic.woff2": "LICENSE-noto-sans-arabic.txt",
    "queue_server/letters/confusables.txt": "LICENSE-unicode.txt",
    "queue_server/web/static/icons/icons.svg": "LICENSE-lucide.txt",
    "tests/vendor/axe/axe.min.js": "LICENSE",
}
FOREIGN = {".woff2", ".woff", ".ttf", ".otf"}

# Written in pieces, so that this file does not hold what it looks for.
REGISTRIES = re.compile(
    "|".join(
        [
            r"^\s*(?:--)?(?:extra-)?index" r"-url\b",
            r'"resolved":\s*"http',
            r"https?://[^\s\"]+/" r"simple\b",
            r"//(?:[\w-]+\.)*(?:py" r"pi|npm" r"js|python" r"hosted)\.(?:org|com)",
            r"//(?:deb|security)\.deb" r"ian\.org",
        ]
    ),
    re.MULTILINE,
)


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns], cwd=HOUSE, capture_output=True, text=True, check=True
    ).stdout
    return [HOUSE / name for name in listed.split("\0") if name and (HOUSE / name).is_file()]


def product_files() -> list[Path]:
    return [path for room in PRODUCT for path in sorted((HOUSE / room).rglob("*.py"))]


def product_scripts() -> list[Path]:
    return [path for room in PRODUCT for path in sorted((HOUSE / room).rglob("*.js"))]


def name(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix()


def text_files() -> Iterator[tuple[Path, str]]:
    for path in tracked():
        if path.is_relative_to(HOUSE / "tests" / "vendor"):
            continue
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def imports(path: Path) -> set[str]:
    """The top-level packages that a file imports, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_no_file_of_the_product_is_too_long():
    """By five hundred lines a file has a second purpose and wants a second room, pages' scripts included."""
    files = [*product_files(), *product_scripts()]
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files}

    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}


def test_no_module_is_a_drawer_for_odds_and_ends():
    """A function that has no home shows that a room is missing."""
    files = [*product_files(), *product_scripts()]
    drawers = [name(path) for path in files if HOMELESS & {path.stem, path.parent.name}]

    assert drawers == []


def test_each_library_has_one_door():
    """An outside library is imported only in the room that is its door, so it can be exchanged there."""
    trespasses = [
        f"{name(path)} imports {library}"
        for path in product_files()
        for library in sorted(imports(path) & DOORS.keys())
        if not name(path).startswith(DOORS[library])
    ]

    assert trespasses == []


def test_no_tracked_file_names_a_registry():
    """Names, versions and hashes say what is needed; where it is fetched is the machine's business."""
    naming = [f"{name(path)}: {found[0]}" for path, text in text_files() if (found := REGISTRIES.search(text))]

    assert naming == []


def test_no_tracked_file_names_this_folder():
    """The project may lie anywhere; a path of one machine helps nobody."""
    folder = f"{HOUSE.as_posix()}/"  # a folder right under the root is too short a name to look for
    naming = [name(path) for path, text in text_files() if folder.count("/") > 2 and folder in text]

    assert naming == []


@pytest.mark.parametrize("copied", sorted(VENDORED))
def test_what_is_vendored_keeps_its_licence(copied: str):
    """Whatever was copied from elsewhere lies beside the licence that it came with."""
    licence = (HOUSE / copied).with_name(VENDORED[copied])

    assert (HOUSE / copied).is_file()
    assert "License" in licence.read_text(encoding="utf-8")


def test_every_font_is_listed_as_vendored():
    """No font slips in without its licence."""
    fonts = {name(path) for path in tracked() if path.suffix in FOREIGN}

    assert fonts - VENDORED.keys() == set()


def test_the_changelog_begins_with_what_an_operator_must_do():
    """Whoever upgrades a mall reads first what must be done, in every version's notes."""
    changelog = (HOUSE / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]

    assert versions
    for notes in versions:
        _version, _, rest = notes.partition("\n")
        assert rest.lstrip().startswith("### What an operator must do"), notes[:80]


def test_every_dependency_has_its_reason():
    """Nothing is depended on without docs/decisions.md saying why."""
    wanted = re.findall(r"^([a-z][\w-]*)", (HOUSE / "requirements/run.in").read_text(), flags=re.MULTILINE)
    reasons = (HOUSE / "docs/decisions.md").read_text(encoding="utf-8").lower()

    assert [package for package in wanted if f"`{package}`" not in reasons] == []


def test_every_link_in_the_docs_leads_somewhere():
    """A page never points to a file or a heading's page that is not there."""
    dead = []
    for page in tracked("*.md"):
        text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"[a-z]+:|#", target):
                continue
            if not (page.parent / target.partition("#")[0]).exists():
                dead.append(f"{name(page)} -> {target}")

    assert dead == []


def test_templates_hold_no_inline_script_or_style():
    """The content security policy forbids both, so a template that has one would be broken in the browser."""
    inline = re.compile(r"\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|<style\b|<script(?![^>]*\bsrc=)(?![^>]*application/json)")
    offending = [
        f"{name(path)}: {found[0].strip()}"
        for path in tracked("*.html", "*.jinja", "*.j2")
        if (found := inline.search(path.read_text(encoding="utf-8")))
    ]

    assert offending == []


def touched(path: Path) -> Iterator[tuple[int, str]]:
    """Where a file reaches for a private member of something else than itself: line and name."""
    of_a_tuple = {"_replace", "_asdict", "_fields", "_make"}  # public, in spite of their names
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, alias.name) for alias in node.names if private(alias.name))
        elif isinstance(node, ast.Attribute) and private(node.attr) and node.attr not in of_a_tuple:
            if not (isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}):
                yield node.lineno, node.attr
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"getattr", "setattr"}:
            name = node.args[1]
            if isinstance(name, ast.Constant) and private(str(name.value)):
                yield node.lineno, str(name.value)


def private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def test_tests_use_no_private_member():
    """A test holds what the product promises; what it has for itself may be written anew on any day."""
    touching = [f"{name(path)}:{line} {member}" for path in tracked("tests/*.py") for line, member in touched(path)]

    assert touching == []


@pytest.mark.parametrize("what", [r"# type: ignore\b[^#]*", r"\b(?:asyncio|time)\.sleep\([^#]*"])
def test_a_test_that_looks_away_or_sleeps_says_why(what: str):
    """A wait for nothing in particular is too short on one machine and too long on all others."""
    unexplained = [
        f"{name(path)}:{number}"
        for path in tracked("tests/*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(rf"{what}$", line)
    ]

    assert unexplained == []


def test_every_answer_is_let_go():
    """An answer that is not taken by `async with` holds its line until Python finds it, in another test."""
    asked = re.compile(r"await [\w.]*(?:client|session)\.(?:get|post|put|delete|request|ws_connect)\(")
    own = {"tests/web/test_pages.py"}  # its client closes all that it was given
    held = [
        f"{name(path)}:{number}"
        for path in tracked("tests/*.py", "bench/*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if asked.search(line) and name(path) not in own
    ]

    assert held == []
