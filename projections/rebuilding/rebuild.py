"""The rebuild of a read model: a new version is filled, compared with the present one, and put in its place."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Final

import psycopg
from psycopg import IsolationLevel
from psycopg.sql import SQL

from projections.rebuilding.comparison import compared
from projections.rebuilding.differences import Comparison
from projections.rebuilding.errors import RebuildRefused
from projections.rebuilding.filling import Filled, spans
from projections.rebuilding.progress import ProgressReport, RebuildStage, ignore_progress
from projections.rebuilding.shadow_schema import ShadowSchema, clear, connect, create_shadow_schema, finish
from projections.rebuilding.switching import BATCH, CatchUp, number_of
from projections.rebuilding.workers import FillTask, FillWorker, FillWorkers, in_process
from projections.registry import projection
from projections.runtime.batch import MOST_PARKED, ProjectionFaultError
from projections.runtime.projection import Connection, RebuildableProjection

LOCK: Final = 5_207_004
WIDTH: Final = 5_000
"""Positions of the log in one range."""
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
"""Parked streams that have no rows in the read model stay parked."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A completed rebuild: what was filled, the comparison, and the position of the new version.

    `compared` is None where the present version was behind the new one and could not be compared.
    """

    name: str
    filled: Filled
    position: int
    compared: Comparison | None


async def rebuild(
    url: str,
    name: str,
    *,
    differs: bool = False,
    workers: FillWorkers = in_process,
    report: ProgressReport = ignore_progress,
) -> Rebuilt:
    """Rebuild a read model; `url` is the owner's, `differs` allows that the rows of the new version differ.

    Raises RebuildRefused; then, as after any other error, the version that serves goes on as it was.
    """
    model = projection(name)
    async with AsyncExitStack() as stack:
        holder = await stack.enter_async_context(await connect(url))
        found = await (await holder.execute(_ALONE.format(LOCK, name))).fetchone()
        if found != (True,):
            raise RebuildRefused.already_running(name)
        shadow = await create_shadow_schema(holder, model)
        try:
            return await _Rebuild(url, model, shadow, holder, report).carried_out(workers, differs=differs)
        except ProjectionFaultError as error:
            raise RebuildRefused.too_many_faults(name, MOST_PARKED + 1) from error
        finally:
            await clear(holder, shadow)


class _Rebuild:
    def __init__(
        self,
        url: str,
        model: RebuildableProjection,
        shadow: ShadowSchema,
        holder: Connection,
        report: ProgressReport,
    ) -> None:
        self._url = url
        self._model = model
        self._shadow = shadow
        self._holder = holder
        self._report = report

    async def carried_out(self, workers: FillWorkers, *, differs: bool) -> Rebuilt:
        until = await self._begin()
        task = FillTask(self._url, self._shadow, self._model.NAME, until)
        async with workers(task) as open_workers:
            filled = await self._filled(open_workers, until)
        await self._finish(until)
        async with await self._shadow.connect(self._url) as connection:
            following = CatchUp(connection, self._shadow, self._model)
            found = await self._compared(following)
            if found and found.differences and not differs:
                raise RebuildRefused.rows_differ(self._model.NAME, found)
            position = await self._switched(following)
        return Rebuilt(self._model.NAME, filled, position, found)

    async def _begin(self) -> int:
        """Return the position up to which to fill: that of the present version, or the log's end where it has none."""
        model, shadow, holder = self._model, self._shadow, self._holder
        positions, log = shadow.old("projection_positions"), shadow.old("stored_events")
        await holder.execute(_BEGUN.format(positions, model.NAME))
        parked = {"new": shadow.new("parked_streams"), "old": shadow.old("parked_streams")}
        await holder.execute(
            _OTHERS_PARKED.format(
                **parked, log=log, name=model.NAME, topic_prefixes=list(model.TOPIC_PREFIXES)
            )
        )
        async with await connect(self._url) as connection:
            serving = await CatchUp(connection, shadow, model).serving()
        return serving or await number_of(holder, _END.format(log))

    async def _filled(self, workers: Sequence[FillWorker], until: int) -> Filled:
        parts, sums = spans(until, WIDTH), Filled()
        reached = 0

        async def work(worker: FillWorker) -> None:
            nonlocal sums, reached
            for part in parts:
                filled = await worker(part)
                sums += filled
                reached += part.last - part.position
                self._report(RebuildStage.FILLING, reached, until)
                if sums.faults > MOST_PARKED:
                    raise RebuildRefused.too_many_faults(self._model.NAME, sums.faults)

        self._report(RebuildStage.FILLING, 0, until)
        await asyncio.gather(*map(work, workers))
        return sums

    async def _finish(self, until: int) -> None:
        """Give the filled tables their constraints, indexes and rights, and store the position reached."""
        tables = self._model.TABLES
        for done, item in enumerate(tables):
            self._report(RebuildStage.INDEXING, done, len(tables))
            await finish(self._holder, self._shadow, item.name)
        self._report(RebuildStage.INDEXING, len(tables), len(tables))
        own = self._shadow.new("projection_positions")
        await self._holder.execute(_REACHED.format(own, self._model.NAME, until))

    async def _followed(self, following: CatchUp) -> None:
        """Bring the new version close to the present one, which goes on meanwhile."""
        taken = BATCH + 1
        while taken > BATCH:
            serving, own = await following.serving(), await following.position()
            self._report(RebuildStage.FOLLOWING, own, max(serving, own))
            taken = await following.up_to(serving)

    async def _compared(self, following: CatchUp) -> Comparison | None:
        """Compare both versions in one snapshot, taken while both are at one position; None where they cannot be."""
        await self._followed(following)
        async with await connect(self._url) as reader:
            await reader.set_isolation_level(IsolationLevel.REPEATABLE_READ)
            async with AsyncExitStack() as stack:
                async with following.held(self._holder) as position:
                    behind = await following.serving() < position
                    await stack.enter_async_context(reader.transaction())
                    await reader.execute("SELECT 1")
                self._report(RebuildStage.COMPARING, 0, None)
                return None if behind else await compared(reader, self._shadow, self._model)

    async def _switched(self, following: CatchUp) -> int:
        """Replace the present version as soon as it is not in use."""
        for attempt in range(_ATTEMPTS):
            self._report(RebuildStage.SWITCHING, attempt, None)
            await self._followed(following)
            try:
                return await following.switch(self._holder)
            except _IN_USE:
                await asyncio.sleep(_PAUSE)
            except psycopg.errors.DependentObjectsStillExist as error:
                raise RebuildRefused.has_dependents(self._model.NAME) from error
        raise RebuildRefused.tables_in_use(self._model.NAME)
