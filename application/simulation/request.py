"""What is asked: which cases, under which ladders."""

from dataclasses import dataclass
from datetime import date

from application.simulation.context import LadderVersions
from domain.events.dispute import Filed
from domain.jurisdiction.units import covers
from domain.vocabulary import day_of


@dataclass(frozen=True, slots=True)
class CaseSelection:
    """Cases of one procedure: all of them, or those of a unit with all below it, filed from one day to another."""

    procedure: str
    unit: str | None = None
    since: date | None = None
    until: date | None = None

    def holds(self, filed: Filed) -> bool:
        """Say whether a case is asked about."""
        if filed.procedure.id != self.procedure:
            return False
        if self.unit is not None and not covers(self.unit, filed.unit):
            return False
        day = day_of(filed.occurred_at)
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ladder to be tried; `version` where it is a published one. `label` is how whoever asks calls it."""

    rungs: LadderVersions
    version: int | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class SimulationRequest:
    """Candidates to be tried on the same cases, in the log up to a position.

    They are compared with what was recorded, or, where `base` is told, with what would have come of that version.
    """

    scope: CaseSelection
    candidates: tuple[Candidate, ...]
    position: int
    base: Candidate | None = None
