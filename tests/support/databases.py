"""Databases of the run's PostgreSQL, and the services and servers over them."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

import psycopg

from api.http.services import Services
from cli.bootstrap import open_services
from cli.settings import Settings
from tests.support.postgres import STREET, home_of_run, url_template
from tests.support.served import Served, serving_forked

_T = TypeVar("_T")
_numbers = itertools.count()


def url_of(name: str) -> str:
    """The URL of a database of this run, as its owner."""
    return url_template().replace("{database}", name)


def create(name: str, template: str) -> str:
    """Make a database as a copy of a template; return its URL."""
    with psycopg.connect(url_of("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return url_of(name)


def create_numbered(prefix: str, template: str) -> str:
    """The same under a name that no other database has; return the name."""
    name = f"{prefix}_{next(_numbers)}"
    create(name, template)
    return name


def drop(name: str) -> None:
    """Remove a database, whoever is connected."""
    with psycopg.connect(url_of("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@asynccontextmanager
async def services_at(url: str) -> AsyncIterator[Services]:
    """The services over a database of this run."""
    async with open_services(Settings(var=home_of_run()), url) as services:
        yield services


def run(work: Coroutine[None, None, _T]) -> _T:
    """Run a coroutine to its end."""
    return asyncio.run(work)


@contextmanager
def serving_street(name: str) -> Iterator[Served]:
    """A real server over a street on which nothing has happened yet, in a database of this name."""
    with serving_forked(create(name, STREET), home_of_run()) as found:
        yield found
