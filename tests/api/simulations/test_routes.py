"""`POST /v1/simulations` over real HTTP: the answer, its bytes, who may ask, and what is wrong with a question."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psycopg
import pytest

from api.http.examples import SIMULATION
from application.simulation.result import SimulationResult
from domain.events.envelope import Actor
from domain.vocabulary import Role
from tests.support.databases import serving_street
from tests.support.served import Served
from tests.support.world import ADMIN, ANALYST, AUDITOR, SUN, ZHAO, acceptance, filing, session

FOUR = {"tiers": {"community": {"failed_sessions": 4}}}
ASKED = {"procedure": "three-tier", "changes": FOUR}


@pytest.fixture(scope="module")
def town(worker_id: str, postgres: None) -> Iterator[Served]:
    """A street with one case of five failures, one of four, one of none, and one that cannot be read."""
    with serving_street(f"wondering_{worker_id}") as served:
        for failures in (5, 4, 0, 4):
            case = _filed(served, failures)
        with psycopg.connect(served.url, autocommit=True) as connection:
            connection.execute(
                "INSERT INTO stored_events (originator_id, originator_version, topic, state)"
                " VALUES (%s, 7, 'dispute.session_recorded.v1', 'broken')",
                (case,),
            )
        yield served


def _filed(served: Served, failures: int) -> str:
    case = str(served.post(SUN, "/v1/disputes", filing()).json()["id"])
    served.post(SUN, f"/v1/disputes/{case}/acceptance", acceptance()).raise_for_status()
    for day in range(failures):
        body = session(held_at=f"2026-03-{6 + day:02}T14:00:00+08:00")
        served.post(SUN, f"/v1/disputes/{case}/sessions", body).raise_for_status()
    return case


def ask(served: Served, body: object, who: Actor = ANALYST, **headers: str) -> httpx.Response:
    """Ask without a key."""
    given = {"Authorization": f"Bearer {served.token(who)}", "Accept-Language": "en", **headers}
    return served.client.post("/v1/simulations", json=body, headers=given, timeout=60)


def told(served: Served, body: object = ASKED) -> Any:
    reply = ask(served, body)
    assert reply.status_code == 200, reply.text
    return reply.json()


def test_four_failures_move_two_cases_and_one_a_day_earlier(town: Served) -> None:
    reply = told(town)
    SimulationResult.model_validate(reply)
    assert (reply["base"]["cases"], reply["base"]["escalated"], reply["candidate"]["escalated"]) == (3, 1, 2)
    assert reply["base"]["by_tier"] == {"community": 1}
    assert reply["candidate"]["by_rule"] == {"failed_sessions": 2}
    assert [item["days_earlier"] for item in reply["differences"]] == [1, None]
    first = reply["differences"][0]["first_difference"]
    assert first["occurred_at"] == "2026-03-09T14:00:00+08:00"
    assert (first["base"]["status"], first["base"]["tier"]) == ("accepted", "community")
    assert (first["candidate"]["status"], first["candidate"]["tier"]) == ("escalated", "street")
    assert first["candidate"]["rule"] == "failed_sessions"
    assert set(first["candidate"]["text"]) == {"zh", "en"}
    assert reply["shift"]["earlier"] == reply["shift"]["only_candidate"] == 1
    assert (reply["shift"]["median_days_earlier"], reply["unreadable"]) == (1.0, 1)
    load = {(item["platform"], item["month"]): item for item in reply["platform_load"]}
    assert load["dongguang", "2026-03"]["base"] == {"arrived": 1, "held": 0}
    assert load["dongguang", "2026-03"]["candidate"] == {"arrived": 2, "held": 1}
    assert load["dongguang.c01", "2026-03"]["base"] == {"arrived": 3, "held": 9}
    assert load["dongguang.c01", "2026-03"]["candidate"] == {"arrived": 3, "held": 8}


def test_the_same_question_has_the_same_bytes_and_records_nothing(town: Served) -> None:
    before = _log(town)
    first, again = ask(town, ASKED), ask(town, ASKED, **{"Idempotency-Key": "k"})
    assert first.content == again.content
    assert first.headers["content-type"] == "application/json"
    assert ask(town, {**ASKED, "unit": "dongguang"}, **{"Idempotency-Key": "k"}).status_code == 200
    assert _log(town) == before


def _log(served: Served) -> object:
    with psycopg.connect(served.url) as connection:
        return connection.execute(
            "SELECT count(*), (SELECT count(*) FROM commands) FROM stored_events"
        ).fetchone()


def test_nothing_of_a_person_is_told(town: Served) -> None:
    reply = ask(
        town, {"procedure": "three-tier", "changes": {"tiers": {"community": {"failed_sessions": 1}}}}
    )
    assert reply.status_code == 200, reply.text
    assert reply.json()["differences"]
    for word in ("甲", "乙", "旧家具", "楼道堆物", "未达成一致", "sun"):
        assert word not in reply.text


def test_the_ladder_in_force_finds_no_difference(town: Served) -> None:
    in_force = {"tiers": {"community": {"failed_sessions": 5}}}
    for body in ({"changes": {}}, {"changes": in_force}, {"version": 1}, {"version": 1, "base": 1}):
        reply = told(town, {"procedure": "three-tier", **body})
        assert reply["differences"] == []
        assert {**reply["base"], "procedure": 0} == {**reply["candidate"], "procedure": 0}
        assert reply["candidate"]["counterfactual_moves"] == 0


def test_a_whole_ladder_is_tried(town: Served) -> None:
    ladder = town.get(ANALYST, "/v1/procedures").json()["items"][0]["ladder"]
    ladder["tiers"][1]["failed_sessions"] = 4
    assert told(town, {"procedure": "three-tier", "ladder": ladder}) == told(town)


def test_a_period_and_a_unit_choose_the_cases(town: Served) -> None:
    assert told(town, {**ASKED, "from": "2026-03-02", "to": "2026-03-02"})["base"]["cases"] == 3
    assert told(town, {**ASKED, "from": "2026-03-03"})["base"]["cases"] == 0
    assert told(town, {**ASKED, "to": "2026-03-01"})["base"]["cases"] == 0
    assert told(town, {**ASKED, "unit": "dongguang.c02"})["base"]["cases"] == 0
    assert told(town, {**ASKED, "unit": "dongguang.c01.y01"})["base"]["cases"] == 3


def test_the_example_works(town: Served) -> None:
    assert ask(town, SIMULATION).status_code == 200


@pytest.mark.parametrize("who", [ANALYST, AUDITOR, ADMIN, ZHAO])
def test_who_plans_may_ask(town: Served, who: Actor) -> None:
    assert ask(town, ASKED, who).status_code == 200


def test_who_handles_cases_may_not(town: Served) -> None:
    reply = ask(town, ASKED, SUN)
    assert reply.status_code == 403
    assert Role.MEDIATOR in reply.json()["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"procedure": "three-tier"}, "changes"),
        ({**ASKED, "version": 1}, "version"),
        ({**ASKED, "nothing": 1}, "nothing"),
        ({"changes": FOUR}, "procedure"),
        ({**ASKED, "procedure": "nine-tier"}, "procedure"),
        ({**ASKED, "unit": "nowhere"}, "unit"),
        ({**ASKED, "from": "2026-13-01"}, "from"),
        ({**ASKED, "from": 20260301}, "from"),
        ({**ASKED, "from": "2026-03-02", "to": "2026-03-01"}, "to"),
        ({"procedure": "three-tier", "version": 2}, "version"),
        ({**ASKED, "base": 2}, "base"),
        ({"procedure": "three-tier", "changes": {"tiers": {"nowhere": {}}}}, "changes.tiers.nowhere"),
        ({"procedure": "three-tier", "changes": {"tiers": {"street": 3}}}, "changes.tiers.street"),
        ({"procedure": "three-tier", "changes": {"tiers": {"street": {"x": 3}}}}, "changes.tiers.street.x"),
        ({"procedure": "three-tier", "changes": {"colour": "red"}}, "changes.colour"),
        ({"procedure": "three-tier", "changes": {"entry": {"simple": 3}}}, "changes.entry.simple"),
        ({"procedure": "three-tier", "ladder": {}}, "ladder.id"),
    ],
)
def test_what_is_wrong_with_a_question_is_named(town: Served, body: object, field: str) -> None:
    reply = ask(town, body)
    assert reply.status_code == 422, reply.text
    assert field in [item["field"] for item in reply.json()["errors"]]


def test_everything_that_is_wrong_with_a_ladder_is_named_at_once(town: Served) -> None:
    wrong = {"tiers": {"compound": {"failed_sessions": 0}, "street": {"accept_within": {"days": -1}}}}
    errors = ask(town, {"procedure": "three-tier", "changes": wrong}).json()["errors"]
    assert {error["field"].split(".")[2] for error in errors} == {"compound", "street"}


def test_what_is_not_json_is_refused_before_anything_else(town: Served) -> None:
    headers = {"Authorization": f"Bearer {town.token(SUN)}"}
    assert town.client.post("/v1/simulations", content=b"{", headers=headers).status_code == 400
    assert town.client.post("/v1/simulations", json=ASKED).status_code == 401


def test_a_limit_of_another_kind_takes_the_place_of_the_old_one(town: Served) -> None:
    change = {"tiers": {"community": {"accept_within": {"days": 3}, "on_expiry": {"accept": "escalate"}}}}
    assert told(town, {"procedure": "three-tier", "changes": change})["base"]["cases"] == 3


def test_others_are_served_meanwhile_and_simulations_take_turns(town: Served) -> None:
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(ask, town, ASKED) for _ in range(4)]
        assert town.client.get("/healthz").status_code == 200
        replies = [item.result() for item in asked]
    assert {reply.status_code for reply in replies} <= {200, 503}
    busy = [reply for reply in replies if reply.status_code == 503]
    assert all(item.headers["retry-after"] for item in busy)
    assert {item.json()["type"] for item in busy} <= {"/problems/simulation-running"}
    assert len({reply.content for reply in replies if reply.status_code == 200}) == 1


def test_the_answer_reads_as_json_written_closely(town: Served) -> None:
    content = ask(town, ASKED).content
    assert content == json.dumps(json.loads(content), ensure_ascii=False, separators=(",", ":")).encode()
