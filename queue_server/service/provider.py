"""The identity provider of OpenID Connect: where people are sent to sign in, and what it then says of them.

The authorization code flow with PKCE; the code is exchanged from here to the provider, never through the browser, and
what comes is believed only with the provider's signature, for this client, with the nonce of this very attempt. What
the provider publishes of itself (its addresses, its keys) is kept for an hour; when an unknown key signs, they are
asked for anew.
"""

from __future__ import annotations

import asyncio
import ssl
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from queue_server.errors import Unauthorized, Unavailable
from queue_server.settings.secrets import secret_of
from queue_server.settings.tables import Oidc

with warnings.catch_warnings():
    # authlib is about to ask for another client of the same make
    warnings.simplefilter("ignore")
    from authlib.integrations.httpx_client import AsyncOAuth2Client
    from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

KEPT_S = 3600.0
WITHIN_S = 8.0
"""So long the provider may take for one answer."""
LEEWAY_S = 60
"""So far its clock may be off."""
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
"""Signatures of a key that only the provider has."""
METADATA = "/.well-known/openid-configuration"


class Provider:
    """`oidc` is the mall's table as it is now; files are named from `folder`."""

    def __init__(self, oidc: Callable[[], Oidc], folder: Path) -> None:
        self._oidc = oidc
        self._folder = folder
        self._kept: dict[str, tuple[float, Any]] = {}
        self._trust: ssl.SSLContext | None = None

    async def begin(self, *, back: str, state: str, nonce: str, verifier: str) -> str:
        """Where the browser goes to sign in. The password is asked for again: counters' machines are shared."""
        about, oidc = await self._about(), self._oidc()
        return str(
            prepare_grant_uri(
                about["authorization_endpoint"],
                client_id=oidc.client_id,
                response_type="code",
                redirect_uri=back,
                scope=" ".join(oidc.scopes),
                state=state,
                nonce=nonce,
                code_challenge=create_s256_code_challenge(verifier),
                code_challenge_method="S256",
                prompt="login",
            )
        )

    async def finish(self, code: str, *, back: str, nonce: str, verifier: str) -> Mapping[str, Any]:
        """What the provider says of whoever came back with this code. Raises Unauthorized, Unavailable."""
        about = await self._about()
        try:
            async with self._client(back, await self._trusted()) as client:
                token = await client.fetch_token(about["token_endpoint"], code=code, code_verifier=verifier)
        except AuthlibBaseError as error:
            raise Unauthorized("The identity provider does not take that code.", reason="provider_refused") from error
        except (httpx.HTTPError, ValueError) as error:
            raise _away() from error
        return await self._checked(token, nonce)

    async def leave(self, back: str) -> str | None:
        """Where the browser signs out at the provider, too, if it has such a place."""
        address = (await self._about()).get("end_session_endpoint")
        if not address:
            return None
        asked = {"client_id": self._oidc().client_id, "post_logout_redirect_uri": back}
        return str(httpx.URL(address).copy_merge_params(asked))

    async def _checked(self, token: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        raw, about = token.get("id_token"), await self._about()
        params = {"nonce": nonce, "client_id": self._oidc().client_id, "access_token": token.get("access_token")}
        options = {
            "iss": {"essential": True, "value": about["issuer"]},
            "aud": {"essential": True, "value": self._oidc().client_id},
        }
        try:
            signed = await self._signed(str(raw), about["jwks_uri"])
            claims = CodeIDToken(signed.claims, signed.header, options, params)
            claims.validate(leeway=LEEWAY_S)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise Unauthorized(
                "What the identity provider sent is not to be trusted.", reason="provider_wrong"
            ) from error
        return dict(claims)

    async def _signed(self, raw: str, keys_at: str) -> jwt.Token:
        try:
            return jwt.decode(raw, KeySet.import_key_set(await self._get(keys_at)), algorithms=ALGORITHMS)
        except (JoseError, ValueError, KeyError, TypeError):  # it may sign with a new key by now
            self._kept.pop(keys_at, None)
            return jwt.decode(raw, KeySet.import_key_set(await self._get(keys_at)), algorithms=ALGORITHMS)

    async def _about(self) -> dict[str, Any]:
        """What the provider publishes of itself."""
        issuer = self._oidc().issuer
        about: dict[str, Any] = await self._get(issuer.rstrip("/") + METADATA)
        needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if about.get("issuer") != issuer or not all(isinstance(about.get(name), str) for name in needed):
            raise Unavailable(f"{issuer} says of itself that it is another.", reason="provider_wrong")
        return about

    async def _get(self, address: str) -> Any:
        kept = self._kept.get(address)
        if kept is not None and monotonic() < kept[0]:
            return kept[1]
        try:
            async with httpx.AsyncClient(timeout=WITHIN_S, trust_env=False, verify=await self._trusted()) as client:
                answer = await client.get(address)
                answer.raise_for_status()
                found = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise _away() from error
        if not isinstance(found, dict):
            raise _away()
        self._kept[address] = (monotonic() + KEPT_S, found)
        return found

    async def _trusted(self) -> ssl.SSLContext:
        """Whom we trust, read once and in a thread: some 30 ms, in which the hall would stand still each time."""
        if self._trust is None:
            self._trust = await asyncio.to_thread(httpx.create_ssl_context, trust_env=False)
        return self._trust

    def _client(self, back: str, trust: ssl.SSLContext) -> AsyncOAuth2Client:
        oidc = self._oidc()
        try:
            secret = secret_of(oidc.secret_file, self._folder) if oidc.secret_file else None
        except OSError as error:
            raise Unavailable("The identity provider's secret cannot be read.", reason="provider_secret") from error
        return AsyncOAuth2Client(
            client_id=oidc.client_id,
            client_secret=secret,
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
            scope=" ".join(oidc.scopes),
            redirect_uri=back,
            code_challenge_method="S256",
            timeout=WITHIN_S,
            trust_env=False,
            verify=trust,
        )


def _away() -> Unavailable:
    return Unavailable("The identity provider does not answer.", reason="provider_away")
