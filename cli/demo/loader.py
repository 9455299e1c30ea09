"""Puts the street, what it settled in 2025 and its generated cases into a service, in-process."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from application.command_handler import CommandHandler
from application.context import Context
from application.ports import EventLog
from application.stream_cache import StreamCache
from cli.demo.case_plan import CasePlan
from cli.demo.case_player import CasePlayer, PlayResult
from cli.demo.generated_cases import generate_case
from cli.demo.progress import ProgressObserver, SilentObserver
from cli.demo.settled_cases import settled_cases
from cli.demo.stories import story_plans
from cli.demo.street import street
from cli.demo.units import platforms, units
from domain.commands.platform import DescribePlatform
from domain.commands.unit import DescribeUnit
from domain.events.envelope import Actor
from domain.vocabulary import Role
from store.event_log.command_log import outcomes_of
from store.event_log.postgres_event_log import LOG_CONNECTIONS, PostgresEventLog
from store.postgres.connections import BY_KEY, Pool, open_pool

ADMIN: Final = Actor(sub="admin", role=Role.ADMIN)
_CONNECTIONS: Final = 8
_DESCRIPTIONS: Final = UUID("9e6f2a51-4c3d-5b7e-8a1f-0d2c4b6e8f13")


def _id_of(description: DescribeUnit | DescribePlatform) -> UUID:
    """The id of the command that describes exactly this."""
    return uuid5(_DESCRIPTIONS, f"{type(description).__name__}{description.model_dump_json()}")


def _as_admin(command_id: UUID) -> Context:
    return Context(actor=ADMIN, command_id=command_id, fingerprint=b"demonstration")


@dataclass(frozen=True, slots=True)
class DemoLoader:
    """Loads the demonstration into a database. `stopping` is asked before each step; `clock` says what lies in the past."""

    pool: Pool
    log: EventLog
    clock: Callable[[], datetime]
    stopping: Callable[[], bool]

    async def load_street(self) -> None:
        """Describe every unit and platform, each once: what people change afterwards stays as they changed it."""
        handler = CommandHandler(self.log, StreamCache(), self.clock)
        described_units = {_id_of(item): item for item in units()}
        described_platforms = {_id_of(item): item for item in platforms()}
        done = await outcomes_of(self.pool, [*described_units, *described_platforms])
        for name, unit in described_units.items():
            if name not in done:
                await handler.handle(unit, _as_admin(name))
        for name, platform in described_platforms.items():
            if name not in done:
                await handler.handle(platform, _as_admin(name))

    async def load_stories(self) -> dict[str, UUID]:
        """Play the stories; return their disputes' ids by name. Raises PlanRefusedError."""
        stories = story_plans()
        await self.play(list(stories.values()), SilentObserver())
        return {name: plan.dispute for name, plan in stories.items()}

    async def load_settled_cases(self) -> PlayResult:
        """Play what the street settled in 2025; raises PlanRefusedError."""
        return await self.play(settled_cases(street()), SilentObserver())

    async def load_generated_cases(self, disputes: int, seed: int, observer: ProgressObserver) -> PlayResult:
        """Play so many generated cases, as far as their days have come; raises PlanRefusedError."""
        plans = []
        for number in range(1, disputes + 1):
            if self.stopping():
                return PlayResult()
            plans.append(generate_case(street(), seed, number))
        return await self.play(plans, observer)

    async def play(self, plans: Sequence[CasePlan], observer: ProgressObserver) -> PlayResult:
        """Play plans as far as their days have come; raises PlanRefusedError."""
        now = self.clock()
        handler = CommandHandler(self.log, StreamCache(), self.clock)
        player = CasePlayer(handler, self.pool, observer, self.stopping)
        return await player.play([plan.until(now) for plan in plans])


@asynccontextmanager
async def open_loader(
    url: str, clock: Callable[[], datetime], stopping: Callable[[], bool] = lambda: False
) -> AsyncIterator[DemoLoader]:
    """Open the database of a service; close it afterwards."""
    async with open_pool(url, _CONNECTIONS) as pool, open_pool(url, LOG_CONNECTIONS, BY_KEY) as log_pool:
        yield DemoLoader(pool, PostgresEventLog(log_pool, clock), clock, stopping)
