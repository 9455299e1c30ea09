"""Gathers what concurrent callers of one process ask of the database: while some wait for an answer, more queue up."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Generic, TypeVar

import psycopg

from application.ports import Unavailable

LARGEST: Final = 64
"""Requests that are answered together."""
WAITING: Final = 2_000
"""Requests that may wait; whoever comes then is told to come back."""

_AskT = TypeVar("_AskT")
_AnswerT = TypeVar("_AnswerT")
_Queue = deque[tuple[_AskT, "asyncio.Future[_AnswerT]"]]


class BatchQueue(Generic[_AskT, _AnswerT]):
    """Answers requests in groups: `answer` returns as many answers as it is given requests, in their order."""

    def __init__(
        self, answer: Callable[[Sequence[_AskT]], Awaitable[Sequence[_AnswerT]]], at_once: int = 1
    ) -> None:
        """`at_once` says how many groups may be under way."""
        self._answer = answer
        self._at_once = at_once
        self._waiting: _Queue[_AskT, _AnswerT] = deque()
        self._under_way: set[asyncio.Task[None]] = set()

    async def ask(self, request: _AskT) -> _AnswerT:
        """Have a request answered with whoever else waits; raises Unavailable, and what it raises alone."""
        if len(self._waiting) >= WAITING:
            raise Unavailable("too many requests are waiting")
        answer: asyncio.Future[_AnswerT] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, answer))
        self._under_way = {task for task in self._under_way if not task.done()}
        if len(self._under_way) < self._at_once:
            self._under_way.add(asyncio.create_task(self._work()))
        return await answer

    async def _work(self) -> None:
        while self._waiting:
            count = min(len(self._waiting), LARGEST)
            group = [self._waiting.popleft() for _ in range(count)]
            try:
                await self._settle(group)
            except Unavailable as error:  # whoever waits would only wait as long again, and be told the same
                _fail([*group, *self._waiting], error)
                self._waiting.clear()

    async def _settle(self, group: Sequence[tuple[_AskT, asyncio.Future[_AnswerT]]]) -> None:
        """Answer everybody in the group; where it fails for the content of one, each is tried alone.

        Raises Unavailable where nobody can be served.
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


def _fail(group: Sequence[tuple[_AskT, asyncio.Future[_AnswerT]]], error: Exception) -> None:
    for _, answer in group:
        if not answer.done():
            answer.set_exception(error)
