"""Replays what people stated on a case that stands elsewhere: the facts that are possible there, and no others.

A fact is possible where the guards of its decision let it pass. Whether the person may do it is not checked again.
"""

from collections.abc import Callable, Mapping
from typing import Final, cast
from uuid import UUID

from domain.aggregates.dispute import Dispute, World
from domain.aggregates.dispute.agreements import open_draft
from domain.aggregates.dispute.decide.aftercare import decide_reopen
from domain.aggregates.dispute.decide.escalation import decide_approve_escalation
from domain.aggregates.dispute.guards import (
    must_be_accepted,
    must_be_agreed,
    must_be_open,
    must_be_undecided,
)
from domain.aggregates.dispute.state import BYPASS
from domain.aggregates.dispute.stays import stay_on
from domain.commands.dispute import ApproveEscalation, ReopenDispute
from domain.errors import DomainError
from domain.events import dispute as events
from domain.events.dispute import DisputeEvent
from domain.events.envelope import Fact
from domain.vocabulary import Outcome, Status, day_of

Guard = Callable[[Dispute], object]
_THIS: Final = UUID(int=0)
"""Stands for the id of the dispute: a decision does not look at it."""
_ENDS: Final[Mapping[Outcome, Guard]] = {
    Outcome.WITHDRAWN: must_be_undecided,
    Outcome.TRANSFERRED: must_be_undecided,
    Outcome.DUPLICATE: must_be_undecided,
    Outcome.FAILED: must_be_undecided,
    Outcome.PERFORMED: must_be_agreed,
    Outcome.AGREED_UNPERFORMED: must_be_agreed,
}
"""What must hold of a case that people end with this outcome."""
_PLACES: Final[Mapping[type[DisputeEvent], Guard]] = {
    events.TimeExtended: must_be_accepted,
    events.PartyRefused: must_be_undecided,
    events.AgreementEffectVoided: must_be_agreed,
    events.AgreementReplaced: must_be_agreed,
    events.AgreementRescinded: must_be_agreed,
    events.RiskAssessed: must_be_open,
}
"""What must hold of a case of which people report such a fact, as it stands."""
COUNTED: Final = frozenset(
    {
        *_PLACES,
        events.Accepted,
        events.Returned,
        events.EscalationProposed,
        events.EscalationEndorsed,
        events.EscalationRejected,
        events.Escalated,
        events.SessionRecorded,
        events.SessionCorrected,
        events.AgreementDrafted,
        events.AgreementSigned,
        events.AgreementTookEffect,
        events.TermPerformed,
        events.TermBreached,
        events.Closed,
        events.ClosureVoided,
        events.AgreementEffectVoided,
        events.FactRetracted,
        events.Reopened,
    }
)
"""The facts on which the trajectory of a case may depend; no other one changes anything of it."""


def replayed(  # noqa: PLR0911 - one arm a fact
    event: DisputeEvent, dispute: Dispute, sessions: Mapping[int, int], world: World
) -> tuple[Fact, ...]:
    """Return a fact as it would be recorded of this dispute, after what it implies; nothing where it has no place.

    `sessions` says which number a session of the record has here.
    """
    match event:
        case events.SessionRecorded():
            return _session(event, dispute)
        case events.SessionCorrected():
            number = sessions.get(event.session)
            return () if number is None else (Fact(event.model_copy(update={"session": number})),)
        case events.FactRetracted() | events.ClosureVoided():
            return _undone(event, dispute, sessions)
        case events.Accepted():
            waits = dispute.awaits_acceptance and dispute.tier == event.tier
            return (Fact(event.model_copy(update={"platform": dispute.platform})),) if waits else ()
        case events.EscalationProposed():
            return proposed(event, dispute, world)
        case events.EscalationEndorsed() | events.Escalated():
            return approved(event, dispute, world)
        case events.Returned():
            return _returned(event, dispute)
        case events.Reopened():
            return _reopened(event, dispute, world)
        case _:
            return (Fact(event),) if _has_place(event, dispute) else ()


