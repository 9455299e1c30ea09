"""What runs cases: one or several lanes, each of which takes a part of the log after another."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final, Protocol

from application.simulation.context import SimulationContext
from application.simulation.folding import recorded_course
from application.simulation.recorded_commands import Told
from application.simulation.request import CaseSelection, SimulationRequest
from application.simulation.simulator import simulate
from application.simulation.tally import Tally

WIDTH: Final = 20_000
"""Positions of the log in a part."""


@dataclass(frozen=True, slots=True)
class LogPart:
    """A part of the log: cases that were filed beyond a position, up to another one; read up to `until`."""

    after: int
    last: int
    until: int


class CaseSource(Protocol):
    """The recorded cases."""

    async def ground(self, until: int) -> SimulationContext:
        """Return what surrounds the cases, up to a position of the log."""
        ...

    def cases(self, part: LogPart, scope: CaseSelection) -> AsyncIterator[Sequence[Told] | None]:
        """Yield the histories of the cases asked about, in the order of their filing; None for one that cannot be read.

        Cases from before the system are not among them.
        """
        ...


Lane = Callable[[LogPart], Awaitable[Sequence[Tally]]]
"""Runs the cases of a part: one tally a candidate."""
Lanes = Callable[[SimulationRequest], AbstractAsyncContextManager[Sequence[Lane]]]


def parts(until: int, width: int = WIDTH) -> Iterator[LogPart]:
    """Yield the log up to a position in parts."""
    for position in range(0, until, width):
        yield LogPart(position, min(position + width, until), until)


async def run_part(
    archive: CaseSource, ground: SimulationContext, question: SimulationRequest, part: LogPart
) -> list[Tally]:
    """Run the cases of a part of the log under every candidate."""
    tallies = [Tally() for _ in question.candidates]
    async for history in archive.cases(part, question.scope):
        if history is None:
            for tally in tallies:
                tally.unreadable += 1
            continue
        compare(history, question, ground, tallies)
    return tallies


def compare(
    history: Sequence[Told], question: SimulationRequest, ground: SimulationContext, tallies: Sequence[Tally]
) -> None:
    """Run one case under every candidate; its tallies take it in."""
    base = simulate(history, question.base.rungs, ground) if question.base else None
    for candidate, tally in zip(question.candidates, tallies, strict=True):
        course = simulate(history, candidate.rungs, ground)
        if base is None and course.left:
            base = recorded_course(history)
        tally.add(history, base or course, course)
