"""`python -m bench.growth [EVENTS]`: what 2,000,000 stored events change, and what one of them takes on the disk.

A session is recorded in each of 1,000 cases that nobody touched before, with few and with many events in the log.
The bytes are those of sessions recorded over HTTP by then, every index included.
"""

import asyncio
import json
import random
import sys
from collections.abc import Sequence
from typing import Final
from uuid import UUID, uuid4

import httpx
import psycopg

from bench.command_path import SESSION
from bench.load import Measured, drive, post
from bench.open_cases import write_cases
from bench.sample_events import case_id
from bench.serving import Serving, served, settings, temporary_home

FEW, MANY, LENGTH, TOUCHED, CONNECTIONS = 20_000, 2_000_000, 20, 1_000, 16
LONG, LONGEST, REQUESTS = 100, 500, 200
_STATE: Final = 'method="GET",route="/v1/disputes/{dispute}"'
_SIZES: Final = """
SELECT (pg_total_relation_size('stored_events') + pg_total_relation_size('commands'))::float8,
       (SELECT count(*) FROM stored_events)
"""
_PARTS: Final = """
SELECT c.relname, pg_relation_size(c.oid)::float8 FROM pg_class c
WHERE c.oid IN ('stored_events'::regclass, 'commands'::regclass)
   OR c.oid IN (SELECT indexrelid FROM pg_index WHERE indrelid IN ('stored_events'::regclass, 'commands'::regclass))
ORDER BY c.relname
"""


def measure(many: int = MANY) -> dict[str, object]:
    """Return p50 with few and with many events, bytes an event, and how long the state of a long case takes."""
    with temporary_home() as folder, served(folder) as ours:
        warm_up = write_cases(ours.owner_url, range(200), LENGTH)
        few = write_cases(ours.owner_url, range(200, 200 + FEW // LENGTH), LENGTH)
        _touch(ours, warm_up)
        with_few = _touch(ours, few)
        first, step = 200 + len(few), 10_000
        numbers = range(first, first + (many - FEW) // LENGTH)
        for start in range(0, len(numbers), step):
            write_cases(ours.owner_url, numbers[start : start + step], LENGTH)
            print(f"{(start + step) * LENGTH:,} events written", file=sys.stderr, flush=True)
        chosen = [case_id(item) for item in random.Random(1).sample(numbers, TOUCHED)]
        with_many = _touch(ours, chosen)
        stored, parts = _stored(ours)
        long = write_cases(ours.owner_url, [numbers.stop], LONG)
        state = _state(ours, long[0])
        longest = write_cases(
            ours.owner_url, range(numbers.stop + 1, numbers.stop + 1 + FEW // LONGEST), LONGEST
        )
        long_first, long_again = _touch(ours, longest), _touch(ours, longest)
        server = settings(ours.owner_url)
    return {
        "name": "what growth changes",
        "events": {"few": FEW, "many": many},
        "p50_ms": {"few": round(with_few.p50_ms, 2), "many": round(with_many.p50_ms, 2)},
        "ratio_of_p50": round(with_many.p50_ms / with_few.p50_ms, 2),
        "bytes_an_event": round(stored),
        "bytes_an_event_of": parts,
        "p50_ms_of_a_case_of_500_events": {
            "first": round(long_first.p50_ms, 2),
            "again": round(long_again.p50_ms, 2),
        },
        "state_of_100_events_ms": round(state, 2),
        "failed": with_few.failed + with_many.failed,
        "server": server,
    }


def _touch(ours: Serving, cases: Sequence[UUID]) -> Measured:
    """Record one session in each case."""

    def request(connection: int, number: int) -> bytes | None:
        place = number * CONNECTIONS + connection
        if place >= len(cases):
            return None
        return post(f"/v1/disputes/{cases[place]}/sessions", SESSION, ours.token, uuid4().hex)

    return asyncio.run(drive(ours.address, request, CONNECTIONS, 60))


def _stored(ours: Serving) -> tuple[float, dict[str, int]]:
    """The bytes of an event, in all and by table and index."""
    with psycopg.connect(ours.owner_url) as connection:
        connection.execute("SELECT count(*) FROM stored_events")
        total, events = connection.execute(_SIZES).fetchone() or (0.0, 1)
        parts = connection.execute(_PARTS).fetchall()
    return total / events, {name: round(size / events) for name, size in parts}


def _state(ours: Serving, case: UUID) -> float:
    """How many milliseconds the service takes for the state of a case, by its own measurements."""
    with httpx.Client(base_url=ours.address, headers={"Authorization": f"Bearer {ours.token}"}) as client:
        before = _spent(client)
        for _ in range(REQUESTS):
            client.get(f"/v1/disputes/{case}").raise_for_status()
        after = _spent(client)
    return 1000 * (after - before) / REQUESTS


def _spent(client: httpx.Client) -> float:
    """The seconds that the service says it has spent on states so far."""
    lines = client.get("/metrics").text.splitlines()
    return sum(
        float(line.rsplit(" ", 1)[1])
        for line in lines
        if line.startswith("tiaochu_http_request_seconds_sum") and _STATE in line
    )


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else MANY), indent=1))
