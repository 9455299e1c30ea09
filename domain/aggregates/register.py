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
            number=written(pattern, year, n),
            dispute=dispute,
            occurred_at=at,
        )

    def has_issued(self, n: int) -> bool:
        """Say whether the system gave this number to a case of its own."""
        return n <= self.last and not any(first <= n <= last for first, last in self.on_paper)


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
            last, carried_over = max(event.numbers), before.carried_over | frozenset(event.numbers)
            on_paper = before.on_paper
            if last > before.last:
                on_paper = _extended(on_paper, before.last + 1, last)
            return Register(before.version + 1, max(before.last, last), carried_over, on_paper)
        case _:
            assert_never(event)


def _extended(stretches: tuple[tuple[int, int], ...], first: int, last: int) -> tuple[tuple[int, int], ...]:
    """Add a stretch; one that follows the latest makes it longer."""
    if stretches and stretches[-1][1] == first - 1:
        return (*stretches[:-1], (stretches[-1][0], last))
    return (*stretches, (first, last))
