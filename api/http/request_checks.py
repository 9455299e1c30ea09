"""The checks of every request: its token, its body, its Idempotency-Key, and its If-Match.

Their order, the cheap ones first: 401, then 400 and 413, then the fields (422), then what the command handler finds.
A `CheckedRoute` makes the first two before its endpoint runs.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Annotated, ClassVar, Final
from uuid import UUID, uuid4

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect

from api.http.problems import BodyTooLarge, KeyMissing, MalformedHeader, NotJson, Unauthenticated
from api.http.services import services_of
from application.context import Context, Expected
from domain.aggregates.dispute import Dispute
from domain.commands.base import Command, DisputeCommand
from domain.events.envelope import Actor
from domain.messages import message
from identity.tokens import BadTokenError

BODY_LIMIT: Final = 1_000_000
"""Bytes of a request's body that are read; more is a 413."""
_VERSIONS: Final = re.compile(r'\s*(?:W/)?"(\d{1,18})"\s*(?:,|$)')
"""Versions in quotes; a weak tag counts as its strong one, because proxies that compress a reply weaken it."""
_DRAIN_LIMIT: Final = 64_000_000
_KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")
_INSTANT: Final = re.compile(rb'"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d))"')
_COMPARED_OFFSET: Final = timezone(timedelta(hours=8))
"""The offset in which instants are compared; nearly all are written in it, and need not be changed."""
_ESCAPED_NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class CheckedRoute(APIRoute):
    """A route whose requests are authenticated and readable before its endpoint sees them."""

    KEYED: ClassVar[bool] = True
    """Whether a POST needs an Idempotency-Key; one that records nothing does not."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[None, None, Response]]:
        """Return the endpoint's handler behind the checks."""
        endpoint = super().get_route_handler()

        async def handler(request: Request) -> Response:
            request.state.actor = self.caller(request)
            if request.method in {"POST", "PUT"}:
                await self.read(request)
            if request.method == "POST" and self.KEYED:
                request.state.key = idempotency_key(request)
            return await endpoint(request)

        return handler

    def caller(self, request: Request) -> Actor | None:
        """Return who the request comes from; raises Unauthenticated."""
        return authenticated(request)

    async def read(self, request: Request) -> None:
        """Read the body, which is JSON text; raises NotJson, BodyTooLarge."""
        await read_body(request)


class PublicRoute(CheckedRoute):
    """A route that needs no token; where a token is sent, it is verified as on every other route."""

    def caller(self, request: Request) -> Actor | None:
        """Return who the request comes from, None where it does not say; raises Unauthenticated."""
        return authenticated(request) if "authorization" in request.headers else None


async def actor(request: Request) -> Actor:
    """Return who the request comes from."""
    found: Actor = request.state.actor
    return found


async def visitor(request: Request) -> Actor | None:
    """Return who the request comes from, or None, on a route for everybody."""
    found: Actor | None = request.state.actor
    return found


Caller = Annotated[Actor, Depends(actor)]
Visitor = Annotated[Actor | None, Depends(visitor)]


def expected_versions(request: Request) -> Expected:
    """Return the versions named by If-Match, "any" for `*`, None where it is absent; raises MalformedHeader."""
    value = request.headers.get("if-match")
    if value is None or value.strip() == "*":
        return None if value is None else "any"
    versions = [int(version) for version in _VERSIONS.findall(value)]
    if not versions or _VERSIONS.sub("", value).strip():
        raise MalformedHeader(message('If-Match must be a version in quotes, such as "3", or *'))
    return frozenset(versions)


def meaning(command: Command, without: frozenset[str] = frozenset()) -> bytes:
    """Return what a command says, as bytes; by it a retry is told from another request under the same key.

    Not compared: the order of members, blanks between them, 1.0 for 1, the offset in which an instant is written,
    members that say what is assumed without them, the boundary of a form. `without` names fields that the server made up.
    """
    left_out = set(without)
    if command.LEFT_OUT_STAYS:
        left_out |= type(command).model_fields.keys() - command.model_fields_set
    written = command.__pydantic_serializer__.to_json(command, exclude=left_out or None)
    text = _INSTANT.sub(_with_one_offset, written)
    return text if isinstance(command, DisputeCommand) else _in_order(text)


