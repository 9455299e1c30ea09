"""What a case went through under a ladder: its moves, and its sittings by platform."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from domain.aggregates.dispute import Dispute
from domain.events.dispute import Closed, DisputeEvent, Escalated, EscalationVoided, Filed, Returned
from domain.procedures.rules import Because
from domain.vocabulary import HELD, Outcome, Rule, Status, day_of

Kind = Literal["filed", "escalated", "voided", "returned", "ended"]


@dataclass(frozen=True, slots=True)
class Move:
    """One move of a case: when, from where to where, and because of what.

    `step` is its place in the record: even numbers count the record's steps, the odd ones between are a clock's.
    `before` is the status that it ended.
    """

    step: int
    kind: Kind
    at: datetime
    from_tier: str | None
    tier: str
    platform: str
    status: Status
    before: Status | None
    because: Because | None
    outcome: Outcome | None

    @property
    def day(self) -> date:
        """The day on which it happened."""
        return day_of(self.at)

    @property
    def rule(self) -> Rule | None:
        """The rule that caused it, where one did."""
        return self.because.rule if self.because else None

    @property
    def gist(self) -> tuple[object, ...]:
        """What makes it the same move in two courses: its place in the record, too, for many things may happen at once."""
        where = self.from_tier, self.tier, self.platform
        return self.step, self.kind, self.at, *where, self.rule, self.outcome


@dataclass(frozen=True, slots=True)
class Trajectory:
    """The whole way of a case. One without a move found no platform to begin at.

    `sittings` are the sessions held, as they count after all corrections: at which platform, on which day. `left` says
    whether it left the record; `told` is how many facts of the record were applied to a state that they did not happen
    in, `made` how many the rules made there, `dropped` how many facts of the record had no place there.
    """

    moves: tuple[Move, ...] = ()
    sittings: tuple[tuple[str, date], ...] = ()
    outcome: Outcome | None = None
    left: bool = False
    told: int = 0
    made: int = 0
    dropped: int = 0

    @property
    def unplaced(self) -> bool:
        """Whether no platform was there for the case to begin at."""
        return not self.moves

    @property
    def escalations(self) -> tuple[Move, ...]:
        """The moves to a higher tier, those included that were voided later."""
        return tuple(move for move in self.moves if move.kind == "escalated")

    @property
    def first_escalation(self) -> Move | None:
        """The first move to a higher tier."""
        return next((move for move in self.moves if move.kind == "escalated"), None)


def move_of(
    event: DisputeEvent,
    because: Because | None,
    before: Dispute | None,
    after: Dispute,
    step: int,
) -> Move | None:
    """Return the move that a fact is; None where it is none. `before` and `after` are without and with the fact."""
    kind: Kind
    from_tier: str | None
    match event:
        case Filed():
            kind, from_tier = "filed", None
        case Escalated():
            kind, from_tier = "escalated", event.from_tier
        case EscalationVoided():
            kind, from_tier = "voided", event.from_tier
        case Returned():
            kind, from_tier = "returned", event.from_tier
        case Closed():
            kind, from_tier = "ended", after.tier
        case _:
            return None
    return Move(
        step=step,
        kind=kind,
        at=event.occurred_at,
        from_tier=from_tier,
        tier=after.tier,
        platform=after.platform,
        status=after.status,
        before=before.status if before else None,
        because=because,
        outcome=after.outcome,
    )


def sessions_by_platform(dispute: Dispute) -> tuple[tuple[str, date], ...]:
    """Return the sessions that were held, each with the platform of its stay and its day, in order of recording."""
    return tuple(
        (dispute.stays[session.stay_index].platform, day_of(session.counted.held_at))
        for session in dispute.sessions
        if session.counted.outcome in HELD and session.stay_index >= 0
    )
