"""The schema: migrations that agree with themselves, and rights that end at appending and reading."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
import pytest

from store.postgres import migrator
from store.postgres.connections import APP_ROLE, UnsafeDatabaseError, assert_keeps_promises, open_pool
from store.postgres.migrator import Migration, MigrationError, migrate, migrations, pending
from tests.support.databases import run


def test_migrations_are_numbered_without_a_gap() -> None:
    assert [migration.number for migration in migrations()] == list(range(1, len(migrations()) + 1))


def test_migrating_again_does_nothing(empty_url: str) -> None:
    assert migrate(empty_url) == ()
    with psycopg.connect(empty_url) as connection:
        assert pending(connection) == ()


def test_several_may_migrate_at_once(database_of) -> None:
    url = database_of("template0")
    with ThreadPoolExecutor(6) as pool:
        applied = list(pool.map(lambda _: migrate(url), range(6)))
    assert max(applied, key=len) == tuple(migration.name for migration in migrations())
    assert sum(map(len, applied)) == len(migrations())


def test_a_changed_migration_and_a_newer_database_are_refused(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = migrations()
    monkeypatch.setattr(
        migrator, "migrations", lambda: (Migration(1, "0001_event_log", "SELECT 1"), *real[1:])
    )
    with pytest.raises(MigrationError, match="0001_event_log was changed"):
        migrate(empty_url)
    monkeypatch.setattr(migrator, "migrations", lambda: real[:1])
    with pytest.raises(MigrationError, match="newer than this program"):
        migrate(empty_url)


def test_a_migration_that_fails_leaves_nothing_behind(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = len(migrations()) + 1
    broken = Migration(number, f"{number:04}_broken", "CREATE TABLE half (a int); SELECT 1 / 0;")
    monkeypatch.setattr(migrator, "migrations", lambda: (*migrations(), broken))
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(empty_url)
    with psycopg.connect(empty_url) as connection:
        assert connection.execute("SELECT to_regclass('half')").fetchone() == (None,)


INSERT = (
    "INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES (%s, 1, 't', '{}')"
)
REFUSED = [
    "UPDATE stored_events SET topic = 'x'",
    "DELETE FROM stored_events",
    "TRUNCATE stored_events",
    "UPDATE commands SET reply = '{}'",
    "DELETE FROM commands",
    "TRUNCATE commands",
    "DROP TABLE stored_events",
    "ALTER TABLE stored_events DISABLE TRIGGER ALL",
    "SELECT setval('stored_events_notification_id_seq', 1)",
    "CREATE TABLE mine (a int)",
    "INSERT INTO schema_migrations (number, name, sha256) VALUES (99, 'x', 'y')",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_the_application_may_append_and_read_and_nothing_else(empty_url: str, statement: str) -> None:
    with psycopg.connect(empty_url, autocommit=True) as connection:
        connection.execute(f"SET ROLE {APP_ROLE}")
        connection.execute(INSERT, (uuid4(),))
        assert connection.execute("SELECT count(*) FROM stored_events").fetchone() == (1,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


@pytest.mark.parametrize("statement", REFUSED[:6])
def test_even_the_owner_is_stopped_by_a_trigger(empty_url: str, statement: str) -> None:
    with psycopg.connect(empty_url, autocommit=True) as connection:
        connection.execute(INSERT, (uuid4(),))
        connection.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="never changed"):
            connection.execute(statement)


def test_a_server_that_could_lose_what_it_acknowledged_is_refused(empty_url: str) -> None:
    with psycopg.connect(empty_url, autocommit=True) as connection:
        assert_keeps_promises(connection)
        connection.execute("SET synchronous_commit = off")
        with pytest.raises(UnsafeDatabaseError, match="synchronous_commit"):
            assert_keeps_promises(connection)


def test_a_connection_of_the_product_never_acknowledges_too_early(empty_url: str) -> None:
    async def setting() -> object:
        pool = open_pool(f"{empty_url}&options=-c%20synchronous_commit%3Doff", 2)
        await pool.open()
        try:
            async with pool.connection() as connection:
                row = await (
                    await connection.execute("SELECT current_setting('synchronous_commit')")
                ).fetchone()
        finally:
            await pool.close()
        return row

    assert run(setting()) == ("on",)
