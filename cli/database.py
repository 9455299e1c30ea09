"""Which database the settings mean, and bringing it to this version of the program."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import psycopg

from cli.settings import Settings
from store.embedded import EmbeddedServer, RunningServer, attach
from store.postgres.connections import APP_ROLE, assert_keeps_promises
from store.postgres.migrator import migrate, pending

DATABASE_NAME: Final = "tiaochu"
_SUPERUSER: Final = "postgres"


class NotMigratedError(RuntimeError):
    """The database has to be migrated before this can run."""


@dataclass(frozen=True, slots=True)
class Database:
    """How to reach a database: as its owner, and as the application that may only append and read."""

    owner_url: str
    url: str
    embedded: EmbeddedServer | RunningServer | None = None

    def migrate(self) -> tuple[str, ...]:
        """Apply what is missing; return the names of the migrations applied."""
        applied = migrate(self.owner_url)
        if self.embedded:
            with psycopg.connect(self.owner_url, autocommit=True) as connection:
                connection.execute(f"ALTER ROLE {APP_ROLE} LOGIN")
        return applied

    def must_be_ready(self) -> None:
        """Raise where the database is unsafe, too new, or lacks a migration."""
        with psycopg.connect(self.owner_url, autocommit=True) as connection:
            assert_keeps_promises(connection)
            try:
                missing = pending(connection)
            except psycopg.errors.UndefinedTable:
                missing = ("all",)
        if missing:
            raise NotMigratedError(", ".join(missing))


@contextmanager
def database(settings: Settings) -> Iterator[Database]:
    """Open the database that the settings mean.

    Without a URL that is the embedded server: the running one where another process owns it, else one started for
    as long as this block lasts.
    """
    if settings.database_url:
        yield Database(settings.owner_database_url or settings.database_url, settings.database_url)
        return
    settings.var.mkdir(parents=True, exist_ok=True)
    running = attach(settings.var)
    if running is not None:
        yield _embedded(running)
        return
    with EmbeddedServer(settings.var) as server:
        yield _embedded(server)


def _embedded(server: EmbeddedServer | RunningServer) -> Database:
    with psycopg.connect(server.url(_SUPERUSER, "postgres"), autocommit=True) as connection:
        found = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE_NAME,)
        ).fetchone()
        if found is None:
            connection.execute(f"CREATE DATABASE {DATABASE_NAME}")
    return Database(server.url(_SUPERUSER, DATABASE_NAME), server.url(APP_ROLE, DATABASE_NAME), server)
