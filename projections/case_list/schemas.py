"""The criteria, the cursor and the pages of the case list."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from domain.vocabulary import Category, Difficulty, Outcome, Source, Status

Sort = Literal["filed", "due"]


class CaseItem(BaseModel):
    """A case in the list."""

    id: UUID
    number: str | None
    unit: str
    platform: str
    tier: str
    status: Status
    outcome: Outcome | None
    category: Category
    difficulty: Difficulty | None
    source: Source
    title: str
    mediators: list[str]
    filed_at: AwareDatetime
    due_on: date | None
    version: int


class CasePage(BaseModel):
    """A page of the case list; `next` is the `cursor` of the following page."""

    items: list[CaseItem]
    next: str | None


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases to list; what is None does not matter."""

    unit: str | None = None
    status: str | None = None
    tier: str | None = None
    category: str | None = None
    mediator: str | None = None
    overdue: bool | None = None
    party: str | None = None
    person: UUID | None = None
    q: str | None = None

    def given(self) -> dict[str, object]:
        """Return what matters."""
        named = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: value for name, value in named if value is not None}


class CaseCursor(BaseModel):
    """Where a page ended: by the order of filing, or by the day that is due first."""

    opened: int
    due_on: date | None = None

    def __str__(self) -> str:
        """Return it as a cursor."""
        return f"{self.opened}" if self.due_on is None else f"{self.opened}_{self.due_on.isoformat()}"

    @classmethod
    def read(cls, cursor: str) -> "CaseCursor":
        """Read a cursor; raises ValueError."""
        opened, _, due_on = cursor.partition("_")
        return cls(opened=int(opened), due_on=date.fromisoformat(due_on) if due_on else None)


SIMILAR_WITHIN: Final = timedelta(days=30)
"""How far apart two cases are filed that may be the same dispute (rule 23)."""


@dataclass(frozen=True, slots=True)
class LookedFor:
    """A case of which the like is looked for: its unit and category, its persons, and their folded identity numbers."""

    dispute: UUID
    unit: str
    category: Category
    filed_at: datetime
    persons: Sequence[UUID]
    numbers: Sequence[str]


class SimilarCase(BaseModel):
    """A case of the same unit and category, filed about then, that shares a person."""

    id: UUID
    number: str | None
    title: str
    filed_at: AwareDatetime
