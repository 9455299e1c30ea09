"""Positions of followers of the log, as the library's `Tracking`: its `TrackingRecorder`, asynchronous, on a connection.

There is one log. `application_name` is therefore the name under which a follower, such as a read model, follows it.
"""

from typing import Final

from eventsourcing.persistence import IntegrityError, Tracking

from store.postgres.connections import Connection

__all__ = ["Tracking", "insert_tracking", "locked_tracking", "max_tracking_id", "tracking_of"]

_SELECT: Final = "SELECT position FROM projection_positions WHERE name = %s"
_SELECT_LOCKED: Final = "SELECT position FROM projection_positions WHERE name = %s FOR UPDATE"
_INSERT: Final = """
INSERT INTO projection_positions AS p (name, position) VALUES (%s, %s)
ON CONFLICT (name) DO UPDATE SET position = excluded.position, updated_at = now()
WHERE p.position < excluded.position
"""


async def max_tracking_id(connection: Connection, application_name: str) -> int | None:
    """Return the position that a follower has reached; None where it has not begun."""
    return await _position(connection, _SELECT, application_name)


async def tracking_of(connection: Connection, application_name: str) -> Tracking:
    """Return what a follower has reached; position 0 where it has not begun."""
    return Tracking(application_name, await max_tracking_id(connection, application_name) or 0)


async def locked_tracking(connection: Connection, application_name: str) -> Tracking:
    """Return what a follower has reached, locked until the end of the transaction."""
    return Tracking(application_name, await _position(connection, _SELECT_LOCKED, application_name) or 0)


async def insert_tracking(connection: Connection, tracking: Tracking) -> None:
    """Record what a follower has reached; raises IntegrityError where it has reached that position already."""
    cursor = await connection.execute(_INSERT, (tracking.application_name, tracking.notification_id))
    if not cursor.rowcount:
        raise IntegrityError(f"{tracking.application_name} has reached {tracking.notification_id} already")


async def _position(connection: Connection, query: str, application_name: str) -> int | None:
    row = await (await connection.execute(query.encode(), (application_name,))).fetchone()
    return row[0] if row and isinstance(row[0], int) else None
