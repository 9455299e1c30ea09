"""The README's commands do what the README says, executed as they stand there."""

import json
import os
import re
import subprocess
from pathlib import Path

from tests.support.served import Served
from tests.support.world import SUN

_ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def commands(name: str) -> list[str]:
    """The shell blocks of a README between `make demo` and `make test`."""
    blocks = _BLOCK.findall((_ROOT / name).read_text(encoding="utf-8"))
    assert blocks[0] == "make demo\n"
    assert blocks[-1].startswith("make test")
    return blocks[1:-1]


def test_the_readme_leads_a_newcomer_to_the_street(served: Served, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "TIAOCHU": served.address,
        "TIAOCHU_VAR": os.fspath(served.home),
        "TIAOCHU_DATABASE_URL": served.url,
        "LC_ALL": "C.UTF-8",
        "TMPDIR": os.fspath(tmp_path),
    }
    script = "set -euo pipefail\n" + "\n".join(commands("README.md")) + "\necho CASE=$CASE\n"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=_ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    case = done.stdout.strip().splitlines()[-1].removeprefix("CASE=")
    state = served.get(SUN, f"/v1/disputes/{case}").json()
    assert (state["status"], state["tier"], state["failed_sessions"]["community"]) == (
        "accepted",
        "community",
        4,
    )
    then = served.get(SUN, f"/v1/disputes/{case}?version=8").json()
    assert (then["status"], then["tier"], then["failed_sessions"]["community"]) == ("escalated", "street", 5)
    replies = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert any(reply.get("decisions") for reply in replies)
    assert any(reply.get("version") == 6 and reply.get("status") == "accepted" for reply in replies)
    assert any(
        {"field": "sessions.2.outcome", "before": "failed", "after": "adjourned"} in reply.get("changes", ())
        for reply in replies
    )
    assert "version 6" in done.stdout


def test_both_readmes_give_the_same_commands() -> None:
    assert commands("README.md") == commands("README.zh-CN.md")
