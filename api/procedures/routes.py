"""Procedures: what is in force, for everybody to read; proposed by one admin, approved or rejected by another."""

from typing import Annotated, Final

from fastapi import APIRouter, Header, Path, Query, Request, status
from fastapi.responses import JSONResponse
from pydantic import JsonValue

from access.decision import Action, may, must
from api.disputes.schemas.command_reply import CommandReply
from api.http.command_sender import Sender
from api.http.problems import NotJson
from api.http.query_params import Freshness, must_be_fresh
from api.http.request_checks import (
    Caller,
    CheckedRoute,
    PublicRoute,
    Visitor,
)
from api.http.services import Services, ServicesDependency
from api.procedures.schemas import (
    LadderChange,
    ProcedureView,
    ShippedLadder,
    ShippedPage,
    VersionDifference,
    VersionRange,
)
from application.initial_data import shipped_ladders
from application.ladder_schema import ladder_schema
from application.ladder_validation import checked_ladder, unreadable
from application.structured_text.document import Document, Unreadable
from application.structured_text.json_text import NO_JSON, read_json
from application.structured_text.yaml_text import read_yaml
from domain.commands.base import Verdict
from domain.commands.procedure import ApproveProcedure, ProposeProcedure, RejectProcedure
from domain.errors import UnknownProcedureVersion
from domain.events.envelope import Actor
from domain.messages import message
from domain.procedures.differences import differences
from domain.vocabulary import Key
from projections.procedures.schemas import ProcedurePage, VersionItem

SCHEMA_TYPE: Final = "application/schema+json"
_YAML: Final = frozenset({"application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"})
_TOKEN_OPTIONAL: Final[dict[str, JsonValue]] = {"security": [{}, {"token": []}]}
"""The OpenAPI form of an optional token."""
_LADDER: Final[dict[str, JsonValue]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/Ladder"}},
            "application/yaml": {"schema": {"type": "string"}},
        },
    }
}
router = APIRouter()
_public = APIRouter(prefix="/v1/procedures", tags=["procedures"], route_class=PublicRoute)
_guarded = APIRouter(prefix="/v1", tags=["procedures"], route_class=CheckedRoute)
_schemas = APIRouter(include_in_schema=False, route_class=PublicRoute)
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
_KeyHeader = Annotated[str | None, Header(description="of your own choice; the same key makes a retry safe")]
_MatchHeader = Annotated[
    str | None, Header(description='the version you saw, in quotes, such as "2"; optional')
]


Fresh = Annotated[Freshness, Query()]


@_public.get("", openapi_extra=_TOKEN_OPTIONAL, response_model_exclude_none=True)
async def list_procedures(query: Fresh, visitor: Visitor, services: ServicesDependency) -> ProcedurePage:
    """List the published versions of the procedures, the version in force first."""
    must(visitor, Action.READ_PROCEDURES)
    await must_be_fresh(query.min_position, services.procedure_queries)
    return await services.procedure_queries.procedures()


@_public.get("/{procedure}", openapi_extra=_TOKEN_OPTIONAL, response_model_exclude_none=True)
async def read_procedure(
    procedure: Key, query: Fresh, visitor: Visitor, services: ServicesDependency
) -> ProcedureView:
    """Return the versions of a procedure; proposed and rejected ones only with a token."""
    return ProcedureView.of(await _visible_versions(services, visitor, procedure, query))


@_public.get(
    "/{procedure}/versions/{version}", openapi_extra=_TOKEN_OPTIONAL, response_model_exclude_none=True
)
async def read_version(
    procedure: Key, version: Number, query: Fresh, visitor: Visitor, services: ServicesDependency
) -> VersionItem:
    """Return a version with its ladder; a proposed or rejected one only with a token."""
    return _version(await _visible_versions(services, visitor, procedure, query), version)


@_public.get("/{procedure}/diff", openapi_extra=_TOKEN_OPTIONAL)
async def read_difference(
    procedure: Key, query: Annotated[VersionRange, Query()], visitor: Visitor, services: ServicesDependency
) -> VersionDifference:
    """Return the fields in which a version differs from an earlier one."""
    found = await _visible_versions(services, visitor, procedure, query)
    published = [item.version for item in found if item.state == "published"]
    later = _version(found, query.to or max(published, default=found[0].version))
    before = [item for item in published if item < later.version]
    earlier = _version(found, query.from_ or max(before, default=later.version))
    return VersionDifference(
        id=procedure,
        from_version=earlier.version,
        to_version=later.version,
        changes=[LadderChange.of(difference) for difference in differences(earlier.ladder, later.ladder)],
    )


