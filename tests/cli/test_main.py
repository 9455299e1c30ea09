"""The command line as scripts use it: help, JSON, exit codes."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from typer.testing import CliRunner

from cli.app import app
from projections.registry import NAMES
from tests.support.command import command
from tests.support.databases import url_of
from tests.support.served import Served
from tests.support.world import AUDITOR, SUN, acceptance, filing, session

_ROOT = Path(__file__).parents[2]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def running(served: Served) -> Run:
    """Return what runs `tiaochu …` on a server's database."""

    def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        given = {
            "TIAOCHU_VAR": os.fspath(served.home),
            "TIAOCHU_DATABASE_URL": served.url,
            "LC_ALL": "C.UTF-8",
        }
        done = command(arguments, os.environ | given | environment)
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    return run


@pytest.fixture
def tiaochu(served: Served) -> Run:
    """Runs `tiaochu …` on the served database."""
    return running(served)


@pytest.fixture
def case(served: Served) -> str:
    """A case with one failed session."""
    made = str(served.post(SUN, "/v1/disputes", filing()).json()["id"])
    served.post(SUN, f"/v1/disputes/{made}/acceptance", acceptance())
    served.post(SUN, f"/v1/disputes/{made}/sessions", session())
    return made


@pytest.mark.parametrize(
    "command",
    [
        "",
        "serve",
        "worker",
        "demo",
        "token",
        "migrate",
        "replay",
        "doctor",
        "import",
        "procedures check",
        "procedures schema",
        "procedures list",
        "procedures show",
        "procedures diff",
        "projections status",
        "projections retry",
        "projections rebuild",
        "export ledger",
    ],
)
def test_every_command_explains_itself(command: str) -> None:
    done = CliRunner().invoke(app, [*command.split(), "--help"])
    assert done.exit_code == 0
    assert "Usage" in done.stdout


def test_help_speaks_chinese_in_a_chinese_terminal(tiaochu: Run) -> None:
    assert "令牌" in tiaochu("--help", LC_ALL="zh_CN.UTF-8").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("token",),
        ("token", "--sub", "sun", "--role", "king"),
        ("token", "--sub", "s u n", "--role", "mediator"),
        ("replay", str(uuid4()), "--as-of", "yesterday"),
        ("replay", str(uuid4()), "--known-at", "yesterday"),
        ("serve", "--port", "70000"),
    ],
)
def test_misuse_ends_with_two(tiaochu: Run, arguments: tuple[str, ...]) -> None:
    done = tiaochu(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_a_token_stands_alone_on_the_last_line_and_opens_the_door(tiaochu: Run, served: Served) -> None:
    done = tiaochu("token", "--sub", "sun", "--role", "mediator", "--unit", "dongguang.c01")
    token = done.stdout.splitlines()[-1]
    reply = served.client.get("/v1/units", headers={"Authorization": f"Bearer {token}"})
    assert reply.status_code == 200
    as_json = tiaochu("token", "--sub", "sun", "--role", "mediator", "--json")
    assert json.loads(as_json.stdout)["token"].count(".") == 2


def test_replay_shows_a_case_at_a_version(tiaochu: Run, case: str) -> None:
    whole = json.loads(tiaochu("replay", case, "--json").stdout)
    assert (whole["case"]["version"], len(whole["events"])) == (3, 3)
    before = json.loads(tiaochu("replay", case, "--version", "2", "--json").stdout)
    assert (before["case"]["version"], before["case"]["failed_sessions"]["community"]) == (2, 0)
    moment = whole["events"][0]["recorded_at"]
    known = json.loads(tiaochu("replay", case, "--known-at", moment, "--json").stdout)
    assert known["case"]["status"] == "filed"
    shown = tiaochu("replay", case).stdout
    assert "dispute.session_recorded.v1" in shown
    assert "4 more failed sessions" in shown


def test_replay_of_what_does_not_exist_is_refused(tiaochu: Run, case: str) -> None:
    for arguments in ((str(uuid4()),), (case, "--version", "9")):
        done = tiaochu("replay", *arguments)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("there is no such case") or "no such version" in done.stderr


def test_projections_status_shows_the_lag(tiaochu: Run, served: Served, case: str) -> None:
    position = served.get(SUN, f"/v1/disputes/{case}/events").json()["items"][-1]["position"]
    served.get(SUN, f"/v1/disputes?min_position={position}")
    shown = {load["name"]: load for load in json.loads(tiaochu("projections", "status", "--json").stdout)}
    assert set(shown) == set(NAMES)
    assert shown["caseload"]["position"] >= position
    assert "caseload" in tiaochu("projections", "status").stdout


def test_there_is_nothing_to_retry(tiaochu: Run) -> None:
    done = tiaochu("projections", "retry", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"taken": 0, "parked": []})
    assert tiaochu("projections", "retry", "nothing").returncode == 2


def test_what_can_be_taken_now_goes_on(tiaochu: Run, street_url: str) -> None:
    with psycopg.connect(street_url) as connection:
        connection.execute(
            "INSERT INTO parked_streams (projection, stream, position, topic, error)"
            " SELECT 'ledger', originator_id, notification_id, topic, 'odd' FROM stored_events LIMIT 1"
        )
        connection.execute("INSERT INTO projection_positions (name, position) VALUES ('ledger', 1000000)")
    done = tiaochu("projections", "retry", "ledger", TIAOCHU_DATABASE_URL=street_url)
    assert done.returncode == 0, done.stderr
    assert "1 streams go on" in done.stdout


