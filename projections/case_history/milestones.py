"""The milestones of a case that the indicators count: accepted, entered a tier, session, moved up, agreed, ended.

They follow what is known now: a session counts as corrected on its day, a voided escalation does not count (rule 13).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from domain.aggregates.dispute import Dispute, replay, states_of
from domain.aggregates.dispute.as_of import Versioned, days_of
from domain.aggregates.dispute.stays import Session
from domain.events.dispute import (
    Accepted,
    AgreementEffectVoided,
    AgreementTookEffect,
    Closed,
    ClosureVoided,
    Escalated,
    EscalationVoided,
    Imported,
    Reopened,
    SessionRecorded,
)
from domain.procedures.ladder import Ladder
from domain.vocabulary import HELD, Outcome, Rule, SessionOutcome, Status, day_of

MilestoneKind = Literal["accepted", "entered", "session", "moved_up", "agreed", "ended"]
EscalationCause = Literal["threshold", "bypass", "overdue"]
_CAUSES: Final[dict[Rule, EscalationCause]] = {
    Rule.FAILED_SESSIONS: "threshold",
    Rule.BYPASS_RISK: "bypass",
    Rule.BYPASS_COMPLEXITY: "bypass",
    Rule.ACCEPT_LIMIT: "overdue",
    Rule.MEDIATE_LIMIT: "overdue",
}


@dataclass(frozen=True, slots=True)
class Milestone:
    """A milestone on its day, at a tier. `detail` is an outcome, the cause of an escalation, or the form of an agreement.

    An agreement has the number of sessions held before it, in all (`held`) and at its tier (`held_there`). A session is
    the last chance where one more failure would have moved the case up.
    """

    kind: MilestoneKind
    day: date
    tier: str
    platform: str
    mediators: tuple[str, ...]
    detail: str | None = None
    held: int | None = None
    held_there: int | None = None
    last_chance: bool = False


def milestones(history: tuple[Versioned, ...], ladder: Ladder) -> Iterator[Milestone]:
    """Yield the milestones of a case by its whole history, in the order of its events; a duplicate has none (rule 22)."""
    before: Dispute | None = None
    known = replay(history)
    if known is None or known.outcome is Outcome.DUPLICATE:
        return
    voided = known.retracted | frozenset(_voided(history))
    for (item, after), day in zip(states_of(history), days_of(history), strict=True):
        if item.version not in voided:
            yield from _moves(item, day, before, after, known)
        if isinstance(item.event, SessionRecorded) and item.version not in known.retracted:
            yield _session(known.sessions[len(after.sessions) - 1], known, ladder)
        before = after


def _voided(history: tuple[Versioned, ...]) -> Iterator[int]:
    """The versions of what did not count: closings and agreements that were undone, and what moved until a voiding."""
    for item in history:
        match item.event:
            case EscalationVoided():
                yield from range(item.event.at_version, item.version)
            case ClosureVoided() | AgreementEffectVoided():
                yield item.event.at_version
            case _:
                pass


def next_milestones(
    versioned: Versioned, before: Dispute | None, after: Dispute, ladder: Ladder
) -> Iterator[Milestone]:
    """Yield the milestones of one more event that is not retroactive."""
    yield from _moves(versioned, day_of(versioned.event.happened_at), before, after, after)
    if isinstance(versioned.event, SessionRecorded):
        yield _session(after.sessions[-1], after, ladder)


def _moves(
    versioned: Versioned, day: date, before: Dispute | None, after: Dispute, known: Dispute
) -> Iterator[Milestone]:
    """The milestones of one event except sessions; `known` is the case by what is known now."""
    match versioned.event:
        case Imported():
            yield from _brought_in(versioned.event, after)
        case Accepted():
            if before is not None and before.number is None:
                yield _milestone("accepted", day, after)
            yield _milestone("entered", day, after)
        case Reopened() if after.status is Status.ACCEPTED:
            yield _milestone("entered", day, after)
        case Escalated() if (
            before is not None and before.stay_index is not None
        ):  # a tier that had accepted it
            cause = _CAUSES[versioned.because.rule] if versioned.because else None
            yield _milestone("moved_up", day, before, cause)
        case AgreementTookEffect() if before is not None and before.status is not Status.AGREED:
            yield _agreed(day, after, known)  # a change of an agreement is none of its own
        case Closed() if before is not None and before.number and before.status is not Status.AGREED:
            yield _milestone("ended", day, before, versioned.event.outcome.value)
        case _:
            pass


def _milestone(kind: MilestoneKind, day: date, case: Dispute, detail: str | None = None) -> Milestone:
    mediators = case.stays[-1].mediators if case.stays else ()
    return Milestone(kind, day, case.tier, case.platform, mediators, detail)


def _agreed(day: date, case: Dispute, known: Dispute) -> Milestone:
    """The agreement; its sessions count as they are known now."""
    sessions = known.sessions[: len(case.sessions)]
    held = Counter(session.tier for session in sessions if session.is_held)
    form = case.agreement.draft.form if case.agreement else None
    mediators = case.stays[-1].mediators if case.stays else ()
    return Milestone("agreed", day, case.tier, case.platform, mediators, form, held.total(), held[case.tier])


def _brought_in(event: Imported, case: Dispute) -> Iterator[Milestone]:
    """The milestones of an imported case: the number of sessions is known, the single sessions are not."""
    accepted_on = day_of(event.accepted_at)
    yield _milestone("accepted", accepted_on, case)
    yield _milestone("entered", accepted_on, case)
    about = (case.tier, case.platform, event.mediators)
    if event.agreement is not None:
        form, held = event.agreement.form, event.sessions
        yield Milestone("agreed", event.agreement.effective_on, *about, form, held, held)
    elif event.closed_at is not None and event.outcome is not None:
        yield Milestone("ended", day_of(event.closed_at), *about, event.outcome.value)


def _session(session: Session, case: Dispute, ladder: Ladder) -> Milestone:
    """A session as it counts now; it was the last chance of its stay where one failure was missing to the threshold."""
    stay, counted = case.stays[session.stay_index], session.counted
    failed = sum(
        item.stay_index == session.stay_index
        and item.counted.number < counted.number
        and item.counted.outcome is SessionOutcome.FAILED
        for item in case.sessions
    )
    day = day_of(counted.held_at)
    threshold = ladder.tier(session.tier).failed_sessions
    return Milestone(
        "session",
        day,
        session.tier,
        stay.platform,
        tuple(sorted(stay.assigned_on(day))),
        counted.outcome.value,
        last_chance=counted.outcome in HELD and threshold is not None and failed >= threshold - 1,
    )
