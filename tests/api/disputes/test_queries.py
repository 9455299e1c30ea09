"""Reading cases over real HTTP: now, at a version, as known at a time; history; why; the list."""

from uuid import uuid4

import pytest

from tests.api.http.test_request_checks import accepted_case, events_of, file_case
from tests.support.served import Served
from tests.support.world import ADMIN, ANALYST, AUDITOR, SUN, ZHAO, acceptance, filing, session


@pytest.fixture(scope="module")
def escalated(served: Served) -> str:
    """A case with a no-show and five failures, which moved it to the street."""
    case = accepted_case(served)
    for day, outcome in enumerate(["failed", "no_show", "failed", "failed", "failed", "failed"], start=6):
        body = session(outcome=outcome, held_at=f"2026-03-{day:02}T14:00:00+08:00")
        assert served.post(SUN, f"/v1/disputes/{case}/sessions", body).status_code == 200
    return case


def test_a_case_as_it_is(served: Served, escalated: str) -> None:
    reply = served.get(AUDITOR, f"/v1/disputes/{escalated}")
    case = reply.json()
    assert reply.headers["etag"] == f'"{case["version"]}"' == '"9"'
    assert (case["status"], case["tier"], case["platform"], case["outcome"]) == (
        "escalated",
        "street",
        "dongguang",
        None,
    )
    assert case["failed_sessions"] == {"compound": 0, "community": 5, "street": 0}
    assert case["escalations"] == [
        {
            "from": "community",
            "to": "street",
            "rule": "failed_sessions",
            "at_version": 9,
            "voided": False,
            "basis_corrected": False,
        }
    ]
    assert case["platforms"] == ["dongguang.c01", "dongguang"]
    assert case["mediators"] == []
    assert [item["outcome"] for item in case["sessions"]].count("no_show") == 1
    assert case["procedure"] == {"id": "three-tier", "version": 1}
    assert case["deadlines"] == [
        {"kind": "accept", "due_on": "2026-03-16", "overdue": True, "provisional": False}
    ]


def test_a_case_as_it_was_at_a_version(served: Served, escalated: str) -> None:
    case = served.get(SUN, f"/v1/disputes/{escalated}?version=8").json()
    assert (case["status"], case["tier"], case["failed_sessions"]["community"]) == (
        "accepted",
        "community",
        5,
    )
    assert served.get(SUN, f"/v1/disputes/{escalated}?version=10").status_code == 404
    assert served.get(SUN, f"/v1/disputes/{escalated}?version=0").status_code == 422


def test_a_case_as_it_was_known_at_a_time(served: Served, escalated: str) -> None:
    events = events_of(served, escalated)
    moment = str(events[4]["recorded_at"]).replace("+", "%2B")
    case = served.get(SUN, f"/v1/disputes/{escalated}?known_at={moment}").json()
    assert case["version"] == 5
    before = served.get(SUN, f"/v1/disputes/{escalated}?known_at=2026-01-01T00:00:00Z")
    assert before.status_code == 404
    extreme = served.get(SUN, f"/v1/disputes/{escalated}?known_at=0001-01-01T00:00:00%2B14:00")
    assert extreme.status_code == 422


def test_history_tells_who_what_when_and_because_of_what(served: Served, escalated: str) -> None:
    events = events_of(served, escalated)
    assert [event["version"] for event in events] == list(range(1, 10))
    last, moved = events[-2], events[-1]
    assert last["command_id"] == moved["command_id"]
    assert moved["type"] == "dispute.escalated.v1"
    assert moved["actor"] == {"sub": "sun", "role": "mediator", "unit": "dongguang.c01"}
    because = moved["because"]
    assert isinstance(because, dict)
    assert (because["rule"], because["threshold"], because["clock"]) == (
        "failed_sessions",
        5,
        "Asia/Shanghai",
    )
    assert [item["session"] for item in because["counted"]] == [1, 3, 4, 5, 6]
    assert all(event["because"] is None for event in events[:-1])
    assert str(events[0]["recorded_at"]).index(".") == 19


