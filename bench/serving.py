"""The product as it is served, on an embedded PostgreSQL of its own, with the street and made-up cases in it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import httpx
import psycopg

from bench.sample_events import SUN
from cli.bootstrap import utc_now
from cli.database import DATABASE_NAME
from cli.demo.demonstration import put_street, street
from identity.keys import local_keys
from identity.tokens import issue
from store.embedded import RunningServer, attach

WORKERS: Final = 2
_SETTINGS: Final = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "wal_sync_method")


@dataclass(frozen=True, slots=True)
class Serving:
    """A running service: its address, its process, its database's server, and a token of a mediator."""

    address: str
    process: int
    server: RunningServer
    token: str

    @property
    def owner_url(self) -> str:
        """The database, as its owner."""
        return self.server.url("postgres", DATABASE_NAME)


@contextmanager
def temporary_home() -> Iterator[Path]:
    """A folder that PostgreSQL's account can pass through, removed afterwards."""
    with TemporaryDirectory(prefix="tiaochu-bench-", dir="/tmp") as folder:
        found = Path(folder)
        found.chmod(0o755)
        yield found


@contextmanager
def served(folder: Path, workers: int = WORKERS, *, api_only: bool = True) -> Iterator[Serving]:
    """Serve until the block ends, with the street in it."""
    command = ["-c", "from cli.main import main; main()", "serve", "--port", "0", "--json"]
    process = subprocess.Popen(
        [sys.executable, *command, "--workers", str(workers), *(["--api-only"] if api_only else [])],
        env={**os.environ, "TIAOCHU_VAR": str(folder)},
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        address = str(json.loads(process.stdout.readline())["address"])
        key, server = local_keys(folder / "keys").tokens, attach(folder)
        if server is None:
            raise RuntimeError("the embedded server is not there")
        with httpx.Client(base_url=address, timeout=30) as client:
            put_street(client, lambda actor: issue(key, actor, utc_now()), street())
        yield Serving(address, process.pid, server, issue(key, SUN, utc_now()))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def settings(url: str) -> dict[str, str]:
    """Return what the database says of itself: its version, and whether it keeps what it acknowledges."""
    with psycopg.connect(url) as connection:
        rows = {
            name: connection.execute("SELECT current_setting(%s)", (name,)).fetchone() for name in _SETTINGS
        }
    return {name: row[0] if row else "?" for name, row in rows.items()}
