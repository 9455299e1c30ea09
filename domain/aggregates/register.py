"""A register: the numbers of one platform's cases in one year, without gap or repeat (rule 3)."""

from dataclasses import replace
from typing import assert_never

from domain.events.register import NumberIssued, NumbersCarriedOver, RegisterEvent
from domain.jurisdiction.register import Register


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
