"""What whoever records a fact should know of it, though it is recorded all the same."""

from collections.abc import Iterable
from typing import Literal, Protocol

from domain.aggregates.dispute.world import World
from domain.events.dispute import SessionRecorded
from domain.events.envelope import Fact
from domain.procedures.panel import Vacancy, vacancy
from domain.procedures.tier import Tier
from domain.vocabulary import HELD, Key, SessionOutcome, Value


class Notice(Value):
    """Seats of the panel that nobody took at a session; how many were taken, and how many the procedure wants."""

    kind: Literal["seats_missing"] = "seats_missing"
    tier: Key
    missing: tuple[Key, ...]
    taken: int
    need: int


class Attending(Protocol):
    """Who was called to a session, for which seat, and whether they came."""

    @property
    def seat(self) -> str | None:
        """The seat of the panel, if it was for one."""
        ...

    @property
    def present(self) -> bool:
        """Whether they came."""
        ...


def notices(facts: Iterable[Fact], world: World) -> tuple[Notice, ...]:
    """Return what is to be noticed of facts that a decision brought about."""
    return tuple(
        Notice(tier=fact.event.tier, missing=found.missing, taken=found.taken, need=found.need)
        for fact in facts
        if isinstance(fact.event, SessionRecorded)
        and (found := _vacancy_of(fact.event, world.ladder.tier(fact.event.tier)))
    )


def vacancy_at(attendance: Iterable[Attending], outcome: SessionOutcome, tier: Tier) -> Vacancy | None:
    """Return what of the panel was missing at a session that was held; of one that was not, nothing is wanted."""
    if outcome not in HELD or not tier.panel:
        return None
    return vacancy(tier, {each.seat for each in attendance if each.seat is not None and each.present})


def _vacancy_of(session: SessionRecorded, tier: Tier) -> Vacancy | None:
    return vacancy_at(session.attendance, session.outcome, tier)
