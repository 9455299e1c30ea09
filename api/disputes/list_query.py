"""The parameters of the case list."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from api.http.query_params import Day, KnownAt, MinPosition, period_ends_too_early, readable_as
from application.validation_messages import NO_NUL
from domain.events.envelope import Actor
from domain.vocabulary import Category, Key, Outcome, PersonKey, Rule, Status, UnitId, folded
from projections.case_list.schemas import CaseCursor, CaseFilter, Sort

Cursor = Annotated[str, Field(pattern=r"^\d{1,18}(_\d{4}-\d\d-\d\d)?$"), readable_as(CaseCursor.read)]


def _switched(value: object) -> object:
    """Read the older spellings of true and false."""
    return str(value).lower() if isinstance(value, bool) else value


Searched = Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]
_MANY = Field(max_length=50, description="one of these; repeat the parameter for several")


class ListQuery(BaseModel):
    """Which cases to list; a unit stands for its whole subtree."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    unit: Annotated[list[UnitId], _MANY] = []
    status: Annotated[list[Status], _MANY] = []
    tier: Annotated[list[Key], _MANY] = []
    category: Annotated[list[Category], _MANY] = []
    mediator: Annotated[list[PersonKey], _MANY] = []
    outcome: Annotated[list[Outcome], _MANY] = []
    rule: Annotated[list[Rule], _MANY] = []
    since: Annotated[Day | None, Field(alias="from", description="filed on that day or later")] = None
    until: Annotated[Day | None, Field(alias="to", description="filed on that day or earlier")] = None
    overdue: Annotated[bool | None, Field(description="whether something must have been done by now")] = None
    pending: Annotated[
        Literal["true", "false", "mine"] | None,
        BeforeValidator(_switched),
        Field(description="whether something waits for a second person; `mine`: what the caller may decide"),
    ] = None
    q: Annotated[
        Annotated[Searched, Field(max_length=100)] | None,
        Field(description="a case number or a part of one, or words of the title"),
    ] = None
    party: Annotated[
        Searched | None, Field(description="a party's name, telephone or identity number, whole")
    ] = None
    person: Annotated[UUID | None, Field(description="the identity of a party")] = None
    as_of: Annotated[Day | None, Field(description="the cases as they stood at the end of that day")] = None
    known_at: Annotated[KnownAt | None, Field(description="by what was recorded until then")] = None
    sort: Annotated[Sort, Field(description="the latest filed first, or what is due first")] = "filed"
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[Cursor | None, Field(description="`next` of the page before")] = None
    min_position: MinPosition = None

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> "ListQuery":
        if self.since is not None and self.until is not None and self.until < self.since:
            raise period_ends_too_early()
        return self

    def filter(self, caller: Actor) -> CaseFilter:
        """Return the filter of the read model; `mine` is what the caller did not propose, in the cases of their unit."""
        mine = self.pending == "mine"
        return CaseFilter(
            unit=tuple(self.unit),
            status=tuple(self.status),
            tier=tuple(self.tier),
            category=tuple(self.category),
            mediator=tuple(self.mediator),
            outcome=tuple(self.outcome),
            rule=tuple(self.rule),
            since=self.since,
            until=self.until,
            overdue=self.overdue,
            pending=None if self.pending is None else self.pending != "false",
            waiting_for=folded(caller.sub) if mine else None,
            waiting_in=caller.unit if mine else None,
            party=self.party,
            person=self.person,
            q=self.q,
        )
