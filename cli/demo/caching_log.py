"""A log that remembers what was read from it and written to it, so that a long plan need not read it all again.

Nothing rests on memory: an append names the versions it stands on and is checked against the log itself. Where it
fails, the streams concerned are forgotten and read anew. Streams that a command only reads, such as a platform's,
are asked for again after a moment.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from application.ports import Append, EventLog, Loaded, StoredOutcome, Write
from domain.events.envelope import Event, Recorded

_MOMENT: Final = 1.0
"""Seconds."""


@dataclass(slots=True)
class _Stream:
    """A stream from its beginning. What was written here is not asked for again: the next append would tell."""

    events: tuple[Recorded[Event], ...] = ()
    read_at: float = 0.0
    written: bool = False

    def add(self, events: Iterable[Recorded[Event]]) -> None:
        """Append what is new; somebody else may have read the same meanwhile."""
        for event in events:
            if event.version == len(self.events) + 1:
                self.events = (*self.events, event)


class RememberingLog:
    """An `application.ports.EventLog` before another one."""

    def __init__(self, log: EventLog, clock: Callable[[], datetime]) -> None:
        self._log = log
        self._clock = clock
        self._streams: dict[UUID, _Stream] = {}

    async def load(self, after: Mapping[UUID, int], command_id: UUID | None = None) -> Loaded:
        """Return each stream's events beyond a version; the command's outcome only where the log had to be asked."""
        now = asyncio.get_running_loop().time()
        asked = [stream for stream in after if not self._is_fresh(stream, now)]
        done = await self._read(asked, command_id, now) if asked else None
        held = {stream: self._streams[stream].events[version:] for stream, version in after.items()}
        return Loaded({stream: events for stream, events in held.items() if events}, done)

    async def append(self, append: Append) -> StoredOutcome:
        """Write, and remember what was written; raises Conflict, Unavailable."""
        try:
            done = await self._log.append(append)
        except BaseException:
            for write in append.writes:
                self._streams.pop(write.stream, None)
            raise
        for write in append.writes:
            stream = self._streams.setdefault(write.stream, _Stream())
            stream.add(self._recorded(append, write, done))
            stream.written = True
        return done

    def _is_fresh(self, stream: UUID, now: float) -> bool:
        held = self._streams.get(stream)
        return held is not None and (held.written or now - held.read_at < _MOMENT)

    async def _read(
        self, streams: Iterable[UUID], command_id: UUID | None, now: float
    ) -> StoredOutcome | None:
        held = {stream: self._streams.setdefault(stream, _Stream()) for stream in streams}
        wanted = {stream: len(item.events) for stream, item in held.items()}
        loaded = await self._log.load(wanted, command_id)
        for stream, item in held.items():
            item.add(loaded.streams.get(stream, ()))
            item.read_at = now
            self._streams[stream] = item
        return loaded.done

    def _recorded(self, append: Append, write: Write, done: StoredOutcome) -> Iterable[Recorded[Event]]:
        for version, fact in enumerate(write.facts, start=write.after + 1):
            yield Recorded(
                stream=write.stream,
                version=version,
                position=done.reply.position or 0,
                recorded_at=self._clock(),
                actor=append.actor,
                command_id=append.command_id,
                event=fact.event,
                because=fact.because,
            )
