"""Gathers the appends of one process: while one transaction commits, the next ones wait together."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final
from uuid import UUID

import psycopg

from application.ports import Conflict, Done, Unavailable
from store.appending import Answer, Member

LARGEST: Final = 64
"""Members of one transaction."""
WAITING: Final = 2_000
"""Members that may wait; whoever comes then is told to come back."""

Write = Callable[[Sequence[Member]], Awaitable[dict[UUID, Answer]]]


class GroupCommit:
    """Runs one write at a time; `write` answers for each member of a group by its command id."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._waiting: deque[tuple[Member, asyncio.Future[Answer]]] = deque()
        self._working: asyncio.Task[None] | None = None

    async def append(self, member: Member) -> Done:
        """Write a member with whoever else waits; raises Conflict, Unavailable."""
        if len(self._waiting) >= WAITING:
            raise Unavailable("too many writes are waiting")
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((member, answer))
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())
        found = await answer
        if isinstance(found, Conflict):
            raise found
        return found

    async def _work(self) -> None:
        while self._waiting:
            count = min(len(self._waiting), LARGEST)
            group = [self._waiting.popleft() for _ in range(count)]
            try:
                await self._settle(group)
            except Unavailable as error:  # whoever waits would only wait as long again, and be told the same
                _fail([*group, *self._waiting], error)
                self._waiting.clear()

    async def _settle(self, group: list[tuple[Member, asyncio.Future[Answer]]]) -> None:
        """Answer everybody in the group; where it fails for the content of one, each is tried alone.

        Raises Unavailable where nobody can be served.
        """
        try:
            answers = await self._write([member for member, _ in group])
        except Unavailable:
            raise
        except psycopg.Error as error:
            if len(group) == 1:
                _fail(group, error)
                return
            for alone in group:
                await self._settle([alone])
            return
        except BaseException as error:
            _fail(group, Unavailable("the write was given up"))
            raise error from None
        for member, answer in group:
            if not answer.done():
                answer.set_result(answers[member.append.command_id])


def _fail(group: Sequence[tuple[Member, asyncio.Future[Answer]]], error: Exception) -> None:
    for _, answer in group:
        if not answer.done():
            answer.set_exception(error)
