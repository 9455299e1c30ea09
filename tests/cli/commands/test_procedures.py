"""`tiaochu procedures …` as people and scripts use it."""

import json
from pathlib import Path

import pytest
import yaml

from api.http.examples import LADDER
from application.initial_data import shipped_ladders, shipped_text
from application.ladder_schema import ladder_schema
from domain.events.envelope import Actor
from domain.vocabulary import Role
from tests.cli.test_main import Run, running
from tests.support.served import Served
from tests.support.world import ADMIN, verdict

SECOND = Actor(sub="second", role=Role.ADMIN)
BAD = (
    shipped_text("three-tier.yaml")
    .replace("failed_sessions: 3", "failed_sessions: 0")
    .replace("lawyer]", "pope]")
)


@pytest.fixture
def tiaochu(own_town: Served) -> Run:
    """Runs `tiaochu …` on a town of its own."""
    return running(own_town)


@pytest.fixture
def two_versions(own_town: Served) -> None:
    """A procedure with a version in force, one before it, and one that is proposed."""
    for version, days in enumerate((30, 7, 9), start=1):
        body = {**LADDER, "follow_up_within": {"days": days}}
        if own_town.put(ADMIN, "/v1/procedures/two-tier", body).status_code == 201 and version < 3:
            path = f"/v1/procedures/two-tier/versions/{version}/approval"
            assert own_town.post(SECOND, path, verdict()).status_code == 200


def test_a_ladder_that_is_wrong_is_told_with_lines_and_fields(tiaochu: Run, tmp_path: Path) -> None:
    path = tmp_path / "ladder.yaml"
    path.write_text(BAD, encoding="utf-8")
    done = tiaochu(
        "procedures", "check", str(path), COLUMNS="160", TIAOCHU_DATABASE_URL="postgresql://nowhere/x"
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "tiers.0.failed_sessions" in done.stderr
    assert done.stderr.rstrip().endswith("ladder.yaml: 2 errors")
    told = json.loads(tiaochu("procedures", "check", str(path), "--json", LC_ALL="zh_CN.UTF-8").stdout)
    lines = BAD.splitlines()
    assert [(item["field"], item["line"], item["detail"]) for item in told["errors"]] == [
        ("tiers.0.failed_sessions", lines.index("    failed_sessions: 0") + 1, "不能小于 1"),
        (
            "tiers.2.panel.6",
            next(place for place, line in enumerate(lines, start=1) if "pope" in line),
            "没有人认得席位 pope；自设的席位须写在 seats 之下",
        ),
    ]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[" * 400_000, b" " * 1_000_001, b"{"])
def test_what_is_no_ladder_is_said_so(tiaochu: Run, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    done = tiaochu("procedures", "check", str(path), "--json")
    assert (done.returncode, done.stderr) == (1, "")
    assert not json.loads(done.stdout)["ok"]


@pytest.mark.parametrize("tabs", [False, True])
def test_a_ladder_that_is_right_is_said_so(tiaochu: Run, tmp_path: Path, tabs: bool) -> None:
    path = tmp_path / "ladder.json"
    path.write_text(json.dumps(LADDER, indent="\t" if tabs else None))
    done = tiaochu("procedures", "check", str(path))
    assert (done.returncode, done.stdout, done.stderr) == (0, "ladder.json: nothing is wrong.\n", "")
    assert json.loads(tiaochu("procedures", "check", str(path), "--json").stdout) == {
        "ok": True,
        "id": "two-tier",
        "errors": [],
    }


def test_the_schema_is_written(tiaochu: Run) -> None:
    assert json.loads(tiaochu("procedures", "schema").stdout) == ladder_schema()


@pytest.mark.usefixtures("two_versions")
def test_what_is_in_force_proposed_and_shipped_is_listed(tiaochu: Run) -> None:
    told = json.loads(tiaochu("procedures", "list", "--json").stdout)
    assert told["shipped"] == [ladder.id for ladder in shipped_ladders()]
    assert [(item["id"], item["version"], item["state"], item["in_force"]) for item in told["versions"]] == [
        ("three-tier", 1, "published", True),
        ("two-tier", 3, "proposed", False),
        ("two-tier", 2, "published", True),
        ("two-tier", 1, "published", False),
    ]
    shown = tiaochu("procedures", "list", LC_ALL="zh_CN.UTF-8", COLUMNS="160").stdout
    for word in ("现行", "曾经施行", "已提出", "随产品附带，未提出", "劳动争议两级调解"):
        assert word in shown


@pytest.mark.usefixtures("two_versions")
def test_a_version_is_shown_as_yaml(tiaochu: Run) -> None:
    shown = tiaochu("procedures", "show", "two-tier")
    assert shown.stdout.startswith("# two-tier, version 2: in force\n")
    assert yaml.safe_load(shown.stdout)["follow_up_within"] == {"days": 7}
    first = json.loads(tiaochu("procedures", "show", "two-tier", "--version", "1", "--json").stdout)
    assert (first["version"], first["in_force"], first["ladder"]["follow_up_within"]) == (
        1,
        False,
        {"days": 30},
    )


def test_what_ships_is_shown_and_can_be_checked(tiaochu: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(tiaochu("procedures", "show", "labour-two-tier").stdout, encoding="utf-8")
    assert tiaochu("procedures", "check", str(path)).returncode == 0


@pytest.mark.usefixtures("two_versions")
def test_two_versions_are_compared(tiaochu: Run) -> None:
    assert (
        tiaochu("procedures", "diff", "two-tier").stdout == 'follow_up_within: {"days": 30} → {"days": 7}\n'
    )
    told = json.loads(tiaochu("procedures", "diff", "two-tier", "--from", "1", "--to", "3", "--json").stdout)
    assert told == {
        "id": "two-tier",
        "from_version": 1,
        "to_version": 3,
        "changes": [{"path": "follow_up_within", "before": {"days": 30}, "after": {"days": 9}}],
    }
    assert tiaochu("procedures", "diff", "two-tier", "--from", "2").stdout == "They say the same.\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("show", "nowhere"), 1),
        (("show", "three-tier", "--version", "9"), 1),
        (("diff", "three-tier", "--from", "9"), 1),
        (("show",), 2),
        (("check",), 2),
        (("check", "no-such-file"), 2),
        (("diff", "three-tier", "--from", "x"), 2),
    ],
    ids=str,
)
def test_what_is_not_there_ends_with_one_and_misuse_with_two(
    tiaochu: Run, arguments: tuple[str, ...], code: int
) -> None:
    done = tiaochu("procedures", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert "Traceback" not in done.stderr
