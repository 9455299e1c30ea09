"""What a case goes through under a ladder: its moves, and its sessions by platform."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, NamedTuple, cast

from application.simulation.recorded_commands import RecordedFact, recorded_commands
from domain.aggregates.dispute import Dispute, evolve
from domain.events.dispute import (
    Closed,
    DisputeEvent,
    Escalated,
    EscalationVoided,
    FactRetracted,
    Filed,
    Returned,
)
from domain.procedures.rules import Because
from domain.vocabulary import Outcome, Rule, Status, day_of

Kind = Literal["filed", "escalated", "voided", "returned", "ended"]


@dataclass(frozen=True, slots=True)
class Move:
    """One move of a case: when, from where to where, and because of what.

    `step` is its place in the record: even numbers count the recorded commands, odd ones are time limits that expire
    between them.
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
    def identity(self) -> tuple[object, ...]:
        """What makes it the same move in two trajectories; its place in the record, too, as much may happen at once."""
        where = self.from_tier, self.tier, self.platform
        return self.step, self.kind, self.at, *where, self.rule, self.outcome


@dataclass(frozen=True, slots=True)
class Trajectory:
    """All that a case goes through. A case without a move found no platform to begin at.

    `sessions` are the sessions held, as they count after all corrections: at which platform, on which day. `diverged`
    says whether it left the record; `replayed` is how many facts of the record were applied to a state in which they did
    not happen, `caused` how many facts the rules caused there, `dropped` how many facts of the record had no place there.
    """

    moves: tuple[Move, ...] = ()
    sessions: tuple[tuple[str, date], ...] = ()
    outcome: Outcome | None = None
    diverged: bool = False
    replayed: int = 0
    caused: int = 0
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


def held_sessions(dispute: Dispute) -> tuple[tuple[str, date], ...]:
    """Return the sessions that were held, each with the platform of its stay and its day, in order of recording."""
    return tuple(
        (dispute.stays[session.stay_index].platform, day_of(session.counted.held_at))
        for session in dispute.sessions
        if session.is_held and session.stay_index >= 0
    )


_MOVES: Final = frozenset({Escalated, EscalationVoided, Returned, Closed})


class FoldedFact(NamedTuple):
    """A fact that was folded, with its version in the record; None where the record has none like it."""

    event: DisputeEvent
    because: Because | None
    recorded_at: datetime | None
    version: int | None


class CaseFold:
    """Folds facts, recorded or not, into one dispute, and notes its moves; `step` is their place in the record."""

    def __init__(self, filed: Filed, recorded_at: datetime | None) -> None:
        self.dispute: Dispute = evolve(None, filed, None, recorded_at)
        self._facts = [FoldedFact(filed, None, recorded_at, 1)]
        self._moves: list[Move] = []
        self._note(filed, None, None, 0)

    def fold(
        self,
        event: DisputeEvent,
        because: Because | None,
        recorded_at: datetime | None,
        step: int,
        version: int | None = None,
    ) -> Dispute:
        """Fold one fact, which has this version in the record; return the dispute with it."""
        before = self.dispute
        fact = FoldedFact(event, because, recorded_at, version)
        if isinstance(event, FactRetracted):
            self.dispute = self.without(fact)
        else:
            self.dispute = evolve(before, event, because, recorded_at)
        self._facts.append(fact)
        if type(event) in _MOVES:
            self._note(event, because, before, step)
        return self.dispute

    def restore(self, dispute: Dispute) -> None:
        """Take back the fact folded last; the dispute is as it was before."""
        self.dispute = dispute
        self._facts.pop()

    def has(self, version: int) -> bool:
        """Say whether the fact of a version in the record was folded."""
        return any(fact.version == version for fact in self._facts)

    def without(self, retraction: FoldedFact) -> Dispute:
        """Return the dispute folded anew, with the fact passed over that a retraction takes back."""
        retracted = {
            fact.event.at_version
            for fact in (*self._facts, retraction)
            if isinstance(fact.event, FactRetracted)
        }
        dispute: Dispute | None = None
        for event, because, recorded_at, version in (*self._facts, retraction):
            dispute = evolve(dispute, event, because, recorded_at, retracted=version in retracted)
        return dispute or self.dispute

    def trajectory(
        self, replayed: int = 0, caused: int = 0, dropped: int = 0, *, diverged: bool = False
    ) -> Trajectory:
        """Return the trajectory so far."""
        dispute = self.dispute
        sessions = held_sessions(dispute)
        return Trajectory(tuple(self._moves), sessions, dispute.outcome, diverged, replayed, caused, dropped)

    def _note(
        self,
        event: DisputeEvent,
        because: Because | None,
        before: Dispute | None,
        step: int,
    ) -> None:
        move = move_of(event, because, before, self.dispute, step)
        self._moves += [move] if move else []


def recorded_trajectory(history: Sequence[RecordedFact]) -> Trajectory:
    """Return the recorded trajectory of a case; its history begins with its filing."""
    first = history[0]
    fold = CaseFold(cast("Filed", first.event), first.recorded_at)
    for place, command in enumerate(recorded_commands(history[1:]), start=1):
        for item in (*command.stated, *command.caused):
            fold.fold(item.event, item.because, item.recorded_at, 2 * place, item.version)
    return fold.trajectory()
