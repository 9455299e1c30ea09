"""What lies ahead of a dispute: its deadlines, and what is missing before a rule moves it (*why not yet*)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.aggregates.dispute.state import Dispute
from domain.messages import Message
from domain.procedures import explanations
from domain.procedures.deadlines import Deadline, accept_by, mediate_by
from domain.procedures.ladder import Ladder
from domain.procedures.rules import count_failures
from domain.procedures.workdays import Calendar
from domain.vocabulary import Rule, Status


@dataclass(frozen=True, slots=True)
class NotYet:
    """A rule that has not fired: how far it is, or by which day it is due, and the same as a sentence."""

    rule: Rule
    have: int | None
    need: int | None
    by: date | None
    text: Message


def deadlines(dispute: Dispute, ladder: Ladder, calendar: Calendar) -> tuple[Deadline, ...]:
    """Return what is due in an open dispute; nothing once it is closed (rule 8)."""
    tier = ladder.tier(dispute.tier)
    if dispute.awaits_acceptance:
        return (accept_by(dispute.waiting_since, tier, calendar),)
    if dispute.status is Status.ACCEPTED and dispute.tenure is not None:
        return (mediate_by(dispute.tenure.accepted_at, tier, calendar),)
    return ()


def not_yet(dispute: Dispute, ladder: Ladder, calendar: Calendar, *, last_tier: bool) -> tuple[NotYet, ...]:
    """Return the rules that could still move an open dispute, the count first."""
    if dispute.status not in {Status.FILED, Status.ACCEPTED, Status.ESCALATED}:
        return ()
    count = count_failures(dispute.stay, ladder.tier(dispute.tier))
    text = explanations.failures_missing(count, dispute.tier, last_tier=last_tier)
    counted = NotYet(Rule.FAILED_SESSIONS, have=count.have, need=count.need, by=None, text=text)
    return (counted, *_clocks(dispute, ladder, calendar))


def _clocks(dispute: Dispute, ladder: Ladder, calendar: Calendar) -> Iterator[NotYet]:
    for due in deadlines(dispute, ladder, calendar):
        accept = due.kind == "accept"
        say = explanations.acceptance_due if accept else explanations.mediation_due
        rule = Rule.ACCEPT_LIMIT if accept else Rule.MEDIATE_LIMIT
        yield NotYet(rule, have=None, need=None, by=due.due_on, text=say(dispute.tier, due.due_on))
