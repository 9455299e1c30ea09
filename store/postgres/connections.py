"""Connections to PostgreSQL: their time limits, their role, and the durability settings that the server must have."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import Final, TypeVar

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout, TooManyRequests

from application.ports import Unavailable

APP_ROLE: Final = "tiaochu_app"
PROMISES: Final = ("fsync", "full_page_writes", "synchronous_commit")
"""Settings without which an acknowledged command could be lost."""
_LIMITS: Final = {
    "lock_timeout": "2s",
    "statement_timeout": "5s",
    "idle_in_transaction_session_timeout": "10s",
    "timezone": "UTC",
    # A plan that is kept from when a table was empty would go on reading all of it, until the table is analysed.
    "plan_cache_mode": "force_custom_plan",
    "application_name": "tiaochu",
}
BY_KEY: Final = MappingProxyType(
    {
        "plan_cache_mode": "force_generic_plan",
        "enable_seqscan": "off",
        "jit": "off",
        "statement_timeout": "2s",
        "transaction_timeout": "10s",
    }
)
"""Settings of connections that look everything up by its key: a plan is made once and never reads a whole table.

The limit of a transaction (PostgreSQL 17 and newer) takes the write lock even from a process that was frozen between
two messages, where the database does not see an idle transaction.
"""
_SET: Final = """
SELECT set_config(setting.name, setting.value, false) FROM unnest(%s::text[], %s::text[]) AS setting (name, value)
WHERE EXISTS (SELECT FROM pg_settings WHERE pg_settings.name = setting.name)
"""
_KEEP_PROMISE: Final = """
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
"""
_WAIT_FOR_CONNECTION: Final = 1.0
"""Seconds; together with the lock timeout, a caller gets an answer after three seconds at most."""
_ATTEMPTS: Final = 5
"""After two cuts in quick succession a pool may lend several connections that are dead already."""
_CUT_OFF: Final = (
    psycopg.errors.AdminShutdown,
    psycopg.errors.CrashShutdown,
    psycopg.errors.CannotConnectNow,
    psycopg.errors.IdleInTransactionSessionTimeout,
    psycopg.errors.TransactionTimeout,
)

Connection = AsyncConnection[tuple[object, ...]]
Pool = AsyncConnectionPool[Connection]
_T = TypeVar("_T")


class ConnectionCut(Unavailable):
    """The connection went away while it was used; a new one may do better."""


class UnsafeDatabaseError(RuntimeError):
    """The server is set up so that it could lose what it has acknowledged."""


def limited(url: str) -> str:
    """Return the connection string with the time limits of every connection of the product."""
    options = " ".join(f"-c {name}={value}" for name, value in _LIMITS.items() if name != "application_name")
    present = conninfo_to_dict(url)
    return make_conninfo(
        url,
        options=f"{present.get('options', '')} {options}".strip(),
        application_name=_LIMITS["application_name"],
        connect_timeout=2,
    )


async def assume_app_role(connection: Connection) -> None:
    """Act under the application's role, which may append and read and nothing else.

    A role may be set up for asynchronous commits; that is switched off here.
    """
    await connection.set_autocommit(True)
    await connection.execute(f"SET ROLE {APP_ROLE}")
    await connection.execute(_KEEP_PROMISE)


def open_pool(url: str, size: int, more: Mapping[str, str] = MappingProxyType({})) -> Pool:
    """Return a pool, not yet open, whose connections act under the application's role.

    `more` are further settings of theirs; what an older server does not know is left out.
    """

    async def configure(connection: Connection) -> None:
        await assume_app_role(connection)
        if more:
            await connection.execute(_SET, (list(more), list(more.values())))

    return AsyncConnectionPool(
        limited(url),
        min_size=min(2, size),
        max_size=size,
        timeout=_WAIT_FOR_CONNECTION,
        max_waiting=size * 50,
        reconnect_timeout=5.0,
        configure=configure,
        open=False,
    )


@asynccontextmanager
async def connection_of(pool: Pool) -> AsyncIterator[Connection]:
    """Lend a connection; raises Unavailable where none is to be had or it is cut or too slow."""
    try:
        async with pool.connection() as connection:
            yield connection
    except (PoolTimeout, PoolClosed, TooManyRequests) as error:
        raise Unavailable("no connection to the database") from error
    except (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled) as error:
        raise Unavailable("the database did not answer in time") from error
    except psycopg.Error as error:
        if _was_cut(error):
            raise ConnectionCut("the connection to the database was cut") from error
        raise


async def with_retries(pool: Pool, work: Callable[[Connection], Awaitable[_T]]) -> _T:
    """Run work, again on another connection where one was cut; only for idempotent work. Raises Unavailable."""
    for _ in range(_ATTEMPTS - 1):
        try:
            async with connection_of(pool) as connection:
                return await work(connection)
        except ConnectionCut:
            await pool.check()
    async with connection_of(pool) as connection:
        return await work(connection)


def _was_cut(error: psycopg.Error) -> bool:
    return isinstance(error, (*_CUT_OFF, psycopg.InterfaceError)) or (
        isinstance(error, psycopg.OperationalError) and error.sqlstate is None
    )


def assert_keeps_promises(connection: psycopg.Connection) -> None:
    """Raise UnsafeDatabaseError where the server might lose an acknowledged command."""
    for name in PROMISES:
        row = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
        if row is None or row[0] == "off":
            raise UnsafeDatabaseError(f"{name} is off: a crash could lose what was acknowledged")
