"""What is answered about procedures and calendars."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from domain.procedures.ladder import Ladder
from domain.procedures.tier import Titles

VersionState = Literal["proposed", "published", "rejected"]


class ProcedureItem(BaseModel):
    """A published version of a procedure."""

    id: str
    version: int
    title: Titles
    in_force: bool
    published_at: Annotated[datetime, Field(description="since when disputes are filed under it")]
    ladder: Ladder


class ProcedurePage(BaseModel):
    """Published procedures."""

    items: list[ProcedureItem]
    next: str | None = None


class VersionSummary(BaseModel):
    """A version of a procedure and how it stands: who proposed it and a refusal's note are for who is signed in."""

    version: int
    state: VersionState
    in_force: bool
    proposed_by: str | None = None
    proposed_at: datetime | None = None
    decided_at: Annotated[datetime | None, Field(description="as the second person told")] = None
    published_at: Annotated[datetime | None, Field(description="since when disputes are filed under it")] = (
        None
    )
    note: str | None = None


class VersionItem(VersionSummary):
    """The same, with its procedure and its content."""

    id: str
    ladder: Ladder


class CalendarItem(BaseModel):
    """A published year: where it differs from Monday to Friday, and on what that rests."""

    year: int
    days_off: list[date]
    workdays: list[date]
    basis: str
    published_at: datetime


class CalendarPage(BaseModel):
    """The published years."""

    items: list[CalendarItem]
    next: str | None = None
