"""Judicial confirmation: joint, in writing, in time (PML 33; CPL 205; rule 10)."""

from domain.aggregates.dispute.agreement import AgreementState
from domain.aggregates.dispute.agreements import last_confirmation, later_number
from domain.aggregates.dispute.guards import must_be_agreed
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.world import World
from domain.commands.dispute import DecideConfirmation, RequestConfirmation
from domain.errors import (
    AlreadyConfirmed,
    ConfirmationPending,
    NoConfirmationPending,
    NotConfirmable,
    OneSided,
    OutOfTime,
)
from domain.events.dispute import ConfirmationDecided, ConfirmationRequested
from domain.events.envelope import Fact
from domain.messages import message
from domain.procedures.chronology import must_follow
from domain.procedures.deadlines import confirm_by
from domain.vocabulary import start_of


def decide_request_confirmation(
    command: RequestConfirmation, dispute: Dispute, world: World
) -> tuple[Fact, ...]:
    """Record the application of all parties, made within 30 days of the agreement's effect.

    One application at a time; again after a dismissal, never again once the court confirmed.
    """
    agreement = must_be_agreed(dispute)
    _must_be_admitted(command)
    _must_be_possible(command, agreement, world)
    if {party.id for party in dispute.present_parties} - set(command.applicants):
        raise OneSided(
            message("all parties must apply together; the agreement can be sued on in any case (PML 32)")
        )
    if agreement.confirmation and agreement.confirmation.outcome == "confirmed":
        raise AlreadyConfirmed(message("the court has confirmed the agreement; it is not applied for again"))
    latest = last_confirmation(dispute.agreements)
    if latest is not None and latest[1].outcome is None:
        raise ConfirmationPending(message("the court has not decided on the first application"))
    requested = ConfirmationRequested(
        filed_on=command.filed_on,
        applicants=command.applicants,
        court=command.court,
        agreement=later_number(agreement.number),
    )
    return (Fact(requested),)


def decide_decide_confirmation(command: DecideConfirmation, dispute: Dispute, _: World) -> tuple[Fact, ...]:
    """Record what the court decided, whatever became of the case and of the agreement meanwhile."""
    latest = last_confirmation(dispute.agreements)
    if latest is None or latest[1].outcome is not None:
        raise NoConfirmationPending(message("no application waits for a court's decision"))
    must_follow(start_of(command.decided_on), latest[1].request.filed_on)
    decided = ConfirmationDecided(
        outcome=command.outcome, decided_on=command.decided_on, reference=command.reference
    )
    return (Fact(decided),)


def _must_be_admitted(command: RequestConfirmation) -> None:
    """Refuse what no court confirms, whatever else is in order (Interpretation of the CPL 2022, 355)."""
    match command.about:
        case "identity":
            raise NotConfirmable(
                message(
                    "a court does not confirm an agreement about an identity relation such as marriage, parenthood"
                    " or adoption (Interpretation of the Civil Procedure Law 2022, article 355)"
                )
            )
        case "title":
            raise NotConfirmable(
                message(
                    "a court does not confirm an agreement about title to property"
                    " (Interpretation of the Civil Procedure Law 2022, article 355)"
                )
            )
        case "claims":
            return


def _must_be_possible(command: RequestConfirmation, agreement: AgreementState, world: World) -> None:
    if agreement.draft.form != "written" or agreement.effective_on is None:
        raise NotConfirmable(
            message("an oral agreement is not confirmed by a court; it can be sued on (PML 32)")
        )
    must_follow(start_of(command.filed_on), agreement.effective_on)
    due = confirm_by(agreement.effective_on, world.calendar)
    if command.filed_on > due.due_on:
        raise OutOfTime(
            message(
                "the time to apply ended on {day}; the agreement can be sued on in any case (PML 32)",
                day=due.due_on.isoformat(),
            )
        )
