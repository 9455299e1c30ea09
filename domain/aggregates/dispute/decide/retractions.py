"""Taking back what was recorded and never happened, and what rules caused because of it (rule 19)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final, cast

from domain.aggregates.dispute.consequences import consequences
from domain.aggregates.dispute.evolve import Explained, replay
from domain.aggregates.dispute.guards import must_not_go_backwards, proposal_for
from domain.aggregates.dispute.resting_facts import Removal, without
from domain.aggregates.dispute.state import BYPASS, Dispute
from domain.aggregates.dispute.world import World
from domain.commands.dispute import (
    ApproveRetraction,
    ProposeRetraction,
    RejectRetraction,
    WithdrawCorrection,
    WithdrawEscalation,
    WithdrawRetraction,
)
from domain.errors import (
    AlreadyProposed,
    AlreadyRetracted,
    NothingProposed,
    NotRetractable,
    NotYourProposal,
    RestedOn,
    UnknownEvent,
)
from domain.events import dispute as events
from domain.events.dispute import DisputeEvent, FactRetracted, ProposalWithdrawn, RetractionProposed
from domain.events.dispute.retractions import ProposalKind
from domain.events.envelope import Fact, Recorded
from domain.messages import message
from domain.procedures.chronology import must_follow
from domain.vocabulary import day_of
from domain.vocabulary.folding import folded

_RETRACTABLE: Final = (
    events.SessionRecorded,
    events.PartyAdded,
    events.MediatorsReplaced,
    events.OpinionGiven,
    events.RiskAssessed,
    events.AttachmentAdded,
    events.AppointmentMade,
    events.AgreementDrafted,
    events.AgreementSigned,
    events.TermPerformed,
    events.TermBreached,
    events.TermSupervised,
    events.ConfirmationRequested,
    events.ConfirmationDecided,
    events.PartyRefused,
    events.Withdrawn,
    events.Terminated,
    events.Transferred,
    events.Declined,
    events.FollowedUp,
)
_BY_RECORDER_ALONE: Final = (events.AttachmentAdded, events.AppointmentMade)


def event_at(dispute: Dispute, version: int) -> None:
    """Find an event of the dispute; raises UnknownEvent."""
    if version > dispute.version:
        raise UnknownEvent(message("the case has no event {version}", version=version))


def decide_propose_retraction(command: ProposeRetraction, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Propose to take a fact back; its recorder alone takes back a file or an appointment at once."""
    target = _retractable(command.version, dispute, world)
    must_follow(command.occurred_at, day_of(target.event.happened_at))
    number = target.event.number if isinstance(target.event, events.SessionRecorded) else None
    proposed = RetractionProposed(
        at_version=target.version,
        topic=target.topic,
        session=number,
        reason=command.reason,
        proposed_by=world.actor.sub,
        occurred_at=command.occurred_at,
    )
    if proposed.subject in dispute.proposals:
        raise AlreadyProposed(message("the same waits for a second person already"))
    removal = _removal(target, world)
    if isinstance(target.event, _BY_RECORDER_ALONE) and folded(target.actor.sub) == folded(world.actor.sub):
        return tuple(Fact(event) for event in _taken_back(proposed, None, removal, command.occurred_at))
    return (Fact(proposed),)


