"""The README's commands do what the README says, executed as they stand there."""

import json
from pathlib import Path

import pytest

from tests.support.served import Served
from tests.support.shell_blocks import run_script, shell_blocks
from tests.support.world import SUN

pytestmark = pytest.mark.soak


def commands(name: str) -> list[str]:
    """The shell blocks of a README between `make demo` and `make test`."""
    blocks = shell_blocks(name)
    assert blocks[0] == "make demo\n"
    assert blocks[-1].startswith("make test")
    return blocks[1:-1]


def test_the_readme_leads_a_newcomer_to_the_street(served: Served, tmp_path: Path) -> None:
    output = run_script("\n".join([*commands("README.md"), "echo CASE=$CASE"]), served, tmp_path, timeout=200)
    case = output.strip().splitlines()[-1].removeprefix("CASE=")
    state = served.get(SUN, f"/v1/disputes/{case}").json()
    assert (state["status"], state["tier"], state["failed_sessions"]["community"]) == (
        "accepted",
        "community",
        4,
    )
    then = served.get(SUN, f"/v1/disputes/{case}?version=8").json()
    assert (then["status"], then["tier"], then["failed_sessions"]["community"]) == ("escalated", "street", 5)
    replies = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    assert any(reply.get("decisions") for reply in replies)
    assert any(reply.get("version") == 6 and reply.get("status") == "accepted" for reply in replies)
    assert any(
        {"field": "sessions.2.outcome", "before": "failed", "after": "adjourned"} in reply.get("changes", ())
        for reply in replies
    )
    assert "version 6" in output


def test_both_readmes_give_the_same_commands() -> None:
    assert commands("README.md") == commands("README.zh-CN.md")
