"""The documentation tells the truth: its examples work, its pages are current, every route is guarded."""

from pathlib import Path
from uuid import uuid4

import pytest

from api.app import documented
from api.examples import COMMANDS, FILING, PLATFORM, UNIT
from cli.reference import pages
from tests.support.served import Served
from tests.support.world import ADMIN, SUN, ZHAO, session

_REFERENCE = Path(__file__).parents[2] / "docs/reference"


def filed(served: Served) -> str:
    reply = served.post(SUN, "/v1/disputes", FILING)
    assert reply.status_code == 201, reply.text
    return str(reply.json()["id"])


@pytest.mark.parametrize("ending", ["withdrawal", "refusal", "termination"])
def test_the_examples_make_a_case_s_life(served: Served, ending: str) -> None:
    case = filed(served)
    for name in ("acceptance", "sessions", "opinions"):
        assert served.post(SUN, f"/v1/disputes/{case}/{name}", COMMANDS[name]).status_code == 200
    for day in (12, 13, 16, 17):
        body = session(held_at=f"2026-03-{day}T09:00:00+08:00")
        assert served.post(SUN, f"/v1/disputes/{case}/sessions", body).status_code == 200
    returned = served.post(ZHAO, f"/v1/disputes/{case}/return", COMMANDS["return"])
    assert (returned.json()["status"], returned.json()["tier"]) == ("accepted", "community")
    assert served.post(SUN, f"/v1/disputes/{case}/{ending}", COMMANDS[ending]).json()["status"] == "closed"


def test_the_example_of_a_decline_works(served: Served) -> None:
    reply = served.post(SUN, f"/v1/disputes/{filed(served)}/decline", COMMANDS["decline"])
    assert reply.json()["events"] == [
        "dispute.declined.v1",
        "dispute.remedies_notified.v1",
        "dispute.closed.v1",
    ]


def test_the_examples_of_places_work(served: Served) -> None:
    unit = f"dongguang.c02.x{uuid4().hex[:6]}"
    assert served.put(ADMIN, f"/v1/units/{unit}", UNIT).status_code == 201
    assert served.put(ADMIN, f"/v1/platforms/{unit}", PLATFORM).status_code == 201


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_page_of_the_reference_is_current(name: str) -> None:
    assert (_REFERENCE / name).read_text(encoding="utf-8") == pages()[name], "run: make docs"


def test_every_documented_route_asks_for_a_token(served: Served) -> None:
    asked = 0
    for path, methods in dict(documented()["paths"]).items():
        for method in methods:
            address = path.replace("{dispute}", str(uuid4())).replace("{unit}", "dongguang")
            assert served.client.request(method.upper(), address, content=b"{").status_code == 401
            asked += 1
    assert asked >= 15


def test_every_command_has_an_example() -> None:
    for path, methods in dict(documented()["paths"]).items():
        for method in methods.keys() - {"get"}:
            assert methods[method]["requestBody"]["content"]["application/json"]["example"], path
