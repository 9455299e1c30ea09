"""What is wrong with a request: one error for each fault, at its own path, in words that a clerk reads."""

import re
from collections.abc import Mapping

import pytest
from pydantic import JsonValue

from application.validation_messages import FORMATS
from tests.api.http.test_request_checks import accepted_case
from tests.support.openapi import document
from tests.support.served import Served
from tests.support.world import ADMIN, SUN, acceptance, filing, session

PARTIES = filing()["parties"]
TERM = {"debtor": "p2", "creditor": "p1", "obligation": "清理", "due_on": "2026-04-01"}


def agreement(*terms: Mapping[str, object], **changes: object) -> dict[str, object]:
    return {"form": "written", "reached_at": "2026-03-20T15:00:00+08:00", "terms": list(terms), **changes}


def faults(served: Served, path: str, body: object, language: str = "en") -> list[tuple[str, str]]:
    """The field and the sentence of each error."""
    reply = served.post(SUN, path, body, Accept_Language=language)
    assert reply.status_code == 422, reply.text
    return [(item["field"], item["text"]) for item in reply.json()["errors"]]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"parties": [PARTIES[0], {**PARTIES[1], "kind": "dog"}]}, ["parties.1.kind"]),
        (
            {"parties": [{**PARTIES[0], "name": ""}, {**PARTIES[1], "role": 1}]},
            ["parties.0.name", "parties.1.role"],
        ),
        ({"parties": [PARTIES[0]]}, ["parties"]),
        ({"parties": [{**PARTIES[0], "kind": "dog"}]}, ["parties.0.kind", "parties"]),
        ({"co_units": ["dongguang.c02", "dongguang.c99"]}, ["co_units.1"]),
        ({"co_units": ["dongguang.c02", "dongguang.c01", "dongguang.c02"]}, ["co_units.1", "co_units.2"]),
        ({"parties": [{**PARTIES[0], "id": "p2"}, PARTIES[1]]}, ["parties.1.id"]),
    ],
)
def test_a_wrong_element_is_one_error(served: Served, changes: dict[str, object], fields: list[str]) -> None:
    assert [field for field, _ in faults(served, "/v1/disputes", filing(**changes))] == fields


def test_the_term_and_the_attendee_that_are_wrong_are_named(served: Served) -> None:
    case = accepted_case(served)
    path = f"/v1/disputes/{case}/agreement"
    early = {**TERM, "due_on": "2026-03-19"}
    for body, fields in (
        (agreement(TERM, {**TERM, "amount_fen": 1.5}), ["terms.1.amount_fen"]),
        (agreement({**TERM, "amount_fen": "1"}), ["terms.0.amount_fen"]),
        (agreement(TERM, early, TERM, early), ["terms.1.due_on", "terms.3.due_on"]),
        (agreement(TERM, {**TERM, "creditor": "p2"}), ["terms.1.creditor"]),
        (agreement(TERM, form="oral"), ["record"]),
        (agreement(TERM, {**TERM, "creditor": "p9"}), ["terms.1.creditor"]),
    ):
        assert [field for field, _ in faults(served, path, body)] == fields
    people = [
        {"who": who, "as": kind, "present": True} for who, kind in (("p1", "party"), ("sun", "mediator"))
    ]
    path = f"/v1/disputes/{case}/sessions"
    for attendance, fields in (
        ([*people, people[0]], ["attendance.2.who"]),
        ([*people, {**people[1], "who": "nobody"}], ["attendance.2.who"]),
        ([people[0], {**people[0], "who": "p9"}], ["attendance.1.who"]),
        ([people[0], {**people[1], "as": "king"}], ["attendance.1.as"]),
    ):
        assert [field for field, _ in faults(served, path, session(attendance=attendance))] == fields
    body = acceptance(mediators=["sun", "nobody"])
    assert [field for field, _ in faults(served, f"/v1/disputes/{case}/acceptance", body)] == ["mediators.1"]


