"""The rival: the `eventsourcing` library as its documentation shows it, on PostgreSQL, behind FastAPI.

The same body is parsed by the same class; the aggregate counts its sessions and refuses one before its acceptance.
No token, no idempotency, no versions from the caller, no ladder: what the library's users would have to add.
"""

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from socket import socket
from typing import Final
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from domain.commands.dispute.sessions import SessionDetails

_THREADS: Final = 8
CONNECTIONS: Final = 20
"""Per process; a request waits for one rather than for a new one to be opened."""


class Case(Aggregate):
    """A dispute as an aggregate of the library."""

    @event("Filed")
    def __init__(self, title: str, facts: str, unit: str) -> None:
        self.title, self.facts, self.unit = title, facts, unit
        self.accepted_at: datetime | None = None
        self.mediators: list[str] = []
        self.sessions: list[str] = []

    @event("Accepted")
    def accept(self, mediators: list[str], accepted_at: datetime) -> None:
        """Take the dispute on."""
        self.mediators, self.accepted_at = mediators, accepted_at

    def record(self, session: SessionDetails) -> None:
        """Record a session of an accepted dispute."""
        if self.accepted_at is None or session.held_at < self.accepted_at:
            raise ValueError("not accepted by then")
        body = session.model_dump(mode="json")
        self.session_recorded(
            len(self.sessions) + 1, session.held_at, body["attendance"], body["outcome"], session.minutes
        )

    @event("SessionRecorded")
    def session_recorded(  # noqa: D102
        self,
        number: int,  # noqa: ARG002 - an argument of the library's is a field of its event
        held_at: datetime,  # noqa: ARG002
        attendance: list[dict[str, object]],  # noqa: ARG002
        outcome: str,
        minutes: str,  # noqa: ARG002
    ) -> None:
        self.sessions.append(outcome)


class Cases(Application[UUID]):
    """The disputes, kept by the library."""

    def record(self, case_id: UUID, session: SessionDetails) -> int:
        """Record a session; return the aggregate's version."""
        case: Case = self.repository.get(case_id)
        case.record(session)
        self.save(case)
        return case.version


def environment(url: str, cached: int | None) -> dict[str, str]:
    """Return the library's settings for a database, with so many aggregates in its cache."""
    parts = urlsplit(url)
    found = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": parts.path.lstrip("/"),
        "POSTGRES_HOST": parse_qs(parts.query)["host"][0],
        "POSTGRES_PORT": parse_qs(parts.query).get("port", ["5432"])[0],
        "POSTGRES_USER": str(parts.username),
        "POSTGRES_PASSWORD": "none",
        "POSTGRES_POOL_SIZE": str(CONNECTIONS),
        "POSTGRES_MAX_OVERFLOW": str(CONNECTIONS),
        "POSTGRES_CONN_MAX_AGE": "",
        "POSTGRES_PRE_PING": "n",
    }
    return found if cached is None else {**found, "AGGREGATE_CACHE_MAXSIZE": str(cached)}


def write_cases(env: dict[str, str], count: int, sessions: int, session: SessionDetails) -> list[UUID]:
    """Write cases with so many sessions each; return their ids."""
    cases = Cases(env)

    def write(number: int) -> UUID:
        case = Case(title="楼道堆物", facts=f"楼道里堆放旧家具（{number}）", unit="dongguang.c01.y01")
        case.accept(["sun"], datetime(2025, 1, 6, tzinfo=UTC))
        for _ in range(sessions):
            case.record(session)
        cases.save(case)
        return case.id

    with ThreadPoolExecutor(_THREADS) as pool:
        found = list(pool.map(write, range(count)))
    cases.close()
    return found


def main(arguments: Sequence[str]) -> None:
    """Serve on an inherited socket; the library's settings are in the environment."""
    import uvicorn
    from fastapi import FastAPI

    app, cases = FastAPI(), Cases(dict(os.environ))

    @app.post("/v1/disputes/{dispute}/sessions")
    def record(dispute: UUID, body: SessionDetails) -> dict[str, str | int]:
        return {"id": str(dispute), "version": cases.record(dispute, body)}

    config = uvicorn.Config(app, loop="uvloop", http="httptools", access_log=False, log_config=None)
    uvicorn.Server(config).run(sockets=[socket(fileno=int(arguments[0]))])


if __name__ == "__main__":
    main(sys.argv[1:])
