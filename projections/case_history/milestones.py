"""The steps of a case that figures count: accepted, entered a tier, heard, moved up, agreed, ended.

They are told by what is known now: a session as corrected on its day; a move that was voided is none (rule 13).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from domain.aggregates.dispute import Dispute, evolve, replay
from domain.aggregates.dispute.as_of import Versioned, days_of
from domain.aggregates.dispute.stays import Session
from domain.events.dispute import (
    Accepted,
    AgreementTookEffect,
    Closed,
    Escalated,
    Imported,
    Reopened,
    SessionRecorded,
)
from domain.procedures.ladder import Ladder
from domain.vocabulary import HELD, Rule, SessionOutcome, Status, day_of

Kind = Literal["accepted", "entered", "session", "moved_up", "agreed", "ended"]
Cause = Literal["threshold", "bypass", "overdue"]
_CAUSES: Final[dict[Rule, Cause]] = {
    Rule.FAILED_SESSIONS: "threshold",
    Rule.BYPASS_RISK: "bypass",
    Rule.BYPASS_COMPLEXITY: "bypass",
    Rule.ACCEPT_LIMIT: "overdue",
    Rule.MEDIATE_LIMIT: "overdue",
}


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that figures count, on its day, at a tier. `detail` is an outcome, the cause of a move, or a form.

    An agreement tells how many sessions were held before it, in all and at its tier. A session tells whether it was
    the last chance: one more failure would have moved the case on.
    """

    kind: Kind
    day: date
    tier: str
    platform: str
    mediators: tuple[str, ...]
    detail: str | None = None
    held: int | None = None
    held_there: int | None = None
    last_chance: bool = False


def milestones(history: tuple[Versioned, ...], ladder: Ladder) -> Iterator[Milestone]:
    """Yield the steps of a case by what is known at the end of its history, in the order of its events."""
    before: Dispute | None = None
    known = replay(history)
    if known is None:
        return
    voided = frozenset(escalation.at_version for escalation in known.escalations if escalation.voided)
    for item, day in zip(history, days_of(history), strict=True):
        after = evolve(before, item.event, item.because)
        if item.version not in voided:
            yield from _moves(item, day, before, after, known)
        if isinstance(item.event, SessionRecorded):
            yield _session(known.sessions[len(after.sessions) - 1], known, ladder)
        before = after


def next_milestones(
    versioned: Versioned, before: Dispute | None, after: Dispute, ladder: Ladder
) -> Iterator[Milestone]:
    """Yield the steps of an event that reaches back to nothing told before."""
    yield from _moves(versioned, day_of(versioned.event.happened_at), before, after, after)
    if isinstance(versioned.event, SessionRecorded):
        yield _session(after.sessions[-1], after, ladder)


def _moves(
    versioned: Versioned, day: date, before: Dispute | None, after: Dispute, known: Dispute
) -> Iterator[Milestone]:
    """The steps of one event but for sessions; `known` is the case by what is known now."""
    match versioned.event:
        case Imported():
            yield from _brought_in(versioned.event, after)
        case Accepted():
            if before is not None and before.number is None:
                yield _step("accepted", day, after)
            yield _step("entered", day, after)
        case Reopened() if after.status is Status.ACCEPTED:
            yield _step("entered", day, after)
        case Escalated() if (
            before is not None and before.stay_index is not None
        ):  # a tier that had accepted it
            cause = _CAUSES[versioned.because.rule] if versioned.because else None
            yield _step("moved_up", day, before, cause)
        case AgreementTookEffect():
            yield _agreed(day, after, known)
        case Closed() if before is not None and before.number and before.status is not Status.AGREED:
            yield _step("ended", day, before, versioned.event.outcome.value)
        case _:
            pass


def _step(kind: Kind, day: date, case: Dispute, detail: str | None = None) -> Milestone:
    mediators = case.stays[-1].mediators if case.stays else ()
    return Milestone(kind, day, case.tier, case.platform, mediators, detail)


def _agreed(day: date, case: Dispute, known: Dispute) -> Milestone:
    """An agreement, after sessions that count as they are known now."""
    sessions = known.sessions[: len(case.sessions)]
    held = Counter(session.tier for session in sessions if session.counted.outcome in HELD)
    form = case.agreement.draft.form if case.agreement else None
    mediators = case.stays[-1].mediators if case.stays else ()
    return Milestone("agreed", day, case.tier, case.platform, mediators, form, held.total(), held[case.tier])


def _brought_in(event: Imported, case: Dispute) -> Iterator[Milestone]:
    """What the papers tell of a case from before the system: not the single sessions, only how many they were."""
    accepted_on = day_of(event.accepted_at)
    yield _step("accepted", accepted_on, case)
    yield _step("entered", accepted_on, case)
    about = (case.tier, case.platform, event.mediators)
    if event.agreement is not None:
        form, held = event.agreement.form, event.sessions
        yield Milestone("agreed", event.agreement.effective_on, *about, form, held, held)
    elif event.closed_at is not None and event.outcome is not None:
        yield Milestone("ended", day_of(event.closed_at), *about, event.outcome.value)


def _session(session: Session, case: Dispute, ladder: Ladder) -> Milestone:
    """A session as it counts now; it was the last chance of its stay where only one failure was missing."""
    stay, sitting = case.stays[session.stay_index], session.counted
    failed = sum(
        item.stay_index == session.stay_index
        and item.counted.number < sitting.number
        and item.counted.outcome is SessionOutcome.FAILED
        for item in case.sessions
    )
    day = day_of(sitting.held_at)
    threshold = ladder.tier(session.tier).failed_sessions
    return Milestone(
        "session",
        day,
        session.tier,
        stay.platform,
        tuple(sorted(stay.assigned_on(day))),
        sitting.outcome.value,
        last_chance=sitting.outcome in HELD and threshold is not None and failed >= threshold - 1,
    )
