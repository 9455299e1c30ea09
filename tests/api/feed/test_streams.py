"""The stream over real HTTP: nothing lost and nothing twice, whoever is cut off; bounded; ended with the server."""

import json
import re
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import psycopg
import pytest
from structlog.testing import capture_logs

from access.scope import Scope
from api.feed.streams import OPEN_STREAMS, PAGE
from api.http.services import Services
from domain.events.envelope import Actor
from identity.tokens import BadTokenError, Verifier
from store.embedded import EmbeddedServer
from store.event_log.feed import Feed, FeedFilter, LogPage
from store.event_log.postgres_event_log import LOG_CONNECTIONS
from store.postgres.migrator import migrate
from tests.api.feed.test_routes import head, logged
from tests.api.http.test_request_checks import PROBLEM, accepted_case, file_case
from tests.support.listening import Listener, Told, deaf
from tests.support.served import Served, serving
from tests.support.serving_here import serving_here
from tests.support.world import ADMIN, ANALYST, AUDITOR, SUN, session

_FILLING = 0.5
"""Seconds in which half a megabyte after another fills what lies between a server and a reader who takes nothing."""


def sit(served: Served, case: str, count: int = 1) -> None:
    """Record sessions that change nothing."""
    for _ in range(count):
        reply = served.post(SUN, f"/v1/disputes/{case}/sessions", session(outcome="adjourned"))
        assert reply.status_code == 200, reply.text


def told(events: list[Told]) -> list[tuple[int, str]]:
    return [(int(event.id), event.event) for event in events]


def until(listener: Listener, position: int) -> list[Told]:
    """Every event up to a position."""
    seen = [listener.next()]
    while int(seen[-1].id) < position:
        seen.append(listener.next())
    return seen


def test_a_stream_tells_at_once_what_happens_from_now_on(served: Served) -> None:
    case = accepted_case(served)
    with Listener(served, AUDITOR) as listener:
        assert listener.response.headers["content-type"].startswith("text/event-stream")
        assert "no-store" in listener.response.headers.get_list("cache-control")
        assert listener.first_block() == {"id": str(head(served))}
        for _ in range(3):
            began = time.monotonic()
            sit(served, case)
            event = listener.next()
            assert time.monotonic() - began < 1
            assert (event.event, int(event.id)) == ("dispute.session_recorded.v1", head(served))
    feed = served.get(AUDITOR, f"/v1/feed?after={int(event.id) - 1}").json()["items"]
    assert [event.data] == feed


def test_whoever_comes_back_misses_nothing_and_sees_nothing_twice(served: Served) -> None:
    start = head(served)
    with ThreadPoolExecutor(2) as pool:
        writers = [pool.submit(lambda: sit(served, accepted_case(served), 25)) for _ in range(2)]
        seen: list[Told] = []
        while not all(writer.done() for writer in writers) or int(seen[-1].id) < head(served):
            last = seen[-1].id if seen else str(start)
            with Listener(served, AUDITOR, Last_Event_ID=last) as listener:
                seen += listener.take(min(3, len(logged(served, int(last)))))
    for writer in writers:
        writer.result()
    assert told(seen) == logged(served, start)
    assert len(seen) == 2 * (3 + 25)


def test_the_last_event_goes_before_where_the_address_says(served: Served) -> None:
    start = head(served)
    accepted_case(served)
    with Listener(served, AUDITOR, f"?after={start}") as listener:
        assert told(listener.take(3)) == logged(served, start)
    with Listener(served, AUDITOR, f"?after={start}", Last_Event_ID=str(start + 1)) as listener:
        assert told(listener.take(2)) == logged(served, start + 1)


def test_whoever_was_cut_off_before_the_first_event_knows_where_to_go_on(served: Served) -> None:
    with Listener(served, AUDITOR) as listener:
        begun = listener.first_block()["id"]
    accepted_case(served)
    with Listener(served, AUDITOR, Last_Event_ID=begun) as listener:
        assert told(listener.take(3)) == logged(served, int(begun))


def test_two_readers_see_the_same(served: Served) -> None:
    start = head(served)
    query = f"?after={start}"
    with Listener(served, AUDITOR, query) as one, Listener(served, AUDITOR, query) as other:
        sit(served, accepted_case(served), 5)
        assert told(one.take(8)) == told(other.take(8)) == logged(served, start)


def test_a_stream_tells_what_was_asked_for(served: Served) -> None:
    start = head(served)
    with Listener(served, AUDITOR, f"?after={start}&type=register.&type=dispute.filed.v1") as listener:
        for _ in range(2):
            sit(served, accepted_case(served), 2)
        assert [item.event for item in listener.take(4)] == [
            "dispute.filed.v1",
            "register.number_issued.v1",
        ] * 2


def test_an_analyst_hears_of_nobody(served: Served) -> None:
    with Listener(served, ANALYST) as listener:
        file_case(served, title="只有自己知道的标题")
        event = listener.next()
    assert event.data["data"]["title"] is None
    assert "只有自己知道的标题" not in json.dumps(event.data, ensure_ascii=False)
    assert "actorsub" not in event.data


