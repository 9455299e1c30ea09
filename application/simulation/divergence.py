"""Where two trajectories of one case first differ, and by how many days the first escalation moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from application.i18n import BilingualText, bilingual_text
from application.simulation.recorded_commands import RecordedFact
from application.simulation.trajectory import Move, Trajectory
from domain.events.dispute import Accepted
from domain.messages import Message, message
from domain.procedures.explanations import why
from domain.vocabulary import SHANGHAI, Rule, Status


@dataclass(frozen=True, slots=True)
class CaseStanding:
    """How a case stood on one side at the first difference; without a tier where it found no platform."""

    status: Status | None
    tier: str | None
    rule: Rule | None
    text: Message


@dataclass(frozen=True, slots=True)
class Divergence:
    """The first difference: when it was, and how the case stood on each side. `index` is the first move that differs."""

    index: int
    at: datetime
    base: CaseStanding
    candidate: CaseStanding


def divergence(base: Trajectory, candidate: Trajectory) -> Divergence | None:
    """Return where two trajectories first differ; None where they are the same."""
    pairs = enumerate(zip(base.moves, candidate.moves, strict=False))
    shorter = min(len(base.moves), len(candidate.moves))
    index = next((index for index, (one, other) in pairs if one.identity != other.identity), shorter)
    differing = [moves[index] for moves in (base.moves, candidate.moves) if index < len(moves)]
    if not differing:
        return None
    step = min(move.step for move in differing)
    at = min(move.at for move in differing if move.step == step)
    return Divergence(
        index, at, _standing(base, index, step, differing), _standing(candidate, index, step, differing)
    )


def days_earlier(base: Trajectory, candidate: Trajectory) -> int | None:
    """Return by how many days the candidate's first escalation precedes the base's; None where one has none."""
    first, other = base.first_escalation, candidate.first_escalation
    return None if first is None or other is None else (first.day - other.day).days


def _standing(trajectory: Trajectory, index: int, step: int, differing: list[Move]) -> CaseStanding:
    """Return how the case stood: moved at this step, or not moved while the other side was."""
    if trajectory.unplaced:
        text = message("no platform covers the unit at the tier where the case would begin, or above")
        return CaseStanding(None, None, None, text)
    if index < len(trajectory.moves) and trajectory.moves[index].step == step:
        move = trajectory.moves[index]
        return CaseStanding(move.status, move.tier, move.rule, _text(move))
    last = trajectory.moves[index - 1]
    other = next(move for move in differing if move.step == step)
    text = message("nothing moves the case; it stays at the {tier}", tier=last.tier)
    return CaseStanding(other.before or last.status, last.tier, None, text)


def _text(move: Move) -> Message:
    if move.because is not None:
        return why(move.because)
    match move.kind:
        case "filed":
            return message("the case begins at the {tier}", tier=move.tier)
        case "voided":
            return message(
                "a correction took away what the escalation rested on; the case is back at the {tier}",
                tier=move.tier,
            )
        case "returned":
            return message("the case is sent back to the {tier}", tier=move.tier)
        case _:
            return message("people end the case: {outcome}", outcome=move.outcome or "")


# --- as JSON ---------------------------------------------------------------------------------------------------


class ResultModel(BaseModel):
    """A part of a simulation's result."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class StandingResult(ResultModel):
    """How a case stood at the first difference; without status and tier where no platform was there to begin at."""

    status: str | None
    tier: str | None
    rule: str | None
    text: BilingualText


class FirstDifference(ResultModel):
    """Where a case first goes another way."""

    occurred_at: str
    base: StandingResult
    candidate: StandingResult


class DivergenceResult(ResultModel):
    """A case that differs. What follows its first difference did not happen: those facts are counterfactual.

    `dropped_facts` are facts of the record that had no place there.
    """

    dispute: str
    number: str | None
    first_difference: FirstDifference
    days_earlier: Annotated[
        int | None, Field(description="of the first escalation; null where one side has none")
    ]
    counterfactual_facts: int
    dropped_facts: int


def difference_json(
    history: Sequence[RecordedFact], found: Divergence, shift: int | None, candidate: Trajectory
) -> bytes:
    """Return a case that differs as JSON; `shift` is by how many days its first escalation came earlier."""
    result = DivergenceResult(
        dispute=str(history[0].stream),
        number=_number(history),
        first_difference=FirstDifference(
            occurred_at=found.at.astimezone(SHANGHAI).isoformat(),
            base=_standing_result(found.base),
            candidate=_standing_result(found.candidate),
        ),
        days_earlier=shift,
        counterfactual_facts=candidate.replayed + candidate.caused,
        dropped_facts=candidate.dropped,
    )
    return result.model_dump_json().encode()


def _standing_result(standing: CaseStanding) -> StandingResult:
    return StandingResult(
        status=standing.status, tier=standing.tier, rule=standing.rule, text=bilingual_text(standing.text)
    )


def _number(history: Sequence[RecordedFact]) -> str | None:
    numbers = (recorded.event.number for recorded in history if isinstance(recorded.event, Accepted))
    return next((number for number in numbers if number), None)
