"""Rule 26: whatever commands accept, every reader can hold, in every format."""

from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.events.envelope import Actor
from tests.support.databases import serving_street
from tests.support.examples import SOAK, examples
from tests.support.readers import read_everywhere
from tests.support.served import Served
from tests.support.unusual import ACCEPT, AGREE, STEPS, Body, Step, filings
from tests.support.world import SUN, ZHAO

pytestmark = pytest.mark.timeout(0 if SOAK else 240)
_READ_MODELS = ("ledger", "caseload", "case_spells", "case_steps", "parked_streams")


@pytest.fixture(scope="module")
def town(worker_id: str, postgres: None) -> Iterator[Served]:
    with serving_street(f"readers_{worker_id}") as served:
        yield served


@settings(
    examples(12),
    max_examples=150 if SOAK else 12,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
@given(st.data())
def test_what_commands_accept_every_reader_holds(town: Served, data: st.DataObject) -> None:
    filed = _sent(town, SUN, "/v1/disputes", data.draw(filings(), "filing"))
    if filed is None:
        return
    case, position = str(filed["id"]), filed["position"]
    steps = data.draw(_lives(), "steps")
    for day, step in enumerate(steps, start=2):
        who = data.draw(st.sampled_from([SUN, ZHAO]), "who")
        reply = _sent(town, who, f"/v1/disputes/{case}/{step.path}", data.draw(step.body(day), step.path))
        position = reply["position"] if reply else position
    assert isinstance(position, int)
    _catch_up(town, position)
    try:
        read_everywhere(town, case, position)
    finally:
        _empty_read_models(town)


def _lives() -> st.SearchStrategy[list[Step]]:
    """Usually accepted, often agreed, then whatever people may try."""
    agreed = st.sampled_from([(), (), AGREE, AGREE])
    tried = st.lists(st.sampled_from(STEPS), max_size=6)
    return st.tuples(agreed, tried).map(lambda parts: [ACCEPT, *parts[0], *parts[1]])


def _sent(served: Served, who: Actor, path: str, body: Body) -> dict[str, object] | None:
    """Send a command; returns its reply, None where it was refused."""
    reply = served.post(who, path, body)
    assert reply.status_code < 500, f"{path}: {reply.status_code} {reply.text[:500]}"
    return reply.json() if reply.status_code < 300 else None


def _catch_up(served: Served, position: int) -> None:
    """Wait for the read models; none may have set the case aside."""
    with psycopg.connect(served.url) as connection:
        for _ in range(500):
            rows = connection.execute("SELECT projection, error FROM parked_streams").fetchall()
            assert not rows, f"a read model could not take an event: {rows}"
            behind = connection.execute(
                "SELECT count(*) FROM projection_positions WHERE position < %s", (position,)
            ).fetchone()
            if behind == (0,):
                return
            connection.execute("SELECT pg_sleep(0.02)")
            connection.rollback()
    raise AssertionError("the read models did not catch up")


def _empty_read_models(served: Served) -> None:
    """So that a case which no reader can hold spoils its own example only."""
    with psycopg.connect(served.url) as connection:
        for table in _READ_MODELS:
            connection.execute(f"DELETE FROM {table}")
