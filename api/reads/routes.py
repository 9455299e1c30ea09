"""Who looked at which case."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, model_validator

from access.decision import Action, must
from access.scope import ALL_CASES, Scope
from api.http.query_params import Day, period_ends_too_early
from api.http.request_checks import Caller, CheckedRoute
from api.http.services import ServicesDependency
from domain.vocabulary import PersonKey, start_of
from store.read_log import ReadFilter, ReadPage

router = APIRouter(prefix="/v1/reads", tags=["access"], route_class=CheckedRoute)


class ReadsQuery(BaseModel):
    """Which looks to list; a period includes both days."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    dispute: Annotated[UUID | None, Field(description="looks at this case")] = None
    sub: Annotated[PersonKey | None, Field(description="looks by this subject, in any spelling")] = None
    since: Annotated[Day | None, Field(alias="from", description="on that day or later")] = None
    until: Annotated[Day | None, Field(alias="to", description="on that day or earlier")] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str | None, Field(pattern=r"^\d{1,18}$", description="`next` of the page before")] = (
        None
    )

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> "ReadsQuery":
        if self.since is not None and self.until is not None and self.until < self.since:
            raise period_ends_too_early()
        return self

    @property
    def filter(self) -> ReadFilter:
        """The filter of the log of reads."""
        return ReadFilter(
            self.dispute,
            self.sub,
            start_of(self.since) if self.since else None,
            start_of(self.until + timedelta(days=1)) if self.until else None,
        )


@router.get("")
async def list_reads(
    query: Annotated[ReadsQuery, Query()], caller: Caller, services: ServicesDependency
) -> ReadPage:
    """List looks at cases, the latest first, refused ones too: for auditors and conveners, over the cases of their unit."""
    scope = Scope.of(caller)
    if query.dispute is not None:
        await services.case_reader.read(scope, query.dispute, services.clock())
        scope = ALL_CASES  # the case is the caller's; the case list need not know it yet
    must(caller, Action.READ_READS)
    before = int(query.cursor) if query.cursor else None
    return await services.reads.page(scope, query.filter, query.limit, before)
