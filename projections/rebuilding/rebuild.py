"""The rebuild of a read model: filled beside the one that serves, compared with it, and put in its place."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Final

import psycopg
from psycopg import IsolationLevel
from psycopg.sql import SQL

from projections.rebuilding.comparison import compared
from projections.rebuilding.differences import Compared
from projections.rebuilding.errors import RebuildRefused
from projections.rebuilding.filling import Filled, spans
from projections.rebuilding.progress import RebuildStage, Tell, silently
from projections.rebuilding.shadow_schema import ShadowSchema, clear, connect, finish, opened_workshop
from projections.rebuilding.switching import BATCH, Following, number
from projections.rebuilding.workers import Lane, Lanes, Task, in_process
from projections.registry import projection
from projections.runtime.batch import MOST_PARKED, ProjectionFaultError
from projections.runtime.projection import Connection, RebuildableProjection

LOCK: Final = 5_207_004
WIDTH: Final = 5_000
"""Positions of the log in one part."""
_ATTEMPTS: Final = 20
_PAUSE: Final = 1.0
_IN_USE: Final = (
    psycopg.errors.QueryCanceled,
    psycopg.errors.LockNotAvailable,
    psycopg.errors.DeadlockDetected,
)
_ALONE: Final = SQL("SELECT pg_try_advisory_lock({}, hashtext({}))")
_BEGUN: Final = SQL("INSERT INTO {} (name, position) VALUES ({}, 0) ON CONFLICT DO NOTHING")
_END: Final = SQL("SELECT coalesce(max(notification_id), 0) FROM {}")
_REACHED: Final = SQL("INSERT INTO {} (name, position) VALUES ({}, {})")
_OTHERS_PARKED: Final = SQL("""
INSERT INTO {new} SELECT p.* FROM {old} p WHERE p.projection = {name} AND NOT EXISTS (
    SELECT FROM {log} e WHERE e.originator_id = p.stream AND e.originator_version = 1 AND e.topic ^@ ANY({topic_prefixes}))
""")
"""Streams that are none of the model's own wait as before."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A rebuild that came to its end: what was folded, what the comparison showed, and where the model stands now.

    `compared` is None where the version that served had nothing yet to compare with.
    """

    name: str
    filled: Filled
    position: int
    compared: Compared | None


async def rebuild(
    url: str, name: str, *, differs: bool = False, lanes: Lanes = in_process, tell: Tell = silently
) -> Rebuilt:
    """Rebuild a read model; `url` is the owner's, `differs` says that the new version is meant to differ.

    Raises RebuildRefused; then, as after any other error, the version that serves goes on as it was.
    """
    model = projection(name)
    async with AsyncExitStack() as stack:
        holder = await stack.enter_async_context(await connect(url))
        found = await (await holder.execute(_ALONE.format(LOCK, name))).fetchone()
        if found != (True,):
            raise RebuildRefused.while_another_runs(name)
        workshop = await opened_workshop(holder, model)
        try:
            return await _Rebuild(url, model, workshop, holder, tell).carried_out(lanes, differs=differs)
        except ProjectionFaultError as error:
            raise RebuildRefused.of_a_fault(name, MOST_PARKED + 1) from error
        finally:
            await clear(holder, workshop)


class _Rebuild:
    def __init__(
        self, url: str, model: RebuildableProjection, workshop: ShadowSchema, holder: Connection, tell: Tell
    ) -> None:
        self._url = url
        self._model = model
        self._workshop = workshop
        self._holder = holder
        self._tell = tell

    async def carried_out(self, lanes: Lanes, *, differs: bool) -> Rebuilt:
        until = await self._begin()
        task = Task(self._url, self._workshop, self._model.NAME, until)
        async with lanes(task) as open_lanes:
            filled = await self._filled(open_lanes, until)
        await self._finish(until)
        async with await self._workshop.connect(self._url) as connection:
            following = Following(connection, self._workshop, self._model)
            found = await self._compared(following)
            if found and found.differences and not differs:
                raise RebuildRefused.of_differences(self._model.NAME, found)
            position = await self._switched(following)
        return Rebuilt(self._model.NAME, filled, position, found)

    async def _begin(self) -> int:
        """Return up to which position to fill: where the one that serves is, or the end where it has not begun."""
        model, workshop, holder = self._model, self._workshop, self._holder
        positions, log = workshop.old("projection_positions"), workshop.old("stored_events")
        await holder.execute(_BEGUN.format(positions, model.NAME))
        parked = {"new": workshop.new("parked_streams"), "old": workshop.old("parked_streams")}
        await holder.execute(
            _OTHERS_PARKED.format(
                **parked, log=log, name=model.NAME, topic_prefixes=list(model.TOPIC_PREFIXES)
            )
        )
        async with await connect(self._url) as connection:
            serving = await Following(connection, workshop, model).serving()
        return serving or await number(holder, _END.format(log))

    async def _filled(self, lanes: Sequence[Lane], until: int) -> Filled:
        parts, sums = spans(until, WIDTH), Filled()
        reached = 0

        async def work(lane: Lane) -> None:
            nonlocal sums, reached
            for part in parts:
                filled = await lane(part)
                sums += filled
                reached += part.last - part.position
                self._tell(RebuildStage.FILLING, reached, until)
                if sums.faults > MOST_PARKED:
                    raise RebuildRefused.of_a_fault(self._model.NAME, sums.faults)

        self._tell(RebuildStage.FILLING, 0, until)
        await asyncio.gather(*map(work, lanes))
        return sums

    async def _finish(self, until: int) -> None:
        """Make the filled tables like those that serve, and say up to where they were filled."""
        tables = self._model.TABLES
        for done, item in enumerate(tables):
            self._tell(RebuildStage.INDEXING, done, len(tables))
            await finish(self._holder, self._workshop, item.name)
        self._tell(RebuildStage.INDEXING, len(tables), len(tables))
        own = self._workshop.new("projection_positions")
        await self._holder.execute(_REACHED.format(own, self._model.NAME, until))

    async def _followed(self, following: Following) -> None:
        """Bring the new version close to the one that serves, which goes on meanwhile."""
        taken = BATCH + 1
        while taken > BATCH:
            serving, own = await following.serving(), await following.position()
            self._tell(RebuildStage.FOLLOWING, own, max(serving, own))
            taken = await following.up_to(serving)

    async def _compared(self, following: Following) -> Compared | None:
        """Compare both versions in one snapshot, taken while both are at one position; None where they cannot be."""
        await self._followed(following)
        async with await connect(self._url) as reader:
            await reader.set_isolation_level(IsolationLevel.REPEATABLE_READ)
            async with AsyncExitStack() as stack:
                async with following.held(self._holder) as position:
                    behind = await following.serving() < position
                    await stack.enter_async_context(reader.transaction())
                    await reader.execute("SELECT 1")
                self._tell(RebuildStage.COMPARING, 0, None)
                return None if behind else await compared(reader, self._workshop, self._model)

    async def _switched(self, following: Following) -> int:
        """Change the versions as soon as nobody is using the one that serves."""
        for attempt in range(_ATTEMPTS):
            self._tell(RebuildStage.SWITCHING, attempt, None)
            await self._followed(following)
            try:
                return await following.switch(self._holder)
            except _IN_USE:
                await asyncio.sleep(_PAUSE)
            except psycopg.errors.DependentObjectsStillExist as error:
                raise RebuildRefused.while_others_rest_on_it(self._model.NAME) from error
        raise RebuildRefused.while_in_use(self._model.NAME)
