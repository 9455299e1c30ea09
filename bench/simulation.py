"""`python -m bench.simulation [EVENTS]`: how long it takes to run 1,000,000 events under another threshold.

The limit is 60 seconds on two cores. It is run twice with a process a core and once with one alone: the answers have
to be the same, byte for byte. The memory is the largest sum of what the run and its children were seen to hold.
"""

import asyncio
import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from application.simulation.request import CandidateRequest, CaseSelection
from application.simulation.runner import SimulationRunner
from bench.decided_cases import write_decided
from bench.processes import family, resident_kib
from bench.serving import settings
from bench.serving import temporary_home as new_home
from cli.bootstrap import open_services, put_initial_data
from cli.demo.loader import open_loader
from cli.settings import Settings
from cli.workers.garbage_collection import collect_garbage_rarely
from cli.workers.simulation_workers import cores, simulation_workers
from store.embedded import EmbeddedServer
from store.event_log.feed import Feed
from store.event_log.postgres_event_log import PostgresEventLog
from store.postgres.connections import BY_KEY, open_pool
from store.postgres.migrator import migrate

EVENTS: Final = 1_000_000
LIMIT: Final = 60
"""Seconds for so many events on two cores."""
_BEGIN: Final = datetime(2026, 11, 1, tzinfo=UTC)
_FOUR: Final = CandidateRequest(changes={"tiers": {"community": {"failed_sessions": 4}}})


@dataclass(frozen=True, slots=True)
class _Run:
    """One run: its seconds, the most memory it held, and what it answered."""

    seconds: float
    mib: int
    answer: bytes


def measure(events: int = EVENTS) -> dict[str, object]:
    """Return the figures of one run, and how they stand against the limit."""
    collect_garbage_rarely()
    with new_home() as home, EmbeddedServer(home) as server:
        url = server.url("postgres", "postgres")
        migrate(url)
        asyncio.run(_founded(home, url))
        started = time.perf_counter()
        write_decided(url, events, _BEGIN)
        filled = time.perf_counter() - started
        print(f"{events:,} events written in {filled:.0f} s", file=sys.stderr, flush=True)
        runs = [asyncio.run(_simulated(url, count)) for count in (cores(), cores(), 1)]
        server_settings = settings(url)
    if len({run.answer for run in runs}) != 1:
        raise RuntimeError("the same question got two answers")
    return _figures(events, runs, server_settings)


def _figures(events: int, runs: list[_Run], server: object) -> dict[str, object]:
    answer, best = json.loads(runs[0].answer), min(runs[0].seconds, runs[1].seconds)
    return {
        "name": "recorded history under another threshold",
        "events": events,
        "events_of_cases": answer["events"],
        "cases": answer["base"]["cases"],
        "differences": len(answer["differences"]),
        "workers": cores(),
        "seconds": [round(run.seconds, 1) for run in runs[:2]],
        "seconds_with_one_lane": round(runs[2].seconds, 1),
        "events_per_second": round(events / best),
        "limit_seconds": LIMIT,
        "share_of_the_limit": round(best / (LIMIT * events / EVENTS), 2),
        "memory_mib": max(run.mib for run in runs),
        "sha256_of_the_answer": sha256(runs[0].answer).hexdigest(),
        "server": server,
    }


async def _founded(home: Path, url: str) -> None:
    async with open_services(Settings(var=home), url) as services:
        await put_initial_data(services)
    async with open_loader(url, lambda: _BEGIN) as loader:
        await loader.load_street()


async def _simulated(url: str, workers: int) -> _Run:
    async with open_pool(url, 2) as pool, open_pool(url, 2, BY_KEY) as log_pool:
        log = PostgresEventLog(log_pool, lambda: _BEGIN)
        simulations = SimulationRunner(log, Feed(pool).head, simulation_workers(url, lambda: workers))
        with _watched() as most:
            started = time.perf_counter()
            question = await simulations.request(CaseSelection("three-tier"), [_FOUR])
            (answer,) = await simulations.results(question)
            seconds = time.perf_counter() - started
    print(f"{seconds:.1f} s with {workers} workers", file=sys.stderr, flush=True)
    return _Run(seconds, max(most) // 1024, answer)


@contextmanager
def _watched() -> Iterator[list[int]]:
    """Yield the KiB that this process and the workers, without the database, are seen to hold, as time goes by."""
    seen, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.5):
            seen.append(sum(resident_kib(item) for item in family(os.getpid()) if _runs_cases(item)))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def _runs_cases(process: int) -> bool:
    try:
        command_line = Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False
    return process == os.getpid() or b"--multiprocessing-fork" in command_line


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS), indent=1))
