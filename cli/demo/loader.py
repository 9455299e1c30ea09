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
from cli.demo import settled_cases as settled
from cli.demo import stories as tales
from cli.demo import units as places
from cli.demo.case_plan import Life
from cli.demo.case_player import Filled, Filling
from cli.demo.generated_cases import lived
from cli.demo.progress import Unwatched, Watcher
from cli.demo.street import street
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
class Furnishing:
    """Where things are put. `stopping` is asked before each step; `clock` says what lies in the past."""

    pool: Pool
    log: EventLog
    clock: Callable[[], datetime]
    stopping: Callable[[], bool]

    async def put_street(self) -> None:
        """Describe every unit and platform, each once: what people change afterwards stays as they changed it."""
        handler = CommandHandler(self.log, StreamCache(), self.clock)
        units = {_id_of(item): item for item in places.units()}
        platforms = {_id_of(item): item for item in places.platforms()}
        done = await outcomes_of(self.pool, [*units, *platforms])
        for name, unit in units.items():
            if name not in done:
                await handler.handle(unit, _as_admin(name))
        for name, platform in platforms.items():
            if name not in done:
                await handler.handle(platform, _as_admin(name))

    async def tell(self) -> dict[str, UUID]:
        """Play the stories; return their disputes' ids by name. Raises PlanRefusedError."""
        stories = tales.lives()
        await self.play(list(stories.values()), Unwatched())
        return {name: life.dispute for name, life in stories.items()}

    async def settle(self) -> Filled:
        """Play what the street settled in 2025; raises PlanRefusedError."""
        return await self.play(settled.lives(street()), Unwatched())

    async def live(self, disputes: int, seed: int, watcher: Watcher) -> Filled:
        """Play so many generated cases, as far as their days have come; raises PlanRefusedError."""
        lives = []
        for number in range(1, disputes + 1):
            if self.stopping():
                return Filled()
            lives.append(lived(street(), seed, number))
        return await self.play(lives, watcher)

    async def play(self, lives: Sequence[Life], watcher: Watcher) -> Filled:
        """Play lives as far as their days have come; raises PlanRefusedError."""
        now = self.clock()
        handler = CommandHandler(self.log, StreamCache(), self.clock)
        filling = Filling(handler, self.pool, watcher, self.stopping)
        return await filling.play([live.until(now) for live in lives])


@asynccontextmanager
async def furnishing(
    url: str, clock: Callable[[], datetime], stopping: Callable[[], bool] = lambda: False
) -> AsyncIterator[Furnishing]:
    """Open a service's database to furnish it."""
    async with open_pool(url, _CONNECTIONS) as pool, open_pool(url, LOG_CONNECTIONS, BY_KEY) as log_pool:
        yield Furnishing(pool, PostgresEventLog(log_pool, clock), clock, stopping)
