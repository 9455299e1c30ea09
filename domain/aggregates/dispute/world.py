"""What a decision about a dispute needs from outside the dispute, as frozen values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from domain.aggregates.dispute.state import Dispute
from domain.events.dispute import DisputeEvent
from domain.events.envelope import Actor, Recorded
from domain.jurisdiction.platform import Platform
from domain.jurisdiction.register import Register
from domain.jurisdiction.units import with_ancestors
from domain.procedures.ladder import Ladder, ProcedureRef
from domain.procedures.workdays import NOTHING_PUBLISHED, Calendar


@dataclass(frozen=True, slots=True)
class World:
    """What one decision depends on besides the command and the dispute.

    `platforms` are those of the dispute's units and the units above them, by unit; `registers` are by unit and
    year, `taken` the next numbers of a register that cases from before the system have already. `target` is the ladder to
    which a migration would move the dispute, `other` the case that the command names. `history` is known where a fact is to
    be taken back.
    """

    now: datetime
    actor: Actor
    procedure: ProcedureRef
    ladder: Ladder
    platforms: Mapping[str, Platform] = field(default_factory=dict)
    registers: Mapping[tuple[str, int], Register] = field(default_factory=dict)
    calendar: Calendar = NOTHING_PUBLISHED
    taken: tuple[int, ...] = ()
    target: Ladder | None = None
    history: tuple[Recorded[DisputeEvent], ...] = ()
    other: Dispute | None = None

    @property
    def varies(self) -> bool:
        """Whether the platforms were not the same on every day."""
        return any(platform.varies for platform in self.platforms.values())

    def on(self, day: date) -> "World":
        """Return the world with the platforms as of a day, by which a fact of that day is judged (rules 4, 20)."""
        return replace(self, platforms={unit: item.on(day) for unit, item in self.platforms.items()})

    def platform_at(self, unit: str, tier: str) -> Platform | None:
        """Return the nearest platform of the tier: the unit's own or that of a unit above (rule 1)."""
        for item in with_ancestors(unit):
            platform = self.platforms.get(item)
            if platform is not None and platform.tier == tier:
                return platform
        return None

    def first_platform(self, unit: str, tiers: Iterable[str]) -> tuple[str, Platform] | None:
        """Return the first of the tiers that has a platform for the unit; tiers without one are skipped."""
        for tier in tiers:
            platform = self.platform_at(unit, tier)
            if platform is not None:
                return tier, platform
        return None

    def has_platform_above(self, unit: str, tier: str) -> bool:
        """Say whether a dispute of the unit could move on from the tier."""
        return self.first_platform(unit, self.ladder.above(tier)) is not None

    def co_platforms(self, co_units: Sequence[str], tier: str) -> tuple[Platform, ...]:
        """Return the platforms that take part at the tier for the other units of a joint mediation (rule 15).

        A unit without a platform of the tier takes part by its nearest one of a higher tier, or else of a lower one.
        """
        if not co_units:
            return ()
        names, height = self.ladder.tier_names, self.ladder.height(tier)
        tiers = (*names[height:], *reversed(names[:height]))
        found = (self.first_platform(unit, tiers) for unit in co_units)
        return tuple(item[1] for item in found if item is not None)

    def register_of(self, platform: str) -> Platform | None:
        """Return whose register numbers the platform's cases: its own, or the nearest above that has one (rule 3)."""
        for item in with_ancestors(platform):
            candidate = self.platforms.get(item)
            if candidate is not None and candidate.about.number_pattern:
                return candidate
        return None

    def committee_of(self, platform: Platform) -> Platform:
        """Return the statutory committee that seals for a platform: itself, or the nearest above that is one (rule 9)."""
        for item in with_ancestors(platform.unit):
            candidate = self.platforms.get(item)
            if candidate is not None and self._is_committee(candidate):
                return candidate
        return platform

    def _is_committee(self, platform: Platform) -> bool:
        return platform.tier in self.ladder.tier_names and self.ladder.tier(platform.tier).committee
