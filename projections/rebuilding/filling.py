"""Fills the tables of a new version: stream by stream, in the order in which the streams began.

A stream is read whole and folded once, and its final rows are written once; nothing is held of it afterwards, so that
memory is bounded by the longest single stream however long the log is. Streams that were opened together have most of
their events close together, so that the log is read nearly in order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from domain.events.envelope import Event, Recorded
from projections.runtime.batch import TRANSIENT_ERRORS
from projections.runtime.parking import park
from projections.runtime.projection import Connection, RebuildableProjection, Row
from projections.runtime.row_writer import copy_into
from store.event_log.log_reader import LogBatch, grouped, read_streams, streams_started

EVENTS: Final = 10_000
"""Events that are read at a time, unless a single stream has more."""


@dataclass(frozen=True, slots=True)
class PositionRange:
    """A range of the log: the streams that begin beyond `position`, up to `last`; their events up to `until`."""

    position: int
    last: int
    until: int


@dataclass(frozen=True, slots=True)
class Filled:
    """The result of filling: events folded, rows written, and streams that failed."""

    events: int = 0
    rows: int = 0
    faults: int = 0

    def __add__(self, other: "Filled") -> "Filled":
        """Return the sum of both."""
        return Filled(self.events + other.events, self.rows + other.rows, self.faults + other.faults)


def spans(until: int, width: int) -> Iterator[PositionRange]:
    """Yield the ranges of the log up to a position, each `width` positions wide."""
    for position in range(0, until, width):
        yield PositionRange(position, min(position + width, until), until)


async def fill(connection: Connection, model: RebuildableProjection, span: PositionRange) -> Filled:
    """Write the rows of the streams that were opened in a part of the log."""
    filled = Filled()
    for streams in grouped(
        await streams_started(connection, span.position, span.last, model.TOPIC_PREFIXES), EVENTS
    ):
        read = await read_streams(connection, streams, span.until)
        filled += await _write(connection, model, [(stream, read[stream]) for stream in streams], span.until)
    return filled


async def _write(
    connection: Connection, model: RebuildableProjection, streams: Sequence[tuple[UUID, LogBatch]], until: int
) -> Filled:
    rows_of_tables: tuple[list[Row], ...] = tuple([] for _ in model.TABLES)
    events = faults = 0
    for stream, read in streams:
        bad = read.undecodable[0] if read.undecodable else None
        history = [event for event in read.events if bad is None or event.position < bad.position]
        if bad is not None:
            await park(connection, model.NAME, stream, bad.position, bad.topic, bad.error)
        try:
            rows = await model.rows(connection, history, until) if history else ()
        except TRANSIENT_ERRORS:
            raise
        except Exception:  # noqa: BLE001 - one faulty event must not stop the other streams
            rows = await _before_the_fault(connection, model, history, until)
            faults += 1
        for table_rows, more in zip(rows_of_tables, rows, strict=False):
            table_rows.extend(more)
        events += len(read)
    for table, item in zip(model.TABLES, rows_of_tables, strict=True):
        await copy_into(connection, table, item)
    return Filled(events, sum(map(len, rows_of_tables)), faults)


async def _before_the_fault(
    connection: Connection, model: RebuildableProjection, history: Sequence[Recorded[Event]], until: int
) -> Sequence[Sequence[Row]]:
    """The rows of a stream before its first event that fails; from that event on it is parked."""
    rows: Sequence[Sequence[Row]] = ()
    for place, bad in enumerate(history, start=1):
        try:
            rows = await model.rows(connection, history[:place], until)
        except Exception as error:  # noqa: BLE001 - this is the event to find
            await park(connection, model.NAME, bad.stream, bad.position, bad.topic, repr(error))
            break
    return rows
