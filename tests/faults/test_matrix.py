"""Each fault of the matrix at a small scale; `make faults` plays them all in full."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.faults.__main__ import wanted
from tests.faults.journal import Answer, Command
from tests.faults.kill_server import home_in
from tests.faults.load import Witnessed
from tests.faults.matrix import FAULTS, play, play_all
from tests.faults.rows import waits
from tests.faults.rows.crashes import failed_though_accepted
from tests.faults.rows.waits import longest_silence
from tests.faults.stage import Means, Played, unlike
from tests.support.forked import ForkedProcesses
from tests.support.postgres import STREET

SCALE = 0.02
ELSEWHERE = {"1", "5"}
"""Faults that `test_kill_server.py` plays: the API and PostgreSQL's first process killed."""


@dataclass(frozen=True)
class RunsGround:
    """The PostgreSQL of the run of the tests."""

    home: Path
    make: Callable[[str], str]

    def fresh(self) -> str:
        return self.make(STREET)


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkedProcesses]:
    with ForkedProcesses(tmp_path_factory.mktemp("processes") / "log") as found:
        yield found


@pytest.fixture
def means(processes: ForkedProcesses, home: Path, database_of: Callable[[str], str]) -> Iterator[Means]:
    with home_in(None) as folder:
        yield Means(RunsGround(home, database_of), processes, folder, scale=SCALE, limit=20, patience=20)


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(set(FAULTS) - ELSEWHERE))
def test_a_fault_is_survived(name: str, means: Means) -> None:
    row = play(FAULTS[name], means)
    assert row["good"], json.dumps(row, indent=1, ensure_ascii=False)
    assert json.loads(json.dumps(row)) == row


PLANTED = [
    ("commands_forgotten", "3", "'a'"),
    ("commands_forgotten", "18", "fifty requests of one key were refused"),
    ("cuts_misunderstood", "7", "answers of [500]"),
    ("no_second_attempt", "8", "were turned away"),
    ("commands_forgotten", "9", "'c'"),
    ("patient", "15", "an answer took"),
    ("versions_unchecked", "17", "writers won"),
    ("slow_to_lead", "20", "another took over only after"),
    ("position_first", "20", "'h'"),
    ("everybody_leads", "21", "projectors were active"),
    ("nothing_parked", "22", "streams are parked"),
    ("slow_to_come_back", "23", "caught up only after"),
    ("no_lock", "order", "'h'"),
    ("cells_uncut", "unusual", "does not say so"),
]
"""A fault of the product, the row that has to find it, and by which check or complaint."""


@pytest.mark.soak
@pytest.mark.parametrize(("plant", "name", "found"), PLANTED, ids=lambda item: str(item).split(" ", 1)[0])
def test_a_planted_fault_is_found(plant: str, name: str, found: str, means: Means) -> None:
    """Within three tries: a short row may meet a busy machine before it meets the fault."""
    rows = []
    for seed in (1, 2, 3):
        rows.append(play(FAULTS[name], replace(means, seed=seed, plants=(plant,), patience=1)))
        if not rows[-1]["good"] and found in f"{rows[-1].get('by_check')} {rows[-1]['complaints']}":
            return
    pytest.fail(json.dumps(rows))


@pytest.mark.soak
def test_a_queue_without_end_is_found(means: Means) -> None:
    half = replace(FAULTS["16"], play=waits.queue_full)
    row = play(half, replace(means, plants=("queue_without_end",)))
    assert row["complaints"] == ["the queue was never full"]


def test_answers_that_no_fault_excuses_are_complained_of() -> None:
    def seen(status: int | None, retry_after: str | None = None) -> Witnessed:
        return Witnessed(status, 1.0, 0.1, retry_after)

    excused = [seen(201), seen(409), seen(412), seen(503, "1")]
    assert unlike(excused) == []
    assert unlike([seen(None)], unanswered=True) == []
    assert [len(unlike([*excused, wrong])) for wrong in (seen(500), seen(502), seen(503), seen(None))] == [
        1
    ] * 4


def test_the_longest_silence_is_between_two_successes_or_at_an_end() -> None:
    seen = [
        Witnessed(status, at, 0.1, None)
        for status, at in ((201, 11.0), (503, 13.0), (200, 15.0), (201, 99.0))
    ]
    assert longest_silence(seen, 10.0, 16.0) == 4.0
    assert longest_silence(seen, 10.0, 21.0) == 6.0
    assert longest_silence([], 10.0, 40.0) == 30.0


def test_a_request_that_was_accepted_and_failed_is_complained_of() -> None:
    done = (Command("k", "sun", "/", "/", None, b""), Answer(201))
    assert failed_though_accepted([done], [201, None, 409]) == []
    assert failed_though_accepted([done], [201, 503])
    assert failed_though_accepted([], []), "nothing was tried"


@pytest.mark.soak
def test_what_breaks_the_playing_is_not_good(means: Means) -> None:
    def broken(_: Means) -> Played:
        raise RuntimeError("made up")

    row = play(replace(FAULTS["18"], play=broken), means)
    assert (row["good"], row["complaints"]) == (False, ["broke off: RuntimeError('made up')"])


@pytest.mark.soak
def test_the_command_prints_one_table_and_says_by_its_exit_whether_all_is_good() -> None:
    command = [sys.executable, "-m", "tests.faults", "--only", "18", "--rounds", "0.02"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    table = json.loads(done.stdout)
    assert (done.returncode, table["good"], [row["fault"] for row in table["rows"]]) == (0, True, ["18"])
    assert "fault 18: good" in done.stderr


def test_faults_for_which_no_time_is_left_are_not_good(means: Means) -> None:
    (row,) = play_all(["18"], means, minutes=0)
    assert not row["good"]


@pytest.mark.parametrize(
    "misuse", [["--only", "99"], ["--rounds", "0"], ["--minutes", "-1"], ["--unheard-of"]]
)
def test_misuse_is_told_apart(misuse: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        wanted(misuse)
    assert left.value.code == 2
