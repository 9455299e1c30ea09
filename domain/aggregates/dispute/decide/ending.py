"""How mediation ends: refusal, withdrawal, termination, transfer, closure."""

from uuid import UUID

from domain.aggregates.dispute.decide.parties import leaving
from domain.aggregates.dispute.guards import (
    closing,
    must_be_agreed,
    must_be_undecided,
    must_not_go_backwards,
    must_take_part,
    party_of,
)
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.world import World
from domain.commands.dispute import (
    CloseUnperformed,
    DeclineDispute,
    RefuseMediation,
    TerminateMediation,
    TransferDispute,
    WithdrawDispute,
)
from domain.errors import NotAnApplicant, OtherCaseIsDuplicate
from domain.events.dispute import DuplicateFound, PartyRefused, Terminated, Transferred, Withdrawn
from domain.events.envelope import Fact
from domain.messages import message
from domain.vocabulary import Outcome


def decide_refuse(command: RefuseMediation, dispute: Dispute, _: World) -> tuple[Fact, ...]:
    """Stop mediation at once because a party refuses it (PML 17, 26; rule 2), or let it leave alone (rule 21)."""
    must_be_undecided(dispute)
    must_take_part(dispute, command.party)
    if command.scope == "self":
        return leaving(command, "refused", dispute)
    must_not_go_backwards(dispute, command.occurred_at)
    refused = PartyRefused(party=command.party, note=command.note, occurred_at=command.occurred_at)
    return (Fact(refused), *closing(Outcome.REFUSED, command.occurred_at, notify=True))


def decide_withdraw(command: WithdrawDispute, dispute: Dispute, _: World) -> tuple[Fact, ...]:
    """Close the case because an applicant withdraws it, or let the applicant leave alone (rules 2, 21, 22)."""
    must_be_undecided(dispute)
    must_take_part(dispute, command.party)
    if party_of(dispute, command.party, field="party").role != "applicant":
        raise NotAnApplicant(message("party {party} is not an applicant", party=command.party))
    if command.scope == "self":
        return leaving(command, "withdrawn", dispute, settled=command.settled)
    must_not_go_backwards(dispute, command.occurred_at)
    withdrawn = Withdrawn(
        party=command.party, settled=command.settled, note=command.note, occurred_at=command.occurred_at
    )
    return (Fact(withdrawn), *closing(Outcome.WITHDRAWN, command.occurred_at, notify=False))


def decide_terminate(command: TerminateMediation, dispute: Dispute, _: World) -> tuple[Fact, ...]:
    """End mediation before an agreement is in effect, and notify the parties of other remedies (PML 26; rule 11)."""
    must_be_undecided(dispute)
    must_not_go_backwards(dispute, command.occurred_at)
    terminated = Terminated(reason=command.reason, occurred_at=command.occurred_at)
    return (Fact(terminated), *closing(Outcome.FAILED, command.occurred_at, notify=True))


def decide_transfer(command: TransferDispute, dispute: Dispute, _: World) -> tuple[Fact, ...]:
    """Transfer the case to another body before an agreement is in effect (rule 11)."""
    must_be_undecided(dispute)
    must_not_go_backwards(dispute, command.occurred_at)
    transferred = Transferred(to=command.to, reason=command.reason, occurred_at=command.occurred_at)
    return (Fact(transferred), *closing(Outcome.TRANSFERRED, command.occurred_at, notify=False))


def decide_close_unperformed(command: CloseUnperformed, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Close a case whose agreement is in effect and was not wholly performed, or that is a duplicate (rule 22)."""
    if command.duplicate_of is not None:
        must_be_undecided(dispute)
        must_not_go_backwards(dispute, command.occurred_at)
        return closing_as_duplicate(command, command.duplicate_of, world, notify=False, reason=command.reason)
    must_be_agreed(dispute)
    must_not_go_backwards(dispute, command.occurred_at)
    return closing(Outcome.AGREED_UNPERFORMED, command.occurred_at, notify=False, reason=command.reason)


def closing_as_duplicate(
    command: CloseUnperformed | DeclineDispute,
    original: UUID,
    world: World,
    *,
    notify: bool,
    reason: str | None = None,
) -> tuple[Fact, ...]:
    """Close the case in favour of another one, which learns of it in the same append; raises OtherCaseIsDuplicate."""
    if world.other is not None and world.other.duplicate_of is not None:
        raise OtherCaseIsDuplicate(
            message("that case is a duplicate itself, of {dispute}", dispute=str(world.other.duplicate_of))
        )
    found = DuplicateFound(dispute=original, duplicate=command.dispute, occurred_at=command.occurred_at)
    closed = closing(
        Outcome.DUPLICATE, command.occurred_at, notify=notify, reason=reason, duplicate_of=original
    )
    return (*closed, Fact(found))