def test_the_ledger_is_written_as_the_interface_gives_it(
    tiaochu: Run, served: Served, case: str, tmp_path: Path
) -> None:
    number = served.get(SUN, f"/v1/disputes/{case}").json()["number"]
    for form in ("csv", "xlsx"):
        out = tmp_path / f"ledger.{form}"
        done = tiaochu(
            "export", "ledger", "--year", "2026", "--format", form, "--out", os.fspath(out), "--json"
        )
        assert done.returncode == 0, done.stderr
        served_form = served.get(AUDITOR, f"/v1/ledger?year=2026&format={form}", accept_language="en")
        assert out.read_bytes() == served_form.content
        assert json.loads(done.stdout)["bytes"] == len(served_form.content)
    assert number in tiaochu("export", "ledger", "--year", "2026").stdout
    assert tiaochu("export", "ledger", "--unit", "No Unit").returncode == 2


def test_the_ledger_is_complete_though_nobody_follows_the_log(tiaochu: Run, street_url: str) -> None:
    written = tiaochu("export", "ledger", "--json", TIAOCHU_DATABASE_URL=street_url)
    assert json.loads(written.stdout) == {"items": [], "next": None}


def test_the_doctor_finds_a_healthy_house(tiaochu: Run) -> None:
    done = tiaochu("doctor", "--json")
    findings = {load["check"]: load for load in json.loads(done.stdout)}
    assert done.returncode == 0, findings
    assert {"Python", "keys", "disk", "database", "durability", "migrations", "rights"} == set(findings)
    assert findings["rights"]["detail"] == "tiaochu_app: INSERT, SELECT"


def test_the_doctor_finds_what_is_wrong(tiaochu: Run, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    (keys / "requests.key").write_bytes(b"x" * 32)
    (keys / "requests.key").chmod(0o644)
    done = tiaochu(
        "doctor",
        "--json",
        TIAOCHU_VAR=os.fspath(tmp_path),
        TIAOCHU_DATABASE_URL="postgresql://x@127.0.0.1:1/y",
    )
    wrong = {load["check"] for load in json.loads(done.stdout) if not load["ok"]}
    assert (done.returncode, wrong) == (1, {"keys", "database"})


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("{postgres}", "run: tiaochu migrate"),
        ("postgresql://nobody@127.0.0.1:1/nothing", "TIAOCHU_DATABASE_URL"),
        ("this is no address", "TIAOCHU_DATABASE_URL"),
    ],
)
def test_a_database_that_cannot_be_used_is_said(tiaochu: Run, url: str, sentence: str) -> None:
    done = tiaochu(
        "projections", "status", TIAOCHU_DATABASE_URL=url.replace("{postgres}", url_of("postgres"))
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_migrating_twice_changes_nothing(tiaochu: Run) -> None:
    done = tiaochu("migrate", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["applied"] == []


def test_a_port_in_use_is_said(tiaochu: Run, served: Served) -> None:
    port = served.address.rsplit(":", 1)[1]
    done = tiaochu("serve", "--port", port)
    assert done.returncode == 1
    assert f"127.0.0.1:{port}" in done.stdout + done.stderr


@pytest.mark.soak
def test_a_model_is_rebuilt_while_it_serves(tiaochu: Run, case: str) -> None:
    done = tiaochu("projections", "rebuild", "caseload", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["name"], told["differences"]) == (0, "caseload", 0)
    assert "filling the new version" in done.stderr
    assert "Every row is as it was." in tiaochu("projections", "rebuild", "directory").stdout
    assert tiaochu("projections", "rebuild", "nothing").returncode == 2


@pytest.mark.soak
def test_a_rebuild_needs_the_rights_of_the_owner(tiaochu: Run, served: Served) -> None:
    url = f"{served.url}&options=-c%20role%3Dtiaochu_app"
    done = tiaochu("projections", "rebuild", "caseload", TIAOCHU_DATABASE_URL=url)
    assert (done.returncode, "TIAOCHU_OWNER_DATABASE_URL" in done.stderr) == (1, True)
    again = tiaochu(
        "projections",
        "rebuild",
        "caseload",
        TIAOCHU_DATABASE_URL=url,
        TIAOCHU_OWNER_DATABASE_URL=served.url,
    )
    assert again.returncode == 0


@pytest.mark.soak
def test_a_refused_rebuild_names_what_differs(tiaochu: Run, case: str, served: Served) -> None:
    position = served.get(SUN, f"/v1/disputes/{case}/events").json()["items"][-1]["position"]
    served.get(AUDITOR, f"/v1/ledger?unit=dongguang&year=2026&min_position={position}")
    with psycopg.connect(served.url) as connection:
        done = connection.execute("UPDATE ledger SET year = 1999 WHERE dispute = %s", (case,))
    assert done.rowcount == 1
    done = tiaochu("projections", "rebuild", "ledger")
    assert (done.returncode, f"!! ledger {case}: year" in done.stdout) == (1, True)
    told = json.loads(tiaochu("projections", "rebuild", "ledger", "--json").stdout)
    assert (told["differences"], told["named"]) == (
        1,
        [{"table": "ledger", "key": [case], "columns": ["year"]}],
    )
    assert tiaochu("projections", "rebuild", "ledger", "--differs").returncode == 0
