"""What fills a new version: one or several lanes, each of which takes a part of the log after another."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from projections.rebuilding.filling import Filled, PositionRange, fill
from projections.rebuilding.shadow_schema import ShadowSchema
from projections.registry import projection

Lane = Callable[[PositionRange], Awaitable[Filled]]


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be filled: a model's tables in a workshop, from the log up to a position; `url` is the owner's."""

    url: str
    workshop: ShadowSchema
    model: str
    until: int


Lanes = Callable[[Task], AbstractAsyncContextManager[Sequence[Lane]]]


@asynccontextmanager
async def in_process(task: Task) -> AsyncIterator[Sequence[Lane]]:
    """Yield one lane, in this process."""
    async with open_worker(task) as only:
        yield (only,)


@asynccontextmanager
async def open_worker(task: Task) -> AsyncIterator[Lane]:
    """Yield a lane with a connection of its own."""
    model = projection(task.model)
    async with await task.workshop.connect(task.url) as connection:

        async def work(span: PositionRange) -> Filled:
            return await fill(connection, model, span)

        yield work
