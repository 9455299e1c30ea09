"""The log under bad conditions: races, repeats, cut connections, held locks, a clock that goes back."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from application.ports import Append, Conflict, Reply, StoredOutcome, Unavailable, Write
from domain.events.dispute import Closed
from domain.events.envelope import Fact
from domain.vocabulary import Outcome
from store.event_log import append as store_appending
from store.event_log.append import WRITE_LOCK
from store.event_log.batching import BATCH_SIZE, QUEUE_LIMIT, BatchQueue
from store.event_log.codec import MAPPER
from store.event_log.postgres_event_log import LOG_CONNECTIONS, PostgresEventLog
from store.postgres import connections as database
from store.postgres.connections import BY_KEY, open_pool
from tests.support.databases import run
from tests.support.world import SUN

FACT = Fact(Closed(outcome=Outcome.FAILED, occurred_at=datetime(2026, 3, 2, tzinfo=UTC)))


def appending(stream: UUID, after: int = 0, command: UUID | None = None, facts: int = 1) -> Append:
    reply = Reply(id=str(stream), version=after + facts, events=("dispute.closed.v1",) * facts)
    return Append(command or uuid4(), b"print", SUN, (Write(stream, after, (FACT,) * facts),), reply)


@asynccontextmanager
async def log_at(url: str, clock: Callable[[], datetime] = lambda: datetime.now(UTC)):
    pool = open_pool(url, LOG_CONNECTIONS, BY_KEY)
    await pool.open()
    try:
        yield PostgresEventLog(pool, clock)
    finally:
        await pool.close()


def using(url: str, work: Callable[[PostgresEventLog], Awaitable[None]]) -> None:
    async def go() -> None:
        async with log_at(url) as log:
            await work(log)

    run(go())


def test_what_is_appended_is_loaded_in_order(empty_url: str) -> None:
    async def work(log: PostgresEventLog) -> None:
        stream, other = uuid4(), uuid4()
        first = await log.append(appending(stream, facts=2))
        second = await log.append(appending(stream, after=2))
        loaded = await log.load({stream: 0, other: 0})
        events = loaded.streams[stream]
        assert [event.version for event in events] == [1, 2, 3]
        assert (first.reply.position, second.reply.position) == (events[1].position, events[2].position)
        assert other not in loaded.streams
        assert [event.version for event in (await log.load({stream: 2})).streams[stream]] == [3]

    using(empty_url, work)


def test_a_version_can_be_written_once(empty_url: str) -> None:
    async def work(log: PostgresEventLog) -> None:
        stream = uuid4()
        found = await asyncio.gather(
            *(log.append(appending(stream)) for _ in range(40)), return_exceptions=True
        )
        assert sum(isinstance(item, StoredOutcome) for item in found) == 1
        assert sum(isinstance(item, Conflict) for item in found) == 39
        for after in (0, 2):
            with pytest.raises(Conflict):
                await log.append(appending(stream, after=after))

    using(empty_url, work)


def test_a_command_takes_effect_once(empty_url: str) -> None:
    async def work(log: PostgresEventLog) -> None:
        stream, command = uuid4(), uuid4()
        found = await asyncio.gather(*(log.append(appending(stream, command=command)) for _ in range(40)))
        assert len({item.reply for item in found}) == 1
        assert len((await log.load({stream: 0})).streams[stream]) == 1
        again = await log.load({stream: 0}, command)
        assert again.done == found[0]

    using(empty_url, work)


def test_all_of_a_command_or_nothing(empty_url: str) -> None:
    async def work(log: PostgresEventLog) -> None:
        taken, free = uuid4(), uuid4()
        await log.append(appending(taken))
        both = appending(free)
        both = Append(both.command_id, b"", SUN, (*both.writes, Write(taken, 0, (FACT,))), both.reply)
        with pytest.raises(Conflict):
            await log.append(both)
        loaded = await log.load({free: 0}, both.command_id)
        assert (dict(loaded.streams), loaded.done) == ({}, None)

    using(empty_url, work)


def test_the_time_of_recording_never_decreases(empty_url: str) -> None:
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    times = iter([start, start - timedelta(hours=1), start - timedelta(days=9), start + timedelta(seconds=1)])

    async def go() -> None:
        async with log_at(empty_url, lambda: next(times)) as log:
            streams = [uuid4() for _ in range(4)]
            for stream in streams:
                await log.append(appending(stream))
            loaded = (await log.load(dict.fromkeys(streams, 0))).streams
            recorded = [loaded[stream][0].recorded_at for stream in streams]
            assert recorded == [start, start, start, start + timedelta(seconds=1)]

    run(go())


def cut(url: str) -> int:
    """Terminate every connection of the product; return how many there were."""
    with psycopg.connect(url, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tiaochu'"
            " AND datname = current_database()"
        ).fetchall()
    return len(rows)


def test_a_connection_cut_before_or_during_an_append_is_no_conflict(empty_url: str) -> None:
    async def work(log: PostgresEventLog) -> None:
        for _ in range(20):
            stream = uuid4()
            await log.append(appending(stream))
            assert cut(empty_url)
            done = await log.append(appending(stream, after=1))
            assert done.reply.version == 2
            task = asyncio.create_task(log.append(appending(stream, after=2)))
            await asyncio.sleep(0.002)
            await asyncio.to_thread(cut, empty_url)
            assert (await task).reply.version == 3
            assert len((await log.load({stream: 0})).streams[stream]) == 3

    using(empty_url, work)


WAITS_FOR_LOCK = (
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


async def somebody_waits_for_the_lock(connection: psycopg.AsyncConnection) -> None:
    async with asyncio.timeout(1.5):
        while True:
            row = await (await connection.execute(WAITS_FOR_LOCK, (WRITE_LOCK,))).fetchone()
            if row != (0,):
                return
            await asyncio.sleep(0.01)


def test_a_connection_cut_while_it_waits_for_the_lock_is_no_conflict(empty_url: str) -> None:
    async def work(log: PostgresEventLog) -> None:
        stream, command = uuid4(), uuid4()
        connected = psycopg.AsyncConnection.connect
        async with await connected(empty_url) as holder, await connected(empty_url, autocommit=True) as eye:
            await holder.execute("SELECT pg_advisory_xact_lock(%s)", (WRITE_LOCK,))
            task = asyncio.create_task(log.append(appending(stream, command=command)))
            await somebody_waits_for_the_lock(eye)
            assert await asyncio.to_thread(cut, empty_url)
            await somebody_waits_for_the_lock(eye)
            await holder.rollback()
            done = await task
        loaded = await log.load({stream: 0}, command)
        assert [event.position for event in loaded.streams[stream]] == [done.reply.position]
        assert loaded.done == done

    using(empty_url, work)


def test_a_commit_whose_answer_is_lost_is_reported_as_done(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection goes away after COMMIT and before the answer, fifty times."""
    from store.event_log import postgres_event_log as event_log

    write, lost = event_log.write, []

    async def lossy(connection, members, now):
        answers = await write(connection, members, now)
        command = members[0].append.command_id
        if command not in lost:
            lost.append(command)
            raise psycopg.OperationalError("the connection is lost")
        return answers

    monkeypatch.setattr(event_log, "write", lossy)

    async def work(log: PostgresEventLog) -> None:
        for _ in range(50):
            stream = uuid4()
            done = await log.append(appending(stream))
            assert done.reply.position is not None
            assert len((await log.load({stream: 0})).streams[stream]) == 1
        assert len(lost) == 50

    using(empty_url, work)


