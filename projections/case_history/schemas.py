"""The pages of deadlines, and their cursor."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pydantic import BaseModel

from domain.procedures.deadlines import DeadlineKind
from domain.vocabulary import Status


class DueItem(BaseModel):
    """Something that is due in a case."""

    dispute: UUID
    number: str | None
    unit: str
    platform: str
    tier: str
    status: Status
    kind: DeadlineKind
    due_on: date
    overdue: bool
    provisional: bool


@dataclass(frozen=True, slots=True)
class DueFilter:
    """Which deadlines to list; `day` is the one on which they stood and by which overdue is judged."""

    day: date
    unit: str | None = None
    kind: DeadlineKind | None = None
    overdue: bool | None = None

    def values(self) -> dict[str, object]:
        """Return the parameters of a query."""
        return {"day": self.day, "unit": self.unit, "kind": self.kind, "overdue": self.overdue}


class DueCursor(BaseModel):
    """Where a page ended: the day, the case, and which of its deadlines."""

    due_on: date
    dispute: UUID
    place: int

    def __str__(self) -> str:
        """Return it as a cursor."""
        return f"{self.due_on.isoformat()}_{self.dispute}_{self.place}"

    @classmethod
    def read(cls, cursor: str) -> "DueCursor":
        """Read a cursor; raises ValueError."""
        due_on, dispute, place = cursor.split("_")
        if not (place.isdecimal() and len(place) < 10):
            raise ValueError("no place")
        return cls(due_on=date.fromisoformat(due_on), dispute=UUID(dispute), place=int(place))


class DuePage(BaseModel):
    """A page of what is due, the earliest first; `next` is the `cursor` of the following page."""

    items: list[DueItem]
    next: str | None
