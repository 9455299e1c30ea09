"""A database for each test that asks for one, and a real server over HTTP.

PostgreSQL and the product's outer packages are loaded by the first fixture that needs them: a test of the domain
waits for neither.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.postgres import EMPTY, STREET, Run, begin_run, home_of_run, server_version

if TYPE_CHECKING:
    from tests.support.served import Served

_RUN = pytest.StashKey[Run]()

# Tests start some hundred processes: each would compile the whole product anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_configure(config: pytest.Config) -> None:
    """Make the run's folder, unless this process is a worker of a run that has one."""
    config.addinivalue_line("markers", "database: the test uses the run's PostgreSQL (set by itself)")
    config.addinivalue_line("markers", "soak: takes long; `make soak` runs it, `make test` does not")
    if not hasattr(config, "workerinput"):
        config.stash[_RUN] = begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop PostgreSQL, if it was started, and remove the folder."""
    run = config.stash.get(_RUN, None)
    if run is not None:
        run.end()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that use PostgreSQL."""
    for item in items:
        if "postgres" in getattr(item, "fixturenames", ()):
            item.add_marker("database")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say which PostgreSQL the run stood on."""
    if _RUN in config.stash and (version := server_version()):
        terminalreporter.write_line(f"PostgreSQL {version}")


@pytest.fixture(scope="session")
def postgres() -> None:
    """The run's PostgreSQL; whatever uses a database asks for it first."""
    from tests.support.postgres import url_template

    url_template()


@pytest.fixture
def database_of(worker_id: str, postgres: None) -> Iterator[Callable[[str], str]]:
    """Makes databases from a template, and drops them afterwards."""
    from tests.support import databases

    made: list[str] = []

    def make(template: str) -> str:
        made.append(databases.create_numbered(f"test_{worker_id}", template))
        return databases.url_of(made[-1])

    yield make
    for name in made:
        databases.drop(name)


@pytest.fixture
def empty_url(database_of: Callable[[str], str]) -> str:
    """A migrated database without any event."""
    return database_of(EMPTY)


@pytest.fixture
def street_url(database_of: Callable[[str], str]) -> str:
    """A database with the demonstration street: units, platforms, mediators, ladder, calendars."""
    return database_of(STREET)


@pytest.fixture
def home() -> Path:
    """The run's folder, with the local keys."""
    return home_of_run()


@pytest.fixture(scope="module")
def own_town(worker_id: str, postgres: None) -> "Iterator[Served]":
    """A real server for the tests of one module, where procedures may be changed without touching others."""
    from tests.support import databases

    name = databases.create_numbered(f"own_{worker_id}", STREET)
    from tests.support.served import serving_forked

    with serving_forked(databases.url_of(name), home_of_run()) as found:
        while not found.client.get("/v1/procedures").json()["items"]:  # its read models follow in a moment
            time.sleep(0.02)
        yield found


@pytest.fixture(scope="session")
def served(worker_id: str, postgres: None) -> "Iterator[Served]":
    """A real server over HTTP, with the worker, on a database with the street; shared by a worker's tests."""
    from tests.support.databases import create
    from tests.support.served import serving

    with serving(create(f"served_{worker_id}", STREET), home_of_run()) as found:
        yield found
