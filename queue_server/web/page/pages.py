"""How a page reaches a browser: templates, their texts, the policy that guards them, and the files beside them.

Every page of the house goes through `Pages.render`, so every page has the same strict policy (no inline script or
style, nothing from another machine), is never stored, and belongs to one build.

    pages = Pages({"kiosk": kiosk.FOLDER, "display": display.FOLDER}, lambda: ("id", "en"))
    app.router.add_routes(pages.routes())                      # /static/<build>/…
    return pages.render("kiosk/kiosk.html", page="kiosk", language="id", data={"kiosk": "K1"})

- `template`: `name.html` is of `queue_server/web/templates`, `kiosk/name.html` of the room `kiosk`; all extend
  `layout.html`, which says what blocks there are.
- `page`: whose texts (`texts/<page>/*.po` and `texts/house/*.po`) the page gets, as the JSON block `#texts` that
  `js/texts.js` reads. Templates say `{{ t("key") }}`.
- `data`: what the page's script needs to know, as the JSON block `#data` (`import {data} from "…/js/texts.js"`).
- In templates `{{ static("js/live.js") }}` is the address of a file in `static/`; a room's own files stand under
  its name, `{{ static("kiosk/kiosk.js") }}`, so a room's script imports `../js/live.js`.

A page for phones is `light`: it brings the texts of one language (the script fetches another when its reader wants it,
`/texts/<build>/<page>/<language>.json`), and goes out compressed. Files of text are compressed once, beforehand.

The build is a hash over all files, templates and texts, and part of each file's address: files of the current build
may be kept for a year, under an old build's address (a page left open) the newest file is given and not kept.
"""

from __future__ import annotations

import gzip
import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import msgspec
from aiohttp import web
from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined, select_autoescape
from jinja2.loaders import ChoiceLoader
from markupsafe import Markup
from msgspec.structs import replace

from queue_server.languages.catalogues import FOLDER as TEXTS
from queue_server.languages.catalogues import SOURCE, languages_of, say
from queue_server.languages.tables import LanguageTable, name_of, table
from queue_server.web.edge.headers import OF_A_WORKER, OF_FILES, OF_THE_PHONES_WORKER, POLICY, WORKER_POLICY
from queue_server.web.page import accent, theme
from queue_server.web.page.pieces import Pieces

FOLDER = Path(__file__).parent.parent

# Said here, so that it does not depend on the machine's own table.
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".wav": "audio/wav",
    ".ogg": "audio/ogg",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}
TEXT = frozenset({".js", ".css", ".svg", ".txt", ".webmanifest"})

WORKERS = {
    "kiosk/worker.js": {"Service-Worker-Allowed": "/kiosk/", "Content-Security-Policy": OF_A_WORKER},
    "ticket/worker.js": {"Service-Worker-Allowed": "/t/", "Content-Security-Policy": OF_THE_PHONES_WORKER},
}
"""Scripts that run while no page is open, and the addresses for which they may: one stands in for the server while that
is away, one shows what a phone is told."""

WITH_WORKER = frozenset({"kiosk", "ticket"})
"""Pages that start one."""

PAGE_LEVEL = 5
"""How hard a page is compressed while its reader waits: 20 kB take a third of a millisecond, and become 6."""

HERE = f"texts-{secrets.token_hex(8)}"
"""Where in a page its texts go, which are the same for all who read it."""

MOST_SAID = 100
"""So many pages' texts are kept; they are few, unless somebody changes the mall's languages again and again."""

YEAR_S = 365 * 24 * 3600


def number(text: str) -> str:
    """A ticket's number as people read it: `A012` is `A 012`, with a thin space (js/number.js does the same)."""
    letters = text.rstrip("0123456789")
    return f"{letters}\u2009{text[len(letters) :]}" if letters and letters != text else text


