"""Rule 26: whatever commands accept, every reader can hold, in every format."""

from collections.abc import Iterator

import pytest

from tests.support.databases import serving_street
from tests.support.examples import SOAK
from tests.support.served import Served
from tests.support.unusual_lives import read_unusual_cases

pytestmark = pytest.mark.timeout(0 if SOAK else 240)


@pytest.fixture(scope="module")
def town(worker_id: str, postgres: None) -> Iterator[Served]:
    with serving_street(f"readers_{worker_id}") as served:
        yield served


def test_what_commands_accept_every_reader_holds(town: Served) -> None:
    read = read_unusual_cases(town, count=150 if SOAK else 20, turn=50, chance=1)
    assert not read.complaints
    assert read.accepted > 3 * read.cases
