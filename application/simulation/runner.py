"""Runs simulations, one at a time: what is asked is looked up, the cases are run beside this process."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from application.ports import EventLog
from application.simulation.candidates import CandidateRequest, candidate, published
from application.simulation.merging import MergedResults
from application.simulation.request import CaseSelection, SimulationRequest
from application.simulation.result import answer
from application.simulation.tally import Tally
from application.simulation.workers import WIDTH, Lane, Lanes, parts
from domain.aggregates import procedure as procedures
from domain.aggregates.procedure import Procedure
from domain.errors import UnknownProcedure, UnknownUnit
from domain.events.procedure import ProcedurePublished
from domain.events.streams import procedure_stream, unit_stream
from domain.messages import message

PATIENCE: Final = 2.0
"""Seconds for which a simulation waits for the one before it."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a simulation is: the part of the log that is done, from 0 to 1, and the events that were run by then."""

    share: float
    events: int


Tell = Callable[[Progress], None]


class AlreadySimulating(Exception):
    """Another simulation runs, and did not end in time."""


class SimulationRunner:
    """Answers what-if questions over everything that was recorded up to now."""

    def __init__(self, log: EventLog, head: Callable[[], Awaitable[int]], lanes: Lanes) -> None:
        self._log = log
        self._head = head
        self._lanes = lanes
        self._turn = asyncio.Lock()

    async def question(
        self, scope: CaseSelection, wanted: Sequence[CandidateRequest], base: int | None = None
    ) -> SimulationRequest:
        """Return what is asked, complete; raises UnknownProcedure, UnknownUnit, CandidateFlawed."""
        procedure = await self._procedure(scope.procedure)
        if scope.unit is not None:
            stream = unit_stream(scope.unit)
            if not (await self._log.load({stream: 0})).streams.get(stream):
                raise UnknownUnit(message("there is no unit {unit}", unit=scope.unit), field="unit")
        candidates = tuple(candidate(item, procedure) for item in wanted)
        compared = None if base is None else published(base, procedure, "base")
        return SimulationRequest(scope, candidates, await self._head(), compared)

    async def answers(
        self, question: SimulationRequest, tell: Tell = lambda _: None, width: int = WIDTH
    ) -> list[bytes]:
        """Run the cases; return one answer a candidate, as JSON. Raises AlreadySimulating.

        The log is handed out in parts of so many positions.
        """
        try:
            await asyncio.wait_for(self._turn.acquire(), PATIENCE)
        except TimeoutError:
            raise AlreadySimulating from None
        try:
            async with self._lanes(question) as lanes:
                tallies = await _run(question, lanes, tell, width)
        finally:
            self._turn.release()
        return [answer(question, *item) for item in zip(question.candidates, tallies, strict=True)]

    async def _procedure(self, name: str) -> Procedure:
        stream = procedure_stream(name)
        procedure: Procedure | None = None
        for item in (await self._log.load({stream: 0})).streams.get(stream, ()):
            if isinstance(item.event, ProcedurePublished):
                procedure = procedures.evolve(procedure, item.event)
        if procedure is None:
            raise UnknownProcedure(
                message("no procedure {procedure} is in force", procedure=name), field="procedure"
            )
        return procedure


async def _run(question: SimulationRequest, lanes: Sequence[Lane], tell: Tell, width: int) -> list[Tally]:
    """Hand the parts of the log to the lanes as they become free; add the results up in the order of the log."""
    waiting = list(parts(question.position, width))
    queue = iter(enumerate(waiting))
    gathered = MergedResults(len(question.candidates))

    async def work(lane: Lane) -> None:
        for place, part in queue:
            gathered.take(place, await lane(part))
            tell(Progress(gathered.parts / len(waiting), gathered.events))

    tasks = [asyncio.create_task(work(lane)) for lane in lanes]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return gathered.total