def test_there_are_so_many_streams_and_no_more(street_url: str, home: Path) -> None:
    with serving(street_url, home, "--api-only") as served, ExitStack() as stack:
        listeners = [stack.enter_context(Listener(served, AUDITOR)) for _ in range(OPEN_STREAMS)]
        for language, word in (("en", "too many streams"), ("zh-CN", "上限")):
            reply = served.get(AUDITOR, "/v1/stream", Accept_Language=language)
            assert (reply.status_code, reply.headers["content-type"]) == (503, PROBLEM)
            assert reply.json()["type"] == "/problems/too-many-streams"
            assert int(reply.headers["retry-after"]) > 0
            assert word in reply.json()["detail"]
        sit(served, accepted_case(served))
        for listener in listeners:
            assert [event.event for event in listener.take(4)][-1] == "dispute.session_recorded.v1"
        listeners[0].__exit__(None, None, None)
        assert eventually(lambda: can_open(served))


def can_open(served: Served) -> bool:
    try:
        with Listener(served, AUDITOR) as listener:
            return listener.response.status_code == 200
    except httpx.HTTPError:
        return False


def eventually(happens: Callable[[], bool], seconds: float = 5) -> bool:
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        if happens():
            return True
        time.sleep(0.02)
    return False


def connections(url: str) -> int:
    with psycopg.connect(url) as connection:
        (count,) = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name = 'tiaochu'"
        ).fetchone()
    return int(count)


def test_all_streams_share_one_listening_connection(street_url: str, home: Path) -> None:
    with serving_here(street_url, home, pool_size=2) as here, ExitStack() as stack:
        before = connections(street_url)
        listeners = [stack.enter_context(Listener(here.served, AUDITOR)) for _ in range(20)]
        accepted_case(here.served)
        assert [listener.take(3)[-1].event for listener in listeners] == ["register.number_issued.v1"] * 20
        spare = LOG_CONNECTIONS - 2
        assert 1 <= connections(street_url) - before <= 1 + spare, (
            "one listens; the log may open its spare ones"
        )


# --- readers who take their time --------------------------------------------------------------------------------


