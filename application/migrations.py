"""Moving the open disputes of a procedure from one of its versions to another: what it would change, and doing it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID, uuid5

from application.context import Context
from application.engine import Clock, Engine
from application.ports import EventLog, Loaded
from application.references import References, joined
from domain.aggregates.dispute import Dispute
from domain.aggregates.dispute.migration import Migration, migration
from domain.aggregates.dispute.outlook import calendar_years
from domain.aggregates.policy import Procedure
from domain.commands.dispute import MigrateDispute
from domain.errors import DomainError, RetroactiveDisadvantage, UnknownProcedure
from domain.messages import Message, message
from domain.procedures.ladder import Ladder, ProcedureRef
from domain.procedures.tier import Titled
from domain.procedures.workdays import Calendar
from domain.vocabulary import Key, PositiveInt, ShortText, Status, UnitId, Value

PAGE: Final = 500
LISTED: Final = 10_000
"""Disputes that a plan tells of one by one; of what is beyond, it says how many."""
_AT_ONCE: Final = 32


class Move(Value):
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
    change: Migration


@dataclass
class Plan:
    """What a move would do: to how many disputes, to which, against whom; and what it did. `titles` name its tiers."""

    titles: Titled = field(default_factory=dict)
    disputes: int = 0
    unchanged: int = 0
    against: int = 0
    blocked: int = 0
    affected: list[Affected] = field(default_factory=list)
    migrated: int = 0
    left: list[tuple[UUID, Message]] = field(default_factory=list)

    def take(self, each: Affected) -> None:
        """Count a dispute, and list it where it would notice."""
        self.disputes += 1
        self.unchanged += each.change.changes_nothing
        self.against += bool(each.change.against)
        self.blocked += each.change.blocked is not None
        if not each.change.changes_nothing and len(self.affected) < LISTED:
            self.affected.append(each)

    @property
    def listed_all(self) -> bool:
        """Whether every dispute that would notice is listed."""
        return len(self.affected) == self.disputes - self.unchanged


class Migrations:
    """Plans moves, and carries them out."""

    def __init__(
        self, log: EventLog, references: References, engine: Engine, open_disputes: OpenDisputes, clock: Clock
    ) -> None:
        self._log = log
        self._references = references
        self._engine = engine
        self._open = open_disputes
        self._clock = clock

    async def plan(self, move: Move) -> Plan:
        """Return what a move would change for whom; raises UnknownProcedure."""
        present, target = await self._ladders(move)
        plan = Plan(present.titles)
        async for page in self._pages(move):
            for each in await self._affected(page, move, present, target):
                plan.take(each)
        return plan

    async def carry_out(self, move: Move, context: Context) -> Plan:
        """Move what can be moved; raises UnknownProcedure, and RetroactiveDisadvantage where a ground is wanted.

        What happened meanwhile decides on each dispute once more: those that can no longer be moved are left.
        """
        plan = await self.plan(move)
        if plan.against and move.ground is None:
            raise RetroactiveDisadvantage(
                message(
                    "for {count} disputes the change turns against a party in retrospect; state the ground for it",
                    count=plan.against,
                ),
                field="ground",
            )
        now = self._clock()
        async for page in self._pages(move):
            await self._move(page, move, context, now, plan)
        return plan

    async def _ladders(self, move: Move) -> tuple[Ladder, Ladder]:
        if move.from_version == move.to_version:
            raise UnknownProcedure(message("the disputes are under that version already"), field="to")
        asked = self._references.procedures.ask([move.procedure])
        procedure = asked.take(await self._log.load(asked.after)).get(move.procedure)
        return (
            _version(procedure, move.procedure, move.from_version, "from"),
            _version(procedure, move.procedure, move.to_version, "to"),
        )

    async def _pages(self, move: Move) -> AsyncIterator[list[UUID]]:
        pinned = ProcedureRef(id=move.procedure, version=move.from_version)
        last = 0
        while page := await self._open.under(pinned, move.unit, last, PAGE):
            last = page[-1][1]
            yield [case for case, _ in page]

    async def _affected(
        self, cases: Sequence[UUID], move: Move, present: Ladder, target: Ladder
    ) -> list[Affected]:
        asked = self._references.disputes.ask(cases)
        found = asked.take(await self._log.load(asked.after))
        pinned = ProcedureRef(id=move.procedure, version=move.from_version)
        concerned = {
            case: each
            for case, each in found.items()
            if each.procedure == pinned and each.status is not Status.CLOSED and not each.bygone
        }
        calendar = await self._calendar(
            {year for each in concerned.values() for year in calendar_years(each)}
        )
        return [
            Affected(case, each, migration(each, present, target, calendar))
            for case, each in concerned.items()
        ]

    async def _calendar(self, years: set[int]) -> Calendar:
        asked = self._references.calendars.ask(sorted(years))
        loaded: Loaded = await self._log.load(joined(asked.after))
        return Calendar(asked.take(loaded))

    async def _move(
        self, cases: Sequence[UUID], move: Move, context: Context, now: datetime, plan: Plan
    ) -> None:
        waiting = iter(cases)

        async def hand() -> None:
            for case in waiting:
                await self._move_one(case, move, context, now, plan)

        await asyncio.gather(*(hand() for _ in range(min(_AT_ONCE, len(cases)))))

    async def _move_one(self, case: UUID, move: Move, context: Context, now: datetime, plan: Plan) -> None:
        command = MigrateDispute(dispute=case, **move.model_dump(exclude={"unit"}), occurred_at=now)
        own = Context(context.actor, uuid5(context.command_id, str(case)), context.fingerprint)
        try:
            await self._engine.handle(command, own)
        except DomainError as error:
            plan.left.append((case, error.detail))
        else:
            plan.migrated += 1


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
