"""Each fault of the matrix at a small scale; `make faults` plays them all in full."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.faults.kill_server import home_in
from tests.faults.matrix import FAULTS, play
from tests.faults.nursery import Nursery
from tests.faults.stage import Means

SCALE = 0.02
ELSEWHERE = {"1"}
"""Faults with a test of their own: `test_kill_server.py`."""


@dataclass(frozen=True)
class RunsGround:
    """The PostgreSQL of the run of the tests."""

    home: Path
    make: Callable[[str], str]

    def fresh(self) -> str:
        return self.make("template_street")


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    with Nursery(tmp_path_factory.mktemp("nursery") / "log") as found:
        yield found


@pytest.fixture
def means(nursery: Nursery, home: Path, database_of: Callable[[str], str]) -> Iterator[Means]:
    with home_in(None) as folder:
        yield Means(RunsGround(home, database_of), nursery, folder, scale=SCALE, limit=20, patience=20)


@pytest.mark.parametrize("name", sorted(set(FAULTS) - ELSEWHERE))
def test_a_fault_is_survived(name: str, means: Means) -> None:
    row = play(FAULTS[name], means)
    assert row["good"], json.dumps(row, indent=1, ensure_ascii=False)
    assert json.loads(json.dumps(row)) == row


PLANTED = [
    ("commands_forgotten", "2", "c"),
    ("commands_forgotten", "3", "a"),
    ("commands_forgotten", "18", "fifty requests of one key were refused"),
    ("cuts_misunderstood", "7", "answers of [500]"),
    ("no_second_attempt", "8", "were turned away"),
    ("commands_forgotten", "9", "c"),
    ("patient", "15", "an answer took"),
    ("patient", "16", "an answer took"),
    ("queue_without_end", "16", "the queue was never full"),
    ("versions_unchecked", "17", "writers won"),
    ("slow_to_lead", "20", "another took over only after"),
    ("position_first", "20", "h"),
    ("everybody_leads", "21", "projectors were active"),
    ("nothing_parked", "22", "streams are parked"),
    ("slow_to_come_back", "23", "caught up only after"),
    ("no_lock", "order", "h"),
]
"""A fault of the product, the row that has to find it, and by which check or complaint."""


@pytest.mark.parametrize(("plant", "name", "found"), PLANTED, ids=lambda each: str(each).split(" ", 1)[0])
def test_a_planted_fault_is_found(plant: str, name: str, found: str, means: Means) -> None:
    row = play(FAULTS[name], replace(means, plants=(plant,), patience=2))
    checks = {each["check"] for each in row["findings"]}
    assert not row["good"]
    assert found in checks or any(found in each for each in row["complaints"]), row