def test_what_concerns_a_body_as_a_whole_is_said_in_words(served: Served) -> None:
    filed = served.post(SUN, "/v1/disputes", filing()).json()["id"]
    declined = {"reason": "duplicate", "note": "重复", "occurred_at": "2026-03-05T09:00:00+08:00"}
    (lacking,) = faults(served, f"/v1/disputes/{filed}/decline", declined, "zh")
    assert lacking == ("duplicate_of", "重复的案件：以重复为由时须写明该纠纷已有的案件，其他理由不写")
    nothing = {"reason": "误记", "occurred_at": "2026-03-05T09:00:00+08:00"}
    (empty,) = faults(served, f"/v1/disputes/{filed}/parties/p1", nothing, "zh")
    assert empty[0] == "body"
    assert empty[1].startswith("请求内容：")


def test_a_time_that_is_a_number_is_told_how_a_time_is_written(served: Served) -> None:
    for path in ("/v1/disputes", "/v1/indicators", "/v1/deadlines"):
        (error,) = served.ask(SUN, path, {"known_at": "1764500000"}, Accept_Language="en").json()["errors"]
        assert error["detail"].endswith("such as 2026-03-02T09:00:00+08:00")


def test_a_duration_of_several_forms_is_one_error(served: Served) -> None:
    tier = {"name": "community", "accept_within": {"days": "x"}, "mediate_within": {"months": 1}}
    ladder = {
        "id": "t-one",
        "title": {"zh": "一", "en": "one"},
        "tiers": [tier],
        "bypass": {"grounds": [], "approvals": 2},
    }
    ladder |= {"entry": dict.fromkeys(("simple", "general", "complex", "major"), "community")}
    reply = served.put(ADMIN, "/v1/procedures/t-one", {**ladder, "follow_up_within": {"days": 30}})
    assert reply.status_code == 422
    at = [
        item["field"] for item in reply.json()["errors"] if item["field"].startswith("tiers.0.accept_within")
    ]
    assert len(at) == 1


def test_chinese_sentences_use_chinese_names_and_words(served: Served) -> None:
    wrong = filing(category="weather", parties=[{**PARTIES[0], "name": ""}, PARTIES[1]], people_involved=0)
    told = faults(served, "/v1/disputes", wrong, "zh-CN")
    assert told[0][1].startswith("纠纷类别：应为下列之一：婚姻家庭（marriage_family）、邻里（neighbour）")
    assert told[1] == ("parties.0.name", "当事人第1项的姓名或名称：不能为空")
    assert told[2][1].startswith("涉及人数：")
    for _, sentence in told:
        assert not re.search(r"(?<!（)\b[a-z]{3,}\b(?!）)", sentence), sentence
    reply = served.post(SUN, "/v1/disputes", wrong, Accept_Language="zh-CN").json()
    assert reply["detail"] == told[0][1]
    assert reply["errors"][1]["detail"] == "不能为空"


@pytest.mark.parametrize(
    ("changes", "example"),
    [
        ({"unit": "Dongguang C01"}, "dongguang.c01.y02"),
        ({"tier": "一级"}, "legal_adviser"),
        ({"occurred_at": "gestern"}, "2026-03-02T09:00:00+08:00"),
        ({"occurred_at": "2026-03-02T09:00:00"}, "2026-03-02T09:00:00+08:00"),
        ({"parties": [{**PARTIES[0], "id": "甲"}, PARTIES[1]]}, "p1"),
        ({"parties": [{**PARTIES[0], "person": "x"}, PARTIES[1]]}, "6f1f9d6e-4d0b-4a52-9a3c-0c5b3f1a2b7d"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_format_is_told_with_an_example(
    served: Served, changes: dict[str, object], example: str, language: str
) -> None:
    ((_, sentence),) = faults(served, "/v1/disputes", filing(**changes), language)
    assert example in sentence


def test_every_pattern_of_a_body_is_told() -> None:
    """A pattern without a sentence of its own would be called a cursor."""
    waiting: list[JsonValue] = [dict(document())]
    patterns = set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            found = part.get("pattern")
            patterns |= {found} if isinstance(found, str) else set()
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    cursors = {item for item in patterns if item.startswith((r"^\d", r"^-?\d"))}
    assert patterns - cursors <= FORMATS.keys() | {"^[0-9a-f]{64}$"}
