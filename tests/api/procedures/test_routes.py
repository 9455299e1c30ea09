"""Procedures over HTTP: proposed by one admin, decided by another, open to everybody once in force."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import pytest

from api.http.examples import LADDER
from application.initial_data import shipped_ladders, shipped_text
from domain.events.envelope import Actor
from domain.vocabulary import Role
from tests.support.served import Served
from tests.support.world import ADMIN, ANALYST, AUDITOR, SUN, ZHAO, filing, verdict

SECOND = Actor(sub="second", role=Role.ADMIN)
Json = dict[str, object]


def named() -> str:
    return f"p-{uuid4().hex[:8]}"


def ladder(called: str, **changes: object) -> Json:
    return {**LADDER, "id": called, **changes}


def send(
    served: Served,
    path: str,
    content: str | bytes,
    kind: str = "application/json",
    by: Actor = ADMIN,
    **headers: str,
) -> httpx.Response:
    given = {"Authorization": f"Bearer {served.token(by)}", "Content-Type": kind, "Accept-Language": "en"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    return served.client.put(path, content=content, headers=given)


def proposed(served: Served, called: str, by: Actor = ADMIN, **changes: object) -> int:
    reply = served.put(by, f"/v1/procedures/{called}", ladder(called, **changes))
    assert reply.status_code == 201, reply.text
    return int(reply.json()["version"])


def decide(
    served: Served, called: str, version: int, how: str = "approval", by: Actor = SECOND, **headers: str
) -> httpx.Response:
    return served.post(by, f"/v1/procedures/{called}/versions/{version}/{how}", verdict(), **headers)


def problem(reply: httpx.Response) -> tuple[int, str]:
    return reply.status_code, str(reply.json()["type"]).removeprefix("/problems/")


def look(served: Served, path: str, position: int, by: Actor | None = AUDITOR) -> httpx.Response:
    """Read what is at least as fresh as a position; without a token where nobody is named."""
    query = f"{'&' if '?' in path else '?'}min_position={position}"
    if by is not None:
        return served.get(by, f"/v1/procedures{path}{query}")
    return served.client.get(f"/v1/procedures{path}{query}")


# --- from the proposal to being in force --------------------------------------------------------------------------


def test_two_people_put_a_procedure_in_force_and_cases_follow_it(own_town: Served) -> None:
    called = named()
    reply = own_town.put(ADMIN, f"/v1/procedures/{called}", ladder(called))
    assert reply.status_code == 201
    assert reply.headers["etag"] == '"1"'
    assert reply.json().items() >= {"id": called, "version": 1, "events": ["procedure.proposed.v1"]}.items()
    body = filing(procedure=called)
    assert problem(own_town.post(SUN, "/v1/disputes", body)) == (422, "unknown-procedure")
    done = decide(own_town, called, 1)
    assert (done.status_code, done.headers["etag"]) == (200, '"1"')
    assert done.json()["events"] == ["procedure.published.v3"]
    filed = own_town.post(SUN, "/v1/disputes", body)
    assert filed.status_code == 201
    case = own_town.get(SUN, f"/v1/disputes/{filed.json()['id']}").json()
    assert case["procedure"] == {"id": called, "version": 1}


def test_what_is_in_force_or_proposed_is_not_proposed_again(own_town: Served) -> None:
    called = named()
    assert proposed(own_town, called) == 1
    for by in (ADMIN, SECOND):
        again = own_town.put(by, f"/v1/procedures/{called}", ladder(called))
        assert (again.status_code, again.headers["etag"]) == (200, '"1"')
        assert again.json() == {"id": called, "version": 1, "events": []}
    assert decide(own_town, called, 1).status_code == 200
    assert own_town.put(ADMIN, f"/v1/procedures/{called}", ladder(called)).status_code == 200
    assert proposed(own_town, called, follow_up_within={"days": 7}) == 2
    for told, version in ((LADDER["follow_up_within"], 1), ({"days": 7}, 2)):
        same = own_town.put(ADMIN, f"/v1/procedures/{called}", ladder(called, follow_up_within=told))
        assert (same.status_code, same.json()["version"]) == (200, version)


def test_a_second_proposal_waits_for_the_first(own_town: Served) -> None:
    called = named()
    proposed(own_town, called)
    other = own_town.put(SECOND, f"/v1/procedures/{called}", ladder(called, follow_up_within={"days": 7}))
    assert problem(other) == (409, "already-proposed")
    assert decide(own_town, called, 1, "rejection").json()["events"] == ["procedure.rejected.v1"]
    assert proposed(own_town, called) == 2  # the number of what was rejected is not used again
    assert decide(own_town, called, 2).status_code == 200


@pytest.mark.parametrize("how", ["approval", "rejection"])
def test_who_decides_and_on_what(own_town: Served, how: str) -> None:
    called = named()
    assert problem(decide(own_town, called, 1, how)) == (404, "unknown-procedure-version")
    proposed(own_town, called)
    assert problem(decide(own_town, called, 1, how, by=ADMIN)) == (409, "own-proposal")
    assert problem(decide(own_town, called, 2, how)) == (404, "unknown-procedure-version")
    for nobody in (SUN, ZHAO, AUDITOR, ANALYST):
        assert problem(decide(own_town, called, 1, how, by=nobody)) == (403, "forbidden")
    assert decide(own_town, called, 1, how).status_code == 200
    assert problem(decide(own_town, called, 1, how)) == (409, "nothing-proposed")


@pytest.mark.parametrize("who", [SUN, ZHAO, AUDITOR, ANALYST])
def test_only_who_runs_the_system_proposes(own_town: Served, who: Actor) -> None:
    called = named()
    assert problem(own_town.put(who, f"/v1/procedures/{called}", ladder(called))) == (403, "forbidden")


def test_the_same_key_gives_the_same_answer(own_town: Served) -> None:
    called, key = named(), uuid4().hex
    proposed(own_town, called)
    first = decide(own_town, called, 1, Idempotency_Key=key)
    again = decide(own_town, called, 1, Idempotency_Key=key)
    assert (again.status_code, again.json()) == (200, first.json())
    path = f"/v1/procedures/{called}/versions/1/approval"
    other = own_town.post(SECOND, path, verdict(note="另"), Idempotency_Key=key)
    assert problem(other) == (422, "key-reused")
    assert problem(own_town.post(SECOND, path, verdict(), Idempotency_Key="")) == (400, "key-missing")


@pytest.mark.parametrize("how", ["approval", "rejection"])
def test_nothing_is_decided_on_before_it_was_proposed(own_town: Served, how: str) -> None:
    called = named()
    proposed(own_town, called)
    path = f"/v1/procedures/{called}/versions/1/{how}"
    early, late = (
        verdict(occurred_at="2026-01-01T10:00:00+08:00"),
        verdict(occurred_at="2099-01-01T10:00:00+08:00"),
    )
    assert problem(own_town.post(SECOND, path, early)) == (409, "goes-backwards")
    assert problem(own_town.post(SECOND, path, late)) == (422, "time-in-future")
    assert own_town.post(SECOND, path, verdict()).status_code == 200


def test_versions_that_were_seen_are_looked_at(own_town: Served) -> None:
    called = named()
    assert problem(
        send(own_town, f"/v1/procedures/{called}", json.dumps(ladder(called)), If_Match='"1"')
    ) == (
        412,
        "stale",
    )
    assert (
        send(own_town, f"/v1/procedures/{called}", json.dumps(ladder(called)), If_Match='"0"').status_code
        == 201
    )
    stale = decide(own_town, called, 1, If_Match='"2"', Accept_Language="zh-CN")
    assert problem(stale) == (412, "stale")
    assert stale.json()["detail"] == "现在是第 1 版"
    assert "案" not in stale.json()["title"]
    assert decide(own_town, called, 1, If_Match='"1"').status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "occurred_at"),
        (verdict(occurred_at="2999-01-01T00:00:00+08:00"), None),
        (verdict(fee=1), "fee"),
    ],
)
def test_a_verdict_that_makes_no_sense_is_refused(own_town: Served, body: Json, field: str | None) -> None:
    called = named()
    proposed(own_town, called)
    reply = own_town.post(SECOND, f"/v1/procedures/{called}/versions/1/approval", body)
    assert reply.status_code == 422
    assert field is None or reply.json()["errors"][0]["field"] == field


# --- what cannot be proposed --------------------------------------------------------------------------------------


def test_everything_that_is_wrong_with_a_ladder_is_told_at_once(own_town: Served) -> None:
    called = named()
    text = json.dumps(ladder("another", bypass={"approvals": 1}, fee=3), indent=1).replace(
        '"community_police"', '"pope"'
    )
    reply = send(own_town, f"/v1/procedures/{called}", text)
    assert problem(reply) == (422, "ladder-flawed")
    assert reply.json()["detail"] == "4 errors"
    lines = text.splitlines()
    told = [(item["field"], lines[item["line"] - 1].strip(" ,")) for item in reply.json()["errors"]]
    assert told == [
        ("id", '"id": "another"'),
        ("tiers.0.panel.1", '"pope"'),
        ("bypass.approvals", '"approvals": 1'),
        ("fee", '"fee": 3'),
    ]
    chinese = send(own_town, f"/v1/procedures/{called}", text, Accept_Language="zh-CN").json()
    assert (chinese["title"], chinese["detail"]) == ("调处程序自相矛盾或不完整", "共 4 处错误")
    assert chinese["errors"][1]["detail"] == "没有人认得席位 pope；自设的席位须写在 seats 之下"


@pytest.mark.parametrize("kind", ["application/yaml", "application/x-yaml; charset=utf-8", "text/yaml"])
def test_a_ladder_may_come_as_yaml(own_town: Served, kind: str) -> None:
    called = named()
    text = shipped_text("block-triage.yaml").replace("id: block-triage", f"id: {called}")
    assert send(own_town, f"/v1/procedures/{called}", text, kind).status_code == 201
    wrong = send(
        own_town, f"/v1/procedures/{called}", text.replace("working_days: 5", "working_days: 0"), kind
    )
    (error,) = wrong.json()["errors"]
    assert error == {
        "field": "tiers.0.mediate_within.working_days",
        "line": text.splitlines().index("    mediate_within: {working_days: 5}") + 1,
        "detail": "must be at least 1",
        "text": "tiers.0.mediate_within.working_days: must be at least 1",
    }


@pytest.mark.parametrize(
    ("content", "kind", "status", "error"),
    [
        (b"", "application/json", 400, "not-json"),
        (b"{", "application/json", 400, "not-json"),
        (b"id: x", "application/json", 400, "not-json"),
        (b"\xff", "application/yaml", 400, "not-json"),
        (b"a: [1", "application/yaml", 422, "ladder-flawed"),
        (b"[" * 400_000, "application/yaml", 422, "ladder-flawed"),
        (b"[" * 400_000, "application/json", 400, "not-json"),
        (b"a" * 1_000_001, "application/yaml", 413, "body-too-large"),
        (b"null", "application/json", 422, "ladder-flawed"),
        (b"[" + b"0," * 400_000 + b"0]", "application/json", 422, "ladder-flawed"),
        (b"- 0\n" * 200_000, "application/yaml", 422, "ladder-flawed"),
        (b"{}", "application/json", 422, "ladder-flawed"),
    ],
    ids=lambda value: repr(value[:12]) if isinstance(value, bytes) else str(value),
)
def test_what_is_no_ladder_is_refused(
    own_town: Served, content: bytes, kind: str, status: int, error: str
) -> None:
    assert problem(send(own_town, f"/v1/procedures/{named()}", content, kind)) == (status, error)


def test_what_is_wrong_is_told_before_who_may(own_town: Served) -> None:
    assert problem(send(own_town, "/v1/procedures/x", "{}", by=SUN)) == (422, "ladder-flawed")
    assert send(own_town, "/v1/procedures/No%20Name", "{}").status_code == 404
    reply = own_town.client.put("/v1/procedures/x", content="{}")
    assert reply.status_code == 401


# --- what can be read, and by whom --------------------------------------------------------------------------------


def test_what_is_not_published_is_shown_to_who_signs_in(own_town: Served) -> None:
    called = named()
    proposed(own_town, called)
    assert decide(own_town, called, 1).status_code == 200
    proposed(own_town, called, follow_up_within={"days": 7})
    assert decide(own_town, called, 2, "rejection").status_code == 200
    last = own_town.put(ADMIN, f"/v1/procedures/{called}", ladder(called, follow_up_within={"days": 9}))
    position = last.json()["position"]
    inside, outside = (look(own_town, f"/{called}", position, by).json() for by in (AUDITOR, None))
    assert [(item["version"], item["state"], item["in_force"]) for item in inside["versions"]] == [
        (3, "proposed", False),
        (2, "rejected", False),
        (1, "published", True),
    ]
    assert inside["versions"][0]["proposed_by"] == "admin"
    assert inside["versions"][1]["note"] == verdict()["note"]
    assert (inside["in_force"], outside["in_force"], outside["title"]) == (1, 1, LADDER["title"])
    (only,) = outside["versions"]
    assert only.keys() == {"version", "state", "in_force", "decided_at", "published_at"}
    for version, status in ((1, 200), (2, 404), (3, 404), (4, 404)):
        assert look(own_town, f"/{called}/versions/{version}", position, None).status_code == status
    assert look(own_town, f"/{called}/versions/3", position).json()["ladder"]["follow_up_within"] == {
        "days": 9
    }
    assert look(own_town, f"/{called}/diff?from=1&to=3", position, None).status_code == 404
    assert look(own_town, f"/{named()}", position).status_code == 404


def test_a_procedure_of_which_nothing_is_published_is_not_there_for_everybody(own_town: Served) -> None:
    called = named()
    position = own_town.put(ADMIN, f"/v1/procedures/{called}", ladder(called)).json()["position"]
    assert look(own_town, f"/{called}", position, None).status_code == 404
    assert look(own_town, f"/{called}", position).json().get("in_force") is None
    shown = look(own_town, "", position, None).json()["items"]
    assert called not in {item["id"] for item in shown}
    assert shown == look(own_town, "", position).json()["items"]


def test_a_list_of_what_is_published(own_town: Served) -> None:
    items = {item["id"]: item for item in own_town.client.get("/v1/procedures").json()["items"]}
    assert items["three-tier"].items() >= {"version": 1, "in_force": True}.items()
    assert items["three-tier"]["title"] == {"zh": "三级调处", "en": "Three-tier mediation"}
    assert items["three-tier"]["published_at"]


def test_versions_are_compared_field_by_field(own_town: Served) -> None:
    called = named()
    first = ladder(called)
    proposed(own_town, called)
    assert decide(own_town, called, 1).status_code == 200
    one, two = first["tiers"]  # type: ignore[misc]
    changed = [
        {**one, "failed_sessions": 4, "mediate_within": {"days": 20}, "panel": ["lawyer"]},
        {**two, "name": "town"},
    ]
    proposed(own_town, called, tiers=changed, entry=dict.fromkeys(first["entry"], "community"))  # type: ignore[call-overload]
    position = decide(own_town, called, 2).json()["position"]
    told = look(own_town, f"/{called}/diff?from=1&to=2", position, None).json()
    assert (told["id"], told["from_version"], told["to_version"]) == (called, 1, 2)
    changes = {item["path"]: (item["before"], item["after"]) for item in told["changes"]}
    assert changes.pop("tiers.street")[1] is None
    assert changes.pop("tiers.town")[0] is None
    assert changes == {
        "entry.complex": ("street", "community"),
        "entry.major": ("street", "community"),
        "tiers.community.failed_sessions": (3, 4),
        "tiers.community.mediate_within": ({"months": 1}, {"days": 20}),
        "tiers.community.panel": (["legal_adviser", "community_police"], ["lawyer"]),
    }
    assert look(own_town, f"/{called}/diff", position, None).json() == told
    back = look(own_town, f"/{called}/diff?from=2&to=1", position, None).json()["changes"]
    assert {item["path"]: (item["after"], item["before"]) for item in back} == {
        item["path"]: (item["before"], item["after"]) for item in told["changes"]
    }
    for query, status in (("from=0", 422), ("from=x", 422), ("colour=red", 422), ("from=9&to=1", 404)):
        assert own_town.client.get(f"/v1/procedures/{called}/diff?{query}").status_code == status


def test_the_ladders_that_ship_can_be_proposed_as_they_come(own_town: Served) -> None:
    items = own_town.get(SUN, "/v1/ladders").json()["items"]
    assert [item["id"] for item in items] == [item.id for item in shipped_ladders()]
    for item in items:
        status = 200 if item["id"] == "three-tier" else 201
        assert own_town.put(ADMIN, f"/v1/procedures/{item['id']}", item["ladder"]).status_code == status
    assert own_town.client.get("/v1/ladders").status_code == 401


def test_the_schema_is_open_to_everybody(own_town: Served) -> None:
    reply = own_town.client.get("/schemas/ladder.json")
    assert (reply.status_code, reply.headers["content-type"]) == (200, "application/schema+json")
    assert reply.json()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert (
        own_town.client.get("/schemas/ladder.json", headers={"Authorization": "Bearer x"}).status_code == 401
    )


def test_proposals_are_told_in_the_feed(own_town: Served) -> None:
    called = named()
    before = own_town.put(ADMIN, f"/v1/procedures/{called}", ladder(called)).json()["position"] - 1
    decide(own_town, called, 1, "rejection")
    told: Callable[[Actor], list[Json]] = lambda who: own_town.get(  # noqa: E731
        who, f"/v1/feed?after={before}&type=procedure."
    ).json()["items"]
    assert [(item["type"], item["source"]) for item in told(AUDITOR)] == [
        ("procedure.proposed.v1", f"/v1/procedures/{called}"),
        ("procedure.rejected.v1", f"/v1/procedures/{called}"),
    ]
    assert [item["data"].get("proposed_by") for item in told(ANALYST)] == [None, None]  # type: ignore[attr-defined]


def test_of_two_who_decide_at_once_one_is_late(own_town: Served) -> None:
    called = named()
    proposed(own_town, called)
    deciders = [Actor(sub=f"admin-{number}", role=Role.ADMIN) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        replies = list(
            pool.map(
                lambda item: decide(
                    own_town, called, 1, "approval" if item[0] % 2 else "rejection", by=item[1]
                ),
                enumerate(deciders),
            )
        )
    assert sorted(reply.status_code for reply in replies) == [200, *[409] * 7]


def test_of_two_who_propose_at_once_one_is_late(own_town: Served) -> None:
    called = named()
    with ThreadPoolExecutor(8) as pool:
        replies = list(
            pool.map(
                lambda days: own_town.put(
                    ADMIN, f"/v1/procedures/{called}", ladder(called, follow_up_within={"days": days})
                ),
                range(1, 9),
            )
        )
    assert sorted(reply.status_code for reply in replies) == [201, *[409] * 7]
    assert {problem(reply) for reply in replies if reply.status_code == 409} == {(409, "already-proposed")}
