"""The library's own applications, projections and recorder tests run on the product's log."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.application import Application
from eventsourcing.dispatch import singledispatchmethod
from eventsourcing.persistence import MapperDeserialisationError, StoredEvent, Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from eventsourcing.tests import persistence as library_cases
from eventsourcing.utils import Environment

from domain.aggregates.dispute import evolve
from domain.commands.dispute import AcceptDispute, FileDispute, RecordSession
from domain.vocabulary import Status
from store.library import LibraryEvent, LibrarySetupError, LogFactory, LogMapper, LogRecorder, environment
from tests.conftest import run, services_at
from tests.support.world import SUN, acceptance, context, filing, session


@contextmanager
def datastore(url: str) -> Iterator[PostgresDatastore]:
    """The library's connections to a database."""
    given = environment(url)
    with PostgresDatastore(
        dbname=given["POSTGRES_DBNAME"],
        host=given["POSTGRES_HOST"],
        port=given["POSTGRES_PORT"],
        user=given["POSTGRES_USER"],
        password=given["POSTGRES_PASSWORD"],
        pool_size=2,
        max_overflow=30,
        lock_timeout=2,
    ) as found:
        yield found


class _OnOurLog:
    """Gives a test case of the library a recorder on a database of its own."""

    @pytest.fixture(autouse=True)
    def _database(self, database_of: Callable[[str], str]) -> Iterator[None]:
        with datastore(database_of("template_empty")) as self.datastore:
            yield

    def create_recorder(self) -> LogRecorder:
        return LogRecorder(self.datastore)


class TestRecorder(_OnOurLog, library_cases.ApplicationRecorderTestCase):
    """The cases that any application recorder has to pass."""

    def new_originator_id(self) -> UUID:
        return uuid4()

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestOrder(_OnOurLog, library_cases.NonInterleavingNotificationIDsBaseCase):
    """Positions of one append do not mix with another's."""

    insert_num = 200

    def new_originator_id(self) -> UUID:
        return uuid4()


async def a_case(url: str) -> UUID:
    """Record a case of three events through the product's own log."""
    case = uuid4()
    async with services_at(url) as services:
        for command in (
            FileDispute.model_validate({"dispute": case, **filing()}),
            AcceptDispute.model_validate({"dispute": case, **acceptance()}),
            RecordSession.model_validate({"dispute": case, **session()}),
        ):
            await services.engine.handle(command, context(SUN))
    return case


class Cases(Application[UUID]):
    """A stock application."""


def test_a_stock_application_reads_a_case(street_url: str) -> None:
    case = run(a_case(street_url))

    def fold(dispute, events):
        for event in events:
            assert isinstance(event, LibraryEvent)
            dispute = evolve(dispute, event.recorded.event)
        return dispute

    with Cases(env=dict(environment(street_url))) as application:
        dispute = application.repository.get(case, projector_func=fold)
    assert (dispute.version, dispute.status, dispute.mediators) == (3, Status.ACCEPTED, ("sun",))


class Topics(PostgresTrackingRecorder):
    """A view that remembers topics, with the library's own tracking."""

    seen: ClassVar[list[str]] = []


class Follower(Projection[Topics]):
    """A stock projection."""

    @singledispatchmethod
    def process_event(self, domain_event: object, tracking: Tracking) -> None:
        self.view.seen.append(domain_event.recorded.topic)
        self.view.insert_tracking(tracking)


def test_a_stock_projection_follows_the_log(street_url: str) -> None:
    Topics.seen = []
    env = dict(environment(street_url)) | {
        "FOLLOWER_CREATE_TABLE": "y",
        "FOLLOWER_PERSISTENCE_MODULE": "eventsourcing.postgres",
    }
    with ProjectionRunner(
        application_class=Cases, projection_class=Follower, view_class=Topics, env=env
    ) as runner:
        run(a_case(street_url))
        with psycopg.connect(street_url) as connection:
            row = connection.execute("SELECT max(notification_id) FROM stored_events").fetchone()
        runner.wait(row[0], timeout=10)
    assert Topics.seen[-4:] == [
        "dispute.filed.v1",
        "dispute.accepted.v1",
        "register.number_issued.v1",
        "dispute.session_recorded.v1",
    ]


@pytest.mark.parametrize(
    "change", [{"POSTGRES_ENABLE_DB_FUNCTIONS": "y"}, {"CREATE_TABLE": "y"}, {"CREATE_TABLE": ""}], ids=str
)
def test_a_setup_that_would_harm_the_log_is_refused(empty_url: str, change: dict[str, str]) -> None:
    with pytest.raises(LibrarySetupError):
        LogFactory(Environment(env={**environment(empty_url), **change}))


def test_what_cannot_be_read_is_said_in_the_library_s_words() -> None:
    mapper = LogMapper(transcoder=None)
    for topic, state in (
        ("dispute.filed.v1", b"{}"),
        ("nobody.knows.v1", b"{}"),
        ("dispute.filed.v1", b"\xff"),
    ):
        with pytest.raises(MapperDeserialisationError):
            mapper.to_domain_event(StoredEvent(uuid4(), 1, topic, state))


def positions_seen(recorder: LogRecorder, appends: int) -> tuple[list[int], list[int]]:
    """Append from many threads while a follower polls; return what it saw and what there is in the end."""
    seen: list[int] = []
    done = threading.Event()

    def follow() -> None:
        last = 0
        while True:
            finished = done.is_set()
            for notification in recorder.select_notifications(last + 1, 50):
                last = notification.id
                seen.append(last)
            if finished:
                return

    def append() -> None:
        for _ in range(appends // 10):
            recorder.insert_events([StoredEvent(uuid4(), version, "t", b"{}") for version in (1, 2)])

    follower = threading.Thread(target=follow)
    writers = [threading.Thread(target=append) for _ in range(10)]
    follower.start()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    done.set()
    follower.join()
    return seen, [each.id for each in recorder.select_notifications(1, 1_000_000)]


def test_a_follower_skips_nothing(empty_url: str) -> None:
    with datastore(empty_url) as connections:
        seen, there = positions_seen(LogRecorder(connections), appends=600)
    assert seen == there
    assert len(there) == 1200


def test_without_the_lock_a_follower_skips_events(empty_url: str) -> None:
    """The check can fail: two appends that commit in the other order, with no lock between them."""
    insert = "INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES (%s, 1, 't', '{}')"
    with datastore(empty_url) as connections, psycopg.connect(empty_url) as slow:
        recorder = LogRecorder(connections)
        recorder.lock_table_statements = []
        slow.execute(insert, (uuid4(),))
        recorder.insert_events([StoredEvent(uuid4(), 1, "t", b"{}")])
        first = [each.id for each in recorder.select_notifications(1, 10)]
        slow.commit()
        rest = [each.id for each in recorder.select_notifications(first[-1] + 1, 10)]
        assert (first, rest) == ([2], [])
