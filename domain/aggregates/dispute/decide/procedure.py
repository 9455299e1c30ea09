"""A time limit that fires, and another version under which a dispute goes on."""

from domain.aggregates.dispute.expiry import consequences_of_expiry, expiring
from domain.aggregates.dispute.guards import must_be_open, must_be_undecided
from domain.aggregates.dispute.procedure_migration import migration_impact
from domain.aggregates.dispute.state import Dispute
from domain.aggregates.dispute.world import World
from domain.commands.dispute import ExpireTimeLimit, MigrateDispute
from domain.errors import NothingExpires, NotMigratable, NotYetExpired, RetroactiveDisadvantage
from domain.events.dispute import ProcedureMigrated
from domain.events.envelope import Fact
from domain.messages import message
from domain.procedures.ladder import ProcedureRef


def decide_expire(command: ExpireTimeLimit, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Move or end the case because a time limit ran out, if it still is what the clock took it for (rule 8)."""
    must_be_undecided(dispute)
    due = expiring(dispute, world.ladder, world.calendar)
    if due is None or (due.clock, due.deadline.due_on) != (command.clock, command.last_day):
        raise NothingExpires(
            message("the time limit of the case is another one by now, or does nothing by itself")
        )
    fires_at = due.fires_at(dispute.last_recorded_at)
    if fires_at is None or world.now < fires_at:
        raise NotYetExpired(
            message("the time limit has not run out, or the case was touched a short while ago")
        )
    facts = consequences_of_expiry(dispute, due, world, world.now)
    if not facts:
        raise NothingExpires(message("no platform above the {tier} covers the unit", tier=dispute.tier))
    return facts


def decide_migrate(command: MigrateDispute, dispute: Dispute, world: World) -> tuple[Fact, ...]:
    """Let an open dispute go on under another version; what turns against a party in retrospect needs a ground."""
    must_be_open(dispute)
    if dispute.dormant:
        raise NotMigratable(
            message("no rule looks at a case from before the system until somebody takes it up")
        )
    pinned = ProcedureRef(id=command.procedure, version=command.from_version)
    if dispute.procedure != pinned or world.target is None or command.from_version == command.to_version:
        raise NotMigratable(message("the case is not under that version of the procedure"))
    change = migration_impact(dispute, world.ladder, world.target, world.calendar)
    if change.blocked is not None:
        raise NotMigratable(change.blocked)
    if change.against and command.ground is None:
        raise RetroactiveDisadvantage(change.against[0], field="ground")
    migrated = ProcedureMigrated(
        procedure=ProcedureRef(id=command.procedure, version=command.to_version),
        ground=command.ground,
        occurred_at=command.occurred_at,
    )
    return (Fact(migrated),)
