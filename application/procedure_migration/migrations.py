"""Moving the open disputes of a procedure from one of its versions to another: what it would change, and doing it."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from application.command_handler import Clock, CommandHandler
from application.context import Context
from application.deciders.calendar import CALENDARS
from application.deciders.dispute import DISPUTES
from application.deciders.procedure import PROCEDURES
from application.deciders.unit import UNITS
from application.ports import EventLog
from application.procedure_migration.prior_run import (
    FRESH,
    CommandOutcomes,
    PriorRun,
    as_it_was,
    find_prior_run,
    own_id,
)
from application.stream_cache import StreamCache, read_states
from domain.aggregates.dispute import Dispute
from domain.aggregates.dispute.deadlines import calendar_years
from domain.aggregates.dispute.procedure_migration import MigrationImpact, migration_impact
from domain.aggregates.procedure import Procedure
from domain.commands.dispute import MigrateDispute
from domain.errors import DomainError, KeyReused, RetroactiveDisadvantage, UnknownProcedure, UnknownUnit
from domain.messages import Message, message
from domain.procedures.ladder import Ladder, ProcedureRef
from domain.procedures.tier import Titled
from domain.procedures.workdays import Calendar
from domain.vocabulary import Key, PositiveInt, ShortText, Status, UnitId, Value

PAGE: Final = 500
LISTED: Final = 10_000
"""Disputes that a plan tells of one by one; of what is beyond, it says how many."""
_AT_ONCE: Final = 32


class MigrationRequest(Value):
    """From which version of a procedure to which, of which unit's disputes, and why where it turns against a party."""

    procedure: Key
    from_version: PositiveInt
    to_version: PositiveInt
    unit: UnitId | None = None
    ground: ShortText | None = None


class OpenDisputes(Protocol):
    """Tells which disputes are open under a version of a procedure."""

    async def under(
        self, procedure: ProcedureRef, unit: str | None, after: int, limit: int
    ) -> Sequence[tuple[UUID, int]]:
        """Return up to `limit` of them in the order of their filing, each with its place, beyond a place."""
        ...


@dataclass(frozen=True, slots=True)
class Affected:
    """An open dispute, and what the other version would change for it."""

    id: UUID
    dispute: Dispute
    change: MigrationImpact


@dataclass
class MigrationPlan:
    """What a move would do: to how many disputes, to which, against whom; and what it did. `titles` name its tiers."""

    titles: Titled = field(default_factory=dict)
    disputes: int = 0
    unchanged: int = 0
    against: int = 0
    blocked: int = 0
    affected: list[Affected] = field(default_factory=list)
    migrated: int = 0
    left: list[tuple[UUID, Message]] = field(default_factory=list)
    places: dict[UUID, int] = field(default_factory=dict)

    def take(self, affected: Affected) -> None:
        """Count a dispute, and list it where it would notice."""
        self.disputes += 1
        self.unchanged += affected.change.changes_nothing
        self.against += bool(affected.change.against)
        self.blocked += affected.change.blocked is not None
        if not affected.change.changes_nothing and len(self.affected) < LISTED:
            self.affected.append(affected)

    def order(self) -> None:
        """List the disputes in the order of their filing, whichever came first to be moved."""
        self.affected.sort(key=lambda item: self.places[item.id])
        self.left.sort(key=lambda item: self.places[item[0]])

    @property
    def listed_all(self) -> bool:
        """Whether every dispute that would notice is listed."""
        return len(self.affected) == self.disputes - self.unchanged


