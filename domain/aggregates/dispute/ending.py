"""Refusal, withdrawal, termination."""

from domain.aggregates.dispute.guards import (
    closing,
    must_be_accepted,
    must_be_open,
    must_not_go_backwards,
    party_of,
)
from domain.aggregates.dispute.state import Dispute
from domain.commands.dispute import RefuseMediation, TerminateMediation, WithdrawDispute
from domain.errors import NotAnApplicant
from domain.events.dispute import Refused, Terminated, Withdrawn
from domain.events.envelope import Fact
from domain.messages import message
from domain.vocabulary import Outcome


def decide_refuse(command: RefuseMediation, dispute: Dispute) -> tuple[Fact, ...]:
    """Stop mediation at once because a party refuses it (PML 17, 26; rule 2)."""
    must_be_open(dispute)
    must_not_go_backwards(dispute, command.occurred_at)
    refused = Refused(party=command.party, note=command.note, occurred_at=command.occurred_at)
    return (Fact(refused), *closing(Outcome.REFUSED, command.occurred_at, notify=True))


def decide_withdraw(command: WithdrawDispute, dispute: Dispute) -> tuple[Fact, ...]:
    """Close the case because an applicant withdraws it; nobody else may (rule 2)."""
    must_be_open(dispute)
    if party_of(dispute, command.party, field="party").role != "applicant":
        raise NotAnApplicant(message("party {party} is not an applicant", party=command.party))
    must_not_go_backwards(dispute, command.occurred_at)
    withdrawn = Withdrawn(party=command.party, note=command.note, occurred_at=command.occurred_at)
    return (Fact(withdrawn), *closing(Outcome.WITHDRAWN, command.occurred_at, notify=False))


def decide_terminate(command: TerminateMediation, dispute: Dispute) -> tuple[Fact, ...]:
    """End mediation without an agreement, and tell the parties of the other ways (PML 26; rule 11)."""
    must_be_accepted(dispute)
    must_not_go_backwards(dispute, command.occurred_at)
    terminated = Terminated(reason=command.reason, occurred_at=command.occurred_at)
    return (Fact(terminated), *closing(Outcome.FAILED, command.occurred_at, notify=True))
