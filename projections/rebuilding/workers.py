"""The workers that fill a new version: each fills one range of the log after another."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from projections.rebuilding.filling import Filled, PositionRange, fill
from projections.rebuilding.shadow_schema import ShadowSchema
from projections.registry import projection

FillWorker = Callable[[PositionRange], Awaitable[Filled]]


@dataclass(frozen=True, slots=True)
class FillTask:
    """The tables to fill: a model's in a shadow schema, from the log up to a position; `url` is the owner's."""

    url: str
    shadow: ShadowSchema
    model: str
    until: int


FillWorkers = Callable[[FillTask], AbstractAsyncContextManager[Sequence[FillWorker]]]


@asynccontextmanager
async def in_process(task: FillTask) -> AsyncIterator[Sequence[FillWorker]]:
    """Yield one worker, in this process."""
    async with open_worker(task) as only:
        yield (only,)


@asynccontextmanager
async def open_worker(task: FillTask) -> AsyncIterator[FillWorker]:
    """Yield a worker with a connection of its own."""
    model = projection(task.model)
    async with await task.shadow.connect(task.url) as connection:

        async def work(span: PositionRange) -> Filled:
            return await fill(connection, model, span)

        yield work
