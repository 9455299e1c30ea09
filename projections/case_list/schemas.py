"""The criteria, the cursor and the pages of the case list."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from domain.vocabulary import (
    Category,
    Difficulty,
    Outcome,
    PartyId,
    PartyKind,
    PartyRole,
    Source,
    Status,
)

Sort = Literal["filed", "due"]


class PartyItem(BaseModel):
    """A party in short; `name` is null where it was erased."""

    id: PartyId
    role: PartyRole
    kind: PartyKind
    name: str | None


class PendingView(BaseModel):
    """What waits for a second person."""

    kind: str
    proposed_by: str


class CaseItem(BaseModel):
    """A case in the list. `parties` is null for whoever may not see them; `rules` moved it."""

    id: UUID
    number: str | None
    unit: str
    co_units: list[str]
    platform: str
    tier: str
    status: Status
    outcome: Outcome | None
    category: Category
    difficulty: Difficulty | None
    source: Source
    title: str
    mediators: list[str]
    parties: list[PartyItem] | None
    filed_at: AwareDatetime
    due_on: date | None
    pending: list[PendingView]
    rules: list[str]
    version: int


class CasePage(BaseModel):
    """A page of the case list; `next` is the `cursor` of the following page."""

    items: list[CaseItem]
    next: str | None

    def without_people(self) -> "CasePage":
        """Return the page for whoever may not see the parties."""
        return CasePage(
            items=[item.model_copy(update={"parties": None}) for item in self.items], next=self.next
        )


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases to list; what is None or empty does not matter. One of several values is enough.

    `waiting_for` is who may decide on a proposal of the case: a subject, folded, and the unit whose cases are theirs.
    """

    unit: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    tier: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    mediator: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    rule: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    overdue: bool | None = None
    pending: bool | None = None
    waiting_for: str | None = None
    waiting_in: str | None = None
    party: str | None = None
    person: UUID | None = None
    q: str | None = None

    def given(self) -> dict[str, object]:
        """Return what matters."""
        named = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: value for name, value in named if value not in (None, ())}


class CaseCursor(BaseModel):
    """Where a page ended: the case, and its day of filing or the day on which it is due."""

    opened: int
    day: date | None = None

    def __str__(self) -> str:
        """Return it as a cursor."""
        return f"{self.opened}" if self.day is None else f"{self.opened}_{self.day.isoformat()}"

    @classmethod
    def read(cls, cursor: str) -> "CaseCursor":
        """Read a cursor; raises ValueError."""
        opened, _, day = cursor.partition("_")
        return cls(opened=int(opened), day=date.fromisoformat(day) if day else None)


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
