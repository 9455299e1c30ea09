"""How long after its commit a command is seen in the case list, at 300 commands a second with everything running."""

import asyncio
import json
import time
from collections.abc import Sequence
from typing import Final
from uuid import UUID, uuid4

import httpx
import psycopg

from bench.command_path import EVENTS, SESSION
from bench.open_cases import write_cases
from bench.serving import Serving, served, settings, temporary_home

RATE, SECONDS, CASES = 300, 15.0, 4_000
_LOOK_SECONDS: Final = 0.002
_POSITION: Final = "SELECT position FROM projection_positions WHERE name = 'caseload'"
Committed = list[tuple[int, float]]
"""Positions, and when their replies had arrived."""


def measure() -> dict[str, object]:
    """Return the median and the 99th percentile of milliseconds from commit to the row in the case list."""
    with temporary_home() as folder, served(folder, api_only=False) as ours:
        cases = write_cases(ours.owner_url, range(CASES), EVENTS)
        _wait_for(ours.owner_url)
        found = sorted(asyncio.run(_lags(ours, cases)))
        server = settings(ours.owner_url)
    return {
        "name": "from commit to the case list",
        "commands_per_second": round(len(found) / SECONDS),
        "p50_ms": round(1000 * found[len(found) // 2], 1),
        "p99_ms": round(1000 * found[int(len(found) * 0.99)], 1),
        "limit_p99_ms": 250,
        "server": server,
    }


def _wait_for(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        while (
            connection.execute(f"{_POSITION} AND position >= (SELECT max(position) FROM commands)").fetchone()
            is None
        ):
            time.sleep(0.1)


async def _lags(ours: Serving, cases: Sequence[UUID]) -> list[float]:
    committed: Committed = []
    seen: Committed = []
    sending = asyncio.create_task(_send(ours, cases, committed))
    looking = asyncio.create_task(_look(ours.owner_url, seen))
    await sending
    await asyncio.sleep(2)
    looking.cancel()
    lags, at = [], 0
    for position, moment in sorted(committed):
        while seen[at][0] < position:
            at += 1
        lags.append(max(seen[at][1] - moment, 0.0))
    return lags


async def _send(ours: Serving, cases: Sequence[UUID], committed: Committed) -> None:
    headers = {"Authorization": f"Bearer {ours.token}", "If-Match": "*", "Content-Type": "application/json"}
    async with httpx.AsyncClient(base_url=ours.address, headers=headers, timeout=10) as client:

        async def one(case: UUID) -> None:
            key = {"Idempotency-Key": uuid4().hex}
            reply = await client.post(f"/v1/disputes/{case}/sessions", content=SESSION, headers=key)
            committed.append((int(reply.raise_for_status().json()["position"]), time.perf_counter()))

        began = time.perf_counter()
        async with asyncio.TaskGroup() as tasks:
            for number in range(round(RATE * SECONDS)):
                await asyncio.sleep(max(began + number / RATE - time.perf_counter(), 0))
                tasks.create_task(one(cases[number % len(cases)]))


async def _look(url: str, seen: Committed) -> None:
    """Note each position that the case list has reached, and when."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        while True:
            row = await (await connection.execute(_POSITION)).fetchone()
            if row and (not seen or seen[-1][0] < row[0]):
                seen.append((row[0], time.perf_counter()))
            await asyncio.sleep(_LOOK_SECONDS)


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
