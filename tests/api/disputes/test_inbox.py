"""The inbox over real HTTP: what waits, several values, joint cases, search by parts and spellings, past lists."""

from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest

from domain.events.envelope import Actor
from domain.vocabulary import Role
from tests.api.disputes.test_case_list import accepted, do, end_of, filed, on, sat
from tests.api.http.test_request_checks import events_of
from tests.support.served import Served
from tests.support.world import AUDITOR, LI, SUN, ZHAO, ZHOU, acceptance

Query = list[tuple[str, str]]


@pytest.fixture
def word() -> str:
    """A word that stands in no other title."""
    return f"w{uuid4().hex}"


def asked(served: Served, path: str, query: Query, who: Actor = SUN) -> httpx.Response:
    headers = {"Authorization": f"Bearer {served.token(who)}"}
    params = [("min_position", str(end_of(served))), *query]
    reply = served.client.get(path, params=params, headers=headers)
    assert reply.status_code == 200, reply.text
    return reply


def found(served: Served, *query: tuple[str, str], who: Actor = SUN) -> list[str]:
    return [item["id"] for item in asked(served, "/v1/disputes", list(query), who).json()["items"]]


def proposed(served: Served, word: str, by: Actor = SUN) -> str:
    case = accepted(served, word)
    body = {"grounds": "complexity", "reason": "疑难", "occurred_at": on("03-05")}
    do(served, case, "escalation", body, by)
    return case


# --- what waits for a second person ----------------------------------------------------------------------------


def test_what_waits_is_listed_and_for_whom(served: Served, word: str) -> None:
    lifted, quiet = proposed(served, word), accepted(served, word)
    corrected = accepted(served, word)
    sat(served, corrected, "03-06")
    wrong = {"outcome": "adjourned", "reason": "改期", "occurred_at": on("03-07")}
    do(served, corrected, "sessions/1/correction", wrong, LI)
    assert found(served, ("q", word), ("pending", "true")) == [corrected, lifted]
    assert found(served, ("q", word), ("pending", "false")) == [quiet]
    assert found(served, ("q", word), ("pending", "mine")) == [corrected]
    shouted = Actor(sub="SUN", role=Role.CONVENER, unit="dongguang.c01")
    for who, cases in (
        (LI, [lifted]),
        (ZHAO, [corrected, lifted]),
        (ZHOU, []),
        (AUDITOR, []),
        (Actor(sub="wen", role=Role.CLERK, unit="dongguang"), []),
        (shouted, [corrected]),
    ):
        assert found(served, ("q", word), ("pending", "mine"), who=who) == cases
    items = asked(served, "/v1/disputes", [("q", word), ("pending", "true")]).json()["items"]
    assert [item["pending"] for item in items] == [
        [{"kind": "correction", "proposed_by": "li"}],
        [{"kind": "escalation", "proposed_by": "sun"}],
    ]
    do(served, lifted, "escalation/approval", {"occurred_at": on("03-06")}, ZHAO)
    assert found(served, ("q", word), ("pending", "true")) == [corrected]
    assert found(served, ("q", word), ("pending", "true"), ("as_of", "2026-03-05")) == [lifted]


# --- filters ---------------------------------------------------------------------------------------------------


def test_filters_take_several_values_and_the_order_is_that_of_the_days_of_filing(
    served: Served, word: str
) -> None:
    late = filed(served, word, occurred_at=on("03-20"), category="property")
    early = filed(served, word, occurred_at=on("03-01"))
    gone = accepted(served, word, occurred_at=on("03-02"))
    do(served, gone, "refusal", {"party": "p2", "occurred_at": on("03-09")})
    moved = accepted(served, word, occurred_at=on("03-02"), unit="dongguang.c01.y02")
    sat(served, moved, "03-06", "03-07", "03-09", "03-10", "03-11")
    everything = [late, moved, gone, early]
    for query, cases in (
        ([], everything),
        ([("status", "filed"), ("status", "closed")], [late, gone, early]),
        ([("category", "property"), ("category", "labour")], [late]),
        ([("tier", "street"), ("tier", "compound")], [moved]),
        ([("mediator", "sun"), ("mediator", "li")], [gone]),
        ([("outcome", "refused"), ("outcome", "failed")], [gone]),
        ([("rule", "failed_sessions"), ("rule", "exhausted")], [moved]),
        ([("from", "2026-03-02"), ("to", "2026-03-02")], [moved, gone]),
        ([("unit", "dongguang.c01.y02"), ("unit", "dongguang.c02")], [moved]),
        ([("from", "2026-03-03")], [late]),
    ):
        assert found(served, ("q", word), *query) == cases, query
        today = ("known_at", datetime.now(UTC).isoformat())
        assert found(served, ("q", word), *query, today) == cases, query
        if ("mediator", "sun") not in query:
            assert found(served, ("q", word), *query, ("as_of", "2026-03-31")) == cases, query
    pages: list[str] = []
    cursor: Query = []
    while True:
        page = asked(served, "/v1/disputes", [("q", word), ("limit", "1"), *cursor]).json()
        pages += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = [("cursor", page["next"])]
    assert pages == everything
    headers = {"Authorization": f"Bearer {served.token(SUN)}"}
    for wrong in (
        "from=2026-03-02&to=2026-03-01",
        "rule=weather",
        "outcome=won",
        "pending=perhaps",
    ):
        assert served.client.get(f"/v1/disputes?{wrong}", headers=headers).status_code == 422, wrong


