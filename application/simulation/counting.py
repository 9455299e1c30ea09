"""What many cases went through under one ladder, counted."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from application.simulation.trajectory import Trajectory

Load = tuple[str, str, Literal["arrived", "held"]]
"""A platform, a month, and what is counted there: cases that arrived, sessions that were held."""


@dataclass(slots=True)
class Counts:
    """The sums of some courses; those of two parts of the log add up.

    `by_tier` counts escalations by the tier that the case left, `by_month` by the month in which it left. `open` are
    the cases that had not ended by the end of the log.
    """

    cases: int = 0
    unplaced: int = 0
    escalated: int = 0
    escalations: int = 0
    voided: int = 0
    returned: int = 0
    open: int = 0
    moves: int = 0
    counterfactual_moves: int = 0
    by_rule: Counter[str] = field(default_factory=Counter)
    by_tier: Counter[str] = field(default_factory=Counter)
    by_month: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    load: Counter[Load] = field(default_factory=Counter)

    def add(self, course: Trajectory, parted: int | None = None) -> None:
        """Count one course more; from its move `parted` on it is counterfactual."""
        self.cases += 1
        if course.unplaced:
            self.unplaced += 1
            return
        self.open += course.outcome is None
        if course.outcome is not None:
            self.ended[course.outcome] += 1
        escalations = course.escalations
        self.escalated += bool(escalations)
        self.escalations += len(escalations)
        for move in escalations:
            self.by_rule[move.rule or "none"] += 1
            self.by_tier[move.from_tier or ""] += 1
            self.by_month[month_of(move.day)] += 1
        self.moves += len(course.moves)
        self.counterfactual_moves += 0 if parted is None else len(course.moves) - parted
        for move in course.moves:
            self._pass(move.kind)
            if move.kind in {"filed", "escalated"}:
                self.load[move.platform, month_of(move.day), "arrived"] += 1
        for platform, day in course.sittings:
            self.load[platform, month_of(day), "held"] += 1

    def _pass(self, kind: str) -> None:
        self.voided += kind == "voided"
        self.returned += kind == "returned"

    def __iadd__(self, other: "Counts") -> "Counts":
        """Take another part's sums in."""
        for name in self.__slots__:
            mine = getattr(self, name)
            if isinstance(mine, Counter):
                mine.update(getattr(other, name))
            else:
                setattr(self, name, mine + getattr(other, name))
        return self


def month_of(day: date) -> str:
    """Return a day's month, `2026-03`."""
    return f"{day.year:04}-{day.month:02}"


def in_order(counter: Mapping[str, int]) -> dict[str, int]:
    """Return a count with its keys in order, so that the same counts are the same text."""
    return {str(key): counter[key] for key in sorted(counter)}
