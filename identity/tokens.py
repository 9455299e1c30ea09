"""Bearer tokens: signed with Ed25519, short claims, one issuer, one audience."""

from datetime import datetime, timedelta
from typing import Final

import jwt
from cachetools import TTLCache
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from domain.events.envelope import Actor
from domain.vocabulary import PersonKey, Role, UnitId, Value

_ISSUER: Final = "tiaochu"
_AUDIENCE: Final = "tiaochu-api"
_TYPE: Final = "at+jwt"
_ALGORITHM: Final = "EdDSA"
_CACHED_SECONDS: Final = 5
DEFAULT_LIFE: Final = timedelta(hours=12)


class BadTokenError(Exception):
    """The token is missing, damaged, expired, or not for this service."""


class _Claims(Value):
    sub: PersonKey
    role: Role
    unit: UnitId | None = None


def issue(key: Ed25519PrivateKey, actor: Actor, now: datetime, life: timedelta = DEFAULT_LIFE) -> str:
    """Return a token that says who the actor is, from `now` on for `life`; raises ValueError for a bad actor."""
    claims = _Claims(sub=actor.sub, role=actor.role, unit=actor.unit).model_dump(
        mode="json", exclude_none=True
    )
    times = {"iat": now, "nbf": now, "exp": now + life}
    return jwt.encode(
        {**claims, **times, "iss": _ISSUER, "aud": _AUDIENCE},
        key,
        algorithm=_ALGORITHM,
        headers={"typ": _TYPE},
    )


class Verifier:
    """Verifies tokens. A valid token is cached for 5 seconds, because verifying a signature is slow."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key.public_key()
        self._verified_tokens: TTLCache[str, Actor] = TTLCache(maxsize=10_000, ttl=_CACHED_SECONDS)

    def actor(self, token: str) -> Actor:
        """Return the actor that a token names; raises BadTokenError."""
        actor = self._verified_tokens.get(token)
        if actor is None:
            actor = self._verified_tokens[token] = self._verify(token)
        return actor

    def _verify(self, token: str) -> Actor:
        try:
            if jwt.get_unverified_header(token).get("typ") != _TYPE:
                raise BadTokenError
            claims = jwt.decode(
                token,
                self._key,
                algorithms=[_ALGORITHM],
                audience=_AUDIENCE,
                issuer=_ISSUER,
                leeway=5,
                options={"require": ["sub", "exp", "nbf", "iss", "aud"]},
            )
            valid = _Claims.model_validate({name: claims.get(name) for name in _Claims.model_fields})
        except (jwt.PyJWTError, ValidationError, ValueError) as error:
            raise BadTokenError from error
        return Actor(sub=valid.sub, role=valid.role, unit=valid.unit)
