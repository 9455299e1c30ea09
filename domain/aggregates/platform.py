"""A platform: the mediation body of one unit, its numbering and its people."""

from dataclasses import replace
from datetime import datetime

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


def evolve(platform: Platform | None, event: PlatformEvent) -> Platform | None:
    """Fold one fact into the platform."""
    match event:
        case PlatformEstablished():
            return Platform(unit=event.unit, about=event)
        case _ if platform is None:
            return None
        case PlatformReorganised():
            return replace(platform, about=event, version=platform.version + 1)
        case MediatorAppointed():
            mediators = {**platform.mediators, event.mediator: event}
        case MediatorDismissed():
            mediators = {key: term for key, term in platform.mediators.items() if key != event.mediator}
    return replace(platform, mediators=mediators, version=platform.version + 1)


def decide(
    command: DescribePlatform, platform: Platform | None, registered: frozenset[str], now: datetime
) -> tuple[Fact, ...]:
    """Return the facts that bring the platform to its description; none when it is so already.

    `registered` holds the mediator ids that were used before, at any platform.
    """
    events: list[Event] = []
    if platform is None:
        events.append(PlatformEstablished.model_validate({**_about(command), "occurred_at": now}))
    elif _about(command) != platform.about.model_dump(exclude={"occurred_at"}):
        events.append(PlatformReorganised.model_validate({**_about(command), "occurred_at": now}))
    present = platform.mediators if platform else {}
    for item in command.mediators:
        if item.id not in registered:
            events.append(MediatorRegistered(mediator=item.id, occurred_at=now))
        if not _is_as_described(present.get(item.id), item):
            events.append(_appointed(command.unit, item, now))
    gone = sorted(set(present) - {item.id for item in command.mediators}) if not command.keep_others else ()
    events.extend(MediatorDismissed(unit=command.unit, mediator=item, occurred_at=now) for item in gone)
    return tuple(Fact(event) for event in events)


def _about(command: DescribePlatform) -> dict[str, object]:
    return command.model_dump(exclude={"mediators", "keep_others"})


def _is_as_described(term: MediatorAppointed | None, described: MediatorTerm) -> bool:
    return term is not None and term.model_dump(
        include={"name", "kind", "appointed_on", "term_ends_on"}
    ) == described.model_dump(exclude={"id"})


def _appointed(unit: str, term: MediatorTerm, now: datetime) -> MediatorAppointed:
    return MediatorAppointed(
        unit=unit,
        mediator=term.id,
        name=term.name,
        kind=term.kind,
        appointed_on=term.appointed_on,
        term_ends_on=term.term_ends_on,
        occurred_at=now,
    )
