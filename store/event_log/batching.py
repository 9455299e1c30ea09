"""Answers requests of concurrent callers in batches: while one batch is answered, the next one queues up."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Generic, TypeVar

import psycopg

from application.ports import Unavailable

BATCH_SIZE: Final = 64
"""The most requests in a batch."""
QUEUE_LIMIT: Final = 2_000
"""The most requests that may wait; a further one is refused as Unavailable."""

_RequestT = TypeVar("_RequestT")
_ReplyT = TypeVar("_ReplyT")
_Queue = deque[tuple[_RequestT, "asyncio.Future[_ReplyT]"]]


class BatchQueue(Generic[_RequestT, _ReplyT]):
    """Answers requests in batches: `answer` returns one reply for each request, in their order."""

    def __init__(
        self, answer: Callable[[Sequence[_RequestT]], Awaitable[Sequence[_ReplyT]]], at_once: int = 1
    ) -> None:
        """`at_once` is the number of batches that may be under way."""
        self._answer = answer
        self._at_once = at_once
        self._waiting: _Queue[_RequestT, _ReplyT] = deque()
        self._under_way: set[asyncio.Task[None]] = set()

    async def ask(self, request: _RequestT) -> _ReplyT:
        """Return the reply to a request, answered in a batch; raises Unavailable, and whatever it would raise alone."""
        if len(self._waiting) >= QUEUE_LIMIT:
            raise Unavailable("too many requests are waiting")
        answer: asyncio.Future[_ReplyT] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, answer))
        self._under_way = {task for task in self._under_way if not task.done()}
        if len(self._under_way) < self._at_once:
            self._under_way.add(asyncio.create_task(self._work()))
        return await answer

    async def _work(self) -> None:
        while self._waiting:
            count = min(len(self._waiting), BATCH_SIZE)
            group = [self._waiting.popleft() for _ in range(count)]
            try:
                await self._settle(group)
            except Unavailable as error:  # those who wait would wait as long again for the same error
                _fail([*group, *self._waiting], error)
                self._waiting.clear()

    async def _settle(self, group: Sequence[tuple[_RequestT, asyncio.Future[_ReplyT]]]) -> None:
        """Answer a batch; where the content of one request makes it fail, try them one by one.

        Raises Unavailable where none can be answered.
        """
        try:
            answers = await self._answer([request for request, _ in group])
        except Unavailable:
            raise
        except psycopg.Error as error:
            if len(group) == 1:
                _fail(group, error)
                return
            for alone in group:
                await self._settle([alone])
        except BaseException:
            _fail(group, Unavailable("the request was given up"))
            raise
        else:
            for (_, waiting), answer in zip(group, answers, strict=True):
                if not waiting.done():
                    waiting.set_result(answer)


def _fail(group: Sequence[tuple[_RequestT, asyncio.Future[_ReplyT]]], error: Exception) -> None:
    for _, answer in group:
        if not answer.done():
            answer.set_exception(error)
