"""Recording what was checked: one append a batch, all of it or nothing, beside whatever else goes on."""

import asyncio
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final
from uuid import UUID, uuid5

from application.engine import Clock
from application.importing.past import alike
from application.importing.spool import Waiting
from application.ports import Append, Conflict, EventLog, Reply, Unavailable, Write
from application.references import References
from domain.aggregates.register import Register
from domain.errors import Contended
from domain.events.dispute import Imported
from domain.events.envelope import Actor, Fact
from domain.events.register import NumbersCarriedOver
from domain.events.streams import register_stream
from domain.messages import message

_PATIENCE: Final = 60.0
"""Seconds for which one batch is tried again, where others write to its registers or the database does not answer."""
_PAUSES: Final = (0.1, 0.3, 1.0, 3.0)
_BATCHES: Final = UUID("0b9d3f5c-6a0e-5a64-8f0b-3a4c7a1d9e20")


class OvertakenError(Exception):
    """While the import went on, another case came to have the number of this one."""

    def __init__(self, waiting: Waiting) -> None:
        super().__init__(waiting.line)
        self.waiting = waiting


class Recording:
    """Appends batches of cases, each with what its registers have to learn."""

    def __init__(self, log: EventLog, references: References, clock: Clock, actor: Actor) -> None:
        self._log = log
        self._references = references
        self._clock = clock
        self._actor = actor

    async def record(self, batch: Sequence[Waiting]) -> int | None:
        """Record a batch and return the position of its last event, None where all of it was there.

        Raises OvertakenError, Contended, Unavailable. What is repeated does no harm: the command's id follows from
        the content, and what is in the log already is left out.
        """
        loop = asyncio.get_running_loop()
        give_up, failures = loop.time() + _PATIENCE, 0
        missing = batch
        while True:
            try:
                return await self._attempt(missing)
            except Conflict:
                if loop.time() > give_up:
                    raise Contended(message("others were faster each time; try again")) from None
                missing = await self._missing(batch)
            except Unavailable:
                if failures == len(_PAUSES):
                    raise
                await asyncio.sleep(_PAUSES[failures])
                failures += 1

    async def _attempt(self, batch: Sequence[Waiting]) -> int | None:
        asked = self._references.registers.ask({each.numbered.register for each in batch if each.numbered})
        registers = asked.take(await self._log.load(asked.after))
        carried = self._carried_over(batch, registers)
        writes = [Write(each.stream, 0, (Fact(each.event),)) for each in batch if each.event]
        for fact in carried:
            key = (fact.register_of, fact.year)
            version = registers.get(key, Register()).version
            writes.append(Write(register_stream(*key), version, (Fact(fact),)))
        if not writes:
            return None
        digest = sha256(b"".join(each.digest for each in batch)).digest()
        command = uuid5(_BATCHES, digest.hex())
        reply = Reply(id=str(command), version=len(writes), events=())
        done = await self._log.append(Append(command, digest, self._actor, tuple(writes), reply))
        return done.reply.position

    def _carried_over(
        self, batch: Sequence[Waiting], registers: Mapping[tuple[str, int], Register]
    ) -> list[NumbersCarriedOver]:
        """What each register has to learn: the numbers of the batch that it does not know yet."""
        found: dict[tuple[str, int], set[int]] = {}
        for each in batch:
            if each.numbered is None:
                continue
            register = registers.get(each.numbered.register, Register())
            if register.has_issued(each.numbered.n):
                raise OvertakenError(each)
            if each.numbered.n not in register.carried_over:
                found.setdefault(each.numbered.register, set()).add(each.numbered.n)
        now = self._clock()
        return [
            NumbersCarriedOver(register_of=keeper, year=year, numbers=tuple(sorted(numbers)), occurred_at=now)
            for (keeper, year), numbers in sorted(found.items())
        ]

    async def _missing(self, batch: Sequence[Waiting]) -> list[Waiting]:
        """What of a batch is not in the log: a register moved on, or the same file comes in twice at once."""
        loaded = await self._log.load({each.stream: 0 for each in batch})
        missing = []
        for each in batch:
            there = loaded.streams.get(each.stream)
            if there is None or each.event is None:
                missing.append(each)
            elif not (isinstance(before := there[0].event, Imported) and alike(before, each.event)):
                raise OvertakenError(each)
        return missing
