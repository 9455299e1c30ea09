"""What changed in a case between two moments, over real HTTP: by version, by time of recording, and by which events."""

from uuid import uuid4

import httpx
import pytest

from domain.events.envelope import Actor
from tests.api.disputes.test_case_list import do, on, sat
from tests.api.http.test_request_checks import PROBLEM, accepted_case, events_of
from tests.support.served import Served
from tests.support.world import ADMIN, ANALYST, AUDITOR, SUN, ZHAO


def ask(served: Served, case: object, by: Actor = SUN, **query: object) -> httpx.Response:
    """Ask what changed; `since` stands for `from`, `until` for `to`."""
    named = {"since": "from", "until": "to"}
    params = {named[name]: str(value) for name, value in query.items()}
    headers = {"Authorization": f"Bearer {served.token(by)}", "Accept-Language": "en"}
    return served.client.get(f"/v1/disputes/{case}/diff", params=params, headers=headers)


def changes(served: Served, case: str, **query: object) -> dict[str, tuple[object, object]]:
    """What changed: by field, before and after."""
    reply = ask(served, case, **query)
    assert reply.status_code == 200, reply.text
    return {item["field"]: (item["before"], item["after"]) for item in reply.json()["changes"]}


@pytest.fixture(scope="module")
def escalated(served: Served) -> str:
    """Filed, accepted, five failures, moved to the street: eight versions."""
    case = accepted_case(served)
    sat(served, case, "03-06", "03-07", "03-09", "03-10", "03-11")
    return case


# --- between versions ----------------------------------------------------------------------------------------


def test_acceptance_gives_a_number_mediators_and_another_clock(served: Served, escalated: str) -> None:
    case = served.get(SUN, f"/v1/disputes/{escalated}?version=2").json()
    assert changes(served, escalated, since=1, until=2) == {
        "number": (None, case["number"]),
        "status": ("filed", "accepted"),
        "mediators.0": (None, "sun"),
        "deadlines.0.kind": ("accept", "mediate"),
        "deadlines.0.due_on": ("2026-03-04", "2026-04-03"),
    }


def test_a_session_shows_as_a_new_item_and_in_the_count(served: Served, escalated: str) -> None:
    assert changes(served, escalated, since=2, until=3) == {
        "sessions.0": (
            None,
            {
                "number": 1,
                "tier": "community",
                "held_at": "2026-03-06T14:00:00+08:00",
                "outcome": "failed",
                "corrected": False,
                "retracted": False,
            },
        ),
        "failed_sessions.community": (0, 1),
    }


def test_a_move_shows_where_to_and_by_which_rule(served: Served, escalated: str) -> None:
    found = changes(served, escalated, since=7, until=8)
    assert found["status"] == ("accepted", "escalated")
    assert found["tier"] == ("community", "street")
    assert found["platforms.1"] == (None, "dongguang")
    assert found["mediators.0"] == ("sun", None)
    before, after = found["escalations.0"]
    assert before is None
    assert (after["from"], after["to"], after["rule"]) == ("community", "street", "failed_sessions")


def test_the_events_are_those_in_between(served: Served, escalated: str) -> None:
    events = events_of(served, escalated)
    for since, until in ((1, 2), (1, 8), (3, 3), (6, 8), (8, 8)):
        found = ask(served, escalated, since=since, until=until).json()
        assert found["events"] == events[since:until], (since, until)
        assert (found["from_version"], found["to_version"]) == (since, until)
    assert ask(served, escalated, since=4, until=4).json()["changes"] == []


def test_backwards_the_changes_are_undone_and_no_event_lies_between(served: Served, escalated: str) -> None:
    forwards = changes(served, escalated, since=2, until=6)
    backwards = changes(served, escalated, since=6, until=2)
    assert {name: (after, before) for name, (before, after) in forwards.items()} == backwards
    assert ask(served, escalated, since=6, until=2).json()["events"] == []


def test_what_changed_in_between_and_back_again_is_no_change(served: Served) -> None:
    case = accepted_case(served)
    bypass = {"grounds": "risk", "reason": "危险", "occurred_at": on("03-06")}
    do(served, case, "escalation", bypass)
    do(served, case, "escalation/rejection", {"occurred_at": on("03-07")}, ZHAO)
    assert list(changes(served, case, since=2, until=3)) == ["pending.0"]
    assert changes(served, case, since=2, until=4) == {}
    assert len(ask(served, case, since=2).json()["events"]) == 2


def test_a_correction_shows_inside_its_session(served: Served) -> None:
    case = accepted_case(served)
    sat(served, case, "03-06", "03-07")
    wrong = {"outcome": "adjourned", "held_at": on("03-09"), "reason": "记错", "occurred_at": on("03-10")}
    do(served, case, "sessions/2/correction", wrong)
    do(served, case, "sessions/2/correction/approval", {"occurred_at": on("03-11")}, ZHAO)
    assert changes(served, case, since=4) == {
        "sessions.1.held_at": ("2026-03-07T14:00:00+08:00", "2026-03-09T09:00:00+08:00"),
        "sessions.1.outcome": ("failed", "adjourned"),
        "sessions.1.corrected": (False, True),
        "failed_sessions.community": (2, 1),
    }