def test_history_comes_in_pages(served: Served, escalated: str) -> None:
    first = served.get(SUN, f"/v1/disputes/{escalated}/events?limit=4").json()
    assert ([item["version"] for item in first["items"]], first["next"]) == ([1, 2, 3, 4], "4")
    rest = served.get(SUN, f"/v1/disputes/{escalated}/events?after={first['next']}").json()
    assert ([item["version"] for item in rest["items"]], rest["next"]) == ([5, 6, 7, 8, 9], None)
    whole = served.get(SUN, f"/v1/disputes/{escalated}/events?limit=9").json()
    assert (len(whole["items"]), whole["next"]) == (9, None)


def test_why_and_why_not_yet_in_two_languages(served: Served, escalated: str) -> None:
    why = served.get(SUN, f"/v1/disputes/{escalated}/why").json()
    (decision,) = why["decisions"]
    assert (decision["version"], decision["rule"], decision["threshold"]) == (9, "failed_sessions", 5)
    assert len(decision["counted"]) == 5
    assert "5 sessions failed at the community" in decision["text"]["en"]
    assert "社区" in decision["text"]["zh"]
    counted, clock = why["not_yet"]
    assert (counted["rule"], counted["have"], counted["need"]) == ("failed_sessions", 0, 5)
    assert (clock["rule"], clock["by"]) == ("accept_limit", "2026-03-16")


def test_a_case_that_does_not_exist_is_not_found(served: Served) -> None:
    for path in ("", "/events", "/why"):
        assert served.get(SUN, f"/v1/disputes/{uuid4()}{path}").status_code == 404


def test_roles_without_case_content_are_refused(served: Served, escalated: str) -> None:
    for actor in (ANALYST, ADMIN):
        for path in (f"/{escalated}", f"/{escalated}/events", f"/{escalated}/why", ""):
            assert served.get(actor, f"/v1/disputes{path}").status_code == 403


def test_the_list_is_as_fresh_as_asked(served: Served) -> None:
    reply = served.post(SUN, "/v1/disputes", filing(category="forest_land")).json()
    path = f"/v1/disputes?category=forest_land&min_position={reply['position']}"
    (item,) = served.get(SUN, path).json()["items"]
    assert (item["id"], item["status"], item["number"]) == (reply["id"], "filed", None)
    taken = served.post(SUN, f"/v1/disputes/{reply['id']}/acceptance", acceptance()).json()
    (item,) = served.get(SUN, f"/v1/disputes?category=forest_land&min_position={taken['position']}").json()[
        "items"
    ]
    assert (item["status"], item["mediators"]) == ("accepted", ["sun"])
    assert "一社民调" in item["number"]


def test_a_position_that_no_event_has_is_refused(served: Served) -> None:
    reply = served.get(SUN, "/v1/disputes?min_position=999999999", Accept_Language="en")
    assert (reply.status_code, reply.json()["type"]) == (409, "/problems/ahead-of-log")


def test_the_list_filters_and_pages(served: Served) -> None:
    cases = [file_case(served, category="land_taking") for _ in range(5)]
    position = served.post(SUN, f"/v1/disputes/{cases[0]}/acceptance", acceptance()).json()["position"]
    base = f"/v1/disputes?category=land_taking&unit=dongguang.c01&min_position={position}"
    first = served.get(SUN, f"{base}&limit=3").json()
    second = served.get(SUN, f"{base}&limit=3&cursor={first['next']}").json()
    assert [item["id"] for item in first["items"] + second["items"]] == cases[::-1]
    assert second["next"] is None
    found = served.get(SUN, f"{base}&mediator=sun&status=accepted&tier=community").json()["items"]
    assert [item["id"] for item in found] == [cases[0]]
    assert served.get(SUN, f"{base.replace('c01', 'c02')}").json()["items"] == []


def test_the_map_shows_units_platforms_and_procedures(served: Served) -> None:
    units = {item["unit"]: item for item in served.get(SUN, "/v1/units?unit=dongguang.c01").json()["items"]}
    assert units["dongguang.c01.y01"]["parent"] == "dongguang.c01"
    assert "dongguang.c02" not in units
    platforms = {item["unit"]: item for item in served.get(ZHAO, "/v1/platforms").json()["items"]}
    assert [platform["id"] for platform in platforms["dongguang"]["mediators"]] == ["qian", "zhao"]
    procedures = served.get(ANALYST, "/v1/procedures").json()["items"]  # other tests put theirs beside it
    (procedure,) = [item for item in procedures if item["id"] == "three-tier"]
    assert (procedure["version"], procedure["in_force"]) == (1, True)


