"""A register: the numbers of one platform's cases in one year, without gap or repeat (rule 3)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.events.register import NumberIssued


@dataclass(frozen=True, slots=True)
class Register:
    """How far a register has been filled."""

    last: int = 0

    def issue(self, dispute: UUID, register_of: str, year: int, pattern: str, at: datetime) -> NumberIssued:
        """Return the fact that the dispute gets the next number, written as the platform writes it."""
        n = self.last + 1
        return NumberIssued(
            register_of=register_of,
            year=year,
            n=n,
            number=pattern.replace("{year}", str(year)).replace("{n}", str(n)),
            dispute=dispute,
            occurred_at=at,
        )


def evolve(register: Register | None, event: NumberIssued) -> Register:  # noqa: ARG001 - a fold takes both
    """Fold one fact into the register."""
    return Register(last=event.n)
