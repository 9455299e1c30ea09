"""Running applications, repositories and projections of the `eventsourcing` library on the log.

`environment` returns the settings for a stock application. Its domain events are `domain.events.envelope.Recorded`. The
rows, the mapper and the write lock are those of the product's own log.
"""

from collections.abc import Mapping
from typing import Final

from eventsourcing.persistence import AggregateRecorder, ApplicationRecorder, ProcessRecorder
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore, PostgresFactory
from eventsourcing.utils import Environment, EnvType, strtobool
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL

from store.event_log.append import WRITE_LOCK

TABLE: Final = "stored_events"
_PASSED_ON: Final = frozenset({"dbname", "host", "port", "user", "password"})
_IGNORED: Final = frozenset({"application_name", "connect_timeout"})


class LibrarySetupError(RuntimeError):
    """The library is set up in a way that would harm the log."""


class LogRecorder(PostgresApplicationRecorder):
    """The library's recorder under the log's one write lock, so that positions become visible in order."""

    def __init__(self, datastore: PostgresDatastore, *, events_table_name: str = TABLE) -> None:
        super().__init__(datastore, events_table_name=events_table_name)
        self.lock_table_statements = [
            SQL("SET LOCAL lock_timeout = '2s'"),
            SQL("SELECT pg_advisory_xact_lock({})").format(WRITE_LOCK),
        ]


class LogFactory(PostgresFactory):
    """Gives every application of the library the one log, whatever the application's name."""

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        if strtobool(self.env.get(self.POSTGRES_ENABLE_DB_FUNCTIONS) or "no"):
            raise LibrarySetupError("database functions take no lock: followers would miss events")
        if self.env_create_table():
            raise LibrarySetupError("the tables are made by the product's migrations; set CREATE_TABLE=n")

    def application_recorder(self) -> ApplicationRecorder:
        """Return the recorder of the log."""
        return LogRecorder(self.datastore)

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        """Raise LibrarySetupError: the stock recorder would write without the lock, under some names into the log."""
        raise LibrarySetupError(f"there is no other recorder of {purpose}: it would not take the log's lock")

    def process_recorder(self) -> ProcessRecorder:
        """Raise LibrarySetupError, for the same reason; a projection keeps its tracking in a table of its own."""
        raise LibrarySetupError("there is no process recorder on the log: it would not take its lock")


def environment(url: str) -> Mapping[str, str]:
    """Return the library's environment for the log of a database.

    Raises LibrarySetupError where the URL lacks its user or its database, or has a parameter for which the library
    has no setting: a requirement of TLS must not get lost.
    """
    parts = conninfo_to_dict(url)
    if missing := sorted({"user", "dbname"} - set(parts)):
        raise LibrarySetupError(f"the connection string does not say its {' and '.join(missing)}")
    if lost := sorted(set(parts) - _PASSED_ON - _IGNORED):
        raise LibrarySetupError(
            f"the library has no setting for {', '.join(lost)}; set PG* variables instead"
        )
    return {
        "PERSISTENCE_MODULE": "store.event_log.interop:LogFactory",
        "MAPPER_TOPIC": "store.event_log.codec:LogMapper",
        "CREATE_TABLE": "n",
        "POSTGRES_DBNAME": str(parts["dbname"]),
        "POSTGRES_HOST": str(parts.get("host", "")),
        "POSTGRES_PORT": str(parts.get("port", "5432")),
        "POSTGRES_USER": str(parts["user"]),
        "POSTGRES_PASSWORD": str(parts.get("password", "")),
    }
