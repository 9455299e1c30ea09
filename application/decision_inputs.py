"""Reading what a decision about a dispute needs: first what the command names, then what the dispute implies."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from application.ports import EventLog, Loaded, StoredOutcome
from application.stream_cache import CacheLookup, StreamCaches, merged
from domain.aggregates.dispute import Dispute, World
from domain.aggregates.dispute.deadlines import calendar_years
from domain.aggregates.procedure import Procedure
from domain.aggregates.unit import Unit
from domain.commands.dispute import (
    AcceptDispute,
    AnyDisputeCommand,
    ExpireTimeLimit,
    ExtendTime,
    MigrateDispute,
    OpeningCommand,
    RequestConfirmation,
)
from domain.errors import UnknownMediator, UnknownProcedure, UnknownUnit
from domain.events.envelope import Actor, Fact
from domain.events.mediator import MediatorRegistered
from domain.events.platform import PlatformEvent
from domain.events.procedure import ProcedureEvent
from domain.events.register import NumberIssued
from domain.events.streams import register_stream
from domain.events.unit import UnitEvent
from domain.jurisdiction.platform import Platform
from domain.jurisdiction.register import Register
from domain.jurisdiction.units import with_ancestors
from domain.messages import message
from domain.procedures.workdays import Calendar
from domain.vocabulary import day_of

DEFAULT_PROCEDURE: Final = "three-tier"
_ON_THE_CALENDAR: Final = (ExtendTime, RequestConfirmation, ExpireTimeLimit, MigrateDispute)
"""Commands that are decided by working days."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The platforms around a dispute, and the procedure that it follows."""

    platforms: dict[str, Platform]
    procedure: Procedure | None


@dataclass(frozen=True, slots=True)
class Named:
    """What was read for a command first: its outcome if it was carried out before, its dispute, and what that implies."""

    done: StoredOutcome | None
    dispute: Dispute | None
    policy: Policy
    references: int | None


class DecisionInputs:
    """Reads the world around a command."""

    def __init__(self, log: EventLog, references: StreamCaches) -> None:
        self._log = log
        self._references = references

    async def named(self, command: AnyDisputeCommand, command_id: UUID) -> Named:
        """Read the dispute and what the command names; raises UnknownMediator, UnknownUnit, UnknownProcedure."""
        cases = self._references.disputes.ask([command.dispute])
        loaded = await self._log.load(cases.after, command_id)
        dispute = cases.take(loaded).get(command.dispute)
        around = _Around.of(self._references, command, dispute, loaded.references)
        policy = around.take(command, await self._log.load(around.after))
        if isinstance(command, OpeningCommand) and not policy.procedure:
            asked = command.procedure or DEFAULT_PROCEDURE
            raise UnknownProcedure(
                message("no procedure {procedure} is in force", procedure=asked), field="procedure"
            )
        return Named(loaded.done, dispute, policy, loaded.references)

    async def world(
        self, command: AnyDisputeCommand, dispute: Dispute | None, named: Named, actor: Actor, now: datetime
    ) -> World:
        """Complete what is known around the dispute: its ladder, the register that would number it."""
        procedure = named.policy.procedure
        if procedure is None:
            raise UnknownProcedure(message("the procedure of this case is not in the log"))
        ref = dispute.procedure if dispute else procedure.in_force
        world = World(now, actor, ref, procedure.versions[ref.version], named.policy.platforms)
        if isinstance(command, AcceptDispute) and dispute and not dispute.number:
            registers = await self._register(dispute, world, day_of(command.occurred_at).year)
            return replace(world, registers=registers)
        if isinstance(command, MigrateDispute):
            world = replace(world, target=procedure.versions.get(command.to_version))
        if isinstance(command, _ON_THE_CALENDAR) and dispute:
            return replace(world, calendar=await self._calendar(dispute, named.references))
        return world

    @staticmethod
    def versions(facts: tuple[Fact, ...], world: World) -> dict[UUID, int]:
        """Return the versions, beside the dispute's own, on which the facts rest: a number was the next one."""
        keys = [
            (fact.event.register_of, fact.event.year)
            for fact in facts
            if isinstance(fact.event, NumberIssued)
        ]
        return {register_stream(*key): world.registers.get(key, Register()).version for key in keys}

    async def _register(self, dispute: Dispute, world: World, year: int) -> dict[tuple[str, int], Register]:
        keeper = world.register_of(dispute.platform)
        if keeper is None:
            return {}
        asked = self._references.registers.ask([(keeper.unit, year)])
        return asked.take(await self._log.load(asked.after))

    async def _calendar(self, dispute: Dispute, references: int | None) -> Calendar:
        """The years in which a time limit of the dispute may end."""
        asked = self._references.calendars.ask(calendar_years(dispute), references)
        return Calendar(asked.take(await self._log.load(asked.after)))


@dataclass(frozen=True, slots=True)
class _Around:
    """What is about to be read around a dispute; nothing of it where the log has just said that it is as it was."""

    mediators: CacheLookup[str, bool, MediatorRegistered]
    units: CacheLookup[str, Unit, UnitEvent]
    platforms: CacheLookup[str, Platform, PlatformEvent]
    procedures: CacheLookup[str, Procedure, ProcedureEvent]

    @classmethod
    def of(
        cls, references: StreamCaches, command: AnyDisputeCommand, dispute: Dispute | None, now: int | None
    ) -> "_Around":
        return cls(
            references.mediators.ask(command.mediators_named(), now),
            references.units.ask(_units_named(command), now),
            references.platforms.ask(_units_around(command, dispute), now),
            references.procedures.ask(_procedure_of(command, dispute), now),
        )

    @property
    def after(self) -> dict[UUID, int]:
        asked = (self.mediators, self.units, self.platforms, self.procedures)
        return merged(*(item.after for item in asked))

    def take(self, command: AnyDisputeCommand, loaded: Loaded) -> Policy:
        """Fold what was read; raises UnknownMediator, UnknownUnit."""
        _must_know_mediators(command, self.mediators.take(loaded))
        _must_know_units(command, self.units.take(loaded))
        published = (item for item in self.procedures.take(loaded).values() if item.versions)
        return Policy(self.platforms.take(loaded), next(published, None))


def _units_named(command: AnyDisputeCommand) -> tuple[str, ...]:
    return (command.unit, *command.co_units) if isinstance(command, OpeningCommand) else ()


def _procedure_of(command: AnyDisputeCommand, dispute: Dispute | None) -> tuple[str, ...]:
    if dispute:
        return (dispute.procedure.id,)
    return (command.procedure or DEFAULT_PROCEDURE,) if isinstance(command, OpeningCommand) else ()


def _units_around(command: AnyDisputeCommand, dispute: Dispute | None) -> frozenset[str]:
    named = _units_named(command) if dispute is None else (dispute.filed.unit, *dispute.filed.co_units)
    return frozenset(item for unit in named for item in with_ancestors(unit))


def _must_know_mediators(command: AnyDisputeCommand, known: Collection[str]) -> None:
    for mediator in command.mediators_named():
        if mediator not in known:
            raise UnknownMediator(
                message("nobody with the id {mediator} is a mediator anywhere", mediator=mediator),
                field="mediators",
            )


def _must_know_units(command: AnyDisputeCommand, known: Collection[str]) -> None:
    for unit in _units_named(command):
        if unit not in known:
            main = isinstance(command, OpeningCommand) and unit == command.unit
            field = "unit" if main else "co_units"
            raise UnknownUnit(message("there is no unit {unit}", unit=unit), field=field)
