"""`tiaochu simulate` on the demonstration street: thresholds compared, recounted by SQL, told as a table and as JSON."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from application.simulation.request import CandidateRequest, CaseSelection
from application.simulation.runner import SimulationRunner
from cli.bootstrap import put_initial_data, utc_now
from cli.demo.loader import open_loader
from cli.demo.progress import SilentObserver
from cli.workers.simulation_workers import simulation_workers
from tests.support import what_if_recount as recount
from tests.support.command import command
from tests.support.databases import create, drop, run, services_at, url_of
from tests.support.postgres import EMPTY, home_of_run

DISPUTES = 250
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def url(worker_id: str, postgres: None) -> Iterator[str]:
    """A street with everything that the demonstration puts in."""
    name = f"simulated_{worker_id}"
    create(name, EMPTY)

    async def fill() -> None:
        async with services_at(url_of(name)) as services:
            await put_initial_data(services)
        async with open_loader(url_of(name), utc_now) as loader:
            await loader.load_street()
            await loader.load_settled_cases()
            await loader.load_stories()
            await loader.load_generated_cases(DISPUTES, 1, SilentObserver())

    run(fill())
    yield url_of(name)
    drop(name)


@dataclass(frozen=True)
class Command:
    """The command line over a database."""

    url: str

    def __call__(self, *arguments: str, language: str = "C.UTF-8") -> subprocess.CompletedProcess[bytes]:
        environment = {
            **os.environ,
            "TIAOCHU_DATABASE_URL": self.url,
            "TIAOCHU_VAR": os.fspath(home_of_run()),
            "LC_ALL": language,
        }
        return command(["simulate", *arguments], environment, timeout=120)

    def told(self, *arguments: str) -> Any:
        done = self("--procedure", "three-tier", "--json", *arguments)
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout)


@pytest.fixture
def simulate(url: str) -> Command:
    return Command(url)


@pytest.mark.soak
def test_thresholds_compared_are_what_a_recount_finds(simulate: Command, url: str) -> None:
    four, five, six = simulate.told("--set", "tiers.community.failed_sessions=4,5,6")["simulations"]
    fourth, fifth, moved = recount.reached(url, 4), recount.reached(url, 5), recount.escalated(url)
    assert len(fourth) > len(fifth) > 0, "the street is too quiet to compare anything"
    for item in (four, five, six):
        assert item["base"]["cases"] == item["candidate"]["cases"] == recount.cases(url)
        assert item["base"]["escalated"] == len(moved)
        assert item["base"]["escalations"] == recount.escalations(url)
        assert {
            (load["platform"], load["month"]): load["base"]["arrived"]
            for load in item["platform_load"]
            if load["base"]["arrived"]
        } == recount.arrived(url)
    assert five["differences"] == []
    assert five["candidate"] | {"procedure": None} == five["base"] | {"procedure": None}
    assert differing(four) == set(fourth)
    assert four["candidate"]["escalated"] == len(moved | set(fourth))
    assert differing(six) == set(fifth)
    for case in six["differences"]:
        first = case["first_difference"]
        assert (first["base"]["rule"], first["candidate"]["rule"]) == ("failed_sessions", None)
        assert first["occurred_at"][:10] == day_of(url, case["dispute"], fifth[case["dispute"]])
    for case in four["differences"]:
        first = case["first_difference"]
        assert (first["base"]["status"], first["candidate"]["rule"]) == ("accepted", "failed_sessions")
        assert case["days_earlier"] is None or case["days_earlier"] >= 0
    assert four["shift"]["later"] == 0


def differing(told: dict[str, Any]) -> set[str]:
    return {item["dispute"] for item in told["differences"]}


def day_of(url: str, dispute: str, version: int) -> str:
    """The day of a session or of its correction, in Shanghai, as the raw log has it."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT to_char(coalesce(told #>> '{data,held_at}', told #>> '{data,occurred_at}')::timestamptz"
            " AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')"
            " FROM stored_events, LATERAL (SELECT convert_from(state, 'UTF8')::jsonb AS told) AS read"
            " WHERE originator_id = %s AND originator_version = %s",
            (dispute, version),
        ).fetchone()
    assert row
    return str(row[0])


