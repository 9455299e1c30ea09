"""The product's log and the library's recorder write side by side, and a follower of both passes over nothing.

The order is forced: one writer is stopped between its insert and its commit, until the other has either committed or
been seen waiting for the lock.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest

from application.ports import Append, Reply, Write
from domain.events.envelope import Fact
from store.event_log import append as appending
from store.event_log.append import WRITE_LOCK
from store.event_log.codec import MAPPER
from store.event_log.interop import LogRecorder
from store.event_log.log_reader import read_batch
from store.event_log.postgres_event_log import PostgresEventLog
from store.postgres.connections import open_pool
from tests.contract.connections import datastore
from tests.contract.golden import SAMPLES
from tests.support.databases import run
from tests.support.samples import recorded
from tests.support.world import SUN

EVENT = SAMPLES["dispute.closed.v1"]
WAITS_FOR_LOCK = (
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@asynccontextmanager
async def log_at(url: str):
    pool = open_pool(url, 5)
    await pool.open()
    try:
        yield PostgresEventLog(pool, lambda: datetime.now(UTC))
    finally:
        await pool.close()


def request() -> Append:
    stream = uuid4()
    reply = Reply(id=str(stream), version=2, events=(EVENT.TOPIC,) * 2)
    return Append(uuid4(), b"print", SUN, (Write(stream, 0, (Fact(EVENT),) * 2),), reply)


def through_log(url: str) -> None:
    async def go() -> None:
        async with log_at(url) as log:
            await log.append(request())

    run(go())


def through_recorder(url: str) -> None:
    with datastore(url) as connections:
        insert(LogRecorder(connections))


def insert(recorder: LogRecorder) -> None:
    stream = uuid4()
    events = [replace(recorded(EVENT), stream=stream, version=version) for version in (1, 2)]
    recorder.insert_events([MAPPER.to_stored_event(event) for event in events])


class Gate:
    """Stops whoever comes, says that somebody is there, and lets go."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()

    def stop(self) -> None:
        self.reached.set()
        assert self.opened.wait(10)


def stop_log(monkeypatch: pytest.MonkeyPatch, gate: Gate) -> None:
    send = appending._send

    async def sent(*given):
        cursor = await send(*given)
        await cursor.fetchone()
        await cursor.scroll(0, mode="absolute")
        await asyncio.to_thread(gate.stop)
        return cursor

    monkeypatch.setattr(appending, "_send", sent)


def stop_recorder(monkeypatch: pytest.MonkeyPatch, gate: Gate) -> None:
    fetch = LogRecorder._fetch_ids_after_insert_events

    def inserted(self, *given, **named):
        ids = fetch(self, *given, **named)
        gate.stop()
        return ids

    monkeypatch.setattr(LogRecorder, "_fetch_ids_after_insert_events", inserted)


ORDERS = pytest.mark.parametrize(
    ("slow", "stop", "fast"),
    [(through_log, stop_log, through_recorder), (through_recorder, stop_recorder, through_log)],
    ids=["the log is slower", "the recorder is slower"],
)
Writer = Callable[[str], None]
Stop = Callable[[pytest.MonkeyPatch, Gate], None]


def passed_over(url: str, slow: Writer, fast: Writer, gate: Gate) -> list[int]:
    """Let the fast writer come while the slow one has not committed; return what a follower never sees."""
    with ThreadPoolExecutor(2) as threads, datastore(url) as connections:
        follower = LogRecorder(connections)
        first = threads.submit(slow, url)
        assert gate.reached.wait(10)
        second = threads.submit(fast, url)
        wait_until_done_or_waiting(url, second)
        seen = [notification.id for notification in follower.select_notifications(None, 100)]
        gate.opened.set()
        first.result(10)
        second.result(10)
        seen += [
            notification.id for notification in follower.select_notifications((seen or [0])[-1] + 1, 100)
        ]
        there = [notification.id for notification in follower.select_notifications(None, 100)]
    assert len(there) == 4
    return sorted(set(there) - set(seen))


def wait_until_done_or_waiting(url: str, other: "Future[None]") -> None:
    give_up = time.monotonic() + 10
    with psycopg.connect(url, autocommit=True) as connection:
        while not other.done() and connection.execute(WAITS_FOR_LOCK, (WRITE_LOCK,)).fetchone() == (0,):
            assert time.monotonic() < give_up
            time.sleep(0.01)


@ORDERS
def test_the_lock_makes_positions_visible_in_order(
    empty_url: str, monkeypatch: pytest.MonkeyPatch, slow: Writer, stop: Stop, fast: Writer
) -> None:
    gate = Gate()
    stop(monkeypatch, gate)
    assert passed_over(empty_url, slow, fast, gate) == []


@ORDERS
def test_without_the_lock_a_follower_passes_over_the_slower_writer(
    empty_url: str, monkeypatch: pytest.MonkeyPatch, slow: Writer, stop: Stop, fast: Writer
) -> None:
    monkeypatch.setattr(appending, "_LOCK", "SELECT %s::bigint")
    monkeypatch.setattr(LogRecorder, "_lock_table", lambda self, cursor: None)
    gate = Gate()
    stop(monkeypatch, gate)
    assert passed_over(empty_url, slow, fast, gate) == [1, 2]


def follow(url: str, finished: threading.Event) -> Iterator[int]:
    """Poll until the writers are finished and one more time."""
    last = 0
    with datastore(url) as connections:
        follower = LogRecorder(connections)
        while True:
            final = finished.is_set()
            for notification in follower.select_notifications(last + 1, 50):
                last = notification.id
                yield last
            if final:
                return


def test_many_writers_of_both_kinds_and_nothing_is_passed_over(empty_url: str) -> None:
    async def log_writes() -> None:
        async with log_at(empty_url) as one, log_at(empty_url) as other:
            await asyncio.gather(*(log.append(request()) for _ in range(150) for log in (one, other)))

    def recorder_writes(recorder: LogRecorder) -> None:
        for _ in range(60):
            insert(recorder)

    finished = threading.Event()
    with ThreadPoolExecutor(8) as threads, datastore(empty_url) as connections:
        seen = threads.submit(lambda: list(follow(empty_url, finished)))
        recorder = LogRecorder(connections)
        writers = [threads.submit(recorder_writes, recorder) for _ in range(5)]
        writers.append(threads.submit(run, log_writes()))
        for writer in writers:
            writer.result(60)
        finished.set()
        there = run(positions(empty_url))
        assert seen.result(60) == there
    assert len(there) == 2 * (300 + 300)


async def positions(url: str) -> list[int]:
    """Every position, as the product's own followers read them: so each row can be decoded."""
    async with await psycopg.AsyncConnection.connect(url) as connection:
        batch = await read_batch(connection, 0, 10_000)
    assert not batch.undecodable
    return [item.position for item in batch.events]
