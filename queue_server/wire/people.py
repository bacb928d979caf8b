"""People who sign in: who they are, what they may, where they are signed in, and how they get a secret."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

Name = Annotated[str, Meta(min_length=1, max_length=64)]
Secret = Annotated[str, Meta(min_length=1, max_length=200)]
Code = Annotated[str, Meta(min_length=1, max_length=64)]


class PersonView(Struct, frozen=True, kw_only=True):
    """`id` is the pseudonym in records. `agencies`: None for the whole mall; `skills`: None for all of a counter's.

    `state`: active, invited (has no secret yet) or suspended. `sessions` is in how many browsers they are signed in.
    """

    id: str
    name: str
    role: str
    agencies: tuple[str, ...] | None
    skills: tuple[str, ...] | None
    state: str
    signed_in_at: str | None
    sessions: int
    second_factor: bool = False
    badge: bool = False
    by_provider: bool = False


class ShutOutView(Struct, frozen=True, kw_only=True):
    """Somebody who was removed: the pseudonym that they had, and when. Nothing else is kept of them."""

    person: str
    at: str


class PersonRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody may from now on."""

    role: Code
    agencies: Annotated[tuple[Code, ...], Meta(min_length=1, max_length=50)] | None = None
    skills: Annotated[tuple[Code, ...], Meta(max_length=500)] | None = None


class NewPersonRequest(PersonRequest, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Name


class LinkView(Struct, frozen=True, kw_only=True):
    """A link that is good once, until `expires_at`: whoever opens it chooses this person's secret. Shown this once."""

    person: str
    name: str
    link: str
    expires_at: str


class ChangedView(PersonView, frozen=True, kw_only=True):
    """Somebody as they are now. `link`: the new role asks for more than their PIN, so they choose a password by it."""

    link: LinkView | None = None


class SessionView(Struct, frozen=True, kw_only=True):
    """A browser in which one is signed in; `here`: this one. `address` is where it was begun."""

    id: str
    created_at: str
    expires_at: str
    address: str | None
    browser: str | None
    here: bool


class JoinLook(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    link: Code


class JoinView(Struct, frozen=True, kw_only=True):
    """For whom a link is, and the `least` characters; `name` is None where the first admin of a mall chooses one.

    `second_factor`: a link alone does not let this person in, its code is wanted, too.
    """

    name: str | None
    role: str
    least: int
    second_factor: bool = False


class JoinRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`name` for a set-up only, `code` of whoever has a second factor."""

    link: Code
    password: Secret
    name: Name | None = None
    code: Code | None = None


class PasswordRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One's own new secret; the old one says that it is oneself who asks."""

    old: Secret
    new: Secret


Badge = Annotated[str, Meta(min_length=1, max_length=64)]


class BadgeRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The number that a reader types; None takes the badge away."""

    badge: Badge | None


class BadgeSignInRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    badge: Badge
    password: Annotated[str, Meta(max_length=200)] | None = None
    code: Code | None = None


class SignInWays(Struct, frozen=True, kw_only=True):
    """`badge`: `off`, `with_pin` or `alone`. `provider`: what the identity provider is called, None without one."""

    badge: str
    provider: dict[str, str] | None = None


class UnlockRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`badge`: what may have been a badge at a reader that types; looked at where that opens this lock."""

    password: Secret
    badge: Badge | None = None


class FactorView(Struct, frozen=True, kw_only=True):
    """One's second factor: since when, None without one; `recovery` codes that are left; `needed` in this mall."""

    set_at: str | None
    recovery: int
    needed: bool


class FactorRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`code` of whoever has a second factor already: of the app, or one to recover by."""

    password: Secret
    code: Code | None = None


class FactorOffer(Struct, frozen=True, kw_only=True):
    """What an app is told, three ways: `secret` to type (base32), `address` to open, `picture` to scan (a data URL)."""

    secret: str
    address: str
    picture: str


class FactorCodeRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    code: Code


class FactorCodes(Struct, frozen=True, kw_only=True):
    """Each good once in place of a code of the app; shown this once."""

    recovery: tuple[str, ...]
