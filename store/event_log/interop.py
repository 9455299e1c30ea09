"""The seam to the `eventsourcing` library: its applications, repositories and projections over the same log.

Set `PERSISTENCE_MODULE=store.event_log.interop:LogFactory`, `MAPPER_TOPIC=store.event_log.interop:LogMapper` and the connection (see
`environment`), and any application of the library reads this log and any of its projections follows it. The rows,
the encoding and the write lock are those of the product's own log.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    Mapper,
    MapperDeserialisationError,
    Notification,
    ProcessRecorder,
    StoredEvent,
)
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore, PostgresFactory
from eventsourcing.utils import Environment, EnvType, strtobool
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL

from domain.events.envelope import Event, Recorded
from store.event_log.append import WRITE_LOCK
from store.event_log.codec import UndecodableEventError, decode, encode_recorded
from store.event_log.topics import TOPICS

TABLE: Final = "stored_events"
_CARRIED: Final = frozenset({"dbname", "host", "port", "user", "password"})
_HARMLESS: Final = frozenset({"application_name", "connect_timeout"})


class LibrarySetupError(RuntimeError):
    """The library is set up in a way that would harm the log."""


@dataclass(frozen=True, slots=True)
class LibraryEvent:
    """A recorded event under the names by which the library asks for them."""

    recorded: Recorded[Event]

    @property
    def originator_id(self) -> UUID:
        """The stream."""
        return self.recorded.stream

    @property
    def originator_version(self) -> int:
        """The version within the stream."""
        return self.recorded.version


class LogMapper(Mapper[UUID]):
    """Turns rows into events and back by the product's own encoding: topics, upcasting, validation."""

    def to_stored_event(self, domain_event: object) -> StoredEvent:
        """Encode an event that has its time of recording; raises TypeError for anything else."""
        if not isinstance(domain_event, LibraryEvent):
            raise TypeError("only recorded events of this product can be stored")
        recorded = domain_event.recorded
        return StoredEvent(recorded.stream, recorded.version, recorded.topic, encode_recorded(recorded))

    def to_domain_event(self, stored_event: StoredEvent) -> LibraryEvent:
        """Decode a row; raises MapperDeserialisationError."""
        stream = stored_event.originator_id
        try:
            return LibraryEvent(
                decode(
                    TOPICS,
                    stream=stream if isinstance(stream, UUID) else UUID(stream),
                    version=stored_event.originator_version,
                    position=stored_event.id if isinstance(stored_event, Notification) else 0,
                    topic=stored_event.topic,
                    state=stored_event.state,
                )
            )
        except UndecodableEventError as error:
            raise MapperDeserialisationError(str(error)) from error


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
        """Refuse: the library's own would write without the lock, into the log's table under some names."""
        raise LibrarySetupError(
            f"there is no recorder of {purpose} beside the log: it would not take its lock"
        )

    def process_recorder(self) -> ProcessRecorder:
        """Refuse, for the same reason; what follows the log keeps its tracking elsewhere."""
        raise LibrarySetupError("there is no process recorder on the log: it would not take its lock")


def environment(url: str) -> Mapping[str, str]:
    """Return the library's environment for the log of a database.

    Raises LibrarySetupError where the URL lacks its user or its database, or says something that the library has
    no setting for: a demand for TLS must not get lost on the way.
    """
    parts = conninfo_to_dict(url)
    if missing := sorted({"user", "dbname"} - set(parts)):
        raise LibrarySetupError(f"the connection string does not say its {' and '.join(missing)}")
    if lost := sorted(set(parts) - _CARRIED - _HARMLESS):
        raise LibrarySetupError(f"the library cannot be told {', '.join(lost)}; set PG* variables instead")
    return {
        "PERSISTENCE_MODULE": "store.event_log.interop:LogFactory",
        "MAPPER_TOPIC": "store.event_log.interop:LogMapper",
        "CREATE_TABLE": "n",
        "POSTGRES_DBNAME": str(parts["dbname"]),
        "POSTGRES_HOST": str(parts.get("host", "")),
        "POSTGRES_PORT": str(parts.get("port", "5432")),
        "POSTGRES_USER": str(parts["user"]),
        "POSTGRES_PASSWORD": str(parts.get("password", "")),
    }