def decide_approve_retraction(command: ApproveRetraction, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Take the fact back; what rules caused because of it is undone by facts of its own."""
    proposal = _proposal(command, dispute, world)
    must_follow(command.occurred_at, day_of(proposal.occurred_at))
    target = _retractable(command.version, dispute, world)
    undone = tuple(_taken_back(proposal, command.note, _removal(target, world), command.occurred_at))
    facts = tuple(Fact(event) for event in undone)
    after = _after(world, facts)
    if after.status is not dispute.status:
        must_not_go_backwards(dispute, command.occurred_at)
    return (*facts, *consequences(dispute, undone[0], after, world))


def decide_reject_retraction(command: RejectRetraction, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Leave the fact as it is recorded."""
    proposal = _proposal(command, dispute, world)
    must_follow(command.occurred_at, day_of(proposal.occurred_at))
    rejected = events.RetractionRejected(
        at_version=proposal.at_version,
        session=proposal.session,
        note=command.note,
        occurred_at=command.occurred_at,
    )
    return (Fact(rejected),)


def decide_withdraw_retraction(
    command: WithdrawRetraction, dispute: Dispute, world: World
) -> tuple[Fact, ...]:
    """Take back one's own proposal of a retraction."""
    subject = _subject(command.version, dispute)
    return _withdrawn("retraction", RetractionProposed, subject, command, dispute, world)


def decide_withdraw_correction(
    command: WithdrawCorrection, dispute: Dispute, world: World
) -> tuple[Fact, ...]:
    """Take back one's own proposal of a correction."""
    return _withdrawn("correction", events.CorrectionProposed, command.session, command, dispute, world)


def decide_withdraw_escalation(
    command: WithdrawEscalation, dispute: Dispute, world: World
) -> tuple[Fact, ...]:
    """Take back one's own proposal to lift the dispute."""
    return _withdrawn("escalation", events.EscalationProposed, BYPASS, command, dispute, world)


def _subject(version: int, dispute: Dispute) -> int:
    """Return the key of the open retraction of the fact at a version; raises NothingProposed."""
    for subject, proposal in dispute.proposals.items():
        if isinstance(proposal, RetractionProposed) and proposal.at_version == version:
            return subject
    raise NothingProposed(message("nothing is proposed, or it lapsed when the case moved"))


def _proposal(
    command: ApproveRetraction | RejectRetraction, dispute: Dispute, world: World
) -> RetractionProposed:
    return cast("RetractionProposed", proposal_for(dispute, _subject(command.version, dispute), world.actor))


def _withdrawn(
    kind: ProposalKind,
    of: type[DisputeEvent],
    subject: int,
    command: WithdrawRetraction | WithdrawCorrection | WithdrawEscalation,
    dispute: Dispute,
    world: World,
) -> tuple[Fact, ...]:
    proposal = dispute.proposals.get(subject)
    if proposal is None or not isinstance(proposal, of):
        raise NothingProposed(message("nothing is proposed, or it lapsed when the case moved"))
    if folded(proposal.proposed_by) != folded(world.actor.sub):
        raise NotYourProposal(
            message("only {person} can take this proposal back", person=proposal.proposed_by)
        )
    must_follow(command.occurred_at, day_of(proposal.occurred_at))
    return (Fact(ProposalWithdrawn(kind=kind, subject=subject, occurred_at=command.occurred_at)),)


def _retractable(version: int, dispute: Dispute, world: World) -> Recorded[DisputeEvent]:
    """Return the fact to be taken back; raises AlreadyRetracted, NotRetractable."""
    target = world.history[version - 1]
    if version in dispute.retracted:
        raise AlreadyRetracted(message("event {version} was taken back already", version=version))
    closes_by_itself = (
        isinstance(target.event, events.Closed)
        and target.because is None
        and target.command_id != world.history[version - 2].command_id
    )
    if target.because is None and (isinstance(target.event, _RETRACTABLE) or closes_by_itself):
        return target
    raise NotRetractable(
        message(
            "event {version} is not taken back; a further step undoes it, or nothing does", version=version
        )
    )


def _removal(target: Recorded[DisputeEvent], world: World) -> Removal:
    """Return what becomes of the history without the fact; raises RestedOn."""
    removal = without(world.history, target)
    rested_on = removal.rested_on
    if rested_on is not None:
        raise RestedOn(
            message(
                "event {version} ({type}) rests on it; take that one back first",
                version=rested_on.version,
                type=rested_on.topic,
            )
        )
    return removal


def _taken_back(
    proposal: RetractionProposed, note: str | None, removal: Removal, at: datetime
) -> Iterator[DisputeEvent]:
    """Yield the retraction, and what undoes each fact that rules caused because of what is taken back."""
    about = proposal.model_dump(include={"at_version", "topic", "session", "proposed_by"})
    yield FactRetracted(**about, reason=proposal.reason, note=note, occurred_at=at)
    for item in removal.undone:
        match item.event:
            case events.Closed():
                yield events.ClosureVoided(at_version=item.version, status=removal.status, occurred_at=at)
            case events.AgreementTookEffect():
                yield events.AgreementEffectVoided(at_version=item.version, occurred_at=at)
            case _:
                yield ProposalWithdrawn(kind="escalation", subject=BYPASS, occurred_at=at)


def _after(world: World, facts: Iterable[Fact]) -> Dispute:
    """Return the dispute after some facts, folded from the beginning."""
    after = replay((*world.history, *cast("Iterable[Explained]", facts)))
    if after is None:
        raise LookupError("a dispute without a history")
    return after
