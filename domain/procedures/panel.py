"""The panel: seats expected at a session besides the parties and the mediators (S0), and which were empty."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from domain.procedures.tier import Tier
from domain.vocabulary import HELD, SessionOutcome


class PanelAttendance(Protocol):
    """Who was called to a session, for which seat, and whether they came."""

    @property
    def seat(self) -> str | None:
        """The seat of the panel, if it was for one."""
        ...

    @property
    def present(self) -> bool:
        """Whether they came."""
        ...


@dataclass(frozen=True, slots=True)
class Vacancy:
    """Seats of the panel that nobody took at a session, how many were taken, and how many the procedure wants taken."""

    missing: tuple[str, ...]
    taken: int
    need: int

    @property
    def below_quorum(self) -> bool:
        """Whether fewer seats were taken than the procedure wants."""
        return self.taken < self.need


def seats_taken(attendance: Iterable[PanelAttendance]) -> frozenset[str]:
    """Return the seats for which somebody came."""
    return frozenset([item.seat for item in attendance if item.seat is not None and item.present])


def vacancy(tier: Tier, outcome: SessionOutcome, taken: Collection[str]) -> Vacancy | None:
    """Return what of the tier's panel was missing at a session that was held; None where nothing was, or it was not."""
    missing = tuple(seat for seat in tier.panel if seat not in taken) if outcome in HELD else ()
    if not missing:
        return None
    need = len(tier.panel) if tier.quorum is None else tier.quorum
    return Vacancy(missing, len(tier.panel) - len(missing), need)
