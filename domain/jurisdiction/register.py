"""A register as decisions see it: the numbers of one platform's cases in one year (rule 3)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.events.register import NumberIssued
from domain.jurisdiction.case_number import format_case_number


@dataclass(frozen=True, slots=True)
class Register:
    """How far a register has been filled, and which numbers were given on paper before the system (rule 17).

    `on_paper` are the stretches that the paper register filled, from and to; within them some numbers may be nobody's.
    """

    version: int = 0
    last: int = 0
    carried_over: frozenset[int] = frozenset()
    on_paper: tuple[tuple[int, int], ...] = ()

    def issue(self, dispute: UUID, register_of: str, year: int, pattern: str, at: datetime) -> NumberIssued:
        """Return the fact that the dispute gets the next number, written as the platform writes it."""
        n = self.last + 1
        return NumberIssued(
            register_of=register_of,
            year=year,
            n=n,
            number=format_case_number(pattern, year, n),
            dispute=dispute,
            occurred_at=at,
        )

    def has_issued(self, n: int) -> bool:
        """Say whether the system gave this number to a case of its own."""
        return n <= self.last and not any(first <= n <= last for first, last in self.on_paper)
