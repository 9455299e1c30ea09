"""The documentation tells the truth: its examples work, its pages are current, every route is guarded."""

from pathlib import Path
from uuid import uuid4

import pytest

from api.app import documented
from api.examples import COMMANDS, FILING, PLATFORM, UNIT
from cli.reference import pages
from domain.events.envelope import Actor
from domain.vocabulary import Role
from tests.support.served import Served
from tests.support.world import ADMIN, SUN, ZHAO, session

_REFERENCE = Path(__file__).parents[2] / "docs/reference"


def filed(served: Served) -> str:
    reply = served.post(SUN, "/v1/disputes", FILING)
    assert reply.status_code == 201, reply.text
    return str(reply.json()["id"])


SEAL = Actor(sub="sun", role=Role.CONVENER, unit="dongguang.c01")
STARTED = [(SUN, "acceptance"), (SUN, "mediators"), (SUN, "sessions")]
AGREED = [
    *STARTED,
    (SUN, "sessions", session(outcome="agreed", held_at="2026-03-20T09:00:00+08:00")),
    (SUN, "agreement"),
    (SUN, "agreement/signatures"),
    *[
        (each, "agreement/signatures", {"by": by, "signed_at": "2026-03-20T16:00:00+08:00"})
        for each, by in ((SUN, "p2"), (SUN, "mediator"), (SEAL, "committee"))
    ],
]
FAILURES = [(SUN, "sessions", session(held_at=f"2026-03-{day}T09:00:00+08:00")) for day in (12, 13, 16, 17)]
PERFORMED = (SUN, "agreement/terms/{term}/performance")
LIVES = {
    "performed": (
        [
            *AGREED,
            (SUN, "agreement/terms/{term}/breach"),
            (SUN, "agreement/terms/{term}/supervision"),
            (SUN, "judicial-confirmation"),
            (SUN, "judicial-confirmation/decision"),
            PERFORMED,
            (ZHAO, "follow-ups"),
            (SUN, "reopening"),
        ],
        "accepted",
    ),
    "closed unperformed": ([*AGREED, (SUN, "closure")], "closed"),
    "returned": ([*STARTED, *FAILURES, (ZHAO, "return")], "accepted"),
    "lifted": ([*STARTED, (SUN, "escalation"), (ZHAO, "escalation/approval")], "escalated"),
    "corrected": (
        [
            *STARTED,
            (SUN, "opinions"),
            (SUN, "sessions/{session}/correction"),
            (ZHAO, "sessions/{session}/correction/rejection"),
            (SUN, "sessions/{session}/correction"),
            (ZHAO, "sessions/{session}/correction/approval"),
        ],
        "accepted",
    ),
    "on record": (
        [
            (SUN, "acceptance"),
            (SUN, "extension"),
            (SUN, "parties"),
            (SUN, "parties/{party}"),
            (SUN, "appointments"),
            (SUN, "escalation"),
            (ZHAO, "escalation/rejection"),
            (SUN, "risk"),
            (SUN, "police-report"),
        ],
        "accepted",
    ),
    "declined": ([(SUN, "decline")], "closed"),
    **{
        each: ([*STARTED, (SUN, each)], "closed")
        for each in ("withdrawal", "refusal", "termination", "transfer")
    },
}


@pytest.mark.parametrize("life", LIVES)
def test_the_examples_make_the_lives_of_cases(served: Served, life: str) -> None:
    steps, end = LIVES[life]
    case, reply = filed(served), None
    for actor, name, *own in steps:
        path = name.format(session=1, term=1, party="p2")
        body = own[0] if own else COMMANDS[name]
        reply = served.post(actor, f"/v1/disputes/{case}/{path}", body)
        assert reply.status_code == 200, (name, reply.text)
    assert reply is not None
    assert reply.json()["status"] == end


def test_every_example_is_part_of_some_life() -> None:
    shown = {name for steps, _ in LIVES.values() for _, name, *own in steps if not own}
    assert shown == set(COMMANDS)


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
            places = {"dispute": uuid4(), "unit": "dongguang", "session": 1, "term": 1, "party": "p1"}
            places["procedure"] = "three-tier"
            address = path.format(**places, attachment=uuid4(), kind="units", file_format="csv")
            assert served.client.request(method.upper(), address, content=b"{").status_code == 401
            asked += 1
    assert asked >= 15


def test_every_command_has_an_example() -> None:
    for path, methods in dict(documented()["paths"]).items():
        for method in methods.keys() - {"get"}:
            content = methods[method]["requestBody"]["content"]
            assert "multipart/form-data" in content or content["application/json"]["example"], path
