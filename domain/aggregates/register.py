"""A register: the numbers of one platform's cases in one year, without gap or repeat (rule 3)."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import assert_never
from uuid import UUID

from domain.events.register import NumberIssued, NumbersCarriedOver, RegisterEvent


@dataclass(frozen=True, slots=True)
class Register:
    """How far a register has been filled, and which numbers were given on paper before the system (rule 17)."""

    version: int = 0
    last: int = 0
    carried_over: frozenset[int] = frozenset()

    def issue(self, dispute: UUID, register_of: str, year: int, pattern: str, at: datetime) -> NumberIssued:
        """Return the fact that the dispute gets the next number, written as the platform writes it."""
        n = self.last + 1
        return NumberIssued(
            register_of=register_of,
            year=year,
            n=n,
            number=written(pattern, year, n),
            dispute=dispute,
            occurred_at=at,
        )

    def has_issued(self, n: int) -> bool:
        """Say whether the system gave this number to a case of its own."""
        return n <= self.last and n not in self.carried_over


def written(pattern: str, year: int, n: int) -> str:
    """Return a number as the platform writes it."""
    return pattern.replace("{year}", str(year)).replace("{n}", str(n))


def read(pattern: str, number: str) -> tuple[int, int] | None:
    """Return the year and the place of a number that follows the pattern; None where it does not."""
    found = _compiled(pattern).fullmatch(number)
    return (int(found["year"]), int(found["n"])) if found else None


@lru_cache
def _compiled(pattern: str) -> re.Pattern[str]:
    groups = {"{year}": r"(?P<year>\d{4})", "{n}": r"(?P<n>0*[1-9]\d{0,8})"}
    parts = re.split(r"(\{year\}|\{n\})", pattern)
    return re.compile("".join(groups.get(part, re.escape(part)) for part in parts))


def evolve(register: Register | None, event: RegisterEvent) -> Register:
    """Fold one fact into the register."""
    before = register or Register()
    match event:
        case NumberIssued():
            return replace(before, version=before.version + 1, last=event.n)
        case NumbersCarriedOver():
            carried_over = before.carried_over | frozenset(event.numbers)
            return Register(before.version + 1, max(before.last, *event.numbers), carried_over)
        case _:
            assert_never(event)