@_guarded.put("/procedures/{procedure}", openapi_extra=_LADDER, response_model_exclude_none=True)
async def propose_procedure(
    procedure: Key,
    sender: Sender,
    if_match: _MatchHeader = None,  # noqa: ARG001 - read where lists of versions are understood
) -> CommandReply:
    """Propose a ladder as the next version, in JSON or YAML; what is in force or proposed already is left alone.

    A second admin puts it in force. The reply names every fault at once, with its field and line.
    """
    ladder = checked_ladder(_document(await sender.request.body(), sender.request), procedure)
    reply = await sender.describe(ProposeProcedure(ladder=ladder), Action.DECIDE_PROCEDURES)
    sender.response.status_code = status.HTTP_201_CREATED if reply.events else status.HTTP_200_OK
    return CommandReply.of(reply)


@_guarded.post("/procedures/{procedure}/versions/{version}/approval", response_model_exclude_none=True)
async def approve_procedure(
    procedure: Key,
    version: Number,
    body: Verdict,
    sender: Sender,
    idempotency_key: _KeyHeader = None,  # noqa: ARG001 - read earlier; stands here for the documentation
    if_match: _MatchHeader = None,  # noqa: ARG001
) -> CommandReply:
    """Put a proposed version in force, as a second person; disputes filed from now on follow it."""
    command = ApproveProcedure(procedure=procedure, version=version, **dict(body))
    return CommandReply.of(await sender.decide(command, Action.DECIDE_PROCEDURES))


@_guarded.post("/procedures/{procedure}/versions/{version}/rejection", response_model_exclude_none=True)
async def reject_procedure(
    procedure: Key,
    version: Number,
    body: Verdict,
    sender: Sender,
    idempotency_key: _KeyHeader = None,  # noqa: ARG001
    if_match: _MatchHeader = None,  # noqa: ARG001
) -> CommandReply:
    """Reject a proposed version, as a second person; what is in force stays, the number is not used again."""
    command = RejectProcedure(procedure=procedure, version=version, **dict(body))
    return CommandReply.of(await sender.decide(command, Action.DECIDE_PROCEDURES))


@_guarded.get("/ladders", response_model_exclude_none=True)
async def list_ladders(caller: Caller) -> ShippedPage:
    """List the ladders that ship, as documents ready to be proposed; `/v1/procedures` says which are in force."""
    must(caller, Action.READ_REFERENCE)
    return ShippedPage(
        items=[ShippedLadder(id=item.id, title=item.title, ladder=item) for item in shipped_ladders()]
    )


@_schemas.get("/schemas/ladder.json")
async def read_schema(visitor: Visitor) -> JSONResponse:
    """Return the JSON Schema of a ladder."""
    must(visitor, Action.READ_PROCEDURES)
    return JSONResponse(ladder_schema(), media_type=SCHEMA_TYPE)


router.include_router(_public)
router.include_router(_guarded)
router.include_router(_schemas)


def _document(body: bytes, request: Request) -> Document:
    """Read the ladder that was sent; raises NotJson, or LadderFlawed where it is no YAML."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        return read_yaml(body.decode()) if kind in _YAML else read_json(body.decode())
    except Unreadable as error:
        if error.detail == NO_JSON:
            raise NotJson(message("the body is not JSON")) from None
        raise unreadable(error) from None


async def _visible_versions(
    services: Services, visitor: Actor | None, procedure: str, query: Freshness
) -> list[VersionItem]:
    """The versions that the visitor may see; raises UnknownProcedureVersion where there is none."""
    must(visitor, Action.READ_PROCEDURES)
    await must_be_fresh(query.min_position, services.procedure_queries)
    everything = may(visitor, Action.READ_PROPOSALS)
    found = await services.procedure_queries.versions(procedure, everything=everything)
    if not found:
        raise UnknownProcedureVersion(message("there is no procedure {procedure}", procedure=procedure))
    return found


def _version(found: list[VersionItem], version: int) -> VersionItem:
    for item in found:
        if item.version == version:
            return item
    raise UnknownProcedureVersion(
        message("the procedure {procedure} has no version {version}", procedure=found[0].id, version=version)
    )