def proposed(event: events.EscalationProposed, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Return a proposal to lift the dispute, where the ladder knows its grounds and the tier lies above (rule 7)."""
    ladder = world.ladder
    known = dispute.tier in ladder.tier_names and event.to_tier in ladder.above(dispute.tier)
    possible = known and event.grounds in ladder.bypass.grounds and BYPASS not in dispute.proposals
    return (Fact(event),) if possible and holds(must_be_accepted, dispute) else ()


def approved(
    event: events.Escalated | events.EscalationEndorsed, dispute: Dispute, world: World
) -> tuple[Fact, ...]:
    """Return what follows when one more person approves the escalation: the move, or that another must approve."""
    command = ApproveEscalation.model_construct(dispute=_THIS, occurred_at=event.occurred_at, note=None)
    try:
        return decide_approve_escalation(command, dispute, world)
    except DomainError:
        return ()


def holds(guard: Guard, dispute: Dispute) -> bool:
    """Say whether a guard lets the dispute pass."""
    try:
        guard(dispute)
    except DomainError:
        return False
    return True


def _has_place(event: DisputeEvent, dispute: Dispute) -> bool:
    match event:
        case events.Closed():
            return _ends(event.outcome, dispute)
        case events.AgreementDrafted():
            return _agrees(event, dispute)
        case events.AgreementSigned() | events.AgreementTookEffect():
            draft = open_draft(dispute.agreements)
            return draft is not None and _agrees(draft.draft, dispute)
        case events.TermPerformed() | events.TermBreached():
            return dispute.agreement is not None
        case events.EscalationRejected():
            return BYPASS in dispute.proposals
        case _:
            guard = _PLACES.get(type(event))
            return guard is not None and holds(guard, dispute)


def _agrees(draft: events.AgreementDrafted, dispute: Dispute) -> bool:
    """Say whether the parties may agree on a draft: while mediation goes on, or on a change of what is in effect."""
    return holds(must_be_undecided if draft.changes is None else must_be_agreed, dispute)


def _ends(outcome: Outcome, dispute: Dispute) -> bool:
    if outcome is Outcome.DECLINED:
        return dispute.status is Status.FILED
    if outcome is Outcome.REFUSED:  # the refusal was recorded just before
        return dispute.refused_by is not None and dispute.status is not Status.CLOSED
    return holds(_ENDS[outcome], dispute)


def _session(event: events.SessionRecorded, dispute: Dispute) -> tuple[Fact, ...]:
    """A session takes place wherever the case then is; where nobody has accepted it there, it counts as accepted."""
    if event.stay is not None:
        return _late_session(event, dispute)
    if not holds(must_be_undecided, dispute):
        return ()
    number = len(dispute.sessions) + 1
    again = Fact(event.model_copy(update={"number": number, "tier": dispute.tier}))
    if not dispute.awaits_acceptance:
        return (again,)
    accepted = events.Accepted(
        tier=dispute.tier,
        platform=dispute.platform,
        number=None,
        mediators=(),
        chosen_by_parties=False,
        occurred_at=max(event.held_at, dispute.waiting_since),
    )
    return Fact(accepted), again


def _undone(
    event: events.FactRetracted | events.ClosureVoided, dispute: Dispute, sessions: Mapping[int, int]
) -> tuple[Fact, ...]:
    """A fact is taken back under the number that it has here; a closing, into the status from which it was closed here."""
    if isinstance(event, events.ClosureVoided):
        closed = dispute.status is Status.CLOSED and dispute.closed_from is not None
        return (Fact(event.model_copy(update={"status": dispute.closed_from})),) if closed else ()
    if event.session is None:
        return (Fact(event),)
    number = sessions.get(event.session)
    return () if number is None else (Fact(event.model_copy(update={"session": number})),)


def _late_session(event: events.SessionRecorded, dispute: Dispute) -> tuple[Fact, ...]:
    """A session recorded late belongs to the stay that ran here on its day, where one did."""
    place = stay_on(dispute.stays, event.held_at, day_of(event.held_at))
    if place is None:
        return ()
    here = {"number": len(dispute.sessions) + 1, "tier": dispute.stays[place].tier, "stay": place + 1}
    return (Fact(event.model_copy(update=here)),)


def _returned(event: events.Returned, dispute: Dispute) -> tuple[Fact, ...]:
    """A return is possible where the case waits and came from a tier below."""
    last = dispute.last_departure
    if dispute.status is not Status.ESCALATED or last is None or last.stay_index is None:
        return ()
    below = dispute.stays[last.stay_index].platform
    back = {"from_tier": dispute.tier, "to_tier": last.from_tier, "platform": below}
    return (Fact(event.model_copy(update=back)),)


def _reopened(event: events.Reopened, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    command = ReopenDispute.model_construct(
        dispute=_THIS, reason="", referred_by=event.referred_by, occurred_at=event.occurred_at
    )
    try:
        facts = decide_reopen(command, dispute, world)
    except DomainError:
        return ()
    status = cast("events.Reopened", facts[0].event).status
    return (Fact(event.model_copy(update={"status": status})),)
