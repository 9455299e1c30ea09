"""The documentation tells the truth: its examples work, its pages are current, every route is guarded."""

from pathlib import Path
from uuid import uuid4

import pytest

from api.disputes.command_routes import ROUTES
from api.http.examples import CALENDAR, FILING, LADDER, PLATFORM, UNIT, VERDICT
from cli.reference import pages
from domain.events.envelope import Actor
from domain.vocabulary import Role
from tests.support.openapi import paths
from tests.support.served import Served
from tests.support.world import ADMIN, SUN, ZHAO, session, verdict

_REFERENCE = Path(__file__).parents[2] / "docs/reference"

EXAMPLES = {route.path: route.example for route in ROUTES}


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
    "changed and rescinded": (
        [*AGREED, (SUN, "agreement/change"), (SUN, "agreement/rescission")],
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
    "taken back": (
        [
            *STARTED,
            (SUN, "sessions/{session}/correction"),
            (SUN, "sessions/{session}/correction/withdrawal"),
            (SUN, "escalation"),
            (SUN, "escalation/withdrawal"),
            (SUN, "events/{version}/retraction"),
            (SUN, "events/{version}/retraction/withdrawal"),
            (SUN, "events/{version}/retraction"),
            (ZHAO, "events/{version}/retraction/rejection"),
            (SUN, "events/{version}/retraction"),
            (ZHAO, "events/{version}/retraction/approval"),
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
            (SUN, "appointments/{appointment}/move"),
            (SUN, "appointments/{appointment}/cancellation"),
            (SUN, "escalation"),
            (ZHAO, "escalation/rejection"),
            (SUN, "risk"),
            (SUN, "police-report"),
        ],
        "accepted",
    ),
    "declined": ([(SUN, "decline")], "closed"),
    **{
        item: ([*STARTED, (SUN, item)], "closed")
        for item in ("withdrawal", "refusal", "termination", "transfer")
    },
}


@pytest.mark.parametrize("life", LIVES)
def test_the_examples_make_the_lives_of_cases(served: Served, life: str) -> None:
    steps, end = LIVES[life]
    case, reply = filed(served), None
    for actor, name, *own in steps:
        path = name.format(session=1, term=1, party="p2", version=3, appointment=1)
        body = own[0] if own else dict(EXAMPLES[name])
        reply = served.post(actor, f"/v1/disputes/{case}/{path}", body)
        assert reply.status_code == 200, (name, reply.text)
    assert reply is not None
    assert reply.json()["status"] == end


def test_every_example_is_part_of_some_life() -> None:
    shown = {name for steps, _ in LIVES.values() for _, name, *own in steps if not own}
    assert shown == set(EXAMPLES)


def test_the_examples_of_places_work(served: Served) -> None:
    unit = f"dongguang.c02.x{uuid4().hex[:6]}"
    assert served.put(ADMIN, f"/v1/units/{unit}", UNIT).status_code == 201
    assert served.put(ADMIN, f"/v1/platforms/{unit}", PLATFORM).status_code == 201


def test_the_examples_of_procedures_and_calendars_work(own_town: Served) -> None:
    ladder, second = LADDER, Actor(sub="second", role=Role.ADMIN)
    for number, how in ((1, "rejection"), (2, "approval")):
        assert own_town.put(ADMIN, "/v1/procedures/two-tier", ladder).status_code == 201
        path = f"/v1/procedures/two-tier/versions/{number}/{how}"
        reply = own_town.post(second, path, {**VERDICT, **verdict()})
        assert reply.status_code == 200, reply.text
    assert own_town.put(ADMIN, "/v1/calendars/2027", CALENDAR).status_code == 201


def test_the_pages_of_the_reference_are_current() -> None:
    for name, page in pages().items():
        assert (_REFERENCE / name).read_text(encoding="utf-8") == page, f"{name}: run: make docs"


PUBLIC = {
    "/v1/procedures",
    "/v1/procedures/{procedure}",
    "/v1/procedures/{procedure}/diff",
    "/v1/procedures/{procedure}/versions/{version}",
}
"""What everybody may read (S0 权责公开)."""


def address(path: str) -> str:
    """A path with something in each of its places."""
    places = {"dispute": uuid4(), "unit": "dongguang", "session": 1, "term": 1, "party": "p1"}
    places |= {"version": 3, "appointment": 1}
    places |= {"procedure": "three-tier", "version": 1, "year": 2026, "attachment": uuid4()}
    return path.format(**places, kind="units", file_format="csv")


def test_every_documented_route_asks_for_a_token_unless_it_is_for_everybody(served: Served) -> None:
    asked, public = 0, set[str]()
    for path, methods in paths().items():
        for method in methods:
            if {} in methods[method]["security"]:
                public.add(path)
                continue
            assert served.client.request(method.upper(), address(path), content=b"{").status_code == 401
            asked += 1
    assert asked >= 15
    assert public == PUBLIC


@pytest.mark.parametrize("path", sorted(PUBLIC))
def test_what_is_in_force_needs_no_token_but_takes_no_bad_one(served: Served, path: str) -> None:
    assert served.client.get(address(path)).status_code == 200
    for token in ("Bearer nonsense", "Basic YTpi", ""):
        reply = served.client.get(address(path), headers={"Authorization": token})
        assert (reply.status_code, reply.json()["type"]) == (401, "/problems/unauthenticated")


def test_every_command_has_an_example() -> None:
    for path, methods in paths().items():
        for method in methods.keys() - {"get"}:
            content = methods[method]["requestBody"]["content"]
            assert "multipart/form-data" in content or content["application/json"]["example"], path
