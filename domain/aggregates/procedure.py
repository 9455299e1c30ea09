"""Procedures: which version is in force, and which one waits for a second person (rule 7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import assert_never

from domain.commands.procedure import (
    ApproveProcedure,
    ProcedureCommand,
    ProcedureVerdict,
    ProposeProcedure,
    PublishProcedure,
    RejectProcedure,
)
from domain.errors import AlreadyProposed, NothingProposed, OwnProposal, UnknownProcedureVersion
from domain.events.envelope import Actor, Fact
from domain.events.procedure import ProcedureEvent, ProcedureProposed, ProcedurePublished, ProcedureRejected
from domain.messages import message
from domain.procedures.chronology import must_follow
from domain.procedures.ladder import Ladder, ProcedureRef
from domain.vocabulary import day_of, is_same_subject


@dataclass(frozen=True, slots=True)
class Procedure:
    """All published versions of a procedure, the one that is proposed, and the last number that was given."""

    versions: Mapping[int, Ladder] = field(default_factory=lambda: MappingProxyType({}))
    proposal: ProcedureProposed | None = None
    latest: int = 0

    @property
    def in_force(self) -> ProcedureRef:
        """The version under which disputes are filed now; raises ValueError where none was ever published."""
        number = max(self.versions)
        return ProcedureRef(id=self.versions[number].id, version=number)

    def version_of(self, ladder: Ladder) -> int | None:
        """Return the number under which a ladder is in force or proposed; None where it is neither."""
        if self.versions and self.versions[self.in_force.version] == ladder:
            return self.in_force.version
        return self.proposal.version if self.proposal and self.proposal.ladder == ladder else None


def evolve(procedure: Procedure | None, event: ProcedureEvent) -> Procedure:
    """Fold one fact into the procedure."""
    before = procedure or Procedure()
    latest = max(before.latest, event.version)
    match event:
        case ProcedureProposed():
            return replace(before, proposal=event, latest=latest)
        case ProcedurePublished():
            versions = MappingProxyType({**before.versions, event.version: event.ladder})
            return Procedure(versions, _still_open(before, event.version), latest)
        case ProcedureRejected():
            return replace(before, proposal=_still_open(before, event.version), latest=latest)
        case _:
            assert_never(event)


def _still_open(procedure: Procedure, decided: int) -> ProcedureProposed | None:
    proposal = procedure.proposal
    return None if proposal and proposal.version == decided else proposal


def find(command: ProcedureVerdict, procedure: Procedure | None) -> Procedure:
    """Return the procedure, which has the version that the command names; raises UnknownProcedureVersion."""
    if procedure is None or command.version > procedure.latest:
        raise UnknownProcedureVersion(
            message(
                "the procedure {procedure} has no version {version}",
                procedure=command.procedure,
                version=command.version,
            )
        )
    return procedure


def decide(
    command: ProcedureCommand, procedure: Procedure | None, actor: Actor, now: datetime
) -> tuple[Fact, ...]:
    """Return the facts that the command brings about, or raise the `DomainError` that says why not."""
    match command:
        case PublishProcedure():
            return _publish(command, procedure or Procedure(), now)
        case ProposeProcedure():
            return _propose(command, procedure or Procedure(), actor, now)
        case ApproveProcedure():
            return _approve(command, find(command, procedure), actor)
        case RejectProcedure():
            return _reject(command, find(command, procedure), actor)
        case _:
            assert_never(command)


def _publish(command: PublishProcedure, before: Procedure, now: datetime) -> tuple[Fact, ...]:
    """Put the ladder in force; nothing when it is so already."""
    if before.versions and before.version_of(command.ladder) == before.in_force.version:
        return ()
    return (Fact(ProcedurePublished(version=before.latest + 1, ladder=command.ladder, occurred_at=now)),)


def _propose(command: ProposeProcedure, before: Procedure, actor: Actor, now: datetime) -> tuple[Fact, ...]:
    """Propose a ladder under the next number; nothing where it is in force or proposed; raises AlreadyProposed."""
    if before.version_of(command.ladder) is not None:
        return ()
    if before.proposal:
        raise AlreadyProposed(
            message("version {version} waits for a second person already", version=before.proposal.version)
        )
    proposed = ProcedureProposed(
        version=before.latest + 1, ladder=command.ladder, proposed_by=actor.sub, occurred_at=now
    )
    return (Fact(proposed),)


def _approve(command: ApproveProcedure, procedure: Procedure, actor: Actor) -> tuple[Fact, ...]:
    """Put the proposed version in force; raises NothingProposed, OwnProposal, GoesBackwards."""
    proposal = _proposal_for(command, procedure, actor)
    published = ProcedurePublished(
        version=proposal.version, ladder=proposal.ladder, occurred_at=command.occurred_at
    )
    return (Fact(published),)


def _reject(command: RejectProcedure, procedure: Procedure, actor: Actor) -> tuple[Fact, ...]:
    """Leave in force what is; raises NothingProposed, OwnProposal, GoesBackwards."""
    proposal = _proposal_for(command, procedure, actor)
    rejected = ProcedureRejected(
        procedure=command.procedure,
        version=proposal.version,
        note=command.note,
        occurred_at=command.occurred_at,
    )
    return (Fact(rejected),)


def _proposal_for(command: ProcedureVerdict, procedure: Procedure, actor: Actor) -> ProcedureProposed:
    proposal = procedure.proposal
    if proposal is None or proposal.version != command.version:
        raise NothingProposed(message("version {version} is decided already", version=command.version))
    if is_same_subject(proposal.proposed_by, actor.sub):
        raise OwnProposal(message("whoever proposed a version does not decide on it"))
    must_follow(command.occurred_at, day_of(proposal.occurred_at))
    return proposal
