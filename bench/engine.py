"""The engine alone: load, decide, append in one process, 64 callers, against the library's application at its best.

The library is asked with as many threads as suit it best; each case holds 10 events and grows.
"""

import asyncio
import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Final
from uuid import UUID, uuid4

import psycopg
import uvloop

from application.command_handler import CommandHandler
from application.context import Context
from application.stream_cache import StreamCache
from bench import rival_stock
from bench.command_path import EVENTS, SESSION
from bench.open_cases import write_cases
from bench.sample_events import SUN
from bench.serving import served, settings, temporary_home
from cli.bootstrap import utc_now
from cli.database import DATABASE_NAME
from cli.workers.garbage_collection import collect_garbage_rarely
from domain.commands.dispute import RecordSession
from domain.commands.dispute.sessions import SessionDetails
from store.event_log.postgres_event_log import LOG_CONNECTIONS, PostgresEventLog
from store.postgres.connections import APP_ROLE, BY_KEY, open_pool

CALLERS, SECONDS, ROUNDS = 64, 4.0, 3
CASES, STOCK_CASES = 4_000, 1_500
THREADS: Final = (1, 4, 8, 16)


def measure() -> dict[str, object]:
    """Return commands a second of both, each the median of its rounds; the library's with the best count of threads."""
    collect_garbage_rarely()
    with temporary_home() as folder, served(folder) as ours:
        known = write_cases(ours.owner_url, range(CASES), EVENTS)
        with psycopg.connect(ours.owner_url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE rival")
        stock = rival_stock.environment(ours.server.url("postgres", "rival"), None)
        session = SessionDetails.model_validate_json(SESSION)
        cases = rival_stock.write_cases(stock, STOCK_CASES, EVENTS - 2, session)
        mine, others = [], {threads: list[float]() for threads in THREADS}
        for _ in range(ROUNDS):
            mine.append(uvloop.run(_ours(ours.server.url(APP_ROLE, DATABASE_NAME), known)))
            for threads, found in others.items():
                found.append(_stock(stock, cases, session, threads))
        server = settings(ours.owner_url)
    rival = {threads: sorted(found)[ROUNDS // 2] for threads, found in others.items()}
    own, best = sorted(mine)[ROUNDS // 2], max(rival.values())
    return {
        "name": "the engine in one process: load, decide, append",
        "callers": CALLERS,
        "ours_per_second": round(own),
        "rival_per_second_by_threads": {str(threads): round(item) for threads, item in rival.items()},
        "ratio": round(own / best, 2),
        "server": server,
    }


async def _ours(url: str, cases: Sequence[UUID]) -> float:
    body = json.loads(SESSION)
    done, end = 0, 0.0
    async with open_pool(url, LOG_CONNECTIONS, BY_KEY) as pool:
        engine = CommandHandler(PostgresEventLog(pool, utc_now), StreamCache(), utc_now)

        async def caller(number: int) -> None:
            nonlocal done
            for place in count(number, CALLERS):
                if time.perf_counter() > end:
                    return
                command = RecordSession.model_validate({**body, "dispute": cases[place % len(cases)]})
                await engine.handle(command, Context(actor=SUN, command_id=uuid4()))
                done += 1

        for seconds in (1.0, SECONDS):
            done, end = 0, time.perf_counter() + seconds
            await asyncio.gather(*(caller(number) for number in range(CALLERS)))
    return done / SECONDS


def _stock(
    environment: dict[str, str], cases: Sequence[UUID], session: SessionDetails, threads: int
) -> float:
    application = rival_stock.Cases(environment)
    end = time.perf_counter() + SECONDS

    def caller(number: int) -> int:
        for done in count():
            if time.perf_counter() > end:
                return done
            application.record(cases[(number + done * threads) % len(cases)], session)
        raise AssertionError("counting never ends")

    with ThreadPoolExecutor(threads) as pool:
        done = sum(pool.map(caller, range(threads)))
    application.close()
    return done / SECONDS


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
