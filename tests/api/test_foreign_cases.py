"""Whose case it is (rule 16), over HTTP: a case of others is missing, on every route, to every role, in every list."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import uuid4

import pytest

from cli.bootstrap import utc_now
from domain.events.envelope import Actor
from domain.vocabulary import Role
from tests.support.served import Served
from tests.support.tables import as_csv, case
from tests.support.world import ADMIN, SUN, ZHAO, ZHOU, acceptance, filing

pytestmark = pytest.mark.database
ROLES: Final = tuple(Role)
OTHERS: Final = "dongguang.c02"
"""A community that has nothing to do with the cases of the first one."""
IN_A_CASE: Final = "/v1/disputes/{dispute}"
SUBJECTS: Final = {
    "attachment": str(uuid4()),
    "session": "1",
    "term": "1",
    "party": "p1",
    "version": "3",
    "appointment": "1",
}
CHANGING: Final = ("date", "content-length", "tiaochu-request-id", "x-request-id")


def reader(role: Role, unit: str | None) -> Actor:
    return Actor(sub="reader", role=role, unit=unit)


@pytest.fixture(scope="module")
def town(own_town: Served) -> dict[str, Any]:
    """A case of the first community: accepted, with one session held and one called, and a proposal open."""
    case = own_town.post(SUN, "/v1/disputes", filing(title="外人不知")).json()["id"]
    steps: list[tuple[str, dict[str, object]]] = [
        ("acceptance", acceptance()),
        (
            "sessions",
            {
                "held_at": "2026-03-06T14:00:00+08:00",
                "method": "phone",
                "attendance": [{"who": "p1", "as": "party", "present": True}],
                "outcome": "failed",
                "minutes": "无",
            },
        ),
        ("appointments", {"at": "2026-12-30T10:00:00+08:00", "method": "phone", "place": "一号会议室"}),
        (
            "sessions/1/correction",
            {"outcome": "adjourned", "reason": "误", "occurred_at": "2026-03-07T09:00:00+08:00"},
        ),
    ]
    for path, body in steps:
        reply = own_town.post(SUN, f"/v1/disputes/{case}/{path}", body)
        assert reply.is_success, reply.text
    return {"served": own_town, "case": case, "position": reply.json()["position"]}


def routes(served: Served) -> Iterator[tuple[str, str, dict[str, object] | None]]:
    """Every operation on one case, with the example of its body."""
    for path, operations in served.client.get("/openapi.json").json()["paths"].items():
        if path.startswith(IN_A_CASE):
            for method, operation in operations.items():
                content = operation.get("requestBody", {}).get("content", {})
                yield method, path, content.get("application/json", {}).get("example")


def asked(
    served: Served, who: Actor, method: str, path: str, case: str, body: dict[str, object] | None
) -> tuple[int, object, dict[str, str]]:
    """Ask about a case; the case's own id is taken out of what comes back."""
    address = path.format(dispute=case, **SUBJECTS)
    if method == "get":
        reply = served.get(who, f"{address}?from=1" if path.endswith("/diff") else address)
    elif body is None:
        headers = {"Authorization": f"Bearer {served.token(who)}", "Idempotency-Key": str(uuid4())}
        reply = served.client.post(
            address,
            data={"kind": "evidence", "title": "图", "occurred_at": "2026-03-07T09:00:00+08:00"},
            files={"file": ("a.txt", b"x", "text/plain")},
            headers={**headers, "If-Match": "*"},
        )
    else:
        reply = served.post(who, address, body)
    headers = {name: value for name, value in reply.headers.items() if name not in CHANGING}
    return reply.status_code, reply.text.replace(case, "CASE"), headers


@pytest.mark.parametrize("role", [role for role in ROLES if role is not Role.SYSTEM])
def test_a_case_of_others_is_answered_as_a_missing_one_on_every_route(
    town: dict[str, Any], role: Role
) -> None:
    served, seen = town["served"], 0
    for method, path, body in routes(served):
        foreign = asked(served, reader(role, OTHERS), method, path, town["case"], body)
        missing = asked(served, reader(role, OTHERS), method, path, str(uuid4()), body)
        assert foreign == missing, (method, path)
        assert foreign[0] == 404, (method, path, foreign)
        seen += 1
    assert seen >= 45


