"""Commands to disputes over HTTP: the one handler that answers them all.

The handler stands before the framework's routing: what the framework works out anew for each request takes longer than
the command itself, and the table (`api.disputes.command_routes`) knows it beforehand. Checks, problems and headers are the same as on every route;
`api.disputes.command_openapi` describes the table.
"""

from dataclasses import dataclass
from email.message import Message as Mime
from functools import lru_cache
from typing import Final
from uuid import UUID

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from access.decision import Action, must
from api.disputes.clashes import clash_warnings
from api.disputes.command_route import CommandRoute
from api.disputes.command_routes import ROUTES, SUBJECTS
from api.disputes.schemas.command_reply import reply_json
from api.disputes.similar_cases import like_joined
from api.http.problems import NotFound, answer
from api.http.request_checks import (
    authenticated,
    context_of,
    expected_versions,
    idempotency_key,
    meaning,
    read_body,
)
from api.http.services import services_of
from domain.aggregates.dispute import Dispute
from domain.commands.base import Command
from domain.commands.dispute import ExistingDisputeCommand
from domain.messages import message

_PREFIX: Final = ["", "v1", "disputes"]
_UUID: Final = TypeAdapter(UUID)
_BOOL: Final = TypeAdapter(bool)


@dataclass(frozen=True, slots=True)
class CommandAddress:
    """A command's route with what the path of a request names: the dispute, and the subject where there is one."""

    route: CommandRoute
    dispute: str
    subject: str | None = None

    @property
    def path(self) -> str:
        """The path as a template: by it requests are counted and their commands named."""
        return f"/v1/disputes/{{dispute}}/{self.route.path}"

    def fields(self) -> dict[str, object]:
        """Return what the path says as fields of the command; raises NotFound where it cannot be."""
        try:
            named: dict[str, object] = {"dispute": _UUID.validate_python(self.dispute)}
            if self.route.subject is None or self.subject is None:
                return named
            return {**named, self.route.subject: SUBJECTS[self.route.subject].validate_python(self.subject)}
        except ValidationError:
            raise NotFound(message("there is nothing at this address")) from None


class DisputeCommands:
    """Answers commands to disputes; hands every other request on."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        address = addressed(scope["path"]) if scope["type"] == "http" else None
        if address is None:
            await self._app(scope, receive, send)
            return
        scope["app"], scope["route"] = self._app, address
        request = Request(scope, receive)
        try:
            response = await _handle(request, address)
        except Exception as error:  # noqa: BLE001 - turned into a problem as on every route
            response = answer(request, error)
        await response(scope, receive, send)


def addressed(path: str) -> CommandAddress | None:
    """Return which command a path is the address of, if it is that of one."""
    parts = path.split("/")
    if parts[:3] != _PREFIX or len(parts) < 5:
        return None
    dispute, rest = parts[3], parts[4:]
    if found := _EXACT.get("/".join(rest)):
        return CommandAddress(found, dispute)
    for place in range(1, len(rest)):
        if found := _WITH_SUBJECT.get((place, "/".join((*rest[:place], *rest[place + 1 :])))):
            return CommandAddress(found, dispute, rest[place])
    return None


async def _handle(request: Request, address: CommandAddress) -> Response:
    if request.method != "POST":
        raise HTTPException(405, headers={"Allow": "POST"})
    request.state.actor = actor = authenticated(request)
    body = await read_body(request)
    request.state.key = idempotency_key(request)
    command, dry_run = _parse(request, address, body)
    action = Action.DECIDE if command.is_official_act else Action.ACT

    seen: list[Dispute | None] = []

    def permit(dispute: Dispute | None) -> None:
        must(actor, action)
        seen.append(dispute)

    expected, said = expected_versions(request), meaning(command)
    context = context_of(request, actor, permit, expected=expected, said=said, dry_run=dry_run)
    reply = await services_of(request).command_handler.handle(command, context)
    headers = {"ETag": f'"{reply.version}"'}
    services = services_of(request)
    clashes = await clash_warnings(command, reply, actor, services)
    alike = await like_joined(command, seen[-1], reply, actor, services)
    return Response(reply_json(reply, *clashes, *alike), headers=headers, media_type="application/json")


def _parse(request: Request, address: CommandAddress, body: bytes) -> tuple[ExistingDisputeCommand, bool]:
    """Read the body and the query, and make the command; raises RequestValidationError with all that is wrong."""
    route, path_fields = address.route, address.fields()
    wrong: list[dict[str, object]] = []
    dry_run = False
    if request.scope["query_string"]:
        try:
            dry_run = _BOOL.validate_python(
                QueryParams(request.scope["query_string"]).get("dry_run", "false")
            )
        except ValidationError as error:
            wrong += _errors(error, "query", "dry_run")
    try:
        details = _read(route.body, request.headers.get("content-type"), body)
        if not wrong:
            body_fields = {name: getattr(details, name) for name in details.model_fields_set}
            return route.command.model_validate({**path_fields, **body_fields}), dry_run
    except ValidationError as error:
        wrong += _errors(error, "body")
    raise RequestValidationError(wrong)


def _read(kind: type[Command], content_type: str | None, body: bytes) -> Command:
    if content_type is None or _is_json(content_type):
        return kind.model_validate_json(body)
    return kind.model_validate(body)  # refused as what it is: no object


@lru_cache(100)
def _is_json(content_type: str) -> bool:
    mime = Mime()
    mime["content-type"] = content_type
    subtype = mime.get_content_subtype()
    return mime.get_content_maintype() == "application" and (subtype == "json" or subtype.endswith("+json"))


def _errors(error: ValidationError, *where: str) -> list[dict[str, object]]:
    return [{**item, "loc": (*where, *item["loc"])} for item in error.errors(include_url=False)]


def _place(route: CommandRoute) -> int:
    return route.path.split("/").index(f"{{{route.subject}}}")


_EXACT: Final = {route.path: route for route in ROUTES if route.subject is None}
_WITH_SUBJECT: Final = {
    (_place(route), route.path.replace(f"/{{{route.subject}}}", "")): route
    for route in ROUTES
    if route.subject is not None
}
