"""Recording sessions over HTTP with everything on, against an endpoint that only parses the same body, and against the
`eventsourcing` library behind FastAPI: on one machine, in one run, with as many processes and connections each.

Streams hold 10 events and grow to about 20. `cold` touches each case once, so that none is cached; the others
return to their cases, as a mediator does who records one session after the other.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Final
from uuid import UUID, uuid4

import psycopg

from bench import rival_stock
from bench.load import Measured, drive, post
from bench.open_cases import write_cases
from bench.processes import cpu_seconds, family, resident_kib
from bench.serving import WORKERS, Serving, served, settings, temporary_home
from cli.workers.supervisor import listening_sockets
from domain.commands.dispute.sessions import SessionDetails

CONNECTIONS, SECONDS, ROUNDS = 64, 5.0, 3
CASES, COLD_CASES, STOCK_CASES, EVENTS = 4_500, 25_000, 2_000, 10
CACHED: Final = 10_000
"""Aggregates in the library's cache, in the round that has one."""
SESSION: Final = json.dumps(
    {
        "held_at": "2026-03-06T14:00:00+08:00",
        "method": "face_to_face",
        "attendance": [
            {"who": "p1", "as": "party", "present": True},
            {"who": "p2", "as": "party", "present": True},
            {"who": "sun", "as": "mediator", "present": True},
        ],
        "outcome": "adjourned",
        "minutes": "改期再谈",
    }
).encode()


@dataclass(frozen=True, slots=True)
class Contestant:
    """Who is asked to record sessions: where, in which cases, and which processes work for it."""

    address: str
    cases: Sequence[UUID]
    processes: Callable[[], Sequence[int]]
    token: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """What a round showed, and the CPU time that a command took in all its processes, in microseconds."""

    measured: Measured
    cpu: float


def measure() -> dict[str, object]:
    """Return the figures of one run, each the median of several rounds in turn."""
    with temporary_home() as folder, served(folder) as ours, _rivals(ours) as rivals:
        known = write_cases(ours.owner_url, range(CASES), EVENTS)
        contestants = {"ours": _ours(ours, known), **rivals}
        rounds: dict[str, list[Round]] = {name: [] for name in contestants}
        for contestant in contestants.values():
            _round(contestant, 1.0)
        for _ in range(ROUNDS):
            for name, item in contestants.items():
                rounds[name].append(_round(item, SECONDS))
        memory = max(map(resident_kib, _api(ours)))
        fresh = write_cases(ours.owner_url, range(CASES, CASES + COLD_CASES), EVENTS)
        cold = _round(_ours(ours, fresh), SECONDS)
        server_settings = settings(ours.owner_url)
    return _figures({name: _middle(item) for name, item in rounds.items()}, cold, memory, server_settings)


def _figures(
    found: Mapping[str, Round], cold: Round, memory_kib: int, server: Mapping[str, str]
) -> dict[str, object]:
    ours, parsing = found["ours"], found["parse_only"]
    stock = max(found["stock"].measured.per_second, found["stock_cached"].measured.per_second)
    rate = ours.measured.per_second
    return {
        "name": "record a session over HTTP",
        "connections": CONNECTIONS,
        "workers": WORKERS,
        "events_of_a_stream": f"{EVENTS} and growing",
        "per_second": {name: round(item.measured.per_second) for name, item in found.items()},
        "p50_ms": {name: round(item.measured.p50_ms, 1) for name, item in found.items()},
        "p99_ms": {name: round(item.measured.p99_ms, 1) for name, item in found.items()},
        "cpu_us_per_command": {name: round(item.cpu) for name, item in found.items()},
        "failed": {name: item.measured.failed for name, item in found.items()},
        "cold": {"per_second": round(cold.measured.per_second), "cpu_us_per_command": round(cold.cpu)},
        "ratio_to_stock": round(rate / stock, 2),
        "ratio_to_parse_only": round(rate / parsing.measured.per_second, 3),
        "cpu_ratio_to_parse_only": round(ours.cpu / parsing.cpu, 2),
        "worker_memory_mb": round(memory_kib / 1024),
        "server": server,
    }


def _middle(rounds: Sequence[Round]) -> Round:
    """The median round by throughput; CPU time is the median of all."""
    middle = sorted(rounds, key=lambda item: item.measured.per_second)[len(rounds) // 2]
    return Round(middle.measured, median(item.cpu for item in rounds))


def _round(contestant: Contestant, seconds: float) -> Round:
    cases, token = contestant.cases, contestant.token

    def request(connection: int, number: int) -> bytes:
        case = cases[(number * CONNECTIONS + connection) % len(cases)]
        return post(f"/v1/disputes/{case}/sessions", SESSION, token, uuid4().hex)

    processes = contestant.processes()
    before = cpu_seconds(processes)
    measured = asyncio.run(drive(contestant.address, request, CONNECTIONS, seconds))
    spent = cpu_seconds(processes) - before
    return Round(measured, 1e6 * spent / (measured.per_second * seconds))


def _ours(ours: Serving, cases: Sequence[UUID]) -> Contestant:
    return Contestant(ours.address, cases, lambda: [*_api(ours), *family(ours.server.pid)], ours.token)


def _api(ours: Serving) -> list[int]:
    database = set(family(ours.server.pid))
    return [item for item in family(ours.process) if item not in database and item != ours.process]


@contextmanager
def _rivals(ours: Serving) -> Iterator[dict[str, Contestant]]:
    """The rivals, on the same database server."""
    with psycopg.connect(ours.owner_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE rival")
    url = ours.server.url("postgres", "rival")
    plain, cached = rival_stock.environment(url, None), rival_stock.environment(url, CACHED)
    cases = rival_stock.write_cases(
        plain, STOCK_CASES, EVENTS - 2, SessionDetails.model_validate_json(SESSION)
    )
    database = ours.server.pid
    created = {"CREATE_TABLE": "n"}  # `write_cases` did: two processes that create tables at once fail
    with (
        _running("bench.rival_parse_only", {}) as parsing,
        _running("bench.rival_stock", {**plain, **created}) as stock,
        _running("bench.rival_stock", {**cached, **created}) as stock_cached,
    ):
        yield {
            "parse_only": Contestant(parsing[0], cases, lambda: parsing[1]),
            "stock": Contestant(stock[0], cases, lambda: [*stock[1], *family(database)]),
            "stock_cached": Contestant(stock_cached[0], cases, lambda: [*stock_cached[1], *family(database)]),
        }


@contextmanager
def _running(module: str, environment: Mapping[str, str]) -> Iterator[tuple[str, list[int]]]:
    """A rival's processes, as many as ours; its address and their numbers."""
    listeners = listening_sockets("127.0.0.1", 0, WORKERS)
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", module, str(listener.fileno())],
            env={**os.environ, **environment},
            pass_fds=(listener.fileno(),),
        )
        for listener in listeners
    ]
    try:
        yield f"http://127.0.0.1:{listeners[0].getsockname()[1]}", [item.pid for item in processes]
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait(30)


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
