"""What the server knows: the rows of its database, read past the product."""

import hashlib
import hmac
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import psycopg
from eventsourcing.persistence import Notification
from psycopg.rows import args_row, dict_row

from domain.events.envelope import Event, Recorded
from store.event_log.codec import MAPPER, UndecodableEventError

_EVENTS: Final = """
SELECT originator_id, originator_version, topic, state, notification_id
FROM stored_events ORDER BY notification_id
"""
_BEHIND: Final = """
SELECT (SELECT coalesce(max(notification_id), 0) FROM stored_events)
     - coalesce((SELECT position FROM projection_positions WHERE name = 'caseload'), 0)
"""
Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class CommandRow:
    """A command that was carried out, and what it was answered."""

    command_id: UUID
    position: int
    reply: Row


@dataclass(frozen=True, slots=True)
class Stored:
    """The log, the commands, and the case list with the position that it says it has reached."""

    events: tuple[Recorded[Event], ...]
    commands: tuple[CommandRow, ...]
    caseload: tuple[Row, ...]
    reached: int
    unreadable: tuple[int, ...] = ()
    """Positions of rows that cannot be decoded."""


def read_stored(url: str) -> Stored:
    """Read everything as it stood at one moment."""
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        events = (
            connection.cursor(binary=True, row_factory=args_row(Notification)).execute(_EVENTS).fetchall()
        )
        commands = connection.execute("SELECT command_id, position, reply FROM commands ORDER BY position")
        replies = tuple(CommandRow(*row) for row in commands.fetchall())
        rows = connection.cursor(row_factory=dict_row).execute("SELECT * FROM caseload").fetchall()
        at = connection.execute(
            "SELECT position FROM projection_positions WHERE name = 'caseload'"
        ).fetchone()
    read, unreadable = _decoded(events)
    return Stored(tuple(read), replies, tuple(rows), at[0] if at else 0, tuple(unreadable))


def _decoded(rows: Sequence[Notification]) -> tuple[list[Recorded[Event]], list[int]]:
    """The events of some rows, and the positions of those that are none."""
    read: list[Recorded[Event]] = []
    unreadable: list[int] = []
    for row in rows:
        try:
            read.append(MAPPER.to_domain_event(row))
        except UndecodableEventError:
            unreadable.append(row.id)
    return read, unreadable


def wait_until_caught_up(url: str, patience: float) -> bool:
    """Wait for the case list to have followed the log; say whether it has."""
    give_up = time.monotonic() + patience
    with psycopg.connect(url, autocommit=True) as connection:
        while True:
            row = connection.execute(_BEHIND).fetchone()
            if row == (0,):
                return True
            if time.monotonic() > give_up:
                return False
            time.sleep(0.1)


def carried_out(url: str, commands: Collection[UUID]) -> int:
    """Count which of these commands are in the log by now."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(
            "SELECT count(*) FROM commands WHERE command_id = ANY(%s)", (list(commands),)
        ).fetchone()
    return int(found[0]) if found else 0


def command_id(secret: bytes, sub: str, route: str, key: str) -> UUID:
    """Work out under which id a client's key is recorded: a keyed hash of who, where and which key.

    Written down here a second time on purpose: what is acknowledged must be found by what the client sent.
    """
    name = f"{sub}\nPOST\n{route}\n{key}".encode()
    number = int.from_bytes(hmac.new(secret, name, hashlib.sha256).digest()[:16])
    number &= ~(0xF << 76) & ~(0x3 << 62)
    return UUID(int=number | 0x8 << 76 | 0x2 << 62)