@pytest.mark.parametrize("unit", ["dongguang.c01", "dongguang"])
def test_a_case_is_read_at_its_platform_and_above(town: dict[str, Any], unit: str) -> None:
    for role in (Role.MEDIATOR, Role.CONVENER, Role.CLERK, Role.AUDITOR):
        for path in ("", "/events", "/why", "/diff?from=1"):
            reply = town["served"].get(reader(role, unit), f"/v1/disputes/{town['case']}{path}")
            assert reply.status_code == 200, (role, path)


@pytest.mark.parametrize("unit", ["dongguang.c01.y01", "dongguang.c02", "dongguang.c02.y01", None])
def test_a_case_is_missing_below_its_platform_beside_it_and_to_whoever_has_no_unit(
    town: dict[str, Any], unit: str | None
) -> None:
    for role in (Role.MEDIATOR, Role.CONVENER, Role.CLERK):
        assert town["served"].get(reader(role, unit), f"/v1/disputes/{town['case']}").status_code == 404


@pytest.mark.parametrize(("role", "status"), [(Role.ANALYST, 403), (Role.ADMIN, 403)])
def test_whoever_reads_no_cases_is_refused_one_of_their_own_unit(
    town: dict[str, Any], role: Role, status: int
) -> None:
    assert town["served"].get(reader(role, "dongguang"), f"/v1/disputes/{town['case']}").status_code == status


LISTS: Final = (
    "/v1/disputes?",
    "/v1/disputes?q=外人不知&",
    "/v1/disputes?party=甲&",
    "/v1/disputes?unit=dongguang.c01&",
    "/v1/disputes?as_of=2026-03-06&",
    "/v1/disputes?known_at={now}&",
    "/v1/deadlines?",
    "/v1/deadlines?unit=dongguang.c01&",
    "/v1/deadlines?known_at={now}&",
    "/v1/appointments?",
    "/v1/ledger?year=2026&",
    "/v1/ledger?year=2026&as_of=2026-03-07&",
    "/v1/indicators?by=mediator&from=2026-01-01&to=2026-12-31&",
)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_shows_a_case_to_its_own_people_alone(town: dict[str, Any], path: str) -> None:
    now = utc_now().isoformat().replace("+00:00", "Z")
    served, address = town["served"], f"{path.format(now=now)}min_position={town['position']}"
    named = (town["case"], "东光一社", '"sun"')
    for who in (reader(Role.AUDITOR, OTHERS), reader(Role.MEDIATOR, OTHERS), reader(Role.MEDIATOR, None)):
        for _ in range(7):  # warm connections too
            reply = served.get(who, address)
        assert reply.status_code == 200, reply.text
        assert not [word for word in named if word in reply.text], reply.text
    for who in (reader(Role.AUDITOR, "dongguang"), reader(Role.MEDIATOR, "dongguang.c01")):
        reply = served.get(who, address)
        assert [word for word in named if word in reply.text], reply.text


def test_the_feed_holds_the_events_of_own_cases(town: dict[str, Any]) -> None:
    served = town["served"]
    own = served.get(reader(Role.AUDITOR, "dongguang"), "/v1/feed?limit=200").json()
    foreign = served.get(reader(Role.AUDITOR, OTHERS), "/v1/feed?limit=200").json()
    assert {item["type"].partition(".")[0] for item in own["items"]} > {"dispute", "register", "platform"}
    assert town["case"] not in str(foreign)
    assert "platform" in {item["type"].partition(".")[0] for item in foreign["items"]}
    assert foreign["next"] == own["next"]


@pytest.mark.parametrize("topic", ["dispute.", "dispute.session_recorded.v1", "register."])
def test_where_a_page_of_the_feed_ends_tells_nothing_of_foreign_events(
    town: dict[str, Any], topic: str
) -> None:
    served, who = town["served"], reader(Role.AUDITOR, "dongguang.c02.y01")
    page = served.get(who, f"/v1/feed?type={topic}&limit=2").json()
    whole = served.get(reader(Role.AUDITOR, None), "/v1/feed?limit=200").json()
    assert (page["items"], page["next"]) == ([], whole["next"])


