"""Moving open disputes to another version of their procedure."""

from typing import Annotated

from fastapi import APIRouter, Header, Request

from access.decision import Action, must
from api.http.query_params import must_be_fresh
from api.http.request_checks import Caller, CheckedRoute, context_of
from api.http.services import ServicesDependency
from api.procedure_migration.schemas import MigrationBody, MigrationView, migration_view
from application.procedure_migration.migrations import MigrationRequest
from domain.vocabulary import Key

router = APIRouter(prefix="/v1/procedures", tags=["reference data"], route_class=CheckedRoute)


@router.post("/{procedure}/migrations")
async def migrate_disputes(
    procedure: Key,
    body: MigrationBody,
    request: Request,
    caller: Caller,
    services: ServicesDependency,
    idempotency_key: Annotated[  # noqa: ARG001 - read earlier; stands here for the documentation
        str | None, Header(description="of your own choice; the same key makes a retry safe")
    ] = None,
) -> MigrationView:
    """Move the open disputes of a procedure from one version to another, or say what that would change for whom.

    Where a count or a running deadline turns against a party in retrospect it is refused without a stated ground. Each
    moved dispute records the move. The same request again resumes after an interruption and reports all moved disputes.
    """
    move = MigrationRequest(procedure=procedure, **body.model_dump(exclude={"dry_run"}, by_alias=False))
    await services.migrations.check_request(move)
    must(caller, Action.MIGRATE)
    await must_be_fresh(await services.open_disputes.end(), services.open_disputes)
    if body.dry_run:
        return migration_view(move, await services.migrations.plan(move), "planned")
    said = f"{procedure}\n{body.model_dump_json()}".encode()
    context = context_of(request, caller, lambda _: must(caller, Action.MIGRATE), expected="any", said=said)
    return migration_view(move, await services.migrations.carry_out(move, context), "done")
