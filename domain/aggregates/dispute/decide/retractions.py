"""Taking back what was recorded and never happened, and what rules caused because of it (rule 19)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import cast

from domain.aggregates.dispute.consequences import consequences
from domain.aggregates.dispute.decide.retractable import (
    APPOINTMENTS,
    BY_RECORDER_ALONE,
    removal_of,
    retractable_at,
)
from domain.aggregates.dispute.decide.withdrawals import open_retraction
from domain.aggregates.dispute.evolve import Explained, replay
from domain.aggregates.dispute.guards import must_not_go_backwards, proposal_for
from domain.aggregates.dispute.resting_facts import Removal
from domain.aggregates.dispute.state import BYPASS, Dispute
from domain.aggregates.dispute.world import World
from domain.commands.dispute import (
    ApproveRetraction,
    ProposeRetraction,
    RejectRetraction,
)
from domain.errors import (
    AlreadyProposed,
    Forbidden,
    UnknownEvent,
)
from domain.events import dispute as events
from domain.events.dispute import DisputeEvent, FactRetracted, ProposalWithdrawn, RetractionProposed
from domain.events.envelope import Fact
from domain.messages import message
from domain.procedures.chronology import must_follow
from domain.vocabulary import Role, day_of, is_same_subject


def event_at(dispute: Dispute, version: int) -> None:
    """Find an event of the dispute; raises UnknownEvent."""
    if version > dispute.version:
        raise UnknownEvent(message("the case has no event {version}", version=version))


def decide_propose_retraction(command: ProposeRetraction, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Propose to take a fact back; its recorder alone takes back a file or an appointment at once."""
    target = retractable_at(command.version, dispute, world)
    alone = isinstance(target.event, BY_RECORDER_ALONE) and is_same_subject(target.actor.sub, world.actor.sub)
    if world.actor.role is Role.CLERK and not alone:
        raise Forbidden(message("the role {role} may not do this", role=world.actor.role))
    if not isinstance(
        target.event, APPOINTMENTS
    ):  # whose time is when it was recorded, unless somebody says when
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
    removal = removal_of(target, world)
    if alone:
        return tuple(Fact(event) for event in _taken_back(proposed, dispute, removal, command.occurred_at))
    return (Fact(proposed),)


def decide_approve_retraction(command: ApproveRetraction, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Take the fact back; what rules caused because of it is undone by facts of its own."""
    proposal = _proposal(command, dispute, world)
    must_follow(command.occurred_at, day_of(proposal.occurred_at))
    target = retractable_at(command.version, dispute, world)
    undone = tuple(
        _taken_back(proposal, dispute, removal_of(target, world), command.occurred_at, command.note)
    )
    facts = tuple(Fact(event) for event in undone)
    after = _after(world, facts)
    if after.status is not dispute.status:
        must_not_go_backwards(dispute, command.occurred_at)
    return (*facts, *consequences(dispute, undone[0], after, world), *_released(command, dispute, after))


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


def _proposal(
    command: ApproveRetraction | RejectRetraction, dispute: Dispute, world: World
) -> RetractionProposed:
    return cast(
        "RetractionProposed", proposal_for(dispute, open_retraction(dispute, command.version), world.actor)
    )


def _taken_back(
    proposal: RetractionProposed, dispute: Dispute, removal: Removal, at: datetime, note: str | None = None
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
            case events.EscalationProposed() if dispute.proposals.get(BYPASS) == item.event:
                yield ProposalWithdrawn(kind="escalation", subject=BYPASS, occurred_at=at)
            case _:  # a replaced agreement follows what replaced it; a proposal that is not open any more stays decided
                pass


def _after(world: World, facts: Iterable[Fact]) -> Dispute:
    """Return the dispute after some facts, folded from the beginning."""
    after = replay((*world.history, *cast("Iterable[Explained]", facts)))
    if after is None:
        raise LookupError("a dispute without a history")
    return after


def _released(command: ApproveRetraction, before: Dispute, after: Dispute) -> Iterator[Fact]:
    """Yield what the other case learns where this one is no longer a duplicate of it."""
    if before.duplicate_of is not None and after.duplicate_of is None:
        yield Fact(
            events.DuplicateVoided(
                dispute=before.duplicate_of, duplicate=command.dispute, occurred_at=command.occurred_at
            )
        )