def test_a_page_of_the_feed_is_full_where_there_are_events_of_own_cases(town: dict[str, Any]) -> None:
    page = town["served"].get(reader(Role.AUDITOR, "dongguang"), "/v1/feed?type=dispute.&limit=2").json()
    assert [item["type"] for item in page["items"]] == ["dispute.filed.v1", "dispute.accepted.v1"]
    assert int(page["next"]) == int(page["items"][-1]["id"])


def test_numbers_of_a_foreign_register_are_not_in_the_feed(town: dict[str, Any]) -> None:
    served = town["served"]
    table = as_csv([case(number="（2025）东光一社民调字第7号")])
    headers = {"Authorization": f"Bearer {served.token(ADMIN)}", "Idempotency-Key": str(uuid4())}
    files = {"file": ("l.csv", table, "text/csv")}
    reply = served.client.post("/v1/imports", files=files, headers=headers)
    assert reply.status_code == 200, reply.text
    for who, seen in ((reader(Role.AUDITOR, "dongguang"), True), (reader(Role.AUDITOR, OTHERS), False)):
        feed = served.get(who, "/v1/feed?type=register.&limit=200").text
        assert ("numbers_carried_over" in feed) is seen


def test_a_foreign_case_is_no_other_case_of_a_duplicate(town: dict[str, Any]) -> None:
    served = town["served"]
    mine = served.post(ZHOU, "/v1/disputes", filing(unit="dongguang.c02.y01")).json()["id"]
    body = {"reason": "duplicate", "note": "重复", "occurred_at": "2026-03-03T09:00:00+08:00"}
    refused = [
        served.post(ZHOU, f"/v1/disputes/{mine}/decline", {**body, "duplicate_of": other})
        for other in (town["case"], str(uuid4()))
    ]
    assert [reply.status_code for reply in refused] == [422, 422]
    assert [reply.json()["errors"][0]["field"] for reply in refused] == ["duplicate_of"] * 2


def test_a_look_alike_and_a_clash_of_others_are_not_told(town: dict[str, Any]) -> None:
    served = town["served"]
    people = [
        {"role": "applicant", "kind": "person", "name": "丁", "id_number": "11010119900101123X"},
        {"role": "respondent", "kind": "person", "name": "戊"},
    ]
    joint = filing(parties=people, unit="dongguang.c01.y01")
    first = served.post(SUN, "/v1/disputes", joint).json()
    known = served.post(SUN, "/v1/disputes", joint).json()
    assert [item["dispute"] for item in known["warnings"]] == [first["id"]]
    stranger = served.post(ZHOU, "/v1/disputes", {**joint, "co_units": ["dongguang.c02"]}).json()
    assert "warnings" not in stranger


def test_a_case_is_filed_for_the_own_unit_and_those_below(town: dict[str, Any]) -> None:
    served = town["served"]
    assert served.post(ZHOU, "/v1/disputes", filing()).status_code == 403
    assert served.post(ZHOU, "/v1/disputes", filing(unit="dongguang.nowhere")).status_code == 422
    joint = served.post(ZHOU, "/v1/disputes", filing(co_units=["dongguang.c02"]))
    assert joint.status_code == 201
    for who in (ZHOU, SUN, ZHAO):
        assert served.get(who, f"/v1/disputes/{joint.json()['id']}").status_code == 200


def test_a_simulation_counts_the_cases_of_the_reader(town: dict[str, Any]) -> None:
    served = town["served"]
    body = {"procedure": "three-tier", "changes": {"follow_up_within": {"days": 40}}}

    def events(who: Actor) -> int:
        reply = served.post(who, "/v1/simulations", body)
        assert reply.status_code == 200, reply.text
        return int(reply.json()["events"])

    served.post(ZHOU, "/v1/disputes", filing(unit="dongguang.c02.y01"))
    everything, own = events(ADMIN), events(reader(Role.CONVENER, "dongguang.c01"))
    assert everything == events(reader(Role.AUDITOR, "dongguang"))
    assert 0 < own < everything
    assert 0 < events(reader(Role.CONVENER, OTHERS)) < everything
    assert events(reader(Role.CONVENER, None)) == 0
