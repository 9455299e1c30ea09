"""Recording sessions over HTTP with everything on, against an endpoint that only parses the same body."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg

from access.keys import local_keys
from access.tokens import issue
from bench.load import Measured, drive, post
from cli.composition import utc_now
from cli.demonstration import put_street, street
from cli.supervisor import listening_sockets
from domain.events.envelope import Actor
from domain.vocabulary import Role
from store.embedded import attach

CONNECTIONS, SECONDS, WORKERS, CASES, ROUNDS = 64, 5.0, 2, 2000, 3
SUN = Actor(sub="sun", role=Role.MEDIATOR, unit="dongguang.c01")
SESSION = json.dumps(
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
FILING = {
    "category": "neighbour",
    "source": "application",
    "title": "楼道堆物",
    "facts": "楼道里堆放旧家具",
    "unit": "dongguang.c01.y01",
    "parties": [
        {"role": "applicant", "kind": "person", "name": "甲"},
        {"role": "respondent", "kind": "person", "name": "乙"},
    ],
    "occurred_at": "2026-03-02T09:00:00+08:00",
}
ACCEPTANCE = json.dumps({"mediators": ["sun"], "occurred_at": "2026-03-03T09:00:00+08:00"}).encode()


def measure() -> dict[str, object]:
    """Return the figures of one run: rival, ours, ratio, each the median of several rounds in turn."""
    with tempfile.TemporaryDirectory(prefix="tiaochu-bench-", dir="/tmp") as folder:
        home = Path(folder)
        home.chmod(0o755)
        with _ours(home) as address, _rival() as rival:
            token = issue(local_keys(home / "keys").tokens, SUN, utc_now())
            cases = _cases(address, home, token)
            rounds = [_round(address, rival, cases, token) for _ in range(ROUNDS)]
            server = _server(home)
    pairs = sorted(rounds, key=lambda pair: pair[0].per_second / pair[1].per_second)
    ours, parsing = pairs[len(pairs) // 2]
    return {
        "name": "record a session over HTTP against an endpoint that only parses the body",
        "connections": CONNECTIONS,
        "workers": WORKERS,
        "ours_per_second": round(ours.per_second),
        "ours_p50_ms": round(ours.p50_ms, 1),
        "ours_p99_ms": round(ours.p99_ms, 1),
        "rival_per_second": round(parsing.per_second),
        "ratio": round(ours.per_second / parsing.per_second, 3),
        "failed": sum(pair[0].failed for pair in rounds),
        "server": server,
    }


def _round(address: str, rival: str, cases: list[str], token: str) -> tuple[Measured, Measured]:
    def request(connection: int, number: int) -> bytes:
        case = cases[(number * CONNECTIONS + connection) % len(cases)]
        return post(f"/v1/disputes/{case}/sessions", SESSION, token, uuid4().hex)

    ours = asyncio.run(drive(address, request, CONNECTIONS, SECONDS))
    return ours, asyncio.run(drive(rival, request, CONNECTIONS, SECONDS))


def _cases(address: str, home: Path, token: str) -> list[str]:
    key = local_keys(home / "keys").tokens
    with httpx.Client(base_url=address, timeout=30) as client:
        put_street(client, lambda actor: issue(key, actor, utc_now()), street())
        return [_case(client, token) for _ in range(CASES)]


def _case(client: httpx.Client, token: str) -> str:
    headers = {"Authorization": f"Bearer {token}", "If-Match": "*"}
    filed = client.post("/v1/disputes", json=FILING, headers=headers | {"Idempotency-Key": uuid4().hex})
    case = str(filed.raise_for_status().json()["id"])
    client.post(
        f"/v1/disputes/{case}/acceptance",
        content=ACCEPTANCE,
        headers=headers | {"Idempotency-Key": uuid4().hex},
    ).raise_for_status()
    return case


@contextmanager
def _ours(home: Path) -> Iterator[str]:
    command = ["-c", "from cli.main import main; main()", "serve", "--port", "0", "--json", "--api-only"]
    process = subprocess.Popen(
        [sys.executable, *command, "--workers", str(WORKERS)],
        env={**os.environ, "TIAOCHU_VAR": str(home)},
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        yield str(json.loads(process.stdout.readline())["address"])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@contextmanager
def _rival() -> Iterator[str]:
    listeners = listening_sockets("127.0.0.1", 0, WORKERS)
    command = [sys.executable, "-m", "bench.rival_parse_only"]
    processes = [
        subprocess.Popen([*command, str(each.fileno())], pass_fds=(each.fileno(),)) for each in listeners
    ]
    try:
        yield f"http://127.0.0.1:{listeners[0].getsockname()[1]}"
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait(30)


def _server(home: Path) -> dict[str, str]:
    found = attach(home)
    if found is None:
        return {}
    with psycopg.connect(found.url("postgres", "tiaochu")) as connection:
        names = ("server_version", "fsync", "synchronous_commit", "full_page_writes")
        rows = {name: connection.execute("SELECT current_setting(%s)", (name,)).fetchone() for name in names}
    return {name: row[0] if row else "?" for name, row in rows.items()}
