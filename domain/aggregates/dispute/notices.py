"""Notices: warnings to the person who records a fact, which is recorded all the same."""

from collections.abc import Iterable, Iterator
from typing import Literal

from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.world import World
from domain.events.dispute import SessionCorrected, SessionRecorded
from domain.events.envelope import Fact
from domain.procedures.panel import vacancy
from domain.vocabulary import Key, Value


class Notice(Value):
    """Panel seats that were empty at a session; how many were taken, and how many the procedure requires."""

    kind: Literal["seats_missing"] = "seats_missing"
    tier: Key
    missing: tuple[Key, ...]
    taken: int
    need: int


def notices(facts: Iterable[Fact], dispute: Dispute, world: World) -> tuple[Notice, ...]:
    """Return the notices about facts that a decision brought about; `dispute` is the state after them."""
    return tuple(
        Notice(tier=session.tier, missing=found.missing, taken=found.taken, need=found.need)
        for session in (dispute.session(number) for number in _sessions(facts))
        if session is not None
        and (found := vacancy(world.ladder.tier(session.tier), session.counted.outcome, session.seats))
    )


def _sessions(facts: Iterable[Fact]) -> Iterator[int]:
    for fact in facts:
        match fact.event:
            case SessionRecorded():
                yield fact.event.number
            case SessionCorrected() if fact.event.outcome is not None or fact.event.attendance is not None:
                yield fact.event.session
            case _:
                pass
