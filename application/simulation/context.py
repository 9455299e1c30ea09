"""What a simulation needs to know beside the cases: platforms, published ladders, the calendar, the end of the log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from application.simulation.platform_history import PlatformHistory
from application.simulation.recorded_commands import Told
from domain.aggregates.dispute import World
from domain.events.envelope import Actor
from domain.procedures.ladder import Ladder, ProcedureRef
from domain.procedures.workdays import Calendar
from domain.vocabulary import Role

_CLOCK: Final = Actor(sub="clock", role=Role.SYSTEM)


@dataclass(frozen=True, slots=True)
class LadderVersions:
    """A ladder under which cases are run, with the name under which explanations know it."""

    ref: ProcedureRef
    ladder: Ladder


@dataclass(frozen=True, slots=True)
class SimulationContext:
    """All of it, up to one position of the log; `horizon` is when the last event there was recorded."""

    atlas: PlatformHistory
    versions: Mapping[tuple[str, int], Ladder]
    calendar: Calendar = field(default_factory=Calendar)
    horizon: datetime | None = None

    def pinned(self, ref: ProcedureRef) -> LadderVersions | None:
        """Return the published version to which a case is pinned; None where the log does not have it."""
        found = self.versions.get((ref.id, ref.version))
        return None if found is None else LadderVersions(ref, found)

    def around(self, rungs: LadderVersions, told: Told) -> World:
        """Return the surroundings, under a ladder, of a decision that was recorded: as they stood before it."""
        platforms = self.atlas.before(told.position)
        return World(told.recorded_at, told.actor, rungs.ref, rungs.ladder, platforms, calendar=self.calendar)

    def at(self, rungs: LadderVersions, moment: datetime) -> World:
        """Return the surroundings of a clock that fires at a moment."""
        platforms = self.atlas.at(moment)
        return World(moment, _CLOCK, rungs.ref, rungs.ladder, platforms, calendar=self.calendar)
