"""Filling the tables of a new version: stream by stream, in the order in which the streams were opened.

A stream is read whole and folded once, and its final rows are written once; nothing is held of it afterwards, so that
memory is bounded by the longest single stream however long the log is. Streams that were opened together have most of
their events close together, so that the log is read nearly in order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from domain.events.envelope import Event, Recorded
from projections.runtime.batch import PASSING
from projections.runtime.parking import park
from projections.runtime.projection import Connection, RebuildableProjection, Row
from projections.runtime.row_writer import copy_into
from store.event_log.log_reader import LogBatch, grouped, read_streams, streams_started

EVENTS: Final = 10_000
"""Events that are read at a time, unless a single stream has more."""


@dataclass(frozen=True, slots=True)
class PositionRange:
    """A part of the log: streams that were opened beyond a position, up to another one; read up to `until`."""

    position: int
    last: int
    until: int


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of a span: how many events were folded into how many rows, and how many streams were at fault."""

    events: int = 0
    rows: int = 0
    faults: int = 0

    def __add__(self, other: "Filled") -> "Filled":
        """Return both together."""
        return Filled(self.events + other.events, self.rows + other.rows, self.faults + other.faults)


def spans(until: int, width: int) -> Iterator[PositionRange]:
    """Yield the log up to a position in parts."""
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
    told: tuple[list[Row], ...] = tuple([] for _ in model.TABLES)
    events = faults = 0
    for stream, read in streams:
        bad = read.undecodable[0] if read.undecodable else None
        history = [event for event in read.events if bad is None or event.position < bad.position]
        if bad is not None:
            await park(connection, model.NAME, stream, bad.position, bad.topic, bad.error)
        try:
            rows = await model.rows(connection, history, until) if history else ()
        except PASSING:
            raise
        except Exception:  # noqa: BLE001 - whatever an event does to a read model, the others go on
            rows = await _before_the_fault(connection, model, history, until)
            faults += 1
        for table_rows, more in zip(told, rows, strict=False):
            table_rows.extend(more)
        events += len(read)
    for table, item in zip(model.TABLES, told, strict=True):
        await copy_into(connection, table, item)
    return Filled(events, sum(map(len, told)), faults)


async def _before_the_fault(
    connection: Connection, model: RebuildableProjection, history: Sequence[Recorded[Event]], until: int
) -> Sequence[Sequence[Row]]:
    """The rows of a stream before its first event that cannot be taken, from which on it is parked."""
    rows: Sequence[Sequence[Row]] = ()
    for place, bad in enumerate(history, start=1):
        try:
            rows = await model.rows(connection, history[:place], until)
        except Exception as error:  # noqa: BLE001 - this is the event that was looked for
            await park(connection, model.NAME, bad.stream, bad.position, bad.topic, repr(error))
            break
    return rows
