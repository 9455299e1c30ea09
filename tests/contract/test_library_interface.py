"""What the product takes for granted of the library: an upgrade that changes it has to be noticed here."""

import inspect
from collections.abc import Callable
from dataclasses import fields
from importlib.metadata import requires, version

import psycopg
import pytest
from eventsourcing.persistence import (
    ApplicationRecorder,
    Mapper,
    Notification,
    StoredEvent,
    Tracking,
    TrackingRecorder,
)
from eventsourcing.postgres import PostgresApplicationRecorder

from store.event_log import recorder, tracking
from store.event_log.codec import LogMapper
from store.event_log.postgres_event_log import PostgresEventLog
from tests.contract.connections import datastore

COLUMNS = "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'stored_events' ORDER BY 1"


def test_the_library_is_pinned_to_the_version_that_was_tried() -> None:
    assert f"eventsourcing=={version('eventsourcing')}" in [
        item.split(";")[0] for item in requires("tiaochu")
    ]


def test_rows_have_the_fields_in_the_order_in_which_they_are_built() -> None:
    row = ("originator_id", "originator_version", "topic", "state")
    assert tuple(field.name for field in fields(StoredEvent)) == row
    assert tuple(field.name for field in fields(Notification)) == (*row, "id")
    assert tuple(field.name for field in fields(Tracking)) == ("application_name", "notification_id")


def parameters(function: Callable[..., object], without: int) -> list[tuple[str, object, object]]:
    """Names, kinds and defaults, without the first ones (self or connection) and without further options."""
    listed = list(inspect.signature(function).parameters.values())[without:]
    return [(item.name, item.kind, item.default) for item in listed if item.kind is not item.VAR_KEYWORD]


@pytest.mark.parametrize(
    ("ours", "the_library_s"),
    [
        (recorder.select_events, ApplicationRecorder.select_events),
        (recorder.select_notifications, ApplicationRecorder.select_notifications),
        (recorder.max_notification_id, ApplicationRecorder.max_notification_id),
        (PostgresEventLog.insert_events, ApplicationRecorder.insert_events),
        (tracking.insert_tracking, TrackingRecorder.insert_tracking),
        (tracking.max_tracking_id, TrackingRecorder.max_tracking_id),
        (LogMapper.to_stored_event, Mapper.to_stored_event),
        (LogMapper.to_domain_event, Mapper.to_domain_event),
    ],
)
def test_each_method_takes_what_the_library_s_takes(
    ours: Callable[..., object], the_library_s: Callable[..., object]
) -> None:
    assert parameters(ours, 1) == parameters(the_library_s, 1)


def test_a_mapper_is_made_as_the_library_makes_it() -> None:
    made = [name for name, _, _ in parameters(Mapper.__init__, 1)]
    assert [
        name for name, kind, _ in parameters(LogMapper.__init__, 1) if kind.name != "KEYWORD_ONLY"
    ] == made


@pytest.mark.parametrize("option", ["compressor", "cipher"])
def test_a_mapper_refuses_what_would_make_states_unreadable(option: str) -> None:
    with pytest.raises(ValueError, match=f"{option.upper()}_TOPIC"):
        LogMapper(**{option: object()})


def test_the_log_s_table_has_the_columns_that_the_library_would_make(
    empty_url: str, database_of: Callable[[str], str]
) -> None:
    bare = database_of("template0")
    with datastore(bare) as connections:
        PostgresApplicationRecorder(connections).create_table()
    tables = []
    for url in (empty_url, bare):
        with psycopg.connect(url) as connection:
            tables.append(connection.execute(COLUMNS).fetchall())
    assert tables[0] == tables[1] != []
