"""What fills a new version: one or several lanes, each of which takes a part of the log after another."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from projections.rebuilding.filling import Filled, PositionRange, fill
from projections.rebuilding.shadow_schema import ShadowSchema
from projections.registry import projection

FillWorker = Callable[[PositionRange], Awaitable[Filled]]


@dataclass(frozen=True, slots=True)
class FillTask:
    """What is to be filled: a model's tables in a workshop, from the log up to a position; `url` is the owner's."""

    url: str
    shadow: ShadowSchema
    model: str
    until: int


FillWorkers = Callable[[FillTask], AbstractAsyncContextManager[Sequence[FillWorker]]]


@asynccontextmanager
async def in_process(task: FillTask) -> AsyncIterator[Sequence[FillWorker]]:
    """Yield one lane, in this process."""
    async with open_worker(task) as only:
        yield (only,)


@asynccontextmanager
async def open_worker(task: FillTask) -> AsyncIterator[FillWorker]:
    """Yield a lane with a connection of its own."""
    model = projection(task.model)
    async with await task.shadow.connect(task.url) as connection:

        async def work(span: PositionRange) -> Filled:
            return await fill(connection, model, span)

        yield work
