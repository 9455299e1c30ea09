"""What becomes of an agreement's terms, one by one (PML 31; rule 9)."""

from datetime import date

from domain.aggregates.dispute.agreements import later_number
from domain.aggregates.dispute.evolve import evolve
from domain.aggregates.dispute.guards import closing, must_be_agreed
from domain.aggregates.dispute.obligation import Obligation
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.world import World
from domain.commands.dispute import BreachTerm, PerformTerm, SuperviseTerm
from domain.errors import NoAmountAgreed, TermNotDue, TermSettled, UnknownTerm
from domain.events.dispute import TermBreached, TermPerformed, TermSupervised
from domain.events.envelope import Fact
from domain.messages import message
from domain.procedures.chronology import must_follow
from domain.vocabulary import Outcome, day_of, start_of


def obligation_of(dispute: Dispute, number: int) -> Obligation:
    """Return a term of the agreement; raises UnknownTerm."""
    obligations = dispute.agreement.obligations if dispute.agreement else ()
    if number > len(obligations):
        raise UnknownTerm(message("the agreement has no term {number}", number=number))
    return obligations[number - 1]


def decide_perform_term(command: PerformTerm, dispute: Dispute, _: World) -> tuple[Fact, ...]:
    """Record a performance, in time or late; once nothing with a due day is owed any more the case is closed.

    With an amount it is a part, and the term is performed when its parts reach the amount that was agreed; without one
    all that was left is performed.
    """
    agreement = must_be_agreed(dispute)
    obligation = obligation_of(dispute, command.term)
    if obligation.state == "performed":
        raise TermSettled(message("term {number} was performed already", number=command.term))
    if command.amount_fen is not None and obligation.term.amount_fen is None:
        raise NoAmountAgreed(
            message("term {number} names no amount; it is performed as a whole", number=command.term)
        )
    must_follow(start_of(command.performed_on), day_of(agreement.draft.reached_at))
    performed = TermPerformed(
        term=command.term,
        performed_on=command.performed_on,
        note=command.note,
        amount_fen=command.amount_fen,
        agreement=later_number(agreement.number),
    )
    after = evolve(dispute, performed).agreement
    if after is None or not after.performed or after.performed_on is None:
        return (Fact(performed),)
    closed_on = max(after.performed_on, dispute.moved_on)
    return (Fact(performed), *closing(Outcome.PERFORMED, start_of(closed_on), notify=False))


def decide_breach_term(command: BreachTerm, dispute: Dispute, _: World) -> tuple[Fact, ...]:
    """Record that a term was found unperformed after its due day, or that a standing term was broken.

    Nothing is broken before the agreement is in effect. A standing term may be broken again on a later day.
    """
    agreement = must_be_agreed(dispute)
    obligation = obligation_of(dispute, command.term)
    if obligation.state != "due" and not _broken_again(obligation, command.found_on):
        raise TermSettled(message("what became of term {number} is on record", number=command.term))
    must_follow(start_of(command.found_on), agreement.effective_on or day_of(agreement.draft.reached_at))
    if obligation.term.due_on is not None and command.found_on <= obligation.term.due_on:
        raise TermNotDue(
            message(
                "term {number} may be performed until the end of {day}",
                number=command.term,
                day=obligation.term.due_on.isoformat(),
            )
        )
    breached = TermBreached(
        term=command.term,
        found_on=command.found_on,
        note=command.note,
        agreement=later_number(agreement.number),
    )
    return (Fact(breached),)


def decide_supervise_term(command: SuperviseTerm, dispute: Dispute, _: World) -> tuple[Fact, ...]:
    """Record that the debtor was urged to perform what is still owed."""
    agreement = must_be_agreed(dispute)
    if obligation_of(dispute, command.term).state == "performed":
        raise TermSettled(message("term {number} was performed already", number=command.term))
    supervised = TermSupervised(
        term=command.term,
        note=command.note,
        occurred_at=command.occurred_at,
        agreement=later_number(agreement.number),
    )
    return (Fact(supervised),)


def _broken_again(obligation: Obligation, on: date) -> bool:
    """Whether a standing term could be broken once more: on a later day than what is on record of it."""
    recorded = (obligation.breached_on, obligation.performed_on)
    return obligation.standing and all(day is None or day < on for day in recorded)
