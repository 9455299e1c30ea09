"""How facts change a dispute. Nothing here refuses, reads a clock or a setting: every history can be folded."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol, TypeVar

from domain.aggregates.dispute.changed import changed, changed_again
from domain.aggregates.dispute.evolve import filing, imported, retractions
from domain.aggregates.dispute.evolve.evolutions import EVOLUTIONS, unchanged
from domain.aggregates.dispute.state import Dispute
from domain.events import dispute as events
from domain.events.dispute import DisputeEvent
from domain.procedures.rules import Because


class Explained(Protocol):
    """An event with the rule that caused it, recorded or about to be."""

    @property
    def event(self) -> DisputeEvent:
        """What happened."""
        ...

    @property
    def because(self) -> Because | None:
        """The rule that caused it, where one did."""
        ...

    @property
    def recorded_at(self) -> datetime | None:
        """When it was recorded; None before it is."""
        ...


_Explained_T = TypeVar("_Explained_T", bound=Explained)


def replay(history: Iterable[Explained], dispute: Dispute | None = None) -> Dispute | None:
    """Fold a history, in order, into the dispute so far; None when nothing has happened.

    Raises LookupError where a fact is taken back that was folded into `dispute` before: such a history must be folded
    from its beginning.
    """
    after = dispute
    for _, state in states_of(history, dispute):
        after = state
    return after


def states_of(
    history: Iterable[_Explained_T], dispute: Dispute | None = None
) -> Iterator[tuple[_Explained_T, Dispute]]:
    """Yield each fact of a history with the dispute after it; facts that are taken back later are passed over.

    Raises LookupError as `replay`.
    """
    facts = tuple(history)
    first = 1 if dispute is None else dispute.version + 1
    retracted = retracted_in(facts)
    if retracted and min(retracted) < first:
        raise LookupError("a history with a retraction is folded from its beginning")
    for version, item in enumerate(facts, start=first):
        passed_over = version in retracted
        dispute = evolve(dispute, item.event, item.because, item.recorded_at, retracted=passed_over)
        yield item, dispute


def retracted_in(facts: Iterable[Explained]) -> frozenset[int]:
    """Return the versions of the facts that some facts take back."""
    return frozenset(item.event.at_version for item in facts if isinstance(item.event, events.FactRetracted))


def evolve(
    dispute: Dispute | None,
    event: DisputeEvent,
    because: Because | None = None,
    recorded_at: datetime | None = None,
    *,
    retracted: bool = False,
) -> Dispute:
    """Fold one fact, and the rule that caused it, into the state. The first fact of a stream opens the dispute.

    Of a fact that was `retracted` only what is left of it is folded.
    """
    if dispute is None:
        return changed(_opened(event), last_recorded_at=recorded_at)
    evolution = retractions.RETRACTED.get(type(event), unchanged) if retracted else EVOLUTIONS[type(event)]
    after = evolution(dispute, event, because)
    return changed_again(after, dispute, version=dispute.version + 1, last_recorded_at=recorded_at)


def _opened(event: DisputeEvent) -> Dispute:
    match event:
        case events.Filed():
            return filing.open_filed(event)
        case events.Imported():
            return imported.open_imported(event)
        case _:
            raise LookupError(f"a dispute's history cannot begin with {event.TOPIC}")
