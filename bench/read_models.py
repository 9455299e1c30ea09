"""`python -m bench.read_models [EVENTS]`: how fast read models follow the log, and how fast one is rebuilt.

The rival keeps the case list alone, over the same log on the same server: the stock runner takes an event a
transaction, so it is given fewer events.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg

from bench.closed_cases import LENGTH, write_closed_cases
from bench.rival_runner import TABLE, follow
from bench.serving import settings
from bench.serving import temporary_home as new_home
from cli.bootstrap import open_services, put_initial_data
from cli.settings import Settings
from cli.workers.garbage_collection import collect_garbage_rarely
from cli.workers.rebuild_workers import rebuild_workers
from domain.procedures.ladder import Ladder, ProcedureRef
from domain.procedures.workdays import Calendar
from projections.case_list.projection import CaseListProjection
from projections.rebuilding.rebuild import rebuild
from projections.registry import projections
from projections.runtime.policy_cache import PolicyCache
from projections.runtime.projection import Projection
from projections.runtime.runner import Runner
from store.embedded import EmbeddedServer
from store.postgres.connections import assume_app_role, limited
from store.postgres.migrator import migrate

EVENTS: Final = 100_000
RIVALS: Final = 3_000
"""Events that the rival takes."""
SIDE_BY_SIDE: Final = 2_000


def measure(events: int = EVENTS) -> dict[str, object]:
    """Return the figures of one run."""
    collect_garbage_rarely()
    with new_home() as home, EmbeddedServer(home) as server:
        town = _Town(home, server, events)
        in_sequence = town.url("in_sequence", 1)
        side_by_side = town.url("side_by_side", SIDE_BY_SIDE)
        rival = _rival(town.url("rival", 1, RIVALS))
        own_list = _followed(town.url("own_list", 1), [CaseListProjection()], events)
        all_in_sequence = _followed(in_sequence, projections(), events)
        all_side_by_side = _followed(side_by_side, projections(), events)
        return {
            "name": "read models follow the log, against the stock projection runner",
            "events": events,
            "rival_events": RIVALS,
            "ratio_of_the_case_list": round(own_list.per_second / rival.per_second, 1),
            "ratio_of_all_together": {
                "in_sequence": round(all_in_sequence.per_second / rival.per_second, 1),
                "side_by_side": round(all_side_by_side.per_second / rival.per_second, 1),
            },
            **rival.figures("rival_case_list"),
            **own_list.figures("case_list"),
            **all_in_sequence.figures("all_in_sequence"),
            **all_side_by_side.figures("all_side_by_side"),
            "rebuild_in_sequence_per_second": round(_rebuilt(in_sequence, events)),
            "rebuild_side_by_side_per_second": round(_rebuilt(side_by_side, events)),
            "server": settings(in_sequence),
        }


@dataclass(frozen=True, slots=True)
class _Pace:
    """How fast events were taken, and what each cost this process in CPU time, which a busy machine changes less."""

    per_second: float
    microseconds: float

    @classmethod
    def of(cls, events: int, work: Callable[[], None]) -> "_Pace":
        """Measure something that takes so many events."""
        started, used = time.perf_counter(), time.process_time()
        work()
        used = time.process_time() - used
        return cls(events / (time.perf_counter() - started), 1e6 * used / events)

    def figures(self, name: str) -> dict[str, int]:
        """Return both figures under names."""
        return {
            f"{name}_per_second": round(self.per_second),
            f"{name}_cpu_microseconds": round(self.microseconds),
        }


class _Town:
    """Databases with lives of cases."""

    def __init__(self, home: Path, server: EmbeddedServer, events: int) -> None:
        self._home = home
        self._server = server
        self._events = events

    def url(self, name: str, side_by_side: int, events: int | None = None) -> str:
        """Make a database with so many events; return its owner's URL."""
        with psycopg.connect(self._server.url("postgres", "postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        url = self._server.url("postgres", name)
        migrate(url)
        asyncio.run(self._founded(url))
        write_closed_cases(url, (events or self._events) // LENGTH, side_by_side)
        return url

    async def _founded(self, url: str) -> None:
        async with open_services(Settings(var=self._home), url) as services:
            await put_initial_data(services)


def _followed(url: str, models: Sequence[Projection], events: int) -> _Pace:
    async def work() -> None:
        async with (
            await psycopg.AsyncConnection.connect(limited(url)) as connection,
            await psycopg.AsyncConnection.connect(limited(url)) as ahead,
        ):
            await assume_app_role(connection)
            await assume_app_role(ahead)
            await Runner(url, models).catch_up(connection, ahead)

    _settle(url)
    return _Pace.of(events, lambda: asyncio.run(work()))


def _rebuilt(url: str, events: int) -> float:
    _settle(url)
    started = time.perf_counter()
    rebuilt = asyncio.run(rebuild(url, CaseListProjection.NAME, lanes=rebuild_workers))
    if rebuilt.compared is None or rebuilt.compared.differences:
        raise RuntimeError("the rebuilt case list differs")
    return events / (time.perf_counter() - started)


def _rival(url: str) -> _Pace:
    ladder, calendar = asyncio.run(_policies(url))
    with psycopg.connect(url) as connection:
        connection.execute(f"CREATE TABLE {TABLE} (LIKE caseload INCLUDING ALL)".encode())
        found = connection.execute("SELECT count(*), max(notification_id) FROM stored_events").fetchone()
    count, last = found or (0, 0)
    return _Pace.of(count, lambda: follow(url, last, ladder, calendar))


async def _policies(url: str) -> tuple[Ladder, Calendar]:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        policies = PolicyCache()
        ladder = await policies.ladder(connection, ProcedureRef(id="three-tier", version=1))
        return ladder, await policies.calendar(connection, range(2024, 2029))


def _settle(url: str) -> None:
    """Begin with everything on disk."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS), indent=1))
