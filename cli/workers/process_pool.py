"""The one process pool: imports, rebuilds and simulations run their parts in its children.

A child is a fresh interpreter (`spawn`). It ends with its parent, and with the pool, whatever it is doing then.
Functions and managers are sent to it by their name: they stand in a module, or are partials of such.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractAsyncContextManager, AsyncExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import TypeVar, cast

from cli.workers.garbage_collection import collect_garbage_rarely
from cli.workers.parent_death_signal import end_with_parent

_PartT = TypeVar("_PartT")
_ResultT = TypeVar("_ResultT")


@contextmanager
def process_pool(count: int, initialize: Callable[[], None] | None = None) -> Iterator[ProcessPoolExecutor]:
    """Run `count` children until the block ends; `initialize` runs once in each.

    What is submitted raises BrokenProcessPool where a child is gone.
    """
    executor = ProcessPoolExecutor(
        count, get_context("spawn"), initializer=_begin, initargs=(os.getpid(), initialize)
    )
    try:
        for _ in range(
            count
        ):  # start every child now, in this thread: a child ends with the thread that started it
            executor.submit(os.getpid)
        yield executor
    finally:
        for process in list(executor._processes.values()):  # noqa: SLF001 - from Python 3.14 on: kill_workers()
            process.kill()
        executor.shutdown()


@contextmanager
def async_process_pool(
    count: int, open_work: Callable[[], AbstractAsyncContextManager[Callable[[_PartT], Awaitable[_ResultT]]]]
) -> Iterator[Callable[[_PartT], Awaitable[_ResultT]]]:
    """Run `count` children until the block ends; yield what has the next free one do a part.

    `open_work` opens once in each child what its parts need, such as a connection, and yields what does a part.
    """
    with process_pool(count, partial(_open, open_work)) as executor:

        async def do(part: _PartT) -> _ResultT:
            # shielded: a cancelled future would break the executor's own thread when the children are killed
            return cast("_ResultT", await asyncio.shield(asyncio.wrap_future(executor.submit(_do, part))))

        yield do


def _begin(parent: int, initialize: Callable[[], None] | None) -> None:
    end_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent too, which ends its children
    collect_garbage_rarely()
    if initialize is not None:
        initialize()


@dataclass(frozen=True, slots=True)
class _Opened:
    """What a child has open: its event loop, what closes at its end, and what does a part."""

    runner: asyncio.Runner
    stack: AsyncExitStack
    work: Callable[[object], Awaitable[object]]


_opened: list[_Opened] = []


def _open(
    open_work: Callable[[], AbstractAsyncContextManager[Callable[[_PartT], Awaitable[object]]]],
) -> None:
    runner, stack = asyncio.Runner(), AsyncExitStack()
    work = runner.run(stack.enter_async_context(open_work()))
    _opened.append(_Opened(runner, stack, cast("Callable[[object], Awaitable[object]]", work)))


def _do(part: object) -> object:
    async def work() -> object:
        return await _opened[0].work(part)

    return _opened[0].runner.run(work())
