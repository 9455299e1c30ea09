"""Where the faults are played: a PostgreSQL of one's own, and a fresh street on it for each of them."""

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import psycopg

from cli.settings import Settings
from store.embedded import EmbeddedServer
from store.postgres.migrator import migrate
from tests.support.postgres import STREET
from tests.support.street import lay_street


class Ground(Protocol):
    """Gives databases."""

    @property
    def home(self) -> Path:
        """The folder with the keys."""
        ...

    def fresh(self) -> str:
        """Make a database with the street on its map; return its owner's URL."""
        ...


@dataclass(slots=True)
class OwnGround:
    """A ground on an embedded PostgreSQL of its own."""

    home: Path
    server: EmbeddedServer
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def fresh(self) -> str:
        """Make a database with the street on its map; return its owner's URL."""
        return self._make(f"fault_{next(self._numbers)}", STREET)

    def prepare(self) -> None:
        """Make the street that the others are copied from."""
        url = self._make(STREET, "template0")
        migrate(url)
        asyncio.run(lay_street(Settings(var=self.home), url))

    def _make(self, name: str, template: str) -> str:
        with psycopg.connect(self.server.url("postgres", "postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.server.url("postgres", name)


@contextmanager
def own_ground(home: Path) -> Iterator[OwnGround]:
    """Start a PostgreSQL in a folder for as long as the block lasts."""
    home.mkdir(parents=True)
    home.chmod(0o755)
    with EmbeddedServer(home) as server:
        ground = OwnGround(home, server)
        ground.prepare()
        yield ground
