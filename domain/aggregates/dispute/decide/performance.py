"""What becomes of an agreement's terms, one by one (PML 31; rule 9)."""

from domain.aggregates.dispute.agreement import Obligation
from domain.aggregates.dispute.evolve import evolve
from domain.aggregates.dispute.guards import closing, must_be_agreed
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.world import World
from domain.commands.dispute import BreachTerm, PerformTerm, SuperviseTerm
from domain.errors import TermNotDue, TermSettled, UnknownTerm
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
    """Record a performance, in time or late; when it was the last one the case is closed."""
    agreement = must_be_agreed(dispute)
    if obligation_of(dispute, command.term).state == "performed":
        raise TermSettled(message("term {number} was performed already", number=command.term))
    must_follow(start_of(command.performed_on), day_of(agreement.draft.reached_at))
    performed = TermPerformed(term=command.term, performed_on=command.performed_on, note=command.note)
    after = evolve(dispute, performed).agreement
    if after is None or not after.performed or after.performed_on is None:
        return (Fact(performed),)
    closed_on = max(after.performed_on, dispute.moved_on)
    return (Fact(performed), *closing(Outcome.PERFORMED, start_of(closed_on), notify=False))


def decide_breach_term(command: BreachTerm, dispute: Dispute, _: World) -> tuple[Fact, ...]:
    """Record that a term was found unperformed after its due day."""
    must_be_agreed(dispute)
    obligation = obligation_of(dispute, command.term)
    if obligation.state != "due":
        raise TermSettled(message("what became of term {number} is on record", number=command.term))
    if command.found_on <= obligation.term.due_on:
        raise TermNotDue(
            message(
                "term {number} may be performed until the end of {day}",
                number=command.term,
                day=obligation.term.due_on.isoformat(),
            )
        )
    return (Fact(TermBreached(term=command.term, found_on=command.found_on, note=command.note)),)


def decide_supervise_term(command: SuperviseTerm, dispute: Dispute, _: World) -> tuple[Fact, ...]:
    """Record that the debtor was urged to perform what is still owed."""
    must_be_agreed(dispute)
    if obligation_of(dispute, command.term).state == "performed":
        raise TermSettled(message("term {number} was performed already", number=command.term))
    supervised = TermSupervised(term=command.term, note=command.note, occurred_at=command.occurred_at)
    return (Fact(supervised),)
