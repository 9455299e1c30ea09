"""The tutorial's commands, executed as they stand there, do what the tutorial says."""

import json
from pathlib import Path

import pytest

from tests.support.served import Served
from tests.support.shell_blocks import run_script, shell_blocks

pytestmark = pytest.mark.soak

_PAGE = "docs/tutorial/first-case-to-own-ladder.md"


def test_the_tutorial_leads_from_a_first_case_to_an_own_ladder(own_town: Served, tmp_path: Path) -> None:
    output = run_script("\n".join(shell_blocks(_PAGE)), own_town, tmp_path, timeout=230)
    replies = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    escalations = [reply for reply in replies if "dispute.escalated.v1" in reply.get("events", ())]
    assert [reply["consequences"][0]["because"]["threshold"] for reply in escalations] == [5, 4]
    assert [reply["decisions"][0]["threshold"] for reply in replies if "decisions" in reply] == [5, 4]
    (past,) = [reply for reply in replies if "failed_sessions" in reply]
    assert (past["version"], past["status"], past["failed_sessions"]["community"]) == (6, "accepted", 4)
    assert [reply["type"] for reply in replies if "type" in reply] == ["/problems/own-proposal"]
    proposal, approval = (reply for reply in replies if reply.get("id") == "my-street")
    assert proposal["events"] == ["procedure.proposed.v1"]
    assert approval["events"] == ["procedure.published.v3"]
    for sentence in ("nothing is wrong", "the ladder has no tier village", "first escalation earlier"):
        assert sentence in output
    address = f"/v1/procedures/my-street/versions/1?min_position={approval['position']}"
    ladder = own_town.client.get(address).json()["ladder"]
    assert ladder["tiers"][1]["failed_sessions"] == 4
