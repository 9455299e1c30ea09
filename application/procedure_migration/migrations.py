"""Moving the open disputes of a procedure from one of its versions to another: what it would change, and doing it."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from application.command_handler import Clock, CommandHandler
from application.context import Context
from application.deciders.calendar import CALENDARS, calendar_of
from application.deciders.dispute import DISPUTES
from application.deciders.procedure import PROCEDURES
from application.known_units import KnownUnits
from application.ports import EventLog
from application.procedure_migration.prior_run import (
    NO_PRIOR_RUN,
    CommandOutcomes,
    PriorRun,
    command_id_for,
    find_prior_run,
    state_before,
)
from application.stream_cache import StreamCache, read_states
from domain.aggregates.dispute import Dispute
from domain.aggregates.dispute.deadlines import calendar_years
from domain.aggregates.dispute.procedure_migration import MigrationImpact, migration_impact
from domain.aggregates.procedure import Procedure
from domain.commands.dispute import MigrateDispute
from domain.errors import DomainError, KeyReused, RetroactiveDisadvantage, UnknownProcedure
from domain.messages import Message, message
from domain.procedures.ladder import Ladder, ProcedureRef
from domain.procedures.tier import Titled
from domain.vocabulary import Key, PositiveInt, ShortText, Status, UnitId, Value

PAGE: Final = 500
LISTED: Final = 10_000
"""Disputes that a plan lists; those beyond are counted only."""
_CONCURRENCY: Final = 32


class MigrationRequest(Value):
    """Which disputes to migrate from which version of a procedure to which; `ground` where it turns against a party."""

    procedure: Key
    from_version: PositiveInt
    to_version: PositiveInt
    unit: UnitId | None = None
    ground: ShortText | None = None


class OpenDisputes(Protocol):
    """Finds the open disputes under a version of a procedure."""

    async def under(
        self, procedure: ProcedureRef, unit: str | None, after: int, limit: int
    ) -> Sequence[tuple[UUID, int]]:
        """Return up to `limit` of them in the order of their filing, each with its position, beyond a position."""
        ...


@dataclass(frozen=True, slots=True)
class Affected:
    """An open dispute, and what the other version would change for it."""

    id: UUID
    dispute: Dispute
    change: MigrationImpact


@dataclass
class MigrationPlan:
    """What a request would do: to how many disputes, to which, against whom; and what it did. `titles` name its tiers."""

    titles: Titled = field(default_factory=dict)
    disputes: int = 0
    unchanged: int = 0
    against: int = 0
    blocked: int = 0
    affected: list[Affected] = field(default_factory=list)
    migrated: int = 0
    left: list[tuple[UUID, Message]] = field(default_factory=list)
    positions: dict[UUID, int] = field(default_factory=dict)

    def count(self, affected: Affected) -> None:
        """Count a dispute, and list it where something changes for it."""
        self.disputes += 1
        self.unchanged += affected.change.changes_nothing
        self.against += bool(affected.change.against)
        self.blocked += affected.change.blocked is not None
        if not affected.change.changes_nothing and len(self.affected) < LISTED:
            self.affected.append(affected)

    def sort_by_filing(self) -> None:
        """List the disputes in the order of their filing."""
        self.affected.sort(key=lambda item: self.positions[item.id])
        self.left.sort(key=lambda item: self.positions[item[0]])

    @property
    def listed_all(self) -> bool:
        """Whether every dispute for which something changes is listed."""
        return len(self.affected) == self.disputes - self.unchanged


@dataclass
class _Run:
    """A request under way: as what it was asked for, and whether anything bears the request's own command id yet."""

    request: MigrationRequest
    context: Context
    now: datetime
    plan: MigrationPlan
    started: bool


