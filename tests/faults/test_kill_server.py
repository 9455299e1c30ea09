"""Each process killed once under load; `python -m tests.faults.kill_server` kills two hundred times."""

import json
import subprocess
import sys

import pytest

from tests.faults.kill_server import Plan, kill_server

_VICTIMS = ("supervisor", "api", "postmaster", "supervisor-twice")


@pytest.mark.soak
def test_killed_under_load_it_loses_nothing_and_does_nothing_twice() -> None:
    plan = Plan(rounds=len(_VICTIMS), seed=7, clients=4, limit=30, victims=_VICTIMS)
    outcome = kill_server(plan, print)
    summary = outcome.summary()
    assert summary["findings"] == []
    assert outcome.good, summary
    assert summary["victims"] == dict.fromkeys(_VICTIMS, 1)
    for name in ("acknowledged", "rejected"):
        assert isinstance(found := summary[name], int)
        assert found > 0, name
    assert json.loads(json.dumps(summary)) == summary


@pytest.mark.soak
@pytest.mark.parametrize("misuse", [["--rounds", "0"], ["--victim", "nobody"], ["--unheard-of"]])
def test_misuse_is_told_apart(misuse: list[str]) -> None:
    command = [sys.executable, "-m", "tests.faults.kill_server", *misuse]
    assert subprocess.run(command, check=False, capture_output=True, timeout=60).returncode == 2