def test_a_lock_held_by_somebody_else_is_answered_in_time(empty_url: str) -> None:
    async def work(log: PostgresEventLog) -> None:
        with psycopg.connect(empty_url) as holder:
            holder.execute("SELECT pg_advisory_xact_lock(%s)", (WRITE_LOCK,))
            started = asyncio.get_running_loop().time()
            with pytest.raises(Unavailable):
                await log.append(appending(uuid4()))
            assert asyncio.get_running_loop().time() - started < 4
        await log.append(appending(uuid4()))

    using(empty_url, work)


def test_whoever_waits_for_a_connection_and_then_for_a_lock_is_answered_in_time(empty_url: str) -> None:
    async def work(log: PostgresEventLog) -> None:
        with psycopg.connect(empty_url) as holder:
            holder.execute("LOCK TABLE stored_events IN ACCESS EXCLUSIVE MODE")
            first = [asyncio.create_task(log.load({uuid4(): 0})) for _ in range(5)]
            for pause in (0.1, 0.6, 0.6, 0.4):
                await asyncio.sleep(pause)
                first.append(asyncio.create_task(timed(log.load({uuid4(): 0}))))
            found = await asyncio.gather(*first, return_exceptions=True)
        assert [type(item) for item in found[:5]] == [Unavailable] * 5
        assert max(item for item in found[5:] if isinstance(item, float)) < 3.4

    async def timed(asking: Awaitable[object]) -> float:
        started = asyncio.get_running_loop().time()
        with pytest.raises(Unavailable):
            await asking
        return asyncio.get_running_loop().time() - started

    using(empty_url, work)


