"""Encrypts a message for one phone alone: RFC 8291 over RFC 8188, one record. Pure.

The push service that carries it reads neither its words nor whose ticket it is.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SALT, AUTH, POINT = 16, 16, 65
"""Bytes of a salt, of what phone and server share, and of a public key as it is sent."""

RECORD = 4096
"""What every push service must take (RFC 8030, 7.2)."""

LONGEST = RECORD - 86 - 16 - 1
"""Bytes of a message: less the head, the tag, and the mark of the last record."""

_LAST = b"\x02"


def sealed(words: bytes, phone: bytes, auth: bytes, key: EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """The body of the request. `phone` is its public key; `key` and `salt` are drawn for this message alone.

    Raises ValueError where `phone` is no point of the curve.
    """
    if len(words) > LONGEST:
        raise ValueError("the message is too long")
    ours = point(key.public_key())
    secret = key.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(SECP256R1(), phone))
    shared = _derived(secret, auth, b"WebPush: info\0" + phone + ours, 32)
    content = _derived(shared, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(shared, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + RECORD.to_bytes(4, "big") + bytes([len(ours)]) + ours
    return head + AESGCM(content).encrypt(nonce, words + _LAST, None)


def is_phone(phone: bytes, auth: bytes) -> bool:
    """Whether these are keys that a message can be sealed for."""
    if len(phone) != POINT or len(auth) != AUTH:
        return False
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), phone)
    except ValueError:
        return False
    return True


def point(key: EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def text_of(raw: bytes) -> str:
    """As browsers and push services write bytes: base64 for addresses, without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def bytes_of(text: str) -> bytes:
    """Raises ValueError for what is none."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)
