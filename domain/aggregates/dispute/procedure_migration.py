"""What it would do to a dispute to go on under another version of its procedure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.aggregates.dispute.deadlines import deadlines
from domain.aggregates.dispute.expiry import expiring
from domain.aggregates.dispute.state import Dispute
from domain.messages import Message, message
from domain.procedures.deadlines import Deadline, DeadlineKind
from domain.procedures.ladder import Ladder
from domain.procedures.rules import Count, count_failures
from domain.procedures.workdays import Calendar
from domain.vocabulary import Status


@dataclass(frozen=True, slots=True)
class CountChange:
    """The failures of the present stay, and how many there may be, under one version and the other."""

    have: int
    need_before: int | None
    need_after: int | None


@dataclass(frozen=True, slots=True)
class DueChange:
    """A day by which something is due, under one version and the other; None where nothing is."""

    kind: DeadlineKind
    before: date | None
    after: date | None


@dataclass(frozen=True, slots=True)
class MigrationImpact:
    """What changes for a dispute, what of it turns against a party in retrospect, and what makes it impossible."""

    count: CountChange | None = None
    dues: tuple[DueChange, ...] = ()
    against: tuple[Message, ...] = ()
    blocked: Message | None = None

    @property
    def changes_nothing(self) -> bool:
        """Whether the dispute would not notice."""
        return self.count is None and not self.dues and not self.against and self.blocked is None


def migration_impact(
    dispute: Dispute, present: Ladder, target: Ladder, calendar: Calendar
) -> MigrationImpact:
    """Reckon what an open dispute would meet under `target` instead of its `present` ladder.

    What was done under the old rules counts against a party where failures that were held before weigh more than
    when they were held, where a running time limit becomes shorter, or where it begins to do something by itself.
    """
    unknown = [tier for tier in _tiers(dispute) if tier not in target.tier_names]
    if unknown:
        text = message("that version has no tier {tier}, at which the case has been", tier=unknown[0])
        return MigrationImpact(blocked=text)
    count = _count(dispute, present, target)
    dues = tuple(_dues(dispute, present, target, calendar))
    against = (
        *(_counts_more(count) if count else ()),
        *_counts_more_below(dispute, present, target),
        *(item for due in dues for item in _runs_out_sooner(due)),
        *_begins_to_act(dispute, present, target, calendar),
    )
    return MigrationImpact(count, dues, against)


def _tiers(dispute: Dispute) -> tuple[str, ...]:
    passed = (
        tier for escalation in dispute.escalations for tier in (escalation.from_tier, escalation.to_tier)
    )
    return tuple(dict.fromkeys((dispute.tier, *(stay.tier for stay in dispute.stays), *passed)))


def _count(dispute: Dispute, present: Ladder, target: Ladder) -> CountChange | None:
    before, after = (
        count_failures(dispute.counted_stay, item.tier(dispute.tier)) for item in (present, target)
    )
    if before == after or dispute.status is Status.AGREED:
        return None
    have = len(dispute.counted_stay.failures)
    return CountChange(have, _need(before), _need(after))


def _need(count: Count | None) -> int | None:
    return None if count is None else count.need


def _dues(dispute: Dispute, present: Ladder, target: Ladder, calendar: Calendar) -> Iterator[DueChange]:
    before, after = (_by_kind(deadlines(dispute, item, calendar)) for item in (present, target))
    for kind in dict.fromkeys((*before, *after)):
        if before.get(kind) != after.get(kind):
            yield DueChange(kind, before.get(kind), after.get(kind))


def _by_kind(due: tuple[Deadline, ...]) -> dict[DeadlineKind, date]:
    """The two clocks of the tier: what the parties agreed on does not change with the procedure."""
    return {item.kind: item.due_on for item in due if item.kind in {"accept", "mediate"}}


def _counts_more(count: CountChange) -> Iterator[Message]:
    fewer = count.need_after is not None and (
        count.need_before is None or count.need_after < count.need_before
    )
    if fewer and count.have:
        yield message(
            "{have} failed sessions held under the old rules would count against {need} instead of {before}",
            have=count.have,
            need=count.need_after or 0,
            before=count.need_before or "-",
        )


def _counts_more_below(dispute: Dispute, present: Ladder, target: Ladder) -> Iterator[Message]:
    """A stay to which the dispute may come back, by a return or because the move is voided: its failures count on."""
    left = dispute.last_departure
    if left is None or left.stay_index is None or left.stay_index == dispute.stay_index or left.voided:
        return
    stay = dispute.counted_stay_at(left.stay_index)
    before, after = (count_failures(stay, item.tier(stay.tier)) for item in (present, target))
    if after is not None and (before is None or after.remaining < before.remaining):
        yield from _counts_more(CountChange(after.have, _need(before), after.need))


def _runs_out_sooner(due: DueChange) -> Iterator[Message]:
    if due.after is not None and due.before is not None and due.after < due.before:
        yield message(
            "a running time limit would end on {day} instead of {before}",
            day=due.after.isoformat(),
            before=due.before.isoformat(),
        )


def _begins_to_act(
    dispute: Dispute, present: Ladder, target: Ladder, calendar: Calendar
) -> Iterator[Message]:
    before, after = (expiring(dispute, item, calendar) for item in (present, target))
    if after is not None and (before is None or before.action != after.action):
        yield message(
            "a running time limit, {day}, would move or end the case by itself",
            day=after.deadline.due_on.isoformat(),
        )
