"""Faults that are planted in the product, each in the process that calls it: the matrix has to find them."""

from collections.abc import Callable, Mapping
from typing import Final

from application.context import Context
from cli import bootstrap as composition
from projections.runtime import batch as stepping
from projections.runtime import parking, runner
from projections.runtime.projection import Connection, Projection
from store.event_log import append as appending
from store.event_log import batching as gathering
from store.event_log import stream_reader as reading
from store.event_log.log_reader import LogBatch
from store.event_log.tracking import Tracking, insert_tracking
from store.postgres import connections as database
from store.spreadsheets import xlsx_writing

_FORGOTTEN: Final = ("WHERE commands.command_id =", "WHERE false AND commands.command_id =")


def put(where: object, name: str, what: object) -> None:
    """Have something of the product be something else in this process; it has to be there."""
    getattr(where, name)
    setattr(where, name, what)


def no_lock() -> None:
    """Nobody holds the write lock."""
    put(appending, "_LOCK", "SELECT %s::bigint")


def commands_forgotten() -> None:
    """What was carried out is not looked up again."""
    put(appending, "_WRITE", appending._WRITE.replace(*_FORGOTTEN))
    put(reading, "_READ", reading._READ.replace(*_FORGOTTEN))


def no_second_attempt() -> None:
    """A cut connection is not tried again."""
    put(database, "_ATTEMPTS", 1)


def cuts_misunderstood() -> None:
    """A cut connection is taken for a fault of the program."""
    put(database, "_was_cut", lambda error: False)


def patient() -> None:
    """Whoever waits for a lock or a connection waits for long."""
    database._LIMITS["lock_timeout"] = "60s"
    database._LIMITS["statement_timeout"] = "60s"
    put(composition, "BY_KEY", {**database.BY_KEY, "statement_timeout": "60s"})
    put(database, "_WAIT_FOR_CONNECTION", 60.0)


def queue_without_end() -> None:
    """However many wait, another one may."""
    put(gathering, "QUEUE_LIMIT", 10**9)


def versions_unchecked() -> None:
    """The version that a client saw is not compared."""
    put(Context, "must_expect", lambda self, version: None)


def everybody_leads() -> None:
    """Nobody asks whether somebody else runs the projections."""

    async def leads(_: Connection) -> bool:
        return True

    put(runner, "_is_leader", leads)


def slow_to_lead() -> None:
    """Whoever waits for the leader to go looks up seldom."""
    put(runner, "_LEADER_POLL_SECONDS", 30.0)


def slow_to_come_back() -> None:
    """Whoever lost the connection rests for long."""
    put(runner, "_BACK_OFF", (30.0,))


def position_first() -> None:
    """The position is committed before the rows are written."""
    take = stepping._apply_read

    async def taken(connection: Connection, projection: Projection, read: LogBatch) -> None:
        await insert_tracking(connection, Tracking(projection.NAME, read.last or 0))
        await connection.execute("COMMIT")
        await connection.execute("BEGIN")
        await take(connection, projection, read)

    async def recorded_before(*_: object) -> None:
        return None

    put(stepping, "_apply_read", taken)
    put(stepping, "insert_tracking", recorded_before)


def nothing_parked() -> None:
    """What cannot be read is passed over, and nobody hears of it."""

    async def passed(*_: object) -> None:
        return None

    put(stepping, "park", passed)
    put(parking, "park", passed)


def cells_uncut() -> None:
    """A cell of a workbook is given whatever there is."""
    put(xlsx_writing, "LONGEST_CELL", 10**9)


PLANTS: Final[Mapping[str, Callable[[], None]]] = {
    item.__name__: item
    for item in (
        no_lock,
        commands_forgotten,
        no_second_attempt,
        cuts_misunderstood,
        patient,
        queue_without_end,
        versions_unchecked,
        everybody_leads,
        slow_to_lead,
        slow_to_come_back,
        position_first,
        nothing_parked,
        cells_uncut,
    )
}