@dataclass
class _Work:
    """A move under way: as what it was asked for, and whether anything bears the request's own command id yet."""

    move: MigrationRequest
    context: Context
    now: datetime
    plan: MigrationPlan
    begun: bool


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

    async def must_know(self, move: MigrationRequest) -> None:
        """Refuse what nobody knows; raises UnknownProcedure, UnknownUnit."""
        await self._ladders(move)
        if move.unit is not None:
            states = await read_states(self._log, self._cache, [UNITS.ref(move.unit)])
            if states.get(UNITS, move.unit) is None:
                raise UnknownUnit(message("there is no unit {unit}", unit=move.unit), field="unit")

    async def plan(self, move: MigrationRequest, begun: PriorRun = FRESH) -> MigrationPlan:
        """Return what a move would change for whom, what the same request moved before included.

        Raises UnknownProcedure.
        """
        present, target = await self._ladders(move)
        plan = MigrationPlan(present.titles, migrated=len(begun.moved))
        for start in range(0, len(begun.moved), PAGE):
            for item in await self._moved(begun.moved[start : start + PAGE], begun, present, target, plan):
                plan.take(item)
        async for page in self._pages(move, begun):
            plan.places.update(page)
            for item in await self._affected(list(page), move, present, target):
                plan.take(item)
        return plan

    async def carry_out(self, move: MigrationRequest, context: Context) -> MigrationPlan:
        """Move what can be moved; raises UnknownProcedure, and RetroactiveDisadvantage where a ground is wanted.

        What happened meanwhile decides on each dispute once more: those that can no longer be moved are left. The
        same request again goes on where it was cut, and tells of all that it moved; raises KeyReused where it is
        another one.
        """
        begun = await find_prior_run(self._log, self._outcomes, context)
        plan = await self.plan(move, begun)
        if plan.against and move.ground is None and begun is FRESH:
            raise RetroactiveDisadvantage(
                message(
                    "for {count} disputes the change turns against a party in retrospect; state the ground for it",
                    count=plan.against,
                ),
                field="ground",
            )
        work = _Work(move, context, self._clock(), plan, begun is not FRESH)
        async for page in self._pages(move, begun):
            plan.places.update(page)
            await self._move(page, work)
        plan.order()
        return plan

    async def _ladders(self, move: MigrationRequest) -> tuple[Ladder, Ladder]:
        if move.from_version == move.to_version:
            raise UnknownProcedure(message("the disputes are under that version already"), field="to")
        states = await read_states(self._log, self._cache, [PROCEDURES.ref(move.procedure)])
        procedure = states.get(PROCEDURES, move.procedure)
        return (
            _version(procedure, move.procedure, move.from_version, "from"),
            _version(procedure, move.procedure, move.to_version, "to"),
        )

    async def _pages(self, move: MigrationRequest, begun: PriorRun) -> AsyncIterator[dict[UUID, int]]:
        """The open disputes, each with its place; without those that the same request moved or never looked at."""
        pinned = ProcedureRef(id=move.procedure, version=move.from_version)
        last, moved = 0, frozenset(begun.moved)
        while page := await self._open.under(pinned, move.unit, last, PAGE):
            last = page[-1][1]
            yield {case: place for case, place in page if case not in moved and place <= begun.until}

    async def _moved(
        self, cases: Sequence[UUID], begun: PriorRun, present: Ladder, target: Ladder, plan: MigrationPlan
    ) -> list[Affected]:
        """What a move changed for disputes that it moved before, reckoned from how they stood then."""
        loaded = await self._log.load(dict.fromkeys(cases, 0))
        then = {case: as_it_was(loaded.streams[case], begun.ids) for case in cases}
        plan.places.update({case: loaded.streams[case][0].position for case in cases})
        return await self._reckoned(then, present, target)

    async def _affected(
        self, cases: Sequence[UUID], move: MigrationRequest, present: Ladder, target: Ladder
    ) -> list[Affected]:
        states = await read_states(self._log, self._cache, map(DISPUTES.ref, cases))
        found = states.all(DISPUTES, cases)
        pinned = ProcedureRef(id=move.procedure, version=move.from_version)
        concerned = {
            case: item
            for case, item in found.items()
            if item.procedure == pinned and item.status is not Status.CLOSED and not item.dormant
        }
        return await self._reckoned(concerned, present, target)

    async def _reckoned(
        self, disputes: Mapping[UUID, Dispute], present: Ladder, target: Ladder
    ) -> list[Affected]:
        years = {year for dispute in disputes.values() for year in calendar_years(dispute)}
        states = await read_states(self._log, self._cache, map(CALENDARS.ref, sorted(years)))
        calendar = Calendar(states.all(CALENDARS, sorted(years)))
        return [
            Affected(case, item, migration_impact(item, present, target, calendar))
            for case, item in disputes.items()
        ]

    async def _move(self, cases: Iterable[UUID], work: _Work) -> None:
        waiting = iter(cases)
        while not work.begun and (case := next(waiting, None)):
            work.begun = await self._move_one(case, work, work.context.command_id)

        async def hand() -> None:
            for case in waiting:
                await self._move_one(case, work, own_id(work.context, case))

        await asyncio.gather(*(hand() for _ in range(_AT_ONCE)))

    async def _move_one(self, case: UUID, work: _Work, command_id: UUID) -> bool:
        told = work.move.model_dump(exclude={"unit"})
        command = MigrateDispute(dispute=case, **told, occurred_at=work.now)
        context = Context(work.context.actor, command_id, work.context.fingerprint)
        try:
            reply = await self._handler.handle(command, context)
        except KeyReused:
            raise
        except DomainError as error:
            work.plan.left.append((case, error.detail))
            return False
        if reply.id != str(case):  # a twin of the request began with another one meanwhile
            return await self._move_one(case, work, own_id(work.context, case))
        work.plan.migrated += 1
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
