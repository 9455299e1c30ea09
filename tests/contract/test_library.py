"""The library's own applications, projections and recorder tests run on the product's log."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import ClassVar
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.application import Application
from eventsourcing.dispatch import singledispatchmethod
from eventsourcing.persistence import MapperDeserialisationError, Notification, StoredEvent, Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from eventsourcing.tests import persistence as library_cases
from eventsourcing.utils import Environment

from domain.aggregates.dispute import Dispute, evolve, replay
from domain.commands.dispute import AcceptDispute, FileDispute, RecordSession
from domain.events.envelope import Recorded
from domain.vocabulary import Status
from store.event_log.codec import MAPPER
from store.event_log.interop import LibrarySetupError, LogFactory, LogRecorder, environment
from store.event_log.topics import TOPICS
from tests.contract.blocking import BlockingRecorder, BlockingTracking, EventLoop
from tests.contract.connections import datastore
from tests.contract.golden import SAMPLES
from tests.support.databases import run, services_at
from tests.support.postgres import EMPTY
from tests.support.samples import recorded
from tests.support.world import SUN, acceptance, context, filing, session


class _OnOurLog:
    """Gives a test case of the library a recorder on a database of its own."""

    @pytest.fixture(autouse=True)
    def _database(self, database_of: Callable[[str], str]) -> Iterator[None]:
        with datastore(database_of(EMPTY)) as self.datastore:
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


class _OnTheAsyncLog:
    """Gives a test case of the library the product's own log on a database of its own."""

    @pytest.fixture(autouse=True)
    def _database(self, database_of: Callable[[str], str]) -> Iterator[None]:
        self.loop = EventLoop(database_of("template_empty"))
        yield
        self.loop.close()

    def create_recorder(self) -> BlockingRecorder:
        return BlockingRecorder(self.loop)

    def new_originator_id(self) -> UUID:
        return uuid4()


class TestAsyncLog(_OnTheAsyncLog, library_cases.ApplicationRecorderTestCase):
    """The cases that any application recorder has to pass, on the log's own append and reading."""


class TestAsyncLogOrder(_OnTheAsyncLog, library_cases.NonInterleavingNotificationIDsBaseCase):
    """Positions of one append do not mix with another's."""

    insert_num = 200


class TestAsyncTracking(_OnTheAsyncLog, library_cases.TrackingRecorderTestCase):
    """The cases that any tracking recorder has to pass, on the positions of the read models."""

    def create_recorder(self) -> BlockingTracking:
        return BlockingTracking(self.loop)


async def a_case(url: str) -> tuple[UUID, Dispute | None]:
    """Record a case of three events through the product's own log; return it as the log replays it."""
    case = uuid4()
    async with services_at(url) as services:
        for command in (
            FileDispute.model_validate({"dispute": case, **filing()}),
            AcceptDispute.model_validate({"dispute": case, **acceptance()}),
            RecordSession.model_validate({"dispute": case, **session()}),
        ):
            await services.command_handler.handle(command, context(SUN))
        loaded = await services.command_handler._log.load({case: 0})
    return case, replay(loaded.streams[case])


class Cases(Application[UUID]):
    """A stock application."""


def test_a_stock_application_reads_a_case(street_url: str) -> None:
    case, replayed = run(a_case(street_url))

    def fold(dispute, events):
        for event in events:
            assert isinstance(event, Recorded)
            dispute = evolve(dispute, event.event)
        return dispute

    with Cases(env=dict(environment(street_url))) as application:
        dispute = application.repository.get(case, projector_func=fold)
    assert dispute == replayed
    assert (dispute.version, dispute.status, dispute.mediators) == (3, Status.ACCEPTED, ("sun",))


class Topics(PostgresTrackingRecorder):
    """A view that remembers topics, with the library's own tracking."""

    seen: ClassVar[list[str]] = []


class Follower(Projection[Topics]):
    """A stock projection."""

    @singledispatchmethod
    def process_event(self, domain_event: object, tracking: Tracking) -> None:
        self.view.seen.append(domain_event.topic)
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


@pytest.mark.parametrize("name", ["", "Stored", "Cases"])
def test_there_is_no_recorder_beside_the_log(empty_url: str, name: str) -> None:
    """The library's other recorders would write without the lock, under some names into the log's own table."""
    with LogFactory(Environment(name, env=dict(environment(empty_url)))) as factory:
        for make in (factory.aggregate_recorder, factory.process_recorder):
            with pytest.raises(LibrarySetupError, match="lock"):
                make()
        recorder = factory.application_recorder()
        assert isinstance(recorder, LogRecorder)
        assert recorder.events_table_name == "stored_events"


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("postgresql://u@h/d?sslmode=verify-full", "sslmode"),
        ("postgresql://u@h/d?options=-csearch_path%3Dx", "options"),
        ("postgresql://h/d", "user"),
        ("postgresql://u@h", "dbname"),
    ],
)
def test_nothing_that_a_connection_string_demands_gets_lost(url: str, word: str) -> None:
    with pytest.raises(LibrarySetupError, match=word):
        environment(url)


def test_a_socket_s_folder_and_a_password_are_carried() -> None:
    given = environment("postgresql://u:p%40ss@/d?host=/run/somewhere&port=5433&application_name=x")
    names = ("POSTGRES_HOST", "POSTGRES_PORT", "POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DBNAME")
    assert [given[name] for name in names] == ["/run/somewhere", "5433", "u", "p@ss", "d"]


@pytest.mark.parametrize("topic", sorted(TOPICS.current))
def test_the_mapper_gives_back_what_it_was_given(topic: str) -> None:
    whole = replace(recorded(SAMPLES[topic]), stream=uuid4(), version=7, position=9)
    stored = MAPPER.to_stored_event(whole)
    assert (stored.originator_id, stored.originator_version, stored.topic) == (whole.stream, 7, topic)
    noted = Notification(stored.originator_id, 7, topic, stored.state, 9)
    assert MAPPER.to_domain_event(noted) == whole
    assert MAPPER.to_domain_event(stored) == replace(whole, position=0)


def test_the_mapper_stores_nothing_but_recorded_events() -> None:
    with pytest.raises(TypeError):
        MAPPER.to_stored_event(SAMPLES["dispute.closed.v1"])


def test_what_cannot_be_read_is_said_in_the_library_s_words() -> None:
    for topic, state in (
        ("dispute.filed.v1", b"{}"),
        ("nobody.knows.v1", b"{}"),
        ("dispute.filed.v1", b"\xff"),
    ):
        with pytest.raises(MapperDeserialisationError):
            MAPPER.to_domain_event(StoredEvent(uuid4(), 1, topic, state))
