"""Who sends a message to a phone: the mall's own key, by which a push service knows it again (VAPID, RFC 8292).

A phone's subscription holds for one key. With another one every phone must be asked anew, which its page does by itself
when it is opened.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from joserfc import jwt
from joserfc.jwk import ECKey

from queue_server.errors import Unavailable
from queue_server.notices.phones.sealing import point, text_of
from queue_server.registry.keys import kept_in
from queue_server.settings import Settings
from queue_server.settings.secrets import secret_of

FILE = "push.key"
"""In the data folder, where config.toml names no other."""

LASTS_S = 12 * 3_600
"""Half of what a push service may take at most."""

FRESH_S = 3_600
"""So long one is used again for the same push service."""


def fresh() -> str:
    """A new key, as it stands in the file."""
    key = generate_private_key(SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def key_lines(settings: Settings, folder: Path, data: Path) -> str:
    """The mall's key, made at first use where config.toml names none. Raises OSError."""
    named = settings.push.key_file
    return secret_of(named, folder) if named else kept_in(data / FILE, True, fresh)


class Sender:
    """The mall, as push services know it. `lines` is the key's PEM. Raises Unavailable for what is none."""

    def __init__(self, lines: str) -> None:
        try:
            key = load_pem_private_key(lines.encode(), password=None)
        except (ValueError, TypeError) as error:  # without the error's own words: they might hold some of the key
            raise Unavailable("The key for messages to phones is no PEM file.") from error
        if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
            raise Unavailable("The key for messages to phones is not of P-256; without key_file the server makes one.")
        self.public: str = text_of(point(key.public_key()))
        """What a browser subscribes with."""
        self._key = ECKey.import_key(lines)
        self._made: dict[tuple[str, str], tuple[int, str]] = {}

    def says(self, endpoint: str, contact: str, now_s: int) -> str:
        """The header `Authorization` for an endpoint. `contact` is where the service's operator reaches the mall."""
        parts = urlsplit(endpoint)
        service = f"{parts.scheme}://{parts.netloc}"
        at, said = self._made.get((service, contact), (now_s - FRESH_S, ""))
        if not at <= now_s < at + FRESH_S:
            claims = {"aud": service, "exp": now_s + LASTS_S, "sub": contact}
            token = jwt.encode({"typ": "JWT", "alg": "ES256"}, claims, self._key)
            at, said = now_s, f"vapid t={token}, k={self.public}"
            self._made[service, contact] = at, said
        return said
