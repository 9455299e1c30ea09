"""How facts change a dispute. Nothing here refuses, reads a clock or a setting: history always folds."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.evolve.agreement import agreed
from domain.aggregates.dispute.evolve.ending import ended
from domain.aggregates.dispute.evolve.escalation import moved
from domain.aggregates.dispute.evolve.filing import brought_in, opened
from domain.aggregates.dispute.evolve.parties import peopled
from domain.aggregates.dispute.evolve.sessions import sat
from domain.aggregates.dispute.state import Dispute
from domain.events.dispute import (
    AgreeingEvent,
    DisputeEvent,
    EndingEvent,
    Filed,
    Imported,
    MovingEvent,
    PeopleEvent,
    RiskAssessed,
    SittingEvent,
)
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


def replay(history: Iterable[Explained], dispute: Dispute | None = None) -> Dispute | None:
    """Fold a history, in order, into the dispute so far; None when nothing has happened."""
    for recorded in history:
        dispute = evolve(dispute, recorded.event, recorded.because, recorded.recorded_at)
    return dispute


def evolve(
    dispute: Dispute | None,
    event: DisputeEvent,
    because: Because | None = None,
    recorded_at: datetime | None = None,
) -> Dispute:
    """Fold one fact, and the rule that caused it, into the state. The first fact of a stream opens the dispute."""
    if isinstance(event, Filed):
        return changed(opened(event), touched_at=recorded_at)
    if isinstance(event, Imported):
        return changed(brought_in(event), touched_at=recorded_at)
    if dispute is None:
        raise LookupError(f"a dispute's history cannot begin with {event.TOPIC}")
    return changed(_changed(dispute, event, because), version=dispute.version + 1, touched_at=recorded_at)


def _changed(dispute: Dispute, event: DisputeEvent, because: Because | None) -> Dispute:
    if isinstance(event, MovingEvent):
        return moved(dispute, event, because)
    if isinstance(event, PeopleEvent):
        return peopled(dispute, event)
    if isinstance(event, SittingEvent):
        return sat(dispute, event)
    if isinstance(event, AgreeingEvent):
        return agreed(dispute, event)
    if isinstance(event, EndingEvent):
        return ended(dispute, event, because)
    return changed(dispute, risk=event.level) if isinstance(event, RiskAssessed) else dispute