class Pages:
    """The pages of one build. `rooms` are packages with `templates/` and `static/`, by their name in addresses.

    `languages` gives the mall's, `accent_of_mall` its colour (`#RRGGBB`, if it has one) and
    `theme_of_halls` those of its displays, as they are now.
    """

    def __init__(
        self,
        rooms: Mapping[str, Path],
        languages: Callable[[], tuple[str, ...]],
        accent_of_mall: Callable[[], str | None] = lambda: None,
        theme_of_halls: Callable[[], tuple[str, ...]] = lambda: (),
    ) -> None:
        self._languages = languages
        self._accent = accent_of_mall
        self._theme = theme_of_halls
        self._files = dict(_static_files(rooms))
        folders = [FOLDER / "templates", TEXTS, *(room / "templates" for room in rooms.values())]
        self._packed = {name: packed for name, path in self._files.items() if (packed := _packed(path)) is not None}
        self.build = _build([*self._files.values(), *(file for folder in folders for file in _below(folder))])
        self._texts_said: dict[tuple[str, tuple[str, ...], bool, tuple[str, ...]], bytes] = {}
        self._templates = Environment(
            loader=ChoiceLoader(
                [
                    PrefixLoader({name: FileSystemLoader(room / "templates") for name, room in rooms.items()}),
                    FileSystemLoader(FOLDER / "templates"),
                ]
            ),
            autoescape=select_autoescape(),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["number"] = number
        self._templates.globals.update(static=self.static, icon=self._icon)

    @property
    def languages(self) -> tuple[str, ...]:
        """The mall's; the first is the one of a page that knows nothing of its reader."""
        return self._languages()

    def static(self, path: str) -> str:
        """The address of a file; a file that does not exist raises, so no page ships with a dead link."""
        if path not in self._files:
            raise KeyError(f"no static file {path}")
        return f"/static/{self.build}/{path}"

    def render(
        self,
        template: str,
        *,
        page: str,
        language: str,
        also: Iterable[str] = (),
        data: object = None,
        status: int = 200,
        light: bool = False,
        packed: bool = False,
        silent: bool = False,
        of_hall: bool = False,
        **values: object,
    ) -> web.Response:
        """The page as it starts in `language`, with its texts in the mall's languages, `also` these, and all it has.

        A `light` one, for phones, brings that language alone; a `silent` one has no script, and brings none. One
        `of_hall` brings the mall's and these; of another, whose reader chooses, come all that it has.
        """
        chosen = () if of_hall else languages_of(page)
        spoken = dict.fromkeys((language, *self.languages, *also, *chosen, SOURCE))
        nonce = secrets.token_urlsafe(16)
        texts = b"{}" if silent else self._said(page, (language,) if light else tuple(spoken), light)
        body = self._templates.get_template(template).render(
            page=page,
            language=language,
            direction=table(page, language).dir,
            spoken=" ".join(spoken),
            accent=self._accent() or "",
            theme="-".join(colour[1:] for colour in self._theme()),
            build=self.build,
            nonce=nonce,
            t=lambda key, **filled: say(page, language, key, **filled),
            texts_block=HERE,
            data_block=_json({} if data is None else data),
            **values,
        )
        headers = {
            "Content-Security-Policy": (WORKER_POLICY if page in WITH_WORKER else POLICY).format(nonce=nonce),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            # a ticket's address is its secret
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Content-Language": language,
        }
        before, _, after = body.encode().partition(HERE.encode())
        if light or packed:
            headers |= {"Content-Type": "text/html; charset=utf-8", "Content-Encoding": "gzip"}
            body_packed = gzip.compress(before + texts + after, PAGE_LEVEL, mtime=0)
            return web.Response(body=body_packed, status=status, headers=headers)
        return web.Response(body=Pieces(before, texts, after), status=status, headers=headers)

    def _said(self, page: str, spoken: tuple[str, ...], light: bool) -> bytes:
        """What a page's script may say, made once for all who read it."""
        languages = self.languages
        key = (page, spoken, light, languages)
        known = self._texts_said.get(key)
        if known is None:
            names = {code: name_of(code) for code in languages}
            tables = one_language(page, spoken[0]) if light else {code: table(page, code) for code in spoken}
            said = {"languages": languages, "names": names, "light": light, "tables": tables}
            if len(self._texts_said) >= MOST_SAID:
                self._texts_said.clear()
            known = self._texts_said[key] = _json(said).encode()
        return known

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/static/{build:[0-9a-f]{12}}/{path:.+}", self._file),
            web.get("/texts/{build:[0-9a-f]{12}}/{page:[a-z]{1,32}}/{language:[A-Za-z0-9-]{2,35}}.json", self._texts),
            web.get("/accent/{colour:[0-9A-F]{6}}.css", self._own_colour),
            web.get("/theme/{colours:[0-9A-F]{6}(?:-[0-9A-F]{6}){3}}.css", self._own_theme),
            web.get("/favicon.ico", self._favicon),
        ]

    async def _file(self, request: web.Request) -> web.StreamResponse:
        path = self._files.get(request.match_info["path"])
        if path is None:
            raise web.HTTPNotFound(text="no such file\n")
        headers = (
            OF_FILES
            | self._kept(request)
            | WORKERS.get(request.match_info["path"], {})
            | {"Content-Type": TYPES.get(path.suffix, "application/octet-stream")}
        )
        packed = self._packed.get(request.match_info["path"])
        if packed is not None:
            headers["Vary"] = "Accept-Encoding"
            if takes_gzip(request):
                return web.Response(body=packed, headers=headers | {"Content-Encoding": "gzip"})
        return web.FileResponse(path, headers=headers)

    async def _texts(self, request: web.Request) -> web.StreamResponse:
        """What a light page says in another language."""
        page, language = request.match_info["page"], request.match_info["language"]
        if language not in self.languages or not languages_of(page):
            raise web.HTTPNotFound(text="no such texts\n")
        headers = self._kept(request) | {"Content-Type": "application/json", "Vary": "Accept-Encoding"}
        texts = msgspec.json.encode(one_language(page, language))
        if not takes_gzip(request):
            return web.Response(body=texts, headers=headers)
        body = gzip.compress(texts, PAGE_LEVEL, mtime=0)
        return web.Response(body=body, headers=headers | {"Content-Encoding": "gzip"})

    def _kept(self, request: web.Request) -> dict[str, str]:
        current = request.match_info["build"] == self.build
        kept = f"public, max-age={YEAR_S}, immutable" if current else "no-cache"
        return {"Cache-Control": kept, "X-Content-Type-Options": "nosniff"}

    async def _own_colour(self, request: web.Request) -> web.StreamResponse:
        try:
            text = accent.sheet(f"#{request.match_info['colour']}")
        except ValueError:
            raise web.HTTPNotFound(text="nobody could read that colour\n") from None
        return _own_sheet(text)

    async def _own_theme(self, request: web.Request) -> web.StreamResponse:
        try:
            text = theme.sheet(*(f"#{colour}" for colour in request.match_info["colours"].split("-")))
        except ValueError:
            raise web.HTTPNotFound(text="nobody could read those colours\n") from None
        return _own_sheet(text)

    async def _favicon(self, request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(self.static("icons/antrean.svg"))

    def _icon(self, name: str, extra: str = "") -> Markup:
        """An icon of icons.svg for a template, `extra` its further classes; a word always stands beside it."""
        picture = Markup('<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>')
        return picture.format(extra, self.static("icons/icons.svg"), name)


def takes_gzip(request: web.Request) -> bool:
    """Every browser does; some program may not."""
    return "gzip" in request.headers.get("Accept-Encoding", "")


def one_language(page: str, language: str) -> dict[str, LanguageTable]:
    """A page's texts in one language, and in English what that one lacks."""
    own, english = table(page, language), table(page, SOURCE)
    lacking = {key: text for key, text in english.texts.items() if key not in own.texts}
    return {SOURCE: replace(english, texts=lacking), language: own}


def _packed(path: Path) -> bytes | None:
    """A file of text as browsers get it; None where it would not be smaller."""
    if path.suffix not in TEXT:
        return None
    there = path.stat()
    return _packed_once(path, there.st_mtime_ns, there.st_size)


@lru_cache(maxsize=1024)
def _packed_once(path: Path, _changed: int, size: int) -> bytes | None:
    packed = gzip.compress(path.read_bytes(), mtime=0)
    return packed if len(packed) < size else None


def _own_sheet(text: str) -> web.Response:
    kept = {"Cache-Control": f"public, max-age={YEAR_S}, immutable", "X-Content-Type-Options": "nosniff"}
    return web.Response(text=text, content_type="text/css", headers=kept)


def _static_files(rooms: Mapping[str, Path]) -> Iterable[tuple[str, Path]]:
    """Every file that may be asked for, by its address below the build; nothing else can be reached."""
    for prefix, folder in (("", FOLDER / "static"), *((f"{name}/", room / "static") for name, room in rooms.items())):
        for path in _below(folder):
            yield prefix + path.relative_to(folder).as_posix(), path


def _below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def _build(files: Iterable[Path]) -> str:
    """Twelve hex digits that change with any file's name or bytes."""
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _json(value: object) -> Markup:
    """JSON that may stand inside a script element: no `<` that could end it."""
    return Markup(msgspec.json.encode(value).decode().replace("<", "\\u003c"))  # noqa: S704 - escaped above
