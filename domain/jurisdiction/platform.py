"""A platform as decisions see it: the mediation body of one unit, its numbering and its people, as of each day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from domain.events.envelope import Actor
from domain.events.platform import (
    MediatorAppointed,
    MediatorDismissed,
    PlatformReorganised,
)
from domain.jurisdiction.service import About, Service, effective_day
from domain.jurisdiction.units import covers
from domain.vocabulary import Role, is_same_subject


@dataclass(frozen=True, slots=True)
class Platform:
    """What decisions need to know of a platform.

    `about` is its newest description and `mediators` each one's newest appointment; `on` returns the platform as of a
    day. `earlier` are the descriptions before, which count until the day on which the next one took effect. `varies`
    where it was not always as it is; `day` is the day as of which this is the platform, None for its newest state.
    """

    unit: str
    about: About
    mediators: Mapping[str, MediatorAppointed] = field(default_factory=dict)
    version: int = 1
    earlier: tuple[About, ...] = ()
    services: Mapping[str, tuple[Service, ...]] = field(default_factory=dict)
    varies: bool = False
    day: date | None = None

    @property
    def tier(self) -> str:
        """The tier at which the platform mediates."""
        return self.about.tier

    def on(self, day: date) -> "Platform":
        """Return the platform as of a day (rules 4, 20); the first description counts for the days before it, too."""
        if not self.varies:
            return self
        return replace(self, about=next(self.descriptions_from(day)), day=day)

    def descriptions_from(self, day: date) -> Iterator[About]:
        """Yield what the platform is on a day, and then each description that takes effect later."""
        known = (*self.earlier, self.about)
        first = max((place for place, about in enumerate(known) if effective_day(about) <= day), default=0)
        yield from known[first:]

    def serves(self, mediator: str, day: date) -> bool:
        """Say whether the mediator served at this platform on the day."""
        return any(service.covers(day) for service in self.services.get(mediator, ()))

    def appointments_on(self, day: date) -> dict[str, MediatorAppointed]:
        """Return the newest appointment that counts on the day, of everybody not dismissed by then; its term may be over."""
        counting = {
            mediator: [item for item in services if item.counts_on(day)]
            for mediator, services in self.services.items()
        }
        return {mediator: items[-1].appointment for mediator, items in counting.items() if items}

    def serves_from(self, day: date) -> frozenset[str]:
        """Return who serves on the day or is to serve later; the end of a term ends no service."""
        return frozenset(
            mediator
            for mediator, services in self.services.items()
            if any(not service.ends_by(day) for service in services)
        )

    def is_one_of_its_people(self, actor: Actor) -> bool:
        """Say whether the actor serves at this platform, as a mediator or as its convener."""
        return is_same_subject(actor.sub, self.about.convener) or self._employs(actor.sub)

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

    def reorganised(self, about: PlatformReorganised) -> "Platform":
        """Return the platform described anew from a day on; what was to take effect later no longer does."""
        day = effective_day(about)
        first, *others = (*self.earlier, self.about)
        earlier = (first, *(item for item in others if effective_day(item) < day))
        return replace(self, about=about, earlier=earlier, version=self.version + 1, varies=True)

    def appointed(self, event: MediatorAppointed) -> "Platform":
        """Return the platform with an appointment, which counts from its own first day; after a dismissal from its effect."""
        before = self.services.get(event.mediator, ())
        since = event.appointed_on
        if before and before[-1].ended_on is not None and since < before[-1].ended_on:
            since = effective_day(event)
        kept = tuple(service.ended(since) for service in before if service.since < since)
        return self._with_services(event.mediator, (*kept, Service(event, since)))

    def dismissed(self, event: MediatorDismissed) -> "Platform":
        """Return the platform without a mediator, from the day of the dismissal on."""
        day = effective_day(event)
        before = self.services.get(event.mediator, ())
        kept = tuple(service.ended(day) for service in before if service.since < day)
        return replace(self._with_services(event.mediator, kept), varies=True)

    def _employs(self, mediator: str) -> bool:
        if self.day is None:
            return mediator in self.mediators or any(
                is_same_subject(mediator, item) for item in self.mediators
            )
        return any(is_same_subject(mediator, item) for item in self.serves_from(self.day))

    def _with_services(self, mediator: str, services: tuple[Service, ...]) -> "Platform":
        known = {**self.services, mediator: services}
        if services and services[-1].ended_on is None:
            present = {**self.mediators, mediator: services[-1].appointment}
        else:
            present = {key: term for key, term in self.mediators.items() if key != mediator}
        return replace(self, mediators=present, services=known, version=self.version + 1)
