"""A platform: the mediation body of one unit, its numbering and its people."""

from datetime import date, datetime

from domain.commands.platform import DescribePlatform, MediatorTerm
from domain.events.envelope import Event, Fact
from domain.events.mediator import MediatorRegistered
from domain.events.platform import (
    MediatorAppointed,
    MediatorDismissed,
    PlatformEstablished,
    PlatformEvent,
    PlatformReorganised,
)
from domain.jurisdiction.platform import Platform
from domain.jurisdiction.service import About
from domain.vocabulary import day_of


def evolve(platform: Platform | None, event: PlatformEvent) -> Platform | None:
    """Fold one fact into the platform."""
    match event:
        case PlatformEstablished():
            return Platform(unit=event.unit, about=event)
        case _ if platform is None:
            return None
        case PlatformReorganised():
            return platform.reorganised(event)
        case MediatorAppointed():
            return platform.appointed(event)
        case MediatorDismissed():
            return platform.dismissed(event)


def decide(
    command: DescribePlatform, platform: Platform | None, registered: frozenset[str], now: datetime
) -> tuple[Fact, ...]:
    """Return the facts that bring the platform to its description from a day on; none when it is so already.

    `registered` holds the mediator ids that were used before, at any platform.
    """
    on = command.effective_on or day_of(now)
    events: list[Event] = []
    if platform is None:
        events.append(PlatformEstablished.model_validate({**_about(command), "occurred_at": now}))
    elif any(_about(command) != described(about) for about in platform.descriptions_from(on)):
        fields = {**_about(command), "occurred_at": now, "effective_on": on}
        events.append(PlatformReorganised.model_validate(fields))
    for item in command.mediators:
        if item.id not in registered:
            events.append(MediatorRegistered(mediator=item.id, occurred_at=now))
        if not _is_as_described(platform, item, on):
            events.append(_appointed(command.unit, item, on, now))
    events.extend(
        MediatorDismissed(unit=command.unit, mediator=item, occurred_at=now, effective_on=on)
        for item in left_out(command, platform, on)
    )
    return tuple(Fact(event) for event in events)


def left_out(command: DescribePlatform, platform: Platform | None, on: date) -> list[str]:
    """Return who served or was to serve from the day on, and is not in the description."""
    if platform is None or command.keep_others:
        return []
    return sorted(platform.serves_from(on) - {item.id for item in command.mediators})


def described(about: About) -> dict[str, object]:
    """Return what a platform is, without days."""
    return about.model_dump(exclude={"occurred_at", "effective_on"})


def _about(command: DescribePlatform) -> dict[str, object]:
    return command.model_dump(exclude={"mediators", "keep_others", "effective_on"})


def _is_as_described(platform: Platform | None, item: MediatorTerm, on: date) -> bool:
    """Say whether the mediator serves by this appointment from the day on, or from its first day."""
    services = platform.services.get(item.id, ()) if platform else ()
    if not services or services[-1].ended_on is not None or services[-1].since > max(on, item.appointed_on):
        return False
    term = services[-1].appointment
    return term.model_dump(include={"name", "kind", "appointed_on", "term_ends_on"}) == item.model_dump(
        exclude={"id"}
    )


def _appointed(unit: str, term: MediatorTerm, on: date, now: datetime) -> MediatorAppointed:
    return MediatorAppointed(
        unit=unit,
        mediator=term.id,
        name=term.name,
        kind=term.kind,
        appointed_on=term.appointed_on,
        term_ends_on=term.term_ends_on,
        occurred_at=now,
        effective_on=on,
    )