class Counting:
    """A feed that counts the pages it hands out."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self.pages = 0

    async def page(self, scope: Scope, after: int, limit: int, wanted: FeedFilter | None = None) -> LogPage:
        found = await self._feed.page(scope, after, limit, wanted)
        self.pages += bool(found.events)
        return found


def heavy_cases(served: Served, count: int) -> None:
    """Cases whose filing has half a megabyte: a page of them fills every buffer on the way to a reader."""
    texts = {"name": "名" * 200, "address": "路" * 200, "agent": {"name": "代" * 200, "relation": "友" * 200}}
    crowd = [{"role": role, "kind": "person", **texts} for role in ("applicant", "respondent")] * 100
    for _ in range(count):
        file_case(served, parties=crowd)


def ids_until(reader: socket.socket, end: int) -> list[int]:
    """Read at last, and return the ids; each event is one piece of the body, so no line of it is ever parted."""
    reader.settimeout(10)
    last, ids, left = f"\nid: {end}\n".encode(), [], b""
    while True:
        left += reader.recv(1 << 20)
        *whole, rest = left.split(b"\n\n")
        ids += [int(found[1]) for item in whole if (found := re.search(rb"\nid: (\d+)$", item))]
        if last in left:
            return ids
        left = rest


def test_a_reader_who_takes_nothing_costs_one_page_and_misses_nothing(street_url: str, home: Path) -> None:
    counting: list[Counting] = []

    def counted(services: Services) -> Services:
        counting.append(Counting(services.feed))
        services.streams._feed = counting[0]
        return services

    with serving_here(street_url, home, changed=counted) as here:
        start = head(here.served)
        heavy_cases(here.served, PAGE + 5)
        end = head(here.served)
        with deaf(here.served, AUDITOR, f"?after={start}") as reader:
            assert eventually(lambda: counting[0].pages == 1)
            with Listener(here.served, AUDITOR, f"?after={start}") as lively:
                assert told(until(lively, end)) == logged(here.served, start)
            assert counting[0].pages == 1 + 2, "the deaf reader's stream reads on"
            assert ids_until(reader, end) == [position for position, _ in logged(here.served, start)]


def test_keeping_a_stream_alive_costs_no_event(
    street_url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fastapi.routing._PING_INTERVAL", 0.002)
    with serving_here(street_url, home) as here, Listener(here.served, AUDITOR) as listener:
        start = head(here.served)
        case = accepted_case(here.served)
        sit(here.served, case, 60)
        assert told(until(listener, head(here.served))) == logged(here.served, start)
        assert listener.comments > 10


# --- what goes wrong ----------------------------------------------------------------------------------------------


def cut_everything(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'tiaochu' AND datname = current_database()"
        )


def test_no_event_is_lost_or_told_twice_when_connections_are_cut(street_url: str, home: Path) -> None:
    with serving_here(street_url, home) as here, capture_logs() as logs:
        start = head(here.served)
        case = accepted_case(here.served)
        with Listener(here.served, AUDITOR, f"?after={start}") as listener:
            listener.take(3)
            for _ in range(6):
                cut_everything(street_url)
                for _ in range(4):
                    body = session(outcome="adjourned")
                    here.served.post(SUN, f"/v1/disputes/{case}/sessions", body)
            assert told(until(listener, head(here.served))) == logged(here.served, start)[3:]
    assert [log for log in logs if log["event"] == "notifications paused"]
    assert not [log for log in logs if log["log_level"] == "error"]


@pytest.fixture
def own_server() -> Iterator[EmbeddedServer]:
    """A PostgreSQL that a test may stop."""
    folder = Path(tempfile.mkdtemp(prefix="db-", dir="/tmp"))
    folder.chmod(0o755)
    server = EmbeddedServer(folder)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder)


def test_a_stream_outlives_a_restart_of_the_database(own_server: EmbeddedServer, home: Path) -> None:
    url = own_server.url("postgres", "postgres")
    migrate(url)

    def describe(served: Served, unit: str) -> bool:
        reply = served.put(ADMIN, f"/v1/units/{unit}", {"title": unit, "kind": "street"})
        return bool(reply.status_code < 300)

    with serving_here(url, home) as here, Listener(here.served, AUDITOR, "?after=0") as listener:
        assert describe(here.served, "before")
        seen = listener.take(1)
        own_server.stop()
        assert not describe(here.served, "meanwhile")
        own_server.start()
        assert eventually(lambda: describe(here.served, "after"), 20)
        seen += until(listener, head(here.served))
        assert told(seen) == logged(here.served, 0)
        assert seen[-1].data["source"] == "/v1/units/after"


def test_an_event_that_cannot_be_read_is_not_passed_over(street_url: str, home: Path) -> None:
    with serving_here(street_url, home) as here, Listener(here.served, AUDITOR) as listener:
        file_case(here.served)
        assert listener.next().event == "dispute.filed.v1"
        end = head(here.served)
        with psycopg.connect(street_url) as connection:
            connection.execute(
                "INSERT INTO stored_events (originator_id, originator_version, topic, state)"
                " VALUES (gen_random_uuid(), 1, 'nobody.knows.v1', '{}')"
            )
        with capture_logs() as logs:
            file_case(here.served)
            assert eventually(lambda: len([log for log in logs if log["event"] == "stream paused"]) > 1)
            reply = here.served.get(AUDITOR, f"/v1/feed?after={end}")
        assert (reply.status_code, reply.json()["type"]) == (500, "/problems/failed")
        here.stop()
        assert listener.ended()
        assert listener.last_id == str(end)


class Fading:
    """A verifier to whom nobody's token is good any more, from some time on."""

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier
        self.faded = False

    def actor(self, token: str) -> Actor:
        if self.faded:
            raise BadTokenError
        return self._verifier.actor(token)


def test_a_stream_ends_with_its_token(street_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.feed.streams._IDLE_SECONDS", 0.05)
    fading: list[Fading] = []

    def with_fading(services: Services) -> Services:
        fading.append(Fading(services.verifier))
        return replace(services, verifier=fading[0])

    with serving_here(street_url, home, changed=with_fading) as here:
        with Listener(here.served, AUDITOR) as listener:
            file_case(here.served)
            listener.next()
            fading[0].faded = True
            assert listener.ended()
        assert here.served.get(AUDITOR, "/v1/stream").status_code == 401


def test_a_reader_who_leaves_in_the_middle_is_no_fault(
    street_url: str, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with serving_here(street_url, home) as here, capture_logs() as logs:
        start = head(here.served)
        heavy_cases(here.served, PAGE + 5)
        with ExitStack() as stack:
            for _ in range(10):
                stack.enter_context(deaf(here.served, AUDITOR, f"?after={start}"))
            time.sleep(_FILLING)
        streams = here.services[0].streams
        assert eventually(lambda: streams._free == OPEN_STREAMS)
    assert logs == []
    assert caplog.messages == [], "a read that was broken off costs its connection"


def test_open_streams_do_not_keep_the_server_from_stopping(street_url: str, home: Path) -> None:
    with serving(street_url, home, "--api-only") as served, ExitStack() as stack:
        start = head(served)
        heavy_cases(served, PAGE)
        listeners = [stack.enter_context(Listener(served, AUDITOR)) for _ in range(5)]
        for listener in listeners:
            listener.first_block()
        stack.enter_context(deaf(served, AUDITOR, f"?after={start}"))
        time.sleep(_FILLING)
        assert served.process is not None
        began = time.monotonic()
        served.process.terminate()
        with pytest.raises(EOFError):  # in good order, not torn off
            listeners[0].next()
        at_once = time.monotonic() - began
        served.process.wait(10)
        assert (at_once < 1, time.monotonic() - began < 3) == (True, True)
        assert all(listener.ended() for listener in listeners)
