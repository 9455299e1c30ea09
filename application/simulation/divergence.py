"""Two courses of one case: where they first part, and by how many days the first escalation moved."""

from dataclasses import dataclass
from datetime import datetime

from application.simulation.trajectory import Move, Trajectory
from domain.messages import Message, message
from domain.procedures.explanations import why
from domain.vocabulary import Rule, Status


@dataclass(frozen=True, slots=True)
class CasePosition:
    """How a case stood on one side of the first difference; without a tier where it found no platform."""

    status: Status | None
    tier: str | None
    rule: Rule | None
    text: Message


@dataclass(frozen=True, slots=True)
class Divergence:
    """The first point of difference: what happened there, on each side; `place` is the first move that differs."""

    place: int
    at: datetime
    base: CasePosition
    candidate: CasePosition


def divergence(base: Trajectory, candidate: Trajectory) -> Divergence | None:
    """Return where two courses first part; None where they are the same."""
    ours, theirs = base.moves, candidate.moves
    place = next(
        (
            place
            for place, (one, other) in enumerate(zip(ours, theirs, strict=False))
            if one.gist != other.gist
        ),
        min(len(ours), len(theirs)),
    )
    found = [item[place] for item in (ours, theirs) if place < len(item)]
    if not found:
        return None
    step = min(item.step for item in found)
    at = min(item.at for item in found if item.step == step)
    return Divergence(
        place, at, _standing(base, place, step, found), _standing(candidate, place, step, found)
    )


def days_earlier(base: Trajectory, candidate: Trajectory) -> int | None:
    """Return by how many days the candidate's first escalation precedes the base's; None where one has none."""
    ours, theirs = base.first_escalation, candidate.first_escalation
    return None if ours is None or theirs is None else (ours.day - theirs.day).days


def _standing(course: Trajectory, place: int, step: int, found: list[Move]) -> CasePosition:
    """How it stood: moved there, or not moved while the other side was."""
    if course.unplaced:
        text = message("no platform covers the unit at the tier where the case would begin, or above")
        return CasePosition(None, None, None, text)
    if place < len(course.moves) and course.moves[place].step == step:
        move = course.moves[place]
        return CasePosition(move.status, move.tier, move.rule, _told(move))
    here = course.moves[place - 1]
    other = next(item for item in found if item.step == step)
    text = message("nothing moves the case; it stays at the {tier}", tier=here.tier)
    return CasePosition(other.before or here.status, here.tier, None, text)


def _told(move: Move) -> Message:
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
