"""A message is sealed for one phone, as the standards have it."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec

from queue_server.errors import Unavailable
from queue_server.notices.phones.sealing import LONGEST, is_phone, sealed
from queue_server.notices.phones.vapid import Sender, fresh
from tests.notices.phones.service import Browser, b64, opened, raw, sender, unb64

# RFC 8291, section 5 and appendix A
WORDS = b"When I grow up, I want to be a watermelon"
OURS = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
THEIRS = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_y"
    "l95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(unb64(text), "big"), ec.SECP256R1())


def test_the_example_of_the_standard_comes_out():
    """The same keys, salt and words give the same bytes as in RFC 8291."""
    phone = raw(private(THEIRS).public_key())

    body = sealed(WORDS, phone, unb64(AUTH), private(OURS), unb64(SALT))

    assert b64(body) == BODY


def test_only_the_phone_that_it_is_for_opens_it():
    """Whoever carries it, and every other phone, reads nothing."""
    mine, other = Browser("a"), Browser("b")

    body = sealed(b"words", raw(mine.private.public_key()), mine.auth, private(OURS), unb64(SALT))

    assert opened(body, mine.private, mine.auth) == b"words"
    with pytest.raises(InvalidTag):
        opened(body, other.private, mine.auth)
    with pytest.raises(InvalidTag):
        opened(body, mine.private, other.auth)


def test_a_message_is_as_long_as_every_push_service_takes():
    """4096 bytes with all that is around it; more is refused before it is sent."""
    phone, auth = raw(private(THEIRS).public_key()), unb64(AUTH)

    longest = sealed(b"w" * LONGEST, phone, auth, private(OURS), unb64(SALT))

    assert len(longest) == 4096
    with pytest.raises(ValueError, match="too long"):
        sealed(b"w" * (LONGEST + 1), phone, auth, private(OURS), unb64(SALT))


def test_what_is_no_key_of_a_phone_is_told():
    """Bytes of another length, or that are no point of the curve, are not taken."""
    phone, auth = raw(private(THEIRS).public_key()), unb64(AUTH)

    assert is_phone(phone, auth)
    assert not is_phone(phone[:-1], auth)
    assert not is_phone(phone, auth + b"x")
    assert not is_phone(b"\x04" + b"\x01" * 64, auth)


def test_a_push_service_knows_who_sends():
    """The header names the service, an end, and whom to ask, signed by the mall's key; for a while it is one."""
    mall = Sender(fresh())

    said = mall.says("https://push.example/abc", "mailto:a@b.example", 1_000)
    soon = mall.says("https://push.example/xyz", "mailto:a@b.example", 4_599)
    later = mall.says("https://push.example/xyz", "mailto:a@b.example", 4_600)
    key, claims = sender(said)

    assert key == mall.public
    assert claims == {"aud": "https://push.example", "exp": 1_000 + 43_200, "sub": "mailto:a@b.example"}
    assert (soon == said, later == said) == (True, False)


@pytest.mark.parametrize("lines", ["", "no key", Browser("a").endpoint])
def test_what_is_no_key_of_the_malls_is_said(lines: str):
    """The error says what is wanted, and nothing of the file."""
    with pytest.raises(Unavailable, match="no PEM file"):
        Sender(lines)
