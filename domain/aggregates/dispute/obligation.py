"""What becomes of a term of an agreement: due, performed in parts or as a whole, breached."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.events.dispute import Term

TermState = Literal["due", "performed", "breached"]


@dataclass(frozen=True, slots=True)
class RecordedPerformance:
    """A performance of a term: on which day, and how much of its amount; None where it was all that was left."""

    performed_on: date
    amount_fen: int | None


@dataclass(frozen=True)
class Obligation:
    """A term of the agreement and what became of it."""

    term: Term
    state: TermState = "due"
    performances: tuple[RecordedPerformance, ...] = ()
    breached_on: date | None = None

    @property
    def standing(self) -> bool:
        """Whether the term never falls due ("no noise after ten")."""
        return self.term.due_on is None

    @property
    def owed(self) -> bool:
        """Whether the term has a due day and is not performed yet; only such a term holds up closing."""
        return not self.standing and self.state != "performed"

    @property
    def performed_fen(self) -> int:
        """How much of the amount was paid in parts, in fen."""
        return sum(part.amount_fen or 0 for part in self.performances)

    @property
    def settled(self) -> bool:
        """Whether the performances are the whole of the term: its amount is reached, or one was of all that was left."""
        if any(part.amount_fen is None for part in self.performances):
            return True
        amount = self.term.amount_fen
        return bool(self.performances) and amount is not None and self.performed_fen >= amount

    @property
    def performed_on(self) -> date | None:
        """The day of the latest performance of a term that is performed."""
        if self.state != "performed":
            return None
        return max((part.performed_on for part in self.performances), default=None)
