"""What lies ahead of a dispute: its deadlines, and what is missing before a rule moves it (*why not yet*)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.aggregates.dispute.settlement import Settlement
from domain.aggregates.dispute.state import Dispute
from domain.messages import Message
from domain.procedures import explanations
from domain.procedures.deadlines import (
    Deadline,
    accept_by,
    confirm_by,
    follow_up_by,
    mediate_by,
    perform_by,
)
from domain.procedures.ladder import Ladder
from domain.procedures.rules import count_failures
from domain.procedures.workdays import Calendar
from domain.vocabulary import Outcome, Rule, Status

_VISITED: Final = frozenset({Outcome.PERFORMED, Outcome.AGREED_UNPERFORMED})


@dataclass(frozen=True, slots=True)
class NotYet:
    """A rule that has not fired: how far it is, or by which day it is due, and the same as a sentence."""

    rule: Rule
    have: int | None
    need: int | None
    by: date | None
    text: Message


def deadlines(dispute: Dispute, ladder: Ladder, calendar: Calendar) -> tuple[Deadline, ...]:
    """Return what is due in a dispute (rule 8): to be accepted, mediated, performed, confirmed, or visited."""
    if dispute.bygone:
        return ()
    tier = ladder.tier(dispute.tier)
    match dispute.status:
        case Status.FILED | Status.ESCALATED:
            return (accept_by(dispute.waiting_since, tier, calendar),)
        case Status.ACCEPTED if dispute.tenure is not None:
            tenure = dispute.tenure
            return (mediate_by(tenure.accepted_at, tier, calendar, tenure.extended_until),)
        case Status.AGREED if dispute.settlement is not None:
            return tuple(_owed(dispute.settlement, calendar))
        case Status.CLOSED if dispute.outcome in _VISITED and dispute.visits < len(ladder.follow_up_plan):
            return (follow_up_by(dispute.moved_on, ladder.follow_up_plan[dispute.visits], calendar),)
        case _:
            return ()


def first_due(due: Iterable[Deadline]) -> Deadline | None:
    """Return the first thing that somebody must do; a court may be asked or not, so that is none."""
    return min((each for each in due if each.kind != "confirm"), key=lambda each: each.due_on, default=None)


def not_yet(dispute: Dispute, ladder: Ladder, calendar: Calendar, *, last_tier: bool) -> tuple[NotYet, ...]:
    """Return the rules that could still move an open dispute, the count first."""
    if dispute.bygone or dispute.status not in {Status.FILED, Status.ACCEPTED, Status.ESCALATED}:
        return ()
    return (
        *_counts(dispute, ladder, last_tier=last_tier),
        *_clocks(dispute, ladder, calendar),
    )


def _owed(settlement: Settlement, calendar: Calendar) -> Iterator[Deadline]:
    confirmable = settlement.draft.form == "written" and settlement.confirmation is None
    if confirmable and settlement.effective_on is not None:
        yield confirm_by(settlement.effective_on, calendar)
    yield from (perform_by(each.term.due_on) for each in settlement.obligations if each.state != "performed")


def _counts(dispute: Dispute, ladder: Ladder, *, last_tier: bool) -> Iterator[NotYet]:
    count = count_failures(dispute.stay, ladder.tier(dispute.tier))
    if count is not None:
        text = explanations.failures_missing(count, dispute.tier, last_tier=last_tier)
        yield NotYet(Rule.FAILED_SESSIONS, have=count.have, need=count.need, by=None, text=text)


def _clocks(dispute: Dispute, ladder: Ladder, calendar: Calendar) -> Iterator[NotYet]:
    for due in deadlines(dispute, ladder, calendar):
        accept = due.kind == "accept"
        say = explanations.acceptance_due if accept else explanations.mediation_due
        rule = Rule.ACCEPT_LIMIT if accept else Rule.MEDIATE_LIMIT
        yield NotYet(rule, have=None, need=None, by=due.due_on, text=say(dispute.tier, due.due_on))