def test_whoever_waits_behind_a_write_that_is_given_up_is_told_so_with_it(empty_url: str) -> None:
    """Three groups wait for a lock that is held: not two seconds each, one after the other."""

    async def work(log: PostgresEventLog) -> None:
        with psycopg.connect(empty_url) as holder:
            holder.execute("SELECT pg_advisory_xact_lock(%s)", (WRITE_LOCK,))
            started = asyncio.get_running_loop().time()
            found = await asyncio.gather(
                *(log.append(appending(uuid4())) for _ in range(3 * BATCH_SIZE)), return_exceptions=True
            )
            assert asyncio.get_running_loop().time() - started < 3
            assert {type(item) for item in found} == {Unavailable}
        await log.append(appending(uuid4()))

    using(empty_url, work)


def test_a_database_that_goes_away_while_each_is_tried_alone_ends_the_trying() -> None:
    tried: list[int] = []

    async def answer(numbers):
        tried.append(len(numbers))
        if len(tried) > 3:
            raise Unavailable("gone")
        raise psycopg.DataError("one of them")

    async def go() -> None:
        gathering = BatchQueue(answer)
        found = await asyncio.gather(
            *(gathering.ask(item) for item in range(BATCH_SIZE)), return_exceptions=True
        )
        assert tried == [BATCH_SIZE, 1, 1, 1]
        assert [type(item) for item in found] == [psycopg.DataError] * 2 + [Unavailable] * (BATCH_SIZE - 2)

    run(go())


