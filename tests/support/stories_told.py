"""Recorded histories for simulations: commands decided one after the other, as the engine takes and records them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final, Self, cast
from uuid import UUID

from application.simulation.context import LadderVersion, PlatformHistory, PlatformVersion, SimulationContext
from application.simulation.recorded_commands import RecordedFact
from application.simulation.simulator import simulate
from application.simulation.trajectory import Trajectory
from domain.aggregates.dispute import Dispute, World, decide, replay
from domain.commands.dispute import AnyDisputeCommand, ExpireTimeLimit
from domain.events.dispute import DisputeEvent
from domain.events.envelope import Actor, Recorded
from domain.events.register import NumberIssued
from domain.jurisdiction.platform import Platform
from domain.procedures.ladder import Ladder, ProcedureRef
from domain.procedures.tier import TierClock
from domain.vocabulary import Role
from tests.support.specification import (
    DISPUTE,
    THREE_TIER,
    accept,
    calendar,
    file_dispute,
    hold,
    ladder,
    moment,
    street,
)
from tests.support.world import SUN

CLOCK: Final = Actor(sub="clock", role=Role.SYSTEM)
TRIED: Final = ProcedureRef(id="three-tier", version=9)
_STREET_LAID: Final = 100
"""The position behind which cases are recorded."""


@dataclass(frozen=True)
class Story:
    """What was recorded of one case so far, under the ladder to which it is pinned."""

    pinned: Ladder = field(default_factory=ladder)
    platforms: Mapping[str, Platform] = field(default_factory=street)
    history: tuple[RecordedFact, ...] = ()
    position: int = _STREET_LAID

    @property
    def dispute(self) -> Dispute | None:
        """The case as it stands."""
        return replay(self.history)

    @property
    def case(self) -> Dispute:
        """The case, which must be there."""
        found = self.dispute
        assert found is not None
        return found

    def does(self, *commands: AnyDisputeCommand, by: Actor = SUN, entered: str | None = None) -> Self:
        """Somebody asks for something, which must be taken; entered right then unless told when."""
        story = self
        for command in commands:
            told = max((when for _, when in command.moments()), default=moment("2026-03-02"))
            story = story._taken(command, by, moment(entered) if entered else told)
        return story

    def expires(self, clock: TierClock, last_day: str, at: str) -> Self:
        """The clock fires a time limit."""
        command = ExpireTimeLimit(dispute=DISPUTE, clock=clock, last_day=date.fromisoformat(last_day))
        return self._taken(command, CLOCK, moment(at))

    def sits(self, *outcomes: str, start: str = "2026-03-04", by: Actor = SUN) -> Self:
        """Sessions are held, one a day from a day on."""
        story, day = self, moment(start)
        for offset, outcome in enumerate(outcomes):
            at = (day + timedelta(days=offset)).strftime("%Y-%m-%d 14:00")
            story = story.does(hold(outcome, at), by=by)
        return story

    def _taken(self, command: AnyDisputeCommand, by: Actor, at: datetime) -> Self:
        last = self.history[-1].recorded_at if self.history else at
        now = max(at, last)
        world = World(now, by, THREE_TIER, self.pinned, self.platforms, calendar=calendar())
        facts = decide(command, self.dispute, world)
        place = self.position + 10
        recorded = [
            Recorded(
                DISPUTE,
                len(self.history) + count,
                place + count,
                now,
                by,
                UUID(int=place),
                cast("DisputeEvent", fact.event),
                fact.because,
            )
            for count, fact in enumerate(
                (item for item in facts if not isinstance(item.event, NumberIssued)), start=1
            )
        ]
        return replace(self, history=(*self.history, *recorded), position=place + len(recorded))

    # --- what would have come of it ------------------------------------------------------------------------

    def ground(self, horizon: str | None = None, late: Iterable[str] = ()) -> SimulationContext:
        """What surrounds it; the platforms of the units named `late` came after everything else."""
        charted = [
            PlatformVersion(place, moment("2025-01-01"), item.about)
            for place, item in enumerate(
                (item for unit, item in self.platforms.items() if unit not in set(late)), start=1
            )
        ]
        versions = {(THREE_TIER.id, THREE_TIER.version): self.pinned}
        return SimulationContext(
            PlatformHistory(charted), versions, calendar(), moment(horizon) if horizon else None
        )

    def under(self, tried: Ladder, horizon: str | None = None) -> Trajectory:
        """The course under another ladder."""
        return simulate(self.history, LadderVersion(TRIED, tried), self.ground(horizon))


def begun(pinned: Ladder | None = None, **filing: object) -> Story:
    """A case that the first community has accepted."""
    return (
        Story(pinned or ladder()).does(file_dispute(**filing), by=SUN).does(accept(at="2026-03-03"), by=SUN)
    )


def with_tier(name: str, base: Ladder | None = None, /, **changes: object) -> Ladder:
    """The ladder with one tier changed."""
    known = (base or ladder()).model_dump()
    tiers = [item | (changes if item["name"] == name else {}) for item in known["tiers"]]
    return Ladder.model_validate(known | {"tiers": tiers})


def with_rules(base: Ladder | None = None, /, **changes: object) -> Ladder:
    """The ladder with some of its fields changed."""
    return Ladder.model_validate((base or ladder()).model_dump() | changes)


def kinds(course: Trajectory) -> list[tuple[str, str]]:
    """The moves of a course, each with the tier to which it led."""
    return [(move.kind, move.tier) for move in course.moves]


def essence(course: Trajectory) -> tuple[object, ...]:
    """A course without the version under which its explanations know the ladder."""
    return tuple(move.identity for move in course.moves), course.sessions, course.outcome
