"""The library's connections to a database of this run."""

from collections.abc import Iterator
from contextlib import contextmanager

from eventsourcing.postgres import PostgresDatastore

from store.event_log.interop import environment


@contextmanager
def datastore(url: str) -> Iterator[PostgresDatastore]:
    """Connections to a database, as the environment for it says, and enough of them for many threads."""
    given = environment(url)
    with PostgresDatastore(
        dbname=given["POSTGRES_DBNAME"],
        host=given["POSTGRES_HOST"],
        port=given["POSTGRES_PORT"],
        user=given["POSTGRES_USER"],
        password=given["POSTGRES_PASSWORD"],
        pool_size=2,
        max_overflow=30,
        lock_timeout=2,
    ) as found:
        yield found