def test_a_past_state_holds_nothing_that_came_later(served: Served) -> None:
    """Everything that a case shows of a past state follows from the events of that state."""
    case = file_case(served, occurred_at="2026-03-03T09:00:00+08:00")
    later = {"occurred_at": "2026-03-04T09:00:00+08:00"}
    for path, body in (
        ("risk", {"level": "high", "grounds": "持械", **later}),
        ("parties", {"role": "respondent", "kind": "person", "name": "丙", "reason": "同住", **later}),
        ("acceptance", acceptance(**later)),
        ("escalation", {"grounds": "risk", "reason": "持械", **later}),
    ):
        assert served.post(SUN, f"/v1/disputes/{case}/{path}", body).status_code == 200, path
    now = served.get(SUN, f"/v1/disputes/{case}").json()
    then = served.get(SUN, f"/v1/disputes/{case}?as_of=2026-03-03").json()
    first = served.get(SUN, f"/v1/disputes/{case}?version=1").json()
    assert (now["risk"]["level"], len(now["parties"]), len(now["pending"])) == ("high", 3, 1)
    assert (then["risk"], len(then["parties"]), then["pending"], then["number"]) == (None, 2, [], None)
    assert {**then, "deadlines": []} == {**first, "deadlines": []}


def test_a_past_version_is_overdue_only_by_the_day_on_which_it_stood(served: Served) -> None:
    case = accepted_case(served)
    (waiting,) = served.get(SUN, f"/v1/disputes/{case}?version=1").json()["deadlines"]
    (running,) = served.get(SUN, f"/v1/disputes/{case}").json()["deadlines"]
    assert (waiting["kind"], waiting["overdue"]) == ("accept", True)
    assert (running["kind"], running["overdue"]) == ("mediate", True)


def test_a_bypass_names_its_people_reason_target_and_danger(served: Served) -> None:
    case = accepted_case(served)
    on = {"occurred_at": "2026-03-05T09:00:00+08:00"}
    for actor, path, body in (
        (SUN, "risk", {"level": "high", "grounds": "持械", **on}),
        (SUN, "escalation", {"grounds": "risk", "to": "street", "reason": "扬言动手", **on}),
        (ZHAO, "escalation/approval", on),
    ):
        assert served.post(actor, f"/v1/disputes/{case}/{path}", body).status_code == 200, path
    (decision,) = served.get(SUN, f"/v1/disputes/{case}/why").json()["decisions"]
    assert decision["bypass"] == {
        "to": "street",
        "proposed_by": "sun",
        "approved_by": ["zhao"],
        "reason": "扬言动手",
        "risk": "high",
        "people_involved": None,
    }
    for language, words in (
        ("zh", ("sun", "zhao", "扬言动手", "街道", "高")),
        ("en", ("sun", "zhao", "street", "high")),
    ):
        assert all(word in decision["text"][language] for word in words)


def test_a_voided_escalation_names_the_correction(served: Served) -> None:
    case = accepted_case(served)
    for day in range(6, 11):
        served.post(SUN, f"/v1/disputes/{case}/sessions", session(held_at=f"2026-03-{day:02}T14:00:00+08:00"))
    wrong = {"outcome": "adjourned", "reason": "当日改期", "occurred_at": "2026-03-16T09:00:00+08:00"}
    served.post(SUN, f"/v1/disputes/{case}/sessions/3/correction", wrong)
    approval = {"occurred_at": "2026-03-17T09:00:00+08:00"}
    assert (
        served.post(ZHAO, f"/v1/disputes/{case}/sessions/3/correction/approval", approval).status_code == 200
    )
    told = served.get(SUN, f"/v1/disputes/{case}/why").json()
    (decision,) = told["decisions"]
    assert decision["voided_by"] == {
        "version": 10,
        "session": 3,
        "proposed_by": "sun",
        "approved_by": "zhao",
        "reason": "当日改期",
    }
    assert "当日改期" in decision["text"]["zh"]
    limits = [item["text"] for item in told["not_yet"] if item["rule"] == "mediate_limit"]
    assert "不自动流转" in limits[0]["zh"]
    assert "only marked" in limits[0]["en"]
