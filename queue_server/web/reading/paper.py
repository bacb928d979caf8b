"""A report as one HTML file: styles, fonts and the icons that it uses are in it, so that it reads the same everywhere,
with no server behind it, and on paper.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from datetime import date

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from queue_server.languages.catalogues import say
from queue_server.languages.tables import table
from queue_server.reports.report import Report
from queue_server.reports.words import Words
from queue_server.web.page import accent
from queue_server.web.page.pages import FOLDER

STATIC = FOLDER / "static"
STYLES = ("look.css", "staff/staff.css", "report/charts.css", "report/report.css", "report/paper.css")
ICONS = ("triangle-alert",)
_FONT = re.compile(r'url\("([a-z-]+\.woff2)"\)')
_PAGE = "report"


def paper_of(report: Report, words: Words, where: Mapping[str, str], accent_of_mall: str | None, now: int) -> str:
    """`where` is what it was narrowed to, by kind; `now` when it is made."""
    notes: Sequence[tuple[str, str]] = [(words.day(date.fromisoformat(day)), said) for day, said in report.notes]
    return _templates.get_template("report_paper.html").render(
        report=report,
        mall=words.pick(words.rules.name),
        language=words.language,
        direction=table(_PAGE, words.language).dir,
        where=where,
        made=words.made(now),
        narrowed=words.name,
        notes=notes,
        style=Markup(_style(accent_of_mall)),  # noqa: S704 - our own files
        icons=_icons(),
        svg=Markup,
        t=lambda key, **filled: say(_PAGE, words.language, key, **filled),
        as_file=lambda **more: "",
    )


def _style(accent_of_mall: str | None) -> str:
    fonts = (STATIC / "fonts" / "fonts.css").read_text(encoding="utf-8")
    styles = [(STATIC / name).read_text(encoding="utf-8") for name in STYLES]
    colour = [accent.sheet(accent_of_mall)] if accent_of_mall else []
    whole = "\n".join([_FONT.sub(_inside, fonts), *styles, *colour])
    return f"<style>{whole}</style>"


def _inside(font: re.Match[str]) -> str:
    encoded = base64.b64encode((STATIC / "fonts" / font[1]).read_bytes()).decode()
    return f'url("data:font/woff2;base64,{encoded}")'


def _icons() -> Markup:
    """The few that tables have; `_icon` points to them."""
    text = (STATIC / "icons" / "icons.svg").read_text(encoding="utf-8")
    found = (re.search(rf'<symbol id="{name}".*?</symbol>', text, re.DOTALL) for name in ICONS)
    symbols = "".join(symbol[0] for symbol in found if symbol is not None)
    return Markup(f'<svg hidden aria-hidden="true">{symbols}</svg>')  # noqa: S704 - our own file


def _icon(name: str, extra: str = "") -> Markup:
    return Markup('<svg class="icon {}" aria-hidden="true"><use href="#{}"></use></svg>').format(extra, name)


_templates = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals.update(icon=_icon)