def test_people_who_came_or_were_put_right_show(served: Served) -> None:
    case = accepted_case(served)
    right = {"name": "乙二", "phone": "13800000002", "reason": "写错", "occurred_at": on("03-05")}
    do(served, case, "parties/p2", right)
    assert changes(served, case, since=2) == {
        "parties.1.name": ("乙", "乙二"),
        "parties.1.phone": (None, "13800000002"),
    }
    new = {"role": "respondent", "kind": "person", "name": "丙", "reason": "同住", "occurred_at": on("03-05")}
    do(served, case, "parties", new)
    before, after = changes(served, case, since=3)["parties.2"]
    assert (before, after["id"], after["name"]) == (None, "p3", "丙")


def test_an_agreement_shows_as_a_whole_and_then_by_its_parts(served: Served) -> None:
    case = accepted_case(served)
    sat(served, case, "03-20", outcome="agreed")
    term = {"debtor": "p2", "creditor": "p1", "obligation": "清理", "due_on": "2026-03-31"}
    do(served, case, "agreement", {"form": "written", "reached_at": on("03-20", 15), "terms": [term]})
    before, after = changes(served, case, since=3)["agreement"]
    assert (before, after["form"], len(after["terms"]), after["signatures"]) == (None, "written", 1, [])
    do(served, case, "agreement/signatures", {"by": "p1", "signed_at": on("03-20", 16)})
    at = "2026-03-20T16:00:00+08:00"
    signed = {"by": "p1", "mediator": None, "unit": None, "signed_at": at, "retracted": False}
    assert changes(served, case, since=4) == {"agreement.signatures.0": (None, signed)}
    do(served, case, "agreement", {"form": "written", "reached_at": on("03-20", 17), "terms": [term]})
    again = changes(served, case, since=5)
    assert set(again) == {"agreements.0.state", "agreements.0.ended_on", "agreements.1"}
    assert again["agreements.0.state"] == ("drafted", "replaced")


# --- between times -------------------------------------------------------------------------------------------


def test_a_time_stands_for_what_was_recorded_by_then(served: Served, escalated: str) -> None:
    events = events_of(served, escalated)
    second, fifth = (str(events[place]["recorded_at"]) for place in (1, 4))
    by_time = ask(served, escalated, since=second, until=fifth).json()
    assert (by_time["from_version"], by_time["to_version"]) == (2, 5)
    assert by_time["events"] == events[2:5]
    mixed = ask(served, escalated, since=2, until=fifth).json()
    assert (mixed["from_version"], mixed["to_version"]) == (2, 5)
    fields = {item["field"] for item in by_time["changes"]}
    assert fields == {"sessions.0", "sessions.1", "sessions.2", "failed_sessions.community"}


def test_without_an_end_it_is_until_now(served: Served, escalated: str) -> None:
    assert ask(served, escalated, since=3).json() == ask(served, escalated, since=3, until=8).json()
    assert ask(served, escalated, since=8).json()["changes"] == []


def test_an_offset_may_be_written_in_any_way(served: Served, escalated: str) -> None:
    for end in ("2098-01-01T00:00:00Z", "2098-01-01T08:00:00+08:00", "2098-01-01T08:00:00.000001+08:00"):
        assert ask(served, escalated, since=8, until=end).json()["to_version"] == 8


# --- refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "from"),
        ({"until": 2}, "from"),
        ({"since": ""}, "from"),
        ({"since": "yesterday"}, "from"),
        ({"since": 0}, "from"),
        ({"since": -1}, "from"),
        ({"since": 2**31}, "from"),
        ({"since": "1.5"}, "from"),
        ({"since": "2026-03-02T09:00:00"}, "from"),
        ({"since": "2026-03-02"}, "from"),
        ({"since": "0001-01-01T00:00:00+14:00"}, "from"),
        ({"since": 1, "until": "soon"}, "to"),
        ({"since": 1, "until": 0}, "to"),
    ],
    ids=str,
)
def test_a_moment_that_is_none_is_refused_by_its_name(
    served: Served, escalated: str, query: dict[str, object], field: str
) -> None:
    reply = ask(served, escalated, **query)
    assert (reply.status_code, reply.headers["content-type"]) == (422, PROBLEM)
    assert {item["field"] for item in reply.json()["errors"]} == {field}


@pytest.mark.parametrize(
    "query",
    [
        {"since": 9},
        {"since": 1, "until": 9},
        {"since": 2**31 - 1},
        {"since": "2026-01-01T00:00:00Z"},
        {"since": 1, "until": "2026-01-01T00:00:00Z"},
    ],
    ids=str,
)
def test_a_moment_at_which_there_was_no_case_is_not_found(
    served: Served, escalated: str, query: dict[str, object]
) -> None:
    reply = ask(served, escalated, **query)
    assert (reply.status_code, reply.json()["type"]) == (404, "/problems/unknown-version")


def test_a_case_that_does_not_exist_is_not_found(served: Served) -> None:
    assert ask(served, uuid4(), since=1).status_code == 404
    assert ask(served, "x", since=1).status_code == 404


def test_only_those_who_may_read_a_case_see_what_changed(served: Served, escalated: str) -> None:
    assert ask(served, escalated, by=AUDITOR, since=1).status_code == 200
    for actor in (ANALYST, ADMIN):
        reply = ask(served, escalated, by=actor, since=1)
        assert reply.status_code == 403
        assert "changes" not in reply.text
    assert served.client.get(f"/v1/disputes/{escalated}/diff?from=1").status_code == 401
