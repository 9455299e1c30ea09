"""`tiaochu doctor`."""

import json as jsons
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import psycopg
import typer

from cli.commands.options import Json
from cli.database import Database, database
from cli.language import translate
from cli.settings import Settings
from identity.keys import KeyFileError, local_keys
from store.embedded import EmbeddedServerError
from store.postgres.connections import APP_ROLE, PROMISES
from store.postgres.migrator import MigrationError, pending

_FREE_BYTES: Final = 1_000_000_000
_FORBIDDEN: Final = ("UPDATE", "DELETE", "TRUNCATE")


@dataclass(frozen=True, slots=True)
class Finding:
    """A check, whether it passed, and what was seen."""

    name: str
    ok: bool
    detail: str


def doctor(*, json: Json = False) -> None:
    """Check everything the product needs.

    Exit 1: something is wrong.
    """
    findings = examine(Settings())
    if json:
        shown = [{"check": finding.name, "ok": finding.ok, "detail": finding.detail} for finding in findings]
        print(jsons.dumps(shown))
    else:
        for finding in findings:
            print(f"{'ok ' if finding.ok else '!! '} {translate(finding.name)}: {finding.detail}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def examine(settings: Settings) -> list[Finding]:
    """Return what every check found."""
    return [
        Finding("Python", sys.version_info >= (3, 11), sys.version.split()[0]),
        _keys(settings),
        _disk(settings),
        *_database(settings),
    ]


def _keys(settings: Settings) -> Finding:
    try:
        local_keys(settings.keys)
    except (KeyFileError, OSError) as error:
        return Finding("keys", ok=False, detail=str(error))
    return Finding("keys", ok=True, detail=str(settings.keys))


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.var if settings.var.exists() else settings.var.parent).free
    return Finding("disk", free > _FREE_BYTES, f"{free // 1_000_000} MB")


def _database(settings: Settings) -> list[Finding]:
    try:
        with database(settings) as opened, psycopg.connect(opened.owner_url, autocommit=True) as connection:
            reachable = Finding("database", ok=True, detail=_description(opened, connection))
            return [reachable, *(check(connection) for check in _CHECKS)]
    except (psycopg.Error, EmbeddedServerError) as error:
        return [Finding("database", ok=False, detail=str(error).splitlines()[0])]


def _description(opened: Database, connection: psycopg.Connection) -> str:
    kind = "embedded" if opened.embedded else "external"
    return f"{kind} PostgreSQL {connection.info.server_version // 10_000}, {connection.info.host}"


def _promises(connection: psycopg.Connection) -> Finding:
    settings = {
        name: connection.execute("SELECT current_setting(%s)", (name,)).fetchone() for name in PROMISES
    }
    values = {name: row[0] if row else "?" for name, row in settings.items()}
    return Finding(
        "durability",
        "off" not in values.values(),
        ", ".join(f"{name} {value}" for name, value in values.items()),
    )


def _migrations(connection: psycopg.Connection) -> Finding:
    try:
        missing = pending(connection)
    except psycopg.errors.UndefinedTable:
        return Finding("migrations", ok=False, detail="tiaochu migrate")
    except MigrationError as error:
        return Finding("migrations", ok=False, detail=str(error))
    return Finding("migrations", not missing, ", ".join(missing) or "0")


def _rights(connection: psycopg.Connection) -> Finding:
    """The application may append events and nothing more."""
    try:
        held = [
            right
            for right in _FORBIDDEN
            if _has(connection, "SELECT has_table_privilege(%s, 'stored_events', %s)", right)
        ]
        may_append = _has(connection, "SELECT has_table_privilege(%s, 'stored_events', %s)", "INSERT")
    except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedObject):
        return Finding("rights", ok=False, detail="tiaochu migrate")
    return Finding("rights", may_append and not held, f"{APP_ROLE}: {', '.join(held) or 'INSERT, SELECT'}")


def _has(connection: psycopg.Connection, query: str, right: str) -> bool:
    row = connection.execute(query, (APP_ROLE, right)).fetchone()
    return bool(row and row[0])


_CHECKS: Final[tuple[Callable[[psycopg.Connection], Finding], ...]] = (_promises, _migrations, _rights)
