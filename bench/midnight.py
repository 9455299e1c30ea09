"""`python -m bench.midnight [CASES]`: so many time limits that run out in one midnight, fired by the worker.

Every case was accepted on one day under a ladder that moves a case on when its time is up. The worker that fires them
follows the log for the read models at the same time, as it does in service; its clock runs two days ahead, because what
was written a moment ago may not fire for a day.
"""

import json
import multiprocessing
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

import psycopg

from application.context import Context
from application.initial_data import default_ladder
from bench.open_cases import write_cases
from bench.sample_events import FIRST_DAY, accepted, filed
from bench.serving import served, settings, temporary_home
from cli.bootstrap import utc_now, with_services
from cli.settings import Settings
from cli.workers.logs import log_to_stderr
from cli.workers.worker_process import run_worker
from domain.commands.procedure import PublishProcedure
from domain.events.envelope import Actor, Event
from domain.procedures.ladder import Ladder, ProcedureRef
from domain.vocabulary import Role

CASES: Final = 150_000
LIMIT_SECONDS: Final = 300
_ACTING: Final = ProcedureRef(id="acting", version=1)
_LISTED: Final = "SELECT count(*) FROM caseload WHERE status = 'escalated'"
_FOLLOWED: Final = """
SELECT position >= (SELECT max(position) FROM commands) FROM projection_positions WHERE name = 'caseload'
"""
_FIRED: Final = "SELECT count(*) FROM stored_events WHERE topic = 'dispute.escalated.v1'"


def measure(cases: int = CASES) -> dict[str, object]:
    """Return the seconds from midnight to the last firing, and to the last row of the case list that says so."""
    with temporary_home() as folder, served(folder) as ours:
        url = ours.owner_url
        _publish(folder, url)
        for start in range(0, cases, 10_000):
            write_cases(url, range(start, min(start + 10_000, cases)), 2, events=_waiting)
        with psycopg.connect(url, autocommit=True) as connection:
            with _worker(url, timedelta()):
                _until(connection, _FOLLOWED, 1, "followed")
            began = time.perf_counter()
            with _worker(url, timedelta(days=2)):
                _until(connection, _FIRED, cases, "fired")
                fired = time.perf_counter() - began
                _until(connection, _LISTED, cases, "listed")
                listed = time.perf_counter() - began
            row = connection.execute(_FIRED).fetchone()
        server = settings(url)
    return {
        "name": "time limits of one midnight",
        "cases": cases,
        "fired": row[0] if row else 0,
        "seconds_until_fired": round(fired, 1),
        "seconds_until_listed": round(listed, 1),
        "per_second": round(cases / fired),
        "limit_seconds": LIMIT_SECONDS,
        "server": server,
    }


def _acting() -> Ladder:
    tiers = tuple(tier.model_copy(update={"on_expiry": "escalate"}) for tier in default_ladder().tiers)
    return default_ladder().model_copy(update={"id": _ACTING.id, "tiers": tiers})


def _publish(folder: Path, url: str) -> None:
    admin = Context(Actor(sub="admin", role=Role.ADMIN), uuid4())
    command = PublishProcedure(ladder=_acting())
    found = Settings(var=folder)
    with_services(found, url, lambda services: services.command_handler.handle(command, admin))


def _waiting(number: int, _: int) -> Iterator[Event]:
    """A case that was accepted on the one day."""
    yield filed(number, FIRST_DAY).model_copy(update={"procedure": _ACTING})
    yield accepted(number, FIRST_DAY)


@contextmanager
def _worker(url: str, ahead: timedelta) -> Iterator[None]:
    process = multiprocessing.get_context("spawn").Process(target=_work, args=(url, ahead))
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join(60)


def _work(url: str, ahead: timedelta) -> None:
    def now() -> datetime:
        return utc_now() + ahead

    log_to_stderr()
    run_worker(url, now)


def _until(connection: psycopg.Connection, query: str, expected: int, what: str) -> None:
    said = time.perf_counter()
    while True:
        row = connection.execute(query.encode()).fetchone()
        if row is not None and row[0] >= expected:
            return
        if time.perf_counter() > said + 10:
            said = time.perf_counter()
            print(f"{what}: {row[0] if row else 0:,}", file=sys.stderr, flush=True)
        time.sleep(0.25)


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else CASES), indent=1))
