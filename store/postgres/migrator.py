"""Numbered SQL migrations, each applied once, in order, under a lock; an applied file must never change."""

import hashlib
from dataclasses import dataclass
from importlib import resources
from typing import Final

import psycopg
from psycopg.sql import SQL

_LOCK: Final = 5_207_001
_CREATE_TABLE: Final = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    number     integer     PRIMARY KEY,
    name       text        NOT NULL,
    sha256     text        NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""
OLDEST_POSTGRES: Final = 15


class MigrationError(RuntimeError):
    """The database cannot be brought to this version of the program."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file."""

    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """The digest by which a later change of the file is noticed."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations() -> tuple[Migration, ...]:
    """Return every migration of this program, in order."""
    files = (entry for entry in resources.files("store").joinpath("migrations").iterdir())
    found = [
        Migration(int(entry.name[:4]), entry.name.removesuffix(".sql"), entry.read_text(encoding="utf-8"))
        for entry in files
        if entry.name.endswith(".sql")
    ]
    return tuple(sorted(found, key=lambda item: item.number))


def migrate(url: str) -> tuple[str, ...]:
    """Bring the database at `url` to this version, as its owner; return the names of what was applied.

    Raises MigrationError where PostgreSQL is too old, or where an applied file was changed or is newer than this
    program; several processes may call it at once.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        if connection.info.server_version < OLDEST_POSTGRES * 10_000:
            raise MigrationError(f"PostgreSQL {OLDEST_POSTGRES} or newer is needed")
        connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        connection.execute(_CREATE_TABLE)
        return tuple(_apply(connection, item) for item in _pending(connection))


def pending(connection: psycopg.Connection) -> tuple[str, ...]:
    """Return the names of the migrations that the database still lacks; raises MigrationError."""
    return tuple(item.name for item in _pending(connection))


def _pending(connection: psycopg.Connection) -> list[Migration]:
    applied: dict[int, str] = dict(
        connection.execute("SELECT number, sha256 FROM schema_migrations").fetchall()
    )
    shipped = migrations()
    if unknown := sorted(set(applied) - {item.number for item in shipped}):
        raise MigrationError(f"the database is newer than this program: it has migration {unknown[-1]}")
    for item in shipped:
        if item.number in applied and applied[item.number] != item.sha256:
            raise MigrationError(f"migration {item.name} was changed after it had been applied")
    return [item for item in shipped if item.number not in applied]


def _apply(connection: psycopg.Connection, migration: Migration) -> str:
    with connection.transaction():
        try:
            connection.execute(SQL(migration.sql))
        except psycopg.errors.RaiseException as refusal:
            raise MigrationError(refusal.diag.message_primary or migration.name) from None
        connection.execute(
            "INSERT INTO schema_migrations (number, name, sha256) VALUES (%s, %s, %s)",
            (migration.number, migration.name, migration.sha256),
        )
    return migration.name