def test_rows_carry_the_parties(served: Served, word: str) -> None:
    filed(served, word)
    (item,) = asked(served, "/v1/disputes", [("q", word)], AUDITOR).json()["items"]
    assert [(party["id"], party["role"], party["name"]) for party in item["parties"]] == [
        ("p1", "applicant", "甲"),
        ("p2", "respondent", "乙"),
    ]


def test_a_co_unit_finds_its_joint_cases(served: Served, word: str) -> None:
    case = accepted(served, word, co_units=["dongguang.c02.y01"], occurred_at="2026-03-02T08:00:00+08:00")
    alone = accepted(served, word)
    for unit, cases in (
        ("dongguang.c01.y01", [alone, case]),
        ("dongguang.c02.y01", [case]),
        ("dongguang.c02", [case]),
        ("dongguang", [alone, case]),
        ("dongguang.c01.y02", []),
    ):
        assert found(served, ("q", word), ("unit", unit)) == cases, unit
        due = asked(served, "/v1/deadlines", [("unit", unit), ("limit", "200")]).json()["items"]
        assert {item["dispute"] for item in due} >= set(cases)
        assert (case in {item["dispute"] for item in due}) == (case in cases)
        rows = asked(served, "/v1/ledger", [("unit", unit), ("year", "2026")]).json()["items"]
        assert [row["title"] for row in rows].count(word) == len(cases)


# --- search ----------------------------------------------------------------------------------------------------


def test_a_case_is_found_by_part_of_its_number_and_by_other_spellings(served: Served, word: str) -> None:
    people = [
        {
            "role": "applicant",
            "kind": "person",
            "name": f"阿卜杜拉·{word}",
            "phone": "１３９ 1234-" + word[:8],
        },
        {"role": "respondent", "kind": "person", "name": "乙", "id_number": f"11010119900101{word[:4]}X"},
    ]
    case = accepted(served, f"Ｎoise（{word}）楼道", parties=people)
    number = str(served.get(SUN, f"/v1/disputes/{case}").json()["number"])
    place = number[number.index("第") :]
    for part in (number, place, place[1:-1], number.replace("（", "(").replace("）", ") "), number[3:]):
        assert case in found(served, ("q", part)), part
    assert found(served, ("q", f"noise({word})")) == [case]
    for key in (
        f"阿卜杜拉•{word}",
        f"阿卜杜拉{word.upper()}",
        "1391234-" + word[:8],
        f"11010119900101{word[:4]}x",
    ):
        assert found(served, ("party", key)) == [case], key
        assert found(served, ("party", key), ("as_of", "2026-03-03")) == [case], key


# --- past lists --------------------------------------------------------------------------------------------------


def test_a_past_list_a_past_ledger_and_past_deadlines_show_that_state_alone(
    served: Served, word: str
) -> None:
    case = filed(served, word)
    moment = str(events_of(served, case)[-1]["recorded_at"])
    do(
        served,
        case,
        "parties",
        {
            "role": "respondent",
            "kind": "person",
            "name": f"丙{word}",
            "reason": "同住",
            "occurred_at": on("03-05"),
        },
    )
    do(served, case, "acceptance", acceptance(occurred_at=on("03-06")))
    sat(served, case, "03-09")
    known: Query = [("known_at", moment)]
    for query in ([("as_of", "2026-03-04")], known):
        (then,) = asked(served, "/v1/disputes", [("q", word), *query]).json()["items"]
        assert (then["status"], then["number"], len(then["parties"])) == ("filed", None, 2)
        assert found(served, ("party", f"丙{word}"), *query) == []
        assert found(served, ("q", word), ("status", "accepted"), *query) == []
        rows = asked(served, "/v1/ledger", [("year", "2026"), *query]).json()["items"]
        assert word not in {row["title"] for row in rows}
        for sort in ("filed", "due"):
            assert found(served, ("q", word), ("sort", sort), *query) == [case]
    due = asked(served, "/v1/deadlines", [*known, ("limit", "200"), ("kind", "accept")]).json()["items"]
    assert case in {item["dispute"] for item in due}
    (row,) = [
        row
        for row in asked(served, "/v1/ledger", [("as_of", "2026-03-06")]).json()["items"]
        if row["title"] == word
    ]
    (now,) = [
        row for row in asked(served, "/v1/ledger", [("year", "2026")]).json()["items"] if row["title"] == word
    ]
    assert (row["sessions"], now["sessions"]) == (0, 1)
    assert len(asked(served, "/v1/ledger", [("as_of", "2026-03-06"), ("format", "csv")]).text) > 10
    assert found(served, ("q", word), ("known_at", "2020-01-01T00:00:00Z")) == []
