"""A platform as decisions see it: the mediation body of one unit, its numbering and its people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from domain.events.envelope import Actor
from domain.events.platform import (
    MediatorAppointed,
    PlatformEstablished,
    PlatformReorganised,
)
from domain.jurisdiction.units import covers
from domain.vocabulary import Role, is_same_subject


@dataclass(frozen=True, slots=True)
class Platform:
    """What decisions need to know of a platform. `mediators` holds each one's latest appointment."""

    unit: str
    about: PlatformEstablished | PlatformReorganised
    mediators: Mapping[str, MediatorAppointed] = field(default_factory=dict)
    version: int = 1

    @property
    def tier(self) -> str:
        """The tier at which the platform mediates."""
        return self.about.tier

    def serves(self, mediator: str, day: date) -> bool:
        """Say whether the mediator's term of office at this platform covers the day (PML 9)."""
        term = self.mediators.get(mediator)
        return term is not None and term.appointed_on <= day <= term.term_ends_on

    def is_one_of_its_people(self, actor: Actor) -> bool:
        """Say whether the actor serves at this platform, as a mediator or as its convener."""
        if actor.sub in self.mediators or is_same_subject(actor.sub, self.about.convener):
            return True
        return any(is_same_subject(actor.sub, mediator) for mediator in self.mediators)

    def is_convened_by(self, actor: Actor) -> bool:
        """Say whether the actor acts as this platform's convener."""
        return actor.role is Role.CONVENER and (
            actor.unit == self.unit or is_same_subject(actor.sub, self.about.convener)
        )

    def has_clerk(self, actor: Actor) -> bool:
        """Say whether the actor is a clerk of this platform."""
        return actor.role is Role.CLERK and actor.unit == self.unit

    def is_own_to(self, actor: Actor) -> bool:
        """Say whether the actor acts for this platform: one of its people, or of a unit that covers it."""
        return self.is_one_of_its_people(actor) or (actor.unit is not None and covers(actor.unit, self.unit))
