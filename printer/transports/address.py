"""One address says how a printer is reached and what is special about it.

    tcp://10.0.0.9:9100            its network port, by IPv4, IPv6 (`tcp://[fe80::1%25eth0]`) or name
    usb://04b8:0e15                by maker and model, `usb://04b8:0e15/SERIAL` where there are two
    serial:///dev/ttyUSB0?baud=115200
    file:///dev/usb/lp0            a device file; a plain file or a FIFO is only written to
    lp://name                      a queue of CUPS
    virtual://name                 no metal: the paper is a picture

After the `?`, each once: `width` (dots), `dpi`, `cut` (partial, full, none), `near_end_mm`, `mode` (raster, text),
`model` (as python-escpos calls it), `confirm` (id, counter, gs_r, none: what the printer can prove, instead of asking
it), `blind=yes` (it never answers); for `serial` also `baud`, `parity` (none, even, odd) and `flow` (none, hard, soft).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

import msgspec

from printer.models import WrongModel, fitted, model
from queue_server.errors import Invalid
from queue_server.wire.printing import Evidence, Paper

Scheme = Literal["tcp", "usb", "serial", "file", "lp", "virtual"]

_PAPER_KEYS = ("width", "dpi", "cut", "near_end_mm", "mode", "model")
_KEYS: dict[str, tuple[str, ...]] = {
    "serial": (*_PAPER_KEYS, "confirm", "blind", "baud", "parity", "flow"),
    "lp": _PAPER_KEYS,
    "virtual": _PAPER_KEYS,
}
_OTHER_KEYS = (*_PAPER_KEYS, "confirm", "blind")
_WORDS: dict[str, tuple[str, ...]] = {
    "cut": ("partial", "full", "none"),
    "mode": ("raster", "text"),
    "confirm": ("id", "counter", "gs_r", "none"),
    "blind": ("yes", "no"),
    "parity": ("none", "even", "odd"),
    "flow": ("none", "hard", "soft"),
}
_NUMBERS: dict[str, tuple[int, int]] = {
    "width": (64, 2048),
    "dpi": (100, 600),
    "near_end_mm": (0, 100_000),
    "baud": (1200, 921_600),
}

#: Bytes of a usual drawn slip; ten bits go over a serial line for each.
_PICTURE = 50_000
_USUAL_BAUD = 115_200


class WrongAddress(Invalid):
    """The address cannot be one; the message says what to write instead."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """An address that was understood. Which fields are set depends on `scheme`."""

    text: str
    scheme: Scheme
    host: str = ""
    port: int = 9100
    path: str = ""
    vendor: int = 0
    product: int = 0
    #: The serial number of a USB printer, the name of a queue or of a virtual printer.
    name: str = ""
    options: dict[str, str] = field(default_factory=dict)

    @property
    def blind(self) -> bool:
        return self.options.get("blind") == "yes"

    @property
    def confirm(self) -> Evidence | None:
        """What the printer is said to be able to prove; None: ask it."""
        said = self.options.get("confirm")
        return next((known for known in get_args(Evidence) if known == said), None)

    def having(self, **options: str) -> str:
        """The same address, as it is typed, with these options besides."""
        way, _, _query = self.text.partition("?")
        both = {**self.options, **options}
        return f"{way}?{urlencode(both, safe=':/')}" if both else way

    def number(self, key: str, otherwise: int) -> int:
        return int(self.options.get(key, otherwise))

    def paper(self, told: Paper) -> Paper:
        """The paper that the server told of, as its model has it, changed by what the address says.

        Raises WrongModel for a model that the server told of.
        """
        named = {key: self.options[key] for key in ("mode", "model") if key in self.options}
        told = fitted(msgspec.convert(msgspec.structs.asdict(told) | named, Paper))
        return msgspec.convert(
            {
                **msgspec.structs.asdict(told),
                "dots": self.number("width", told.dots),
                "dpi": self.number("dpi", told.dpi),
                "cut": self.options.get("cut", told.cut),
                "near_end_mm": self.number("near_end_mm", told.near_end_mm),
            },
            Paper,
        )

    @property
    def picture_s(self) -> float:
        """How long a drawn slip takes on this line by its speed, in seconds; 0 where the address does not say."""
        return _PICTURE * 10 / self.number("baud", _USUAL_BAUD) if self.scheme == "serial" else 0.0


def parse_address(text: str) -> Address:
    """Raises WrongAddress."""
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise WrongAddress(f"{text!r}: {error}") from None
    if parts.scheme not in get_args(Scheme):
        known = ", ".join(f"{scheme}://" for scheme in get_args(Scheme))
        raise WrongAddress(f"{text!r} is no printer's address: it begins with one of {known}")
    options = _options(text, parts)
    match parts.scheme:
        case "tcp":
            return _tcp(text, parts, options)
        case "usb":
            return _usb(text, parts, options)
        case "serial" | "file":
            if parts.netloc or not parts.path.startswith("/") or len(parts.path) < 2:
                example = "serial:///dev/ttyUSB0" if parts.scheme == "serial" else "file:///dev/usb/lp0"
                raise WrongAddress(f"{text!r} needs a whole path behind three slashes, as in {example}")
            scheme: Scheme = "serial" if parts.scheme == "serial" else "file"
            return Address(text=text, scheme=scheme, path=unquote(parts.path), options=options)
        case "lp":
            if not parts.netloc or parts.path.strip("/"):
                raise WrongAddress(f"{text!r} needs the name of a queue, as in lp://kiosk-1")
            return Address(text=text, scheme="lp", name=unquote(parts.netloc), options=options)
    return Address(text=text, scheme="virtual", name=unquote(parts.netloc), options=options)


def _tcp(text: str, parts: SplitResult, options: dict[str, str]) -> Address:
    try:
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise WrongAddress(f"{text!r}: {error}") from None
    if not host or parts.path.strip("/"):
        raise WrongAddress(f"{text!r} needs a host and perhaps a port, as in tcp://10.0.0.9:9100")
    return Address(text=text, scheme="tcp", host=unquote(host), port=port or 9100, options=options)


def _usb(text: str, parts: SplitResult, options: dict[str, str]) -> Address:
    vendor, _, product = parts.netloc.partition(":")
    try:
        if len(vendor) != 4 or len(product) != 4:
            raise ValueError
        ids = int(vendor, 16), int(product, 16)
    except ValueError:
        raise WrongAddress(
            f"{text!r} needs maker and model in four hexadecimal digits each, as `lsusb` shows them: usb://04b8:0e15"
        ) from None
    return Address(
        text=text,
        scheme="usb",
        vendor=ids[0],
        product=ids[1],
        name=unquote(parts.path.strip("/")),
        options=options,
    )


def _options(text: str, parts: SplitResult) -> dict[str, str]:
    allowed = _KEYS.get(parts.scheme, _OTHER_KEYS)
    options: dict[str, str] = {}
    for key, value in parse_qsl(parts.query, keep_blank_values=True):
        if key not in allowed:
            raise WrongAddress(f"{text!r}: {key!r} means nothing here; known: {', '.join(allowed)}")
        if key in options:
            raise WrongAddress(f"{text!r}: {key!r} is there twice")
        _checked(text, key, value)
        options[key] = value
    return options


def _checked(text: str, key: str, value: str) -> None:
    if key in _WORDS and value not in _WORDS[key]:
        raise WrongAddress(f"{text!r}: {key} is one of {', '.join(_WORDS[key])}, not {value!r}")
    if key in _NUMBERS:
        least, most = _NUMBERS[key]
        if not value.isdecimal() or not least <= int(value) <= most:
            raise WrongAddress(f"{text!r}: {key} is a number from {least} to {most}, not {value!r}")
    if key == "model":
        try:
            model(value)
        except WrongModel as error:
            raise WrongAddress(f"{text!r}: {error.detail}") from None
    if key == "width" and int(value) % 8:
        raise WrongAddress(f"{text!r}: width is a number of dots that eight divides, such as 384 or 576")
