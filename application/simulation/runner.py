"""Runs simulations, one at a time: looks up what the request names, and has workers run the cases."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final, Protocol

from application.ports import EventLog
from application.simulation.context import SimulationContext
from application.simulation.recorded_commands import RecordedFact
from application.simulation.request import (
    CandidateRequest,
    CaseSelection,
    SimulationRequest,
    candidate,
    published,
)
from application.simulation.result import result_json
from application.simulation.simulator import simulate
from application.simulation.tally import MergedResults, Tally
from application.simulation.trajectory import recorded_trajectory
from domain.aggregates import procedure as procedures
from domain.aggregates.procedure import Procedure
from domain.errors import UnknownProcedure, UnknownUnit
from domain.events.dispute import Closed, ClosureVoided
from domain.events.procedure import ProcedurePublished
from domain.events.streams import procedure_stream, unit_stream
from domain.messages import message
from domain.vocabulary import Outcome

PATIENCE: Final = 2.0
"""Seconds for which a simulation waits for the one that runs."""
WIDTH: Final = 20_000
"""Positions of the log in a part."""


@dataclass(frozen=True, slots=True)
class LogPart:
    """A part of the log: cases that were filed beyond the position `after`, up to `last`; their events are read up to `until`."""

    after: int
    last: int
    until: int


class CaseSource(Protocol):
    """Reads the recorded cases."""

    async def context(self, until: int) -> SimulationContext:
        """Return the context of the cases, up to a position of the log."""
        ...

    def cases(self, part: LogPart, scope: CaseSelection) -> AsyncIterator[Sequence[RecordedFact] | None]:
        """Yield the histories of the selected cases, in the order of their filing; None for one that cannot be read.

        Imported cases are not among them.
        """
        ...


PartWorker = Callable[[LogPart], Awaitable[Sequence[Tally]]]
"""Runs the cases of a part of the log; returns one tally for each candidate."""
WorkerPool = Callable[[SimulationRequest], AbstractAsyncContextManager[Sequence[PartWorker]]]
"""Opens the workers that answer a request."""


@dataclass(frozen=True, slots=True)
class SimulationProgress:
    """How far a simulation is: the share of the log that is done, from 0 to 1, and the events that were run."""

    share: float
    events: int


Report = Callable[[SimulationProgress], None]


class AlreadySimulating(Exception):
    """Another simulation runs and did not end within PATIENCE."""


class SimulationRunner:
    """Answers what-if questions over everything recorded so far."""

    def __init__(self, log: EventLog, head: Callable[[], Awaitable[int]], workers: WorkerPool) -> None:
        self._log = log
        self._head = head
        self._workers = workers
        self._turn = asyncio.Lock()

    async def request(
        self, scope: CaseSelection, candidates: Sequence[CandidateRequest], base: int | None = None
    ) -> SimulationRequest:
        """Return the request with its ladders looked up; raises UnknownProcedure, UnknownUnit, CandidateFlawed."""
        procedure = await self._procedure(scope.procedure)
        if scope.unit is not None:
            stream = unit_stream(scope.unit)
            if not (await self._log.load({stream: 0})).streams.get(stream):
                raise UnknownUnit(message("there is no unit {unit}", unit=scope.unit), field="unit")
        resolved = tuple(candidate(item, procedure) for item in candidates)
        compared = None if base is None else published(base, procedure, "base")
        return SimulationRequest(scope, resolved, await self._head(), compared)

    async def results(
        self, request: SimulationRequest, report: Report = lambda _: None, width: int = WIDTH
    ) -> list[bytes]:
        """Run the cases; return one result for each candidate, as JSON. Raises AlreadySimulating.

        The workers get the log in parts of `width` positions.
        """
        try:
            await asyncio.wait_for(self._turn.acquire(), PATIENCE)
        except TimeoutError:
            raise AlreadySimulating from None
        try:
            async with self._workers(request) as workers:
                tallies = await _run(request, workers, report, width)
        finally:
            self._turn.release()
        return [result_json(request, *item) for item in zip(request.candidates, tallies, strict=True)]

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


async def _run(
    request: SimulationRequest, workers: Sequence[PartWorker], report: Report, width: int
) -> list[Tally]:
    """Give the parts of the log to the workers as they become free; add their results in the order of the log."""
    waiting = list(log_parts(request.position, width))
    queue = iter(enumerate(waiting))
    merged = MergedResults(len(request.candidates))

    async def run(worker: PartWorker) -> None:
        for index, part in queue:
            merged.add(index, await worker(part))
            report(SimulationProgress(merged.parts / len(waiting), merged.events))

    tasks = [asyncio.create_task(run(worker)) for worker in workers]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return merged.total


def log_parts(until: int, width: int = WIDTH) -> Iterator[LogPart]:
    """Yield the parts of the log up to a position, `width` positions each."""
    for position in range(0, until, width):
        yield LogPart(position, min(position + width, until), until)


async def run_part(
    source: CaseSource, context: SimulationContext, request: SimulationRequest, part: LogPart
) -> list[Tally]:
    """Run the cases of a part of the log under every candidate."""
    tallies = [Tally() for _ in request.candidates]
    async for history in source.cases(part, request.scope):
        if history is None:
            for tally in tallies:
                tally.unreadable += 1
            continue
        if not is_duplicate(history):
            run_case(history, request, context, tallies)
    return tallies


def is_duplicate(history: Sequence[RecordedFact]) -> bool:
    """Say whether a case is closed as a duplicate of another one, which counts in its place (rule 22).

    One whose closing was taken back is a case like others.
    """
    voided = {item.event.at_version for item in history if isinstance(item.event, ClosureVoided)}
    return any(
        isinstance(item.event, Closed)
        and item.event.outcome is Outcome.DUPLICATE
        and item.version not in voided
        for item in history
    )


def run_case(
    history: Sequence[RecordedFact],
    request: SimulationRequest,
    context: SimulationContext,
    tallies: Sequence[Tally],
) -> None:
    """Run one case under every candidate, and add it to their tallies."""
    base = simulate(history, request.base.ladder_version, context) if request.base else None
    for tried, tally in zip(request.candidates, tallies, strict=True):
        trajectory = simulate(history, tried.ladder_version, context)
        if base is None and trajectory.diverged:
            base = recorded_trajectory(history)
        tally.add(history, base or trajectory, trajectory)
