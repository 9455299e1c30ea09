"""How facts change a dispute. Nothing here refuses, reads a clock or a setting: history always folds."""

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from domain.aggregates.dispute.state import Dispute, Escalation, Session, Tenure, day
from domain.events.dispute import (
    Accepted,
    Closed,
    Declined,
    DisputeEvent,
    Escalated,
    Filed,
    OpinionGiven,
    Refused,
    RemediesNotified,
    Returned,
    SessionRecorded,
    Terminated,
    Withdrawn,
)
from domain.procedures.stay import Sitting, Stay
from domain.vocabulary import Status


def replay(events: Iterable[DisputeEvent], dispute: Dispute | None = None) -> Dispute | None:
    """Fold events, in order, into the dispute so far; None when nothing has happened."""
    for event in events:
        dispute = evolve(dispute, event)
    return dispute


def evolve(dispute: Dispute | None, event: DisputeEvent) -> Dispute:
    """Fold one fact into the state. The first fact of a stream opens the dispute."""
    if isinstance(event, Filed):
        return _opened(event)
    if dispute is None:
        raise LookupError(f"a dispute's history cannot begin with {event.TOPIC}")
    return replace(_changed(dispute, event), version=dispute.version + 1)


def _opened(event: Filed) -> Dispute:
    return Dispute(
        filed=event,
        status=Status.FILED,
        tier=event.tier,
        platform=event.platform,
        platforms=(event.platform,),
        waiting_since=event.occurred_at,
        moved_on=day(event.occurred_at),
    )


def _changed(dispute: Dispute, event: DisputeEvent) -> Dispute:  # noqa: PLR0911 - one arm a fact
    match event:
        case Accepted():
            return _accepted(dispute, event)
        case Returned():
            return _returned(dispute, event)
        case SessionRecorded():
            return _session_recorded(dispute, event)
        case Escalated():
            return _escalated(dispute, event)
        case Refused():
            return replace(dispute, refused_by=event.party)
        case Closed():
            return replace(
                dispute, status=Status.CLOSED, outcome=event.outcome, moved_on=day(event.occurred_at)
            )
        case Declined() | Withdrawn() | Terminated() | RemediesNotified() | OpinionGiven() | Filed():
            return dispute
        case _:
            assert_never(event)


def _accepted(dispute: Dispute, event: Accepted) -> Dispute:
    tenure = Tenure(event.platform, event.mediators, event.occurred_at, Stay(event.tier))
    return replace(
        dispute,
        status=Status.ACCEPTED,
        number=event.number or dispute.number,
        moved_on=day(event.occurred_at),
    ).with_tenure(tenure)


def _returned(dispute: Dispute, event: Returned) -> Dispute:
    return replace(
        dispute,
        status=Status.ACCEPTED,
        tier=event.to_tier,
        platform=event.platform,
        moved_on=day(event.occurred_at),
    )


def _session_recorded(dispute: Dispute, event: SessionRecorded) -> Dispute:
    sitting = Sitting(event.number, event.held_at, event.outcome)
    recorded = replace(dispute, sessions=(*dispute.sessions, Session(event.tier, sitting)))
    tenure = dispute.tenures.get(event.tier)
    if tenure is None:
        return recorded
    stay = replace(tenure.stay, sittings=(*tenure.stay.sittings, sitting))
    return recorded.with_tenure(replace(tenure, stay=stay))


def _escalated(dispute: Dispute, event: Escalated) -> Dispute:
    moved = Escalation(event.from_tier, event.to_tier, at_version=dispute.version + 1)
    return replace(
        dispute,
        status=Status.ESCALATED,
        tier=event.to_tier,
        platform=event.platform,
        platforms=_with(dispute.platforms, event.platform),
        waiting_since=event.occurred_at,
        moved_on=day(event.occurred_at),
        escalations=(*dispute.escalations, moved),
    )


def _with(platforms: tuple[str, ...], platform: str) -> tuple[str, ...]:
    return platforms if platform in platforms else (*platforms, platform)