def test_a_transaction_that_the_database_gave_up_for_idleness_is_done_again(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process is frozen between its insert and its commit: it loses the write lock, and goes on later."""
    monkeypatch.setitem(database._LIMITS, "idle_in_transaction_session_timeout", "100ms")
    send, slept = store_appending._send, []

    async def frozen(*given):
        cursor = await send(*given)
        if not slept:
            await cursor.fetchone()
            await cursor.scroll(0, mode="absolute")
            slept.append(lock_after_a_sleep())
        return cursor

    def lock_after_a_sleep() -> object:
        time.sleep(0.5)
        with psycopg.connect(empty_url) as other:
            return other.execute("SELECT pg_try_advisory_xact_lock(%s)", (WRITE_LOCK,)).fetchone()

    monkeypatch.setattr(store_appending, "_send", frozen)

    async def work(log: PostgresEventLog) -> None:
        stream = uuid4()
        done = await log.append(appending(stream))
        assert slept == [(True,)], "a frozen process kept the lock"
        events = (await log.load({stream: 0})).streams[stream]
        assert [event.position for event in events] == [done.reply.position]

    using(empty_url, work)


def test_a_member_that_the_database_refuses_drops_out_alone(empty_url: str) -> None:
    async def work(log: PostgresEventLog) -> None:
        bad = appending(uuid4())
        bad = Append(bad.command_id, b"", SUN, bad.writes, bad.reply.model_copy(update={"id": "a\x00b"}))
        good = [appending(uuid4()) for _ in range(5)]
        found = await asyncio.gather(
            *(log.append(item) for item in (*good[:3], bad, *good[3:])), return_exceptions=True
        )
        assert [isinstance(item, StoredOutcome) for item in found] == [True] * 3 + [False] + [True] * 2
        assert isinstance(found[3], psycopg.Error)

    using(empty_url, work)


def test_too_many_waiting_writes_are_turned_away() -> None:
    async def go() -> None:
        release = asyncio.Event()

        async def slow(numbers):
            await release.wait()
            return numbers

        def sent(count: int) -> list[asyncio.Task[int]]:
            return [asyncio.create_task(gathering.ask(number)) for number in range(count)]

        gathering = BatchQueue(slow)
        being_written = sent(1)
        await asyncio.sleep(0.01)
        waiting = sent(QUEUE_LIMIT)
        await asyncio.sleep(0.01)
        with pytest.raises(Unavailable):
            await asyncio.wait_for(gathering.ask(0), 1)
        release.set()
        assert len(await asyncio.gather(*being_written, *waiting)) == QUEUE_LIMIT + 1

    run(go())


def test_a_database_that_is_gone_is_said_in_time() -> None:
    async def go() -> None:
        async with log_at("postgresql://nobody@127.0.0.1:1/nothing") as log:
            started = asyncio.get_running_loop().time()
            with pytest.raises(Unavailable):
                await log.load({uuid4(): 0})
            assert asyncio.get_running_loop().time() - started < 4

    run(go())


def test_what_is_stored_is_what_the_encoding_says(empty_url: str) -> None:
    """The time of recording is written down by the statement that appends; nothing else may differ."""

    async def work(log: PostgresEventLog) -> None:
        stream = uuid4()
        await log.append(appending(stream, facts=3))
        recorded = (await log.load({stream: 0})).streams[stream]
        with psycopg.connect(empty_url) as connection:
            rows = connection.execute(
                "SELECT state FROM stored_events ORDER BY originator_version"
            ).fetchall()
        assert [state for (state,) in rows] == [MAPPER.to_stored_event(item).state for item in recorded]

    using(empty_url, work)


def test_who_wants_the_same_stream_from_different_versions_gets_each_their_own(empty_url: str) -> None:
    async def work(log: PostgresEventLog) -> None:
        stream, other = uuid4(), uuid4()
        await log.append(appending(stream, facts=4))
        wanted = [{stream: version, other: 0} for version in (0, 3, 1, 4, 2)]
        found = await asyncio.gather(*(log.load(item) for item in wanted), log.load({}, uuid4()))
        versions = [[event.version for event in item.streams.get(stream, ())] for item in found[:-1]]
        assert versions == [[1, 2, 3, 4], [4], [2, 3, 4], [], [3, 4]]
        assert all(item.done is None for item in found)

    using(empty_url, work)


def test_members_of_one_group_may_meet_on_a_stream_and_on_a_command(empty_url: str) -> None:
    async def work(log: PostgresEventLog) -> None:
        stream, command = uuid4(), uuid4()
        first = log.append(appending(stream))
        repeated = [log.append(appending(uuid4(), command=command)) for _ in range(3)]
        rivals = [log.append(appending(stream)) for _ in range(3)]
        following = log.append(appending(stream, after=1))
        found = await asyncio.gather(first, *repeated, *rivals, following, return_exceptions=True)
        assert isinstance(found[0], StoredOutcome)
        assert found[1] == found[2] == found[3]
        assert all(isinstance(item, Conflict) for item in found[4:7])
        assert isinstance(found[7], StoredOutcome)

    using(empty_url, work)


def test_no_plan_reads_a_whole_table_even_of_a_log_that_was_empty(empty_url: str) -> None:
    async def work(log: PostgresEventLog) -> None:
        for _ in range(30):
            stream, command = uuid4(), uuid4()
            await log.append(appending(stream, command=command, facts=5))
            await asyncio.gather(*(log.load({stream: 0, uuid4(): 0}, command) for _ in range(3)))

    using(empty_url, work)
    with psycopg.connect(empty_url) as connection:
        found = connection.execute(
            "SELECT relname, seq_scan, idx_scan FROM pg_stat_user_tables"
            " WHERE relname IN ('stored_events', 'commands') ORDER BY relname"
        ).fetchall()
    assert [(name, whole) for name, whole, _ in found] == [("commands", 0), ("stored_events", 0)]
    assert all(by_key > 60 for _, _, by_key in found)


def test_a_process_frozen_between_two_messages_loses_the_lock_on_a_server_that_limits_transactions(
    empty_url: str,
) -> None:
    """Nothing marks the end of what it sent: its transaction does not count as idle. PostgreSQL 17 limits it all the same."""
    free: list[bool] = []

    async def lock_is_free() -> bool:
        async with await psycopg.AsyncConnection.connect(empty_url) as other:
            asked = await other.execute("SELECT pg_try_advisory_xact_lock(%s)", (WRITE_LOCK,))
            return await asked.fetchone() == (True,)

    async def go() -> None:
        async with (
            open_pool(empty_url, 1, {**BY_KEY, "transaction_timeout": "300ms"}) as pool,
            pool.connection() as frozen,
            frozen.pipeline(),
            frozen.transaction(),
        ):
            await frozen.execute("SELECT pg_advisory_xact_lock(%s)", (WRITE_LOCK,))
            await asyncio.sleep(0.1)
            free.append(await lock_is_free())
            await asyncio.sleep(0.6)
            free.append(await lock_is_free())

    with suppress(psycopg.errors.TransactionTimeout, psycopg.OperationalError):
        run(go())
    with psycopg.connect(empty_url) as connection:
        limits = connection.info.server_version >= 170_000
    assert free == [False, limits]
