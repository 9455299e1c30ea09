"""What came of the candidates: both sides counted, and every case that differs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from application.simulation.divergence import days_earlier, difference_json, divergence
from application.simulation.recorded_commands import RecordedFact
from application.simulation.trajectory import Trajectory

Load = tuple[str, str, Literal["arrived", "held"]]
"""A platform, a month, and what is counted there: cases that arrived, sessions that were held."""


@dataclass(slots=True)
class Counts:
    """What the trajectories of some cases add up to; the counts of two parts of the log can be added.

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

    def add(self, trajectory: Trajectory, diverged_at: int | None = None) -> None:
        """Add one trajectory; its moves from `diverged_at` on are counterfactual."""
        self.cases += 1
        if trajectory.unplaced:
            self.unplaced += 1
            return
        self.open += trajectory.outcome is None
        if trajectory.outcome is not None:
            self.ended[trajectory.outcome] += 1
        escalations = trajectory.escalations
        self.escalated += bool(escalations)
        self.escalations += len(escalations)
        for move in escalations:
            self.by_rule[move.rule or "none"] += 1
            self.by_tier[move.from_tier or ""] += 1
            self.by_month[month_of(move.day)] += 1
        self.moves += len(trajectory.moves)
        self.counterfactual_moves += 0 if diverged_at is None else len(trajectory.moves) - diverged_at
        for move in trajectory.moves:
            self._count(move.kind)
            if move.kind in {"filed", "escalated"}:
                self.load[move.platform, month_of(move.day), "arrived"] += 1
        for platform, day in trajectory.sessions:
            self.load[platform, month_of(day), "held"] += 1

    def _count(self, kind: str) -> None:
        self.voided += kind == "voided"
        self.returned += kind == "returned"

    def __iadd__(self, other: "Counts") -> "Counts":
        """Add the counts of another part."""
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


def sorted_counts(counter: Mapping[str, int]) -> dict[str, int]:
    """Return the counts sorted by key, so that equal counts give equal text."""
    return {str(key): counter[key] for key in sorted(counter)}


@dataclass(slots=True)
class Tally:
    """The counts of both sides, and each case that differs as JSON, in the order of the log.

    `days` counts the cases that escalated on both sides by the number of days by which the candidate's first
    escalation came earlier.
    """

    events: int = 0
    unreadable: int = 0
    base: Counts = field(default_factory=Counts)
    candidate: Counts = field(default_factory=Counts)
    days: Counter[int] = field(default_factory=Counter)
    only_base: int = 0
    only_candidate: int = 0
    differences: list[bytes] = field(default_factory=list)

    def add(self, history: Sequence[RecordedFact], base: Trajectory, candidate: Trajectory) -> None:
        """Add one case."""
        found = None if base is candidate else divergence(base, candidate)
        self.events += len(history)
        self.base.add(base)
        self.candidate.add(candidate, found.index if found else None)
        shift = days_earlier(base, candidate)
        if shift is not None:
            self.days[shift] += 1
        else:
            self.only_base += base.first_escalation is not None
            self.only_candidate += candidate.first_escalation is not None
        if found is not None:
            self.differences.append(difference_json(history, found, shift, candidate))

    def __iadd__(self, other: "Tally") -> "Tally":
        """Add the next part of the log."""
        self.events += other.events
        self.unreadable += other.unreadable
        self.base += other.base
        self.candidate += other.candidate
        self.days.update(other.days)
        self.only_base += other.only_base
        self.only_candidate += other.only_candidate
        self.differences += other.differences
        return self


class MergedResults:
    """Adds up the results of all parts in the order of the log, in whatever order they arrive."""

    def __init__(self, candidates: int) -> None:
        self.total = [Tally() for _ in range(candidates)]
        self.parts = 0
        self.events = 0
        self._early: dict[int, Sequence[Tally]] = {}
        self._next = 0

    def add(self, index: int, tallies: Sequence[Tally]) -> None:
        """Add the tallies of the part with this index, one for each candidate."""
        self.parts += 1
        self.events += tallies[0].events if tallies else 0
        self._early[index] = tallies
        while self._next in self._early:
            for mine, more in zip(self.total, self._early.pop(self._next), strict=True):
                mine += more  # noqa: PLW2901 - added in place
            self._next += 1
