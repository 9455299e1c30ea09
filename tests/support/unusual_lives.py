"""Unusual cases, brought into being over HTTP one after the other, and read by every reader."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import httpx
import psycopg
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from domain.events.envelope import Actor
from tests.support.readers import read_case, read_together
from tests.support.served import Served
from tests.support.unusual import Body, filings
from tests.support.unusual_steps import lives
from tests.support.world import SUN, WU, ZHAO

_AT: dict[str, Actor] = {"compound": WU, "community": SUN, "street": ZHAO}
_ENOUGH: Final = 5
"""Complaints after which nothing further is tried."""
_READERS: Final = 2
"""Cases that are read side by side."""
_READ_MODELS = ("ledger", "caseload", "appointments", "case_spells", "case_steps", "parked_streams")


@dataclass(frozen=True, slots=True)
class Life:
    """A case that was filed: the position of its last command, and how many commands were accepted and refused."""

    case: str
    position: int
    accepted: int
    refused: int


def live(served: Served, data: st.DataObject) -> Life | None:
    """File a case and try commands on it, each drawn; returns None where the filing was refused."""
    filed = _sent(served, SUN, "/v1/disputes", data.draw(filings(), "filing"))
    if filed is None:
        return None
    case, position, accepted = str(filed["id"]), filed["position"], 1
    steps = data.draw(lives(str(filed["tier"])), "steps")
    for day, step in enumerate(steps, start=2):
        who = _AT[str(filed["tier"])] if day < 5 else data.draw(st.sampled_from([SUN, ZHAO]), "who")
        body = data.draw(step.body(day), step.path)
        reply = _sent(served, who, f"/v1/disputes/{case}/{step.path}", body)
        if reply is not None:
            position, accepted = reply["position"], accepted + 1
    assert isinstance(position, int)
    return Life(case, position, accepted, 1 + len(steps) - accepted)


def _sent(served: Served, who: Actor, path: str, body: Body) -> dict[str, object] | None:
    """Send a command; returns its reply, None where it was refused. Raises AssertionError for a 5xx."""
    reply = served.post(who, path, body)
    assert reply.status_code < 500, f"{path}: {reply.status_code} {reply.text[:500]}"
    return reply.json() if reply.status_code < 300 else None


def catch_up(served: Served, position: int) -> None:
    """Wait for the read models; raises AssertionError where one set a case aside or stays behind."""
    with psycopg.connect(served.url) as connection:
        for _ in range(1500):
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


@contextmanager
def emptied_afterwards(served: Served) -> Iterator[None]:
    """Empty the read models at the end, so that a case which no reader can hold spoils its own turn only."""
    try:
        yield
    finally:
        with psycopg.connect(served.url) as connection:
            for table in _READ_MODELS:
                connection.execute(f"DELETE FROM {table}")


@dataclass(slots=True)
class Reading:
    """How far the reading of unusual cases came, and what was wrong."""

    cases: int = 0
    accepted: int = 0
    refused: int = 0
    complaints: list[str] = field(default_factory=list)


def read_unusual_cases(
    served: Served, count: int, turn: int, chance: int, tell: Callable[[Reading], None] = lambda _: None
) -> Reading:
    """Bring so many cases into being and have all readers read them: each alone, and those of a turn together."""
    read = Reading()
    while read.cases < count and len(read.complaints) < _ENOUGH:
        _take_turn(served, min(turn, count - read.cases), f"{chance}-{read.cases}", read)
        tell(read)
    return read


def _take_turn(served: Served, count: int, chance: str, read: Reading) -> None:
    lived: list[Life] = []

    @seed(chance)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def draw(data: st.DataObject) -> None:
        with _complaining(read, f"case {read.cases + 1}"):
            life = live(served, data)
            assert life is not None, "a filing that commands accept was refused"
            lived.append(life)
        read.cases += 1

    draw()
    read.accepted += sum(life.accepted for life in lived)
    read.refused += sum(life.refused for life in lived)
    with emptied_afterwards(served), _complaining(read, f"cases until {read.cases}"):
        position = max(life.position for life in lived)
        catch_up(served, position)
        with ThreadPoolExecutor(_READERS) as readers:
            alone = list(readers.map(lambda life: read_case(served, life.case), lived))
        read_together(served, alone, position)


@contextmanager
def _complaining(read: Reading, what: str) -> Iterator[None]:
    try:
        yield
    except (AssertionError, httpx.HTTPError, ValueError) as error:
        read.complaints.append(f"{what}: {str(error)[:500] or repr(error)}")
