"""The deadlines of a dispute."""

from collections.abc import Iterable, Iterator
from typing import Final

from domain.aggregates.dispute.agreement import AgreementState
from domain.aggregates.dispute.state import Dispute
from domain.procedures.deadlines import (
    Deadline,
    accept_by,
    confirm_by,
    follow_up_by,
    mediate_by,
    perform_by,
)
from domain.procedures.ladder import Ladder
from domain.procedures.workdays import Calendar, years_around
from domain.vocabulary import Outcome, Status

_VISITED: Final = frozenset({Outcome.PERFORMED, Outcome.AGREED_UNPERFORMED})


def deadlines(dispute: Dispute, ladder: Ladder, calendar: Calendar) -> tuple[Deadline, ...]:
    """Return what is due in a dispute (rule 8): acceptance, mediation, performance, confirmation, follow-up."""
    if dispute.dormant:
        return ()
    tier = ladder.tier(dispute.tier)
    match dispute.status:
        case Status.FILED | Status.ESCALATED:
            return (accept_by(dispute.waiting_since, tier, calendar),)
        case Status.ACCEPTED if dispute.stay is not None:
            stay = dispute.stay
            return (mediate_by(stay.accepted_at, tier, calendar, stay.extended_until),)
        case Status.AGREED if dispute.agreement is not None:
            return tuple(_owed(dispute.agreement, calendar))
        case Status.CLOSED if dispute.outcome in _VISITED and dispute.visits < len(ladder.follow_up_plan):
            return (follow_up_by(dispute.moved_on, ladder.follow_up_plan[dispute.visits], calendar),)
        case _:
            return ()


def calendar_years(dispute: Dispute) -> range:
    """Return the years whose calendars say what is due in a dispute."""
    stay = dispute.stay
    return years_around(dispute.moved_on, *((stay.accepted_at,) if stay else ()))


def first_due(due: Iterable[Deadline]) -> Deadline | None:
    """Return the earliest deadline that binds somebody."""
    return min((item for item in due if item.binding), key=lambda item: item.due_on, default=None)


def _owed(agreement: AgreementState, calendar: Calendar) -> Iterator[Deadline]:
    latest = agreement.confirmation
    confirmable = agreement.draft.form == "written" and (latest is None or latest.outcome == "refused")
    if confirmable and agreement.effective_on is not None:
        yield confirm_by(agreement.effective_on, calendar)
    yield from (
        perform_by(obligation.term.due_on)
        for obligation in agreement.obligations
        if obligation.state != "performed" and obligation.term.due_on is not None
    )
