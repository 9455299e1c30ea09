"""The body and the reply of a procedure migration."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from application.i18n import BilingualText, bilingual_text
from application.procedure_migration.migrations import Affected, MigrationPlan, MigrationRequest
from domain.aggregates.dispute.procedure_migration import CountChange, DueChange
from domain.procedures.tier import Titled
from domain.vocabulary import PositiveInt, ShortText, UnitId, Value


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
    against: list[BilingualText] = Field(description="what of it turns against a party in retrospect")
    blocked: BilingualText | None = Field(description="why it cannot be moved")


class SkippedView(BaseModel):
    """A dispute that was not moved, and why."""

    dispute: UUID
    reason: BilingualText


class MigrationView(BaseModel):
    """What a move changes for whom; `migrated` and `left` are null in a dry run."""

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


def migration_view(
    move: MigrationRequest, plan: MigrationPlan, state: Literal["planned", "done"]
) -> MigrationView:
    """Present a migration that is planned only, or that was carried out."""
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
        left=[SkippedView(dispute=case, reason=bilingual_text(why, plan.titles)) for case, why in plan.left]
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
        against=[bilingual_text(sentence, titles) for sentence in change.against],
        blocked=bilingual_text(change.blocked, titles) if change.blocked else None,
    )