@pytest.mark.soak
def test_the_same_question_has_the_same_bytes_whatever_runs_it(url: str) -> None:
    wanted = CandidateRequest(changes={"tiers": {"community": {"failed_sessions": 4}}})

    async def asked(count: int, large: int) -> bytes:
        async with services_at(url) as services:
            lanes = simulation_workers(url, lambda: count, large=large)
            simulations = SimulationRunner(services.simulations._log, services.feed.head, lanes)
            question = await simulations.request(CaseSelection("three-tier"), [wanted])
            (answer,) = await simulations.results(question, width=500)
            return answer

    answers = {run(asked(1, 0)), run(asked(2, 0)), run(asked(3, 0)), run(asked(1, 10**9))}
    assert len(answers) == 1


@pytest.mark.soak
def test_parts_of_the_street_add_up_to_the_whole(simulate: Command) -> None:
    change = ("--set", "tiers.community.failed_sessions=4")
    whole = simulate.told(*change)
    early = simulate.told(*change, "--to", "2026-04-30")
    late = simulate.told(*change, "--from", "2026-05-01")
    assert early["base"]["cases"] + late["base"]["cases"] == whole["base"]["cases"]
    assert differing(early) | differing(late) == differing(whole)
    community = simulate.told(*change, "--unit", "dongguang.c01")
    assert 0 < community["base"]["cases"] < whole["base"]["cases"]
    assert differing(community) <= differing(whole)
    assert (community["unit"], late["from"]) == ("dongguang.c01", "2026-05-01")


def test_a_table_compares_the_ladders_in_the_readers_language(simulate: Command) -> None:
    arguments = ("--procedure", "three-tier", "--set", "tiers.community.failed_sessions=4,6")
    english = simulate(*arguments)
    assert english.returncode == 0
    told = english.stdout.decode()
    for part in (
        "as recorded",
        "tiers.community.failed_sessions=4",
        "cases that moved up",
        "first difference",
    ):
        assert part in told, part
    progress = english.stderr.decode()
    assert "100 % done" in progress
    assert "events per second" in progress
    chinese = simulate(*arguments, language="zh_CN.UTF-8").stdout.decode()
    assert "按记录" in chinese
    assert "提级" in chinese


def test_a_whole_ladder_comes_from_a_file_and_the_answer_goes_to_one(
    simulate: Command, tmp_path: Path
) -> None:
    told = (ROOT / "application/ladders/three-tier.yaml").read_text("utf-8")
    ladder, out = tmp_path / "ladder.yaml", tmp_path / "answer.json"
    ladder.write_text(told.replace("failed_sessions: 5", "failed_sessions: 4", 1), "utf-8")
    done = simulate("--procedure", "three-tier", "--ladder", str(ladder), "--out", str(out))
    assert done.returncode == 0, done.stderr.decode()
    by_path = simulate("--procedure", "three-tier", "--set", "tiers.community.failed_sessions=4", "--json")
    assert out.read_bytes() + b"\n" == by_path.stdout


def test_two_published_versions_compare_the_same_way(simulate: Command) -> None:
    told = simulate.told("--version", "1", "--base", "1")
    assert told["differences"] == []
    assert told["base"]["procedure"] == told["candidate"]["procedure"] == {"id": "three-tier", "version": 1}


@pytest.mark.parametrize(
    ("arguments", "code", "saying"),
    [
        (["--set", "tiers.community.failed_sessions"], 2, "path=value"),
        (["--set", "tiers.nowhere.failed_sessions=4"], 2, "changes.tiers.nowhere"),
        (["--set", "tiers.community.nothing=4"], 2, "changes.tiers.community.nothing"),
        (["--set", "tiers.community.failed_sessions=0"], 2, "changes.tiers.community.failed_sessions"),
        (["--set", "tiers.community.failed_sessions=" + ",".join(map(str, range(1, 20)))], 2, "at most"),
        ([], 2, "--set"),
        (["--version", "7"], 2, "version"),
        (["--version", "1", "--base", "7"], 2, "base"),
        (["--set", "bypass.approvals=3", "--from", "2026-05-01", "--to", "2026-04-01"], 2, "period"),
        (["--set", "bypass.approvals=3", "--unit", "nowhere"], 1, "nowhere"),
        (["--ladder", "/nowhere"], 2, "ladder"),
    ],
)
def test_what_is_misused_is_named(simulate: Command, arguments: list[str], code: int, saying: str) -> None:
    done = simulate("--procedure", "three-tier", *arguments)
    assert done.returncode == code, done.stderr.decode()
    assert saying in done.stderr.decode()


def test_an_unknown_procedure_is_refused(simulate: Command) -> None:
    done = simulate("--procedure", "five-tier", "--set", "bypass.approvals=3")
    assert done.returncode == 1
    assert "five-tier" in done.stderr.decode()
