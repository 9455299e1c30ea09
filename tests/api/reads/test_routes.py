"""Every look at a case is recorded before it is answered; nothing is shown that cannot be recorded."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from uuid import uuid4

import psycopg
import pytest

from domain.events.envelope import Actor
from domain.vocabulary import Role
from tests.support.served import Served
from tests.support.world import ADMIN, ANALYST, AUDITOR, SUN, WU, ZHAO, ZHOU, acceptance, filing

pytestmark = pytest.mark.database
SEALING_SUN: Final = Actor(sub="sun", role=Role.CONVENER, unit="dongguang.c01")
LOOKS: Final = {
    "": "state",
    "?version=1": "state",
    "?as_of=2026-03-02": "state",
    "/events": "history",
    "/why": "why",
    "/diff?from=1": "diff",
}


@pytest.fixture(scope="module")
def case(own_town: Served) -> str:
    found: str = own_town.post(SUN, "/v1/disputes", filing(title="隔壁装修")).json()["id"]
    assert own_town.post(SUN, f"/v1/disputes/{found}/acceptance", acceptance()).is_success
    return found


def looks(served: Served, case: str, who: Actor = AUDITOR, **query: object) -> list[dict[str, Any]]:
    parameters = "&".join(
        f"{name}={value}" for name, value in {"dispute": case, "limit": 200, **query}.items()
    )
    reply = served.get(who, f"/v1/reads?{parameters}")
    assert reply.status_code == 200, reply.text
    items: list[dict[str, Any]] = reply.json()["items"]
    return items


@contextmanager
def unrecordable(served: Served) -> Iterator[None]:
    """Nobody can record a look until the block ends."""
    with psycopg.connect(served.url, autocommit=True) as connection:
        connection.execute("REVOKE INSERT ON reads FROM tiaochu_app")
        try:
            yield
        finally:
            connection.execute("GRANT INSERT ON reads TO tiaochu_app")


@pytest.mark.parametrize(("path", "what"), LOOKS.items())
def test_a_look_is_listed_with_who_what_and_why(own_town: Served, case: str, path: str, what: str) -> None:
    purpose = f"年度抽查 {uuid4()}"
    reply = own_town.get(SUN, f"/v1/disputes/{case}{path}", Purpose=purpose.encode())
    assert reply.status_code == 200
    latest = looks(own_town, case)[0]
    assert latest.pop("at")
    assert latest == {
        "sub": "sun",
        "role": "mediator",
        "unit": "dongguang.c01",
        "dispute": case,
        "what": what,
        "purpose": purpose,
        "decision": "allowed",
    }


def test_a_download_a_hit_by_people_and_a_row_of_the_ledger_are_looks(own_town: Served, case: str) -> None:
    headers = {"Authorization": f"Bearer {own_town.token(SUN)}", "Idempotency-Key": str(uuid4())}
    added = own_town.client.post(
        f"/v1/disputes/{case}/attachments",
        data={"kind": "evidence", "title": "图", "occurred_at": "2026-03-04T09:00:00+08:00"},
        files={"file": ("a.txt", b"x", "text/plain")},
        headers={**headers, "If-Match": "*"},
    )
    assert added.is_success, added.text
    file = own_town.get(SUN, f"/v1/disputes/{case}").json()["attachments"][0]["id"]
    position = added.json()["position"]
    assert own_town.get(WU, f"/v1/disputes/{case}/attachments/{file}").status_code == 404
    assert own_town.get(SUN, f"/v1/disputes/{case}/attachments/{file}").content == b"x"
    assert own_town.get(SUN, f"/v1/disputes?q=隔壁&min_position={position}").json()["items"]
    assert own_town.get(ZHAO, f"/v1/disputes?party=甲&min_position={position}").json()["items"]
    person = own_town.get(ZHAO, f"/v1/disputes/{case}").json()["parties"][0]["person"]
    assert own_town.get(ZHAO, f"/v1/disputes?person={person}").json()["items"]
    for form in ("json", "csv", "xlsx"):
        ledger = own_town.get(AUDITOR, f"/v1/ledger?year=2026&format={form}&min_position={position}")
        assert ledger.status_code == 200
    found = [(item["what"], item["sub"], item["decision"]) for item in looks(own_town, case)]
    assert found[:9] == [
        *[("export", "auditor", "allowed")] * 3,
        ("search", "zhao", "allowed"),
        ("state", "zhao", "allowed"),
        ("search", "zhao", "allowed"),
        ("attachment", "sun", "allowed"),
        ("attachment", "wu", "refused"),
        ("state", "sun", "allowed"),
    ]


def test_a_refused_look_is_listed(own_town: Served, case: str) -> None:
    assert own_town.get(ZHOU, f"/v1/disputes/{case}").status_code == 404
    assert own_town.get(ANALYST, f"/v1/disputes/{case}/why").status_code == 403
    found = [(item["sub"], item["what"], item["decision"]) for item in looks(own_town, case)[:2]]
    assert found == [("analyst", "why", "refused"), ("zhou", "state", "refused")]


def test_a_look_beyond_the_history_is_refused_by_role_first_and_listed(own_town: Served, case: str) -> None:
    path = f"/v1/disputes/{case}?version=999"
    assert [own_town.get(who, path).status_code for who in (SUN, ANALYST, ZHOU)] == [404, 403, 404]
    found = [(item["sub"], item["decision"]) for item in looks(own_town, case)[:3]]
    assert found == [("zhou", "refused"), ("analyst", "refused"), ("sun", "refused")]


def test_a_look_alike_that_is_named_is_a_look(own_town: Served) -> None:
    people = [
        {"role": "applicant", "kind": "person", "name": "丁", "id_number": "11010119900101123X"},
        {"role": "respondent", "kind": "person", "name": "戊"},
    ]
    first = own_town.post(SUN, "/v1/disputes", filing(parties=people)).json()["id"]
    again = own_town.post(SUN, "/v1/disputes", filing(parties=people)).json()
    assert [item["dispute"] for item in again["warnings"]] == [first]
    assert [(item["sub"], item["what"]) for item in looks(own_town, first)] == [("sun", "search")]
    with unrecordable(own_town):
        unseen = own_town.post(SUN, "/v1/disputes", filing(parties=people))
    assert unseen.status_code == 201
    assert "warnings" not in unseen.json()


def test_a_look_for_a_case_that_is_not_there_is_listed_to_whoever_oversees_everything(
    own_town: Served,
) -> None:
    missing, everything = str(uuid4()), Actor(sub="auditor", role=Role.AUDITOR)
    assert own_town.get(SUN, f"/v1/disputes/{missing}").status_code == 404
    listed = own_town.get(everything, "/v1/reads?sub=sun&limit=1").json()["items"]
    assert [(item["dispute"], item["decision"]) for item in listed] == [(missing, "refused")]
    assert own_town.get(AUDITOR, "/v1/reads?sub=sun&limit=1").json()["items"][0]["dispute"] != missing
    assert own_town.get(everything, f"/v1/reads?dispute={missing}").status_code == 404


def test_auditors_and_conveners_of_the_case_see_who_looked(own_town: Served, case: str) -> None:
    def asked(who: Actor) -> int:
        return own_town.get(who, f"/v1/reads?dispute={case}").status_code

    other = Actor(sub="zhou", role=Role.CONVENER, unit="dongguang.c02")
    assert [asked(who) for who in (AUDITOR, ZHAO, SEALING_SUN)] == [200] * 3
    assert [asked(who) for who in (SUN, ANALYST, ADMIN)] == [403] * 3
    assert [asked(who) for who in (other, ZHOU)] == [404] * 2
    assert own_town.get(SUN, "/v1/reads").status_code == 403
    for _ in range(7):  # warm connections too
        assert own_town.get(other, "/v1/reads?sub=sun").json() == {"items": [], "next": None}


def test_looks_come_in_pages_by_subject_and_by_day(own_town: Served, case: str) -> None:
    for _ in range(3):
        own_town.get(SUN, f"/v1/disputes/{case}")
    whole = looks(own_town, case, sub="SUN")
    assert {item["sub"] for item in whole} == {"sun"}
    paged: list[dict[str, Any]] = []
    cursor = ""
    while True:
        reply = own_town.get(AUDITOR, f"/v1/reads?dispute={case}&sub=sun&limit=2{cursor}").json()
        paged += reply["items"]
        if reply["next"] is None:
            break
        cursor = f"&cursor={reply['next']}"
    assert paged == whole
    today = whole[0]["at"][:10]
    assert looks(own_town, case, to="2026-01-01") == []
    assert looks(own_town, case, sub="sun", **{"from": "2026-01-01"}) == whole
    assert own_town.get(AUDITOR, f"/v1/reads?from={today}&to=2026-01-01").status_code == 422


def test_the_list_of_looks_is_no_look(own_town: Served, case: str) -> None:
    assert looks(own_town, case) == looks(own_town, case)


@pytest.mark.parametrize(
    "path",
    [
        *(f"/v1/disputes/{{case}}{path}" for path in LOOKS),
        "/v1/disputes?party=甲",
        "/v1/ledger?year=2026",
        "/v1/ledger?year=2026&format=csv",
        "/v1/ledger?year=2026&format=xlsx",
    ],
)
def test_what_cannot_be_recorded_is_not_shown(own_town: Served, case: str, path: str) -> None:
    address = path.format(case=case)
    assert own_town.get(ZHAO, address).status_code == 200
    before = len(looks(own_town, case))
    with unrecordable(own_town):
        for who in (ZHAO, ZHOU):
            reply = own_town.get(who, address)
            if who is ZHOU and "case}" not in path:
                assert reply.status_code == 200
                assert case not in reply.text
                continue
            assert reply.status_code == 503, reply.text
            assert "隔壁装修" not in reply.text
    assert len(looks(own_town, case)) == before
    assert own_town.get(ZHAO, address).status_code == 200


def test_a_recorded_look_can_neither_be_changed_nor_removed(own_town: Served) -> None:
    with psycopg.connect(own_town.url) as connection:
        connection.execute("SET ROLE tiaochu_app")
        for statement in ("UPDATE reads SET sub = 'x'", "DELETE FROM reads", "TRUNCATE reads"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(statement)
