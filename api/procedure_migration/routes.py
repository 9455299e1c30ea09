"""Moving open disputes to another version of their procedure."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Request
from pydantic import BaseModel, Field

from access.decision import Action, must
from api.disputes.schemas.case import TextView, text_view
from api.freshness import must_be_fresh
from api.http.request_checks import Caller, CheckedRoute, context_of
from api.http.services import Given
from application.procedure_migration.migrations import Affected, MigrationPlan, MigrationRequest
from domain.aggregates.dispute.procedure_migration import CountChange, DueChange
from domain.procedures.tier import Titled
from domain.vocabulary import Key, PositiveInt, ShortText, UnitId, Value

router = APIRouter(prefix="/v1/procedures", tags=["reference data"], route_class=CheckedRoute)


class MigrationBody(Value):
    """From which version to which; of which unit's disputes, all of them when left out."""

    from_version: Annotated[PositiveInt, Field(alias="from")]
    to_version: Annotated[PositiveInt, Field(alias="to")]
    dry_run: Annotated[bool, Field(description="say what would change for whom, and record nothing")] = False
    ground: Annotated[
        ShortText | None,
        Field(description="why it is done although it turns against a party in retrospect"),
    ] = None
    unit: UnitId | None = None


class AffectedView(BaseModel):
    """An open dispute, and what the other version changes for it."""

    dispute: UUID
    number: str | None
    platform: str
    tier: str
    status: str
    count: CountChange | None
    deadlines: tuple[DueChange, ...]
    against: list[TextView] = Field(description="what of it turns against a party in retrospect")
    blocked: TextView | None = Field(description="why it cannot be moved")


class SkippedView(BaseModel):
    """A dispute that was not moved, and why."""

    dispute: UUID
    reason: TextView


class MigrationView(BaseModel):
    """What a move changes for whom; `migrated` and `left` tell what was done, and are not there in a dry run."""

    procedure: str
    from_version: int = Field(serialization_alias="from")
    to_version: int = Field(serialization_alias="to")
    dry_run: bool
    disputes: int = Field(description="open disputes under the version")
    unchanged: int = Field(description="of them, those for which nothing changes")
    against: int = Field(description="of them, those where a count or a deadline turns against a party")
    blocked: int = Field(description="of them, those that cannot be moved")
    migrated: int | None
    left: list[SkippedView] | None
    items: list[AffectedView]
    complete: bool = Field(description="whether `items` holds every dispute for which something changes")


@router.post("/{procedure}/migrations")
async def migrate_disputes(
    procedure: Key,
    body: MigrationBody,
    request: Request,
    caller: Caller,
    given: Given,
    idempotency_key: Annotated[  # noqa: ARG001 - read earlier; stands here for the documentation
        str | None, Header(description="of your own choice; the same key makes a retry safe")
    ] = None,
) -> MigrationView:
    """Move the open disputes of a procedure from one version to another, or say what that would change for whom.

    Where a count or a running deadline turns against a party in retrospect it is refused without a stated ground. What
    is moved says so in its history; sent again, it goes on where it was cut, and tells of all that it moved.
    """
    move = MigrationRequest(procedure=procedure, **body.model_dump(exclude={"dry_run"}, by_alias=False))
    await given.migrations.must_know(move)
    must(caller, Action.MIGRATE)
    await must_be_fresh(given.pinned, await given.pinned.end())
    if body.dry_run:
        return _view(move, await given.migrations.plan(move), "planned")
    context = await context_of(request, caller, lambda _: must(caller, Action.MIGRATE), expected="any")
    return _view(move, await given.migrations.carry_out(move, context), "done")


def _view(move: MigrationRequest, plan: MigrationPlan, state: Literal["planned", "done"]) -> MigrationView:
    done = state == "done"
    return MigrationView(
        procedure=move.procedure,
        from_version=move.from_version,
        to_version=move.to_version,
        dry_run=not done,
        disputes=plan.disputes,
        unchanged=plan.unchanged,
        against=plan.against,
        blocked=plan.blocked,
        migrated=plan.migrated if done else None,
        left=[SkippedView(dispute=case, reason=text_view(why, plan.titles)) for case, why in plan.left]
        if done
        else None,
        items=[_affected(item, plan.titles) for item in plan.affected],
        complete=plan.listed_all,
    )


def _affected(affected: Affected, titles: Titled) -> AffectedView:
    change = affected.change
    return AffectedView(
        dispute=affected.id,
        number=affected.dispute.number,
        platform=affected.dispute.platform,
        tier=affected.dispute.tier,
        status=affected.dispute.status,
        count=change.count,
        deadlines=change.dues,
        against=[text_view(sentence, titles) for sentence in change.against],
        blocked=text_view(change.blocked, titles) if change.blocked else None,
    )
