"""Who is expected at a session beside the parties and the mediators (S0: the panel), and who was missing."""

from collections.abc import Collection
from dataclasses import dataclass

from domain.procedures.tier import Tier


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


def vacancy(tier: Tier, taken: Collection[str]) -> Vacancy | None:
    """Return what of the tier's panel was missing at a session at which those seats were taken; None for nothing."""
    missing = tuple(seat for seat in tier.panel if seat not in taken)
    if not missing:
        return None
    need = len(tier.panel) if tier.quorum is None else tier.quorum
    return Vacancy(missing, len(tier.panel) - len(missing), need)
