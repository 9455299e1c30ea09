"""Platforms, with the ids of the mediators who serve there."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from application.context import Permit
from application.deciders.decider import Decider, Decision, DecisionInputs, decided, version_of
from application.deciders.unit import UNITS
from application.stream_cache import StreamKind, StreamRef, StreamStates, by_event
from domain.aggregates import platform
from domain.commands.platform import DescribePlatform
from domain.errors import UnknownUnit
from domain.events.envelope import Fact
from domain.events.mediator import MediatorRegistered
from domain.events.numbering import PatternAssigned
from domain.events.platform import (
    MediatorAppointed,
    MediatorDismissed,
    PlatformEstablished,
    PlatformReorganised,
)
from domain.events.streams import mediator_stream, numbering_stream, platform_stream
from domain.jurisdiction import numbering
from domain.jurisdiction.numbering import Numbering
from domain.messages import message


def _registered(_: bool | None, __: MediatorRegistered) -> bool:
    return True


PLATFORMS: Final = StreamKind(
    "platform",
    platform_stream,
    by_event(platform.evolve),
    (PlatformEstablished, PlatformReorganised, MediatorAppointed, MediatorDismissed),
)
MEDIATORS: Final = StreamKind("mediator", mediator_stream, by_event(_registered), (MediatorRegistered,))
"""Whether a mediator's id was used before, at any platform."""


NUMBERING: Final = StreamKind(
    "numbering", numbering_stream, by_event(numbering.evolve), (PatternAssigned,), capacity=1
)
"""The patterns of case numbers; the one key is None."""


def _stream(command: DescribePlatform) -> StreamRef:
    return PLATFORMS.ref(command.unit)


def _needs(command: DescribePlatform, _: StreamStates) -> Iterable[StreamRef]:
    patterns = (NUMBERING.ref(None),) if command.number_pattern else ()
    mediators = (MEDIATORS.ref(mediator.id) for mediator in command.mediators)
    return (UNITS.ref(command.unit), *patterns, *mediators)


def _check(command: DescribePlatform, inputs: DecisionInputs, permit: Permit) -> None:
    """Refuse a platform of a unit that does not exist; raises UnknownUnit."""
    if inputs.states.get(UNITS, command.unit) is None:
        raise UnknownUnit(message("there is no unit {unit}", unit=command.unit), field="unit")
    permit(None)


def _decide(command: DescribePlatform, inputs: DecisionInputs) -> Decision:
    present = inputs.states.get(PLATFORMS, command.unit)
    registered = frozenset(inputs.states.all(MEDIATORS, (mediator.id for mediator in command.mediators)))
    facts = platform.decide(command, present, registered, inputs.now)
    facts += pattern_facts(command, inputs.states.get(NUMBERING, None) or Numbering(), inputs.now)
    return decided(command.unit, _stream(command), facts, inputs)


def pattern_facts(command: DescribePlatform, patterns: Numbering, now: datetime) -> tuple[Fact, ...]:
    """Return the fact that assigns the pattern to the register, where it is new; raises PatternTaken."""
    pattern = command.number_pattern
    if pattern is None or not patterns.lacks(command.unit, pattern):
        return ()
    return (Fact(PatternAssigned(register_of=command.unit, pattern=pattern, occurred_at=now)),)


DECIDER: Final[Decider[DescribePlatform]] = Decider(
    commands=(DescribePlatform,),
    events=(*PLATFORMS.events, *MEDIATORS.events, *NUMBERING.events),
    stream=_stream,
    needs=_needs,
    check=_check,
    decide=_decide,
    expected_version=version_of(_stream),
)