class ProcedureMigrations:
    """Plans moves, and carries them out.

    The first dispute that is moved bears the request's own command id, each other one an id made from that: by them
    a request that comes again is known, and what it moved before.
    """

    def __init__(
        self,
        log: EventLog,
        cache: StreamCache,
        handler: CommandHandler,
        open_disputes: OpenDisputes,
        outcomes: CommandOutcomes,
        clock: Clock,
    ) -> None:
        self._log = log
        self._outcomes = outcomes
        self._cache = cache
        self._handler = handler
        self._open = open_disputes
        self._clock = clock

    async def check_request(self, request: MigrationRequest) -> None:
        """Refuse unknown versions and units; raises UnknownProcedure, UnknownUnit."""
        await self._ladders(request)
        await KnownUnits(self._log, self._cache).must_include(request.unit)

    async def plan(self, request: MigrationRequest, prior_run: PriorRun = NO_PRIOR_RUN) -> MigrationPlan:
        """Return what a request would change for whom, what the same request moved before included.

        Raises UnknownProcedure.
        """
        present, target = await self._ladders(request)
        plan = MigrationPlan(present.titles, migrated=len(prior_run.migrated))
        for start in range(0, len(prior_run.migrated), PAGE):
            for item in await self._affected_by_prior_run(
                prior_run.migrated[start : start + PAGE], prior_run, present, target, plan
            ):
                plan.count(item)
        async for page in self._pages(request, prior_run):
            plan.positions.update(page)
            for item in await self._affected_by_migration(list(page), request, present, target):
                plan.count(item)
        return plan

    async def carry_out(self, request: MigrationRequest, context: Context) -> MigrationPlan:
        """Move what can be moved; raises UnknownProcedure, and RetroactiveDisadvantage where a ground is wanted.

        What happened meanwhile decides on each dispute once more: those that can no longer be moved are left. The
        same request again continues where it was interrupted, and lists all that it migrated; raises KeyReused where it is
        another one.
        """
        prior_run = await find_prior_run(self._log, self._outcomes, context)
        plan = await self.plan(request, prior_run)
        if plan.against and request.ground is None and prior_run is NO_PRIOR_RUN:
            raise RetroactiveDisadvantage(
                message(
                    "for {count} disputes the change turns against a party in retrospect; state the ground for it",
                    count=plan.against,
                ),
                field="ground",
            )
        run = _Run(request, context, self._clock(), plan, prior_run is not NO_PRIOR_RUN)
        async for page in self._pages(request, prior_run):
            plan.positions.update(page)
            await self._migrate_all(page, run)
        plan.sort_by_filing()
        return plan

    async def _ladders(self, request: MigrationRequest) -> tuple[Ladder, Ladder]:
        if request.from_version == request.to_version:
            raise UnknownProcedure(message("the disputes are under that version already"), field="to")
        states = await read_states(self._log, self._cache, [PROCEDURES.ref(request.procedure)])
        procedure = states.get(PROCEDURES, request.procedure)
        return (
            _version(procedure, request.procedure, request.from_version, "from"),
            _version(procedure, request.procedure, request.to_version, "to"),
        )

    async def _pages(self, request: MigrationRequest, prior_run: PriorRun) -> AsyncIterator[dict[UUID, int]]:
        """The open disputes, each with its position; without those that a prior run migrated or that were filed after it began."""
        pinned = ProcedureRef(id=request.procedure, version=request.from_version)
        last, moved = 0, frozenset(prior_run.migrated)
        while page := await self._open.under(pinned, request.unit, last, PAGE):
            last = page[-1][1]
            yield {
                case: position for case, position in page if case not in moved and position <= prior_run.until
            }

    async def _affected_by_prior_run(
        self, cases: Sequence[UUID], prior_run: PriorRun, present: Ladder, target: Ladder, plan: MigrationPlan
    ) -> list[Affected]:
        """What a request changed for the disputes that it migrated before, computed from their state then."""
        loaded = await self._log.load(dict.fromkeys(cases, 0))
        then = {case: state_before(loaded.streams[case], prior_run.command_ids) for case in cases}
        plan.positions.update({case: loaded.streams[case][0].position for case in cases})
        return await self._changes(then, present, target)

    async def _affected_by_migration(
        self, cases: Sequence[UUID], request: MigrationRequest, present: Ladder, target: Ladder
    ) -> list[Affected]:
        states = await read_states(self._log, self._cache, map(DISPUTES.ref, cases))
        found = states.all(DISPUTES, cases)
        pinned = ProcedureRef(id=request.procedure, version=request.from_version)
        found_open = {
            case: item
            for case, item in found.items()
            if item.procedure == pinned and item.status is not Status.CLOSED and not item.dormant
        }
        return await self._changes(found_open, present, target)

    async def _changes(
        self, disputes: Mapping[UUID, Dispute], present: Ladder, target: Ladder
    ) -> list[Affected]:
        years = {year for dispute in disputes.values() for year in calendar_years(dispute)}
        states = await read_states(self._log, self._cache, map(CALENDARS.ref, sorted(years)))
        calendar = calendar_of(states, years)
        return [
            Affected(case, item, migration_impact(item, present, target, calendar))
            for case, item in disputes.items()
        ]

    async def _migrate_all(self, cases: Iterable[UUID], run: _Run) -> None:
        waiting = iter(cases)
        while not run.started and (case := next(waiting, None)):
            run.started = await self._migrate(case, run, run.context.command_id)

        async def worker() -> None:
            for case in waiting:
                await self._migrate(case, run, command_id_for(run.context, case))

        await asyncio.gather(*(worker() for _ in range(_CONCURRENCY)))

    async def _migrate(self, case: UUID, run: _Run, command_id: UUID) -> bool:
        fields = run.request.model_dump(exclude={"unit"})
        command = MigrateDispute(dispute=case, **fields, occurred_at=run.now)
        context = Context(run.context.actor, command_id, run.context.fingerprint)
        try:
            reply = await self._handler.handle(command, context)
        except KeyReused:
            raise
        except DomainError as error:
            run.plan.left.append((case, error.detail))
            return False
        if reply.id != str(case):  # a twin of the request began with another one meanwhile
            return await self._migrate(case, run, command_id_for(run.context, case))
        run.plan.migrated += 1
        return True


def _version(procedure: Procedure | None, name: str, version: int, field: str) -> Ladder:
    if procedure is None or version not in procedure.versions:
        raise UnknownProcedure(
            message(
                "no version {version} of the procedure {procedure} is published",
                version=version,
                procedure=name,
            ),
            field=field,
        )
    return procedure.versions[version]
