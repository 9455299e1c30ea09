"""Recording what was checked: one append a batch, all of it or nothing, concurrently with other commands."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from hashlib import sha256
from typing import Final
from uuid import UUID, uuid5

from application.command_handler import Clock
from application.deciders.register import REGISTERS
from application.importing.already_imported import alike
from application.importing.spool import SpooledRecord
from application.ports import Append, Conflict, EventLog, Reply, Unavailable, Write
from application.stream_cache import StreamCache, read_states
from domain.errors import Contended
from domain.events.dispute import Imported
from domain.events.envelope import Actor, Fact
from domain.events.register import NumbersCarriedOver
from domain.events.streams import register_stream
from domain.jurisdiction.register import Register
from domain.messages import message

_PATIENCE: Final = 60.0
"""Seconds for which one batch is tried again, where others write to its registers or the database does not answer."""
_PAUSES: Final = (0.1, 0.3, 1.0, 3.0)
RegisterKey = tuple[str, int]
"""Whose register it is, and of which year."""
_BATCHES: Final = UUID("0b9d3f5c-6a0e-5a64-8f0b-3a4c7a1d9e20")


class OvertakenError(Exception):
    """While the import went on, another case came to have the number of this one."""

    def __init__(self, waiting: SpooledRecord) -> None:
        super().__init__(waiting.line)
        self.waiting = waiting


class NumberGivenError(Exception):
    """While the import was checked, the system gave a number of the tables to a case of its own."""

    def __init__(self, register: tuple[str, int], n: int) -> None:
        super().__init__(n)
        self.register = register
        self.n = n


class ImportWriter:
    """Appends what registers have to learn, and then the cases in batches."""

    def __init__(self, log: EventLog, cache: StreamCache, clock: Clock, actor: Actor) -> None:
        self._log = log
        self._cache = cache
        self._clock = clock
        self._actor = actor

    async def carry_over(self, numbers: Mapping[RegisterKey, set[int]]) -> int | None:
        """Let registers learn their numbers before any case comes in, so that live cases are numbered after them.

        Returns the position of the last event, None where all was known. Raises NumberGivenError, Contended,
        Unavailable.
        """
        position = None
        for register, numbers_to_carry in sorted(numbers.items()):
            position = await self._insisting(lambda: self._carry_over(register, numbers_to_carry)) or position  # noqa: B023
        return position

    async def record(self, batch: Sequence[SpooledRecord]) -> int | None:
        """Record a batch and return the position of its last event, None where all of it was there.

        Raises OvertakenError, Contended, Unavailable. What is repeated does no harm: the command's id follows from
        the content, and what is in the log already is left out.
        """
        missing = batch

        async def attempt() -> int | None:
            nonlocal missing
            try:
                return await self._record(missing)
            except Conflict:
                missing = await self._missing(batch)
                raise

        return await self._insisting(attempt)

    async def _insisting(self, attempt: Callable[[], Awaitable[int | None]]) -> int | None:
        """Try again while others are faster, and a few times while the store does not answer."""
        loop = asyncio.get_running_loop()
        give_up, failures = loop.time() + _PATIENCE, 0
        while True:
            try:
                return await attempt()
            except Conflict:
                if loop.time() > give_up:
                    raise Contended(message("others were faster each time; try again")) from None
            except Unavailable:
                if failures == len(_PAUSES):
                    raise
                await asyncio.sleep(_PAUSES[failures])
                failures += 1

    async def _carry_over(self, key: RegisterKey, numbers_to_carry: set[int]) -> int | None:
        states = await read_states(self._log, self._cache, [REGISTERS.ref(key)])
        register = states.get(REGISTERS, key) or Register()
        for n in sorted(numbers_to_carry):
            if register.has_issued(n):
                raise NumberGivenError(key, n)
        lacking = tuple(sorted(numbers_to_carry - register.carried_over))
        if not lacking:
            return None
        keeper, year = key
        fact = NumbersCarriedOver(register_of=keeper, year=year, numbers=lacking, occurred_at=self._clock())
        digest = sha256(f"{keeper}:{year}:{lacking}".encode()).digest()
        return await self._append(digest, [Write(register_stream(*key), register.version, (Fact(fact),))])

    async def _record(self, batch: Sequence[SpooledRecord]) -> int | None:
        writes = [Write(item.stream, 0, (Fact(item.event),)) for item in batch if item.event]
        if not writes:
            return None
        return await self._append(sha256(b"".join(item.digest for item in batch)).digest(), writes)

    async def _append(self, digest: bytes, writes: Sequence[Write]) -> int | None:
        command = uuid5(_BATCHES, digest.hex())
        reply = Reply(id=str(command), version=len(writes), events=())
        done = await self._log.append(Append(command, digest, self._actor, tuple(writes), reply))
        return done.reply.position

    async def _missing(self, batch: Sequence[SpooledRecord]) -> list[SpooledRecord]:
        """What of a batch is not in the log: a register moved on, or the same file comes in twice at once."""
        loaded = await self._log.load({item.stream: 0 for item in batch})
        missing = []
        for item in batch:
            there = loaded.streams.get(item.stream)
            if there is None or item.event is None:
                missing.append(item)
            elif not (isinstance(before := there[0].event, Imported) and alike(before, item.event)):
                raise OvertakenError(item)
        return missing
