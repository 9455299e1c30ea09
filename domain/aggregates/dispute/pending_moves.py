"""What is missing before a rule moves an open dispute (*why not yet*), from the functions that decide."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.aggregates.dispute.deadlines import deadlines
from domain.aggregates.dispute.expiry import expiring
from domain.aggregates.dispute.state import BYPASS, Dispute
from domain.events.dispute import EscalationProposed
from domain.messages import Message
from domain.procedures import pending_explanations as missing
from domain.procedures.deadlines import Deadline
from domain.procedures.ladder import Ladder
from domain.procedures.rules import BYPASS_RULES, count_failures, is_at_least
from domain.procedures.tier import OnExpiry
from domain.procedures.workdays import Calendar
from domain.vocabulary import Rule, Status


@dataclass(frozen=True, slots=True)
class PendingMove:
    """A rule that has not fired: how far it is, or by which day it is due, and the same as a sentence."""

    rule: Rule
    have: int | None
    need: int | None
    by: date | None
    text: Message


def pending_moves(
    dispute: Dispute, ladder: Ladder, calendar: Calendar, *, last_tier: bool
) -> tuple[PendingMove, ...]:
    """Return the rules that could still move an open dispute, the count first.

    `last_tier`: no tier above has a platform for the dispute.
    """
    if dispute.dormant or dispute.status is Status.CLOSED:
        return ()
    if dispute.status is Status.AGREED:
        return tuple(_terms(dispute))
    return (
        *_counts(dispute, ladder, last_tier=last_tier),
        *_clocks(dispute, ladder, calendar, last_tier=last_tier),
        *(() if last_tier else _lifts(dispute, ladder)),
    )


def _terms(dispute: Dispute) -> Iterator[PendingMove]:
    """An agreement in effect: the case is closed with the last of its terms that have a due day."""
    obligations = dispute.agreement.obligations if dispute.agreement else ()
    terms = [(item.term.due_on, item) for item in obligations if item.term.due_on is not None]
    owed = [due_on for due_on, item in terms if item.state != "performed"]
    if owed:
        text = missing.terms_missing(len(owed), max(owed))
        yield PendingMove(
            Rule.PERFORMED, have=len(terms) - len(owed), need=len(terms), by=max(owed), text=text
        )


def _counts(dispute: Dispute, ladder: Ladder, *, last_tier: bool) -> Iterator[PendingMove]:
    count = count_failures(dispute.counted_stay, ladder.tier(dispute.tier))
    if count is not None:
        text = missing.failures_missing(count, dispute.tier, last_tier=last_tier)
        yield PendingMove(Rule.FAILED_SESSIONS, have=count.have, need=count.need, by=None, text=text)


def _clocks(
    dispute: Dispute, ladder: Ladder, calendar: Calendar, *, last_tier: bool
) -> Iterator[PendingMove]:
    for due in deadlines(dispute, ladder, calendar):
        accept = due.kind == "accept"
        say = missing.acceptance_due if accept else missing.mediation_due
        rule = Rule.ACCEPT_LIMIT if accept else Rule.MEDIATE_LIMIT
        action = _action(due, dispute, ladder, calendar, last_tier=last_tier)
        yield PendingMove(
            rule, have=None, need=None, by=due.due_on, text=say(dispute.tier, due.due_on, action)
        )


def _action(
    due: Deadline, dispute: Dispute, ladder: Ladder, calendar: Calendar, *, last_tier: bool
) -> OnExpiry:
    """What the time limit does when it runs out: at the last tier nothing lies above to move on to."""
    acting = expiring(dispute, ladder, calendar)
    if acting is None or acting.deadline != due:
        return "mark"
    if acting.action == "escalate" and last_tier:
        return "mark" if acting.clock == "accept" else "terminate"
    return acting.action


def _lifts(dispute: Dispute, ladder: Ladder) -> Iterator[PendingMove]:
    """What is missing before two people, or the procedure and a person, lift the dispute past its tier (rule 7)."""
    if dispute.status is not Status.ACCEPTED:
        return
    proposal = dispute.proposals.get(BYPASS)
    if isinstance(proposal, EscalationProposed):
        have, need = len(dispute.endorsers), ladder.bypass.people_needed
        text = missing.people_missing(proposal.grounds, need - have)
        yield PendingMove(BYPASS_RULES[proposal.grounds], have=have, need=need, by=None, text=text)
        return
    lift = ladder.tier(dispute.tier).lift_at
    if lift is None or "risk" not in ladder.bypass.grounds:
        return
    people = dispute.filed.people_involved
    if lift.headcount is not None and (people is None or people < lift.headcount):
        text = missing.headcount_missing(dispute.tier, lift.headcount)
        yield PendingMove(Rule.BYPASS_RISK, have=people, need=lift.headcount, by=None, text=text)
    if lift.risk is not None and not (dispute.risk and is_at_least(dispute.risk, lift.risk)):
        text = missing.danger_missing(dispute.tier, lift.risk)
        yield PendingMove(Rule.BYPASS_RISK, have=None, need=None, by=None, text=text)