def _with_one_offset(instant: re.Match[bytes]) -> bytes:
    if instant[1].endswith(b"+08:00"):
        return instant[0]
    try:
        moment = datetime.fromisoformat(instant[1].decode()).astimezone(_COMPARED_OFFSET)
    except (ValueError, OverflowError):  # a text that only looks like one
        return instant[0]
    return f'"{moment.isoformat()}"'.encode()


def _in_order(text: bytes) -> bytes:
    """Return JSON text with the members of each object in order; a ladder has objects whose members have none."""
    return json.dumps(json.loads(text), sort_keys=True).encode()


def context_of(
    request: Request,
    caller: Actor,
    permit: Callable[[Dispute | None], None],
    *,
    expected: Expected,
    said: bytes,
    dry_run: bool = False,
) -> Context:
    """Return a command's circumstances. `said` is what the request means (`meaning`)."""
    route: str = request.scope["route"].path
    content = f"{request.method}\n{route}\n".encode() + said
    return Context(
        actor=caller,
        command_id=command_id_of(request, caller),
        fingerprint=_keyed(services_of(request).request_key, content),
        expected=expected,
        dry_run=dry_run,
        permit=permit,
    )


def context_of_put(
    request: Request, caller: Actor, permit: Callable[[Dispute | None], None], *, dry_run: bool = False
) -> Context:
    """Return the circumstances of a description: it needs no key, and a version only where somebody wants to be sure."""
    expected = expected_versions(request)
    return Context(
        caller, uuid4(), expected="any" if expected is None else expected, dry_run=dry_run, permit=permit
    )


def command_id_of(request: Request, caller: Actor) -> UUID:
    """Return the id of the request's command. It follows from actor, route and key: the same again, the same id."""
    route: str = request.scope["route"].path
    name = f"{caller.sub}\n{request.method}\n{route}\n{request.state.key}"
    return _uuid(services_of(request).request_key, name)


def _uuid(secret: bytes, name: str) -> UUID:
    digest = bytearray(_keyed(secret, name.encode())[:16])
    digest[6] = digest[6] & 0x0F | 0x80  # a UUID of our own making (RFC 9562, version 8)
    digest[8] = digest[8] & 0x3F | 0x80
    return UUID(bytes=bytes(digest))


def _keyed(secret: bytes, content: bytes) -> bytes:
    keyed = _mac(secret).copy()
    keyed.update(content)
    return keyed.digest()


@lru_cache(4)
def _mac(secret: bytes) -> hmac.HMAC:
    """Return an HMAC with the key set; it is copied for each use, because setting the key is half the cost."""
    return hmac.new(secret, digestmod=hashlib.sha256)


def authenticated(request: Request) -> Actor:
    """Return who the request's token says its bearer is, as of now; raises Unauthenticated."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated(message("send a bearer token"))
    try:
        return services_of(request).verifier.actor(token.strip())
    except BadTokenError:
        raise Unauthenticated(message("the token is not valid, or no longer")) from None


async def read_body(request: Request) -> bytes:
    """Read the body once, within its limit, and find what no JSON text may hold; raises NotJson, BodyTooLarge."""
    body = bytearray()
    received = 0
    try:
        async for chunk in request.stream():
            received += len(chunk)
            if received <= BODY_LIMIT:
                body += chunk
            elif received > _DRAIN_LIMIT:
                break
    except ClientDisconnect:
        raise NotJson(message("the body ended too early")) from None
    if received > BODY_LIMIT:
        raise BodyTooLarge(message("a request may have at most {limit} bytes", limit=BODY_LIMIT))
    content = request._body = bytes(body)  # noqa: SLF001 - where the framework itself keeps a body that was read
    _must_be_text(content)
    return content


def _must_be_text(body: bytes) -> None:
    if not body:
        raise NotJson(message("the body is empty"))
    if b"\x00" in body or (b"\\u0000" in body and _ESCAPED_NUL.search(body)):
        raise NotJson(message("the body holds a NUL character"))
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        raise NotJson(message("the body is not UTF-8")) from None


def idempotency_key(request: Request) -> str:
    """Return the key under which a command may be sent again; raises KeyMissing."""
    key = request.headers.get("idempotency-key")
    if not key:
        raise KeyMissing(
            message("send an Idempotency-Key of your own choice; the same key makes a retry safe")
        )
    if not _KEY.fullmatch(key):
        raise KeyMissing(message("an Idempotency-Key has at most 200 visible ASCII characters"))
    return key
