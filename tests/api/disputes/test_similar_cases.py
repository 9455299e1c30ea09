"""A new dispute that looks like an open one is filed all the same, with a warning that names the other."""

from uuid import uuid4

import pytest

from tests.api.disputes.test_case_list import do, listed, on
from tests.support.served import Served
from tests.support.world import SUN, acceptance, filing


def parties(*persons: str | None) -> list[dict[str, object]]:
    """An applicant, and respondents, each with an identity or without one."""
    roles = ["applicant", *["respondent"] * (len(persons) - 1)]
    return [
        {"role": role, "kind": "person", "name": f"未{place}", **({"person": person} if person else {})}
        for place, (role, person) in enumerate(zip(roles, persons, strict=True))
    ]


def file(served: Served, *persons: str | None, **changes: object) -> dict[str, object]:
    """File a dispute of these people and return the reply, once the list knows of it."""
    reply = served.post(SUN, "/v1/disputes", filing(parties=parties(*persons), **changes))
    assert reply.status_code == 201, reply.text
    listed(served)
    answered: dict[str, object] = reply.json()
    return answered


def alike(reply: dict[str, object]) -> list[object]:
    """The cases that the reply warns of."""
    warnings = reply.get("warnings", [])
    assert isinstance(warnings, list)
    return [warning["dispute"] for warning in warnings]


@pytest.fixture
def people() -> list[str]:
    """Identities of persons of whom nobody has heard."""
    return [str(uuid4()) for _ in range(3)]


def test_the_same_person_of_the_same_unit_and_category_is_a_warning(
    served: Served, people: list[str]
) -> None:
    first = file(served, people[0], people[1])
    assert "warnings" not in first
    second = file(served, people[2], people[1])
    assert second["status"] == "filed"
    assert second["warnings"] == [
        {
            "kind": "similar_case",
            "dispute": first["id"],
            "text": {
                "en": "a case of the same unit and category, filed within 30 days, has one of these people as a party",
                "zh": "同一单元、同一类别 30 日内已有案件，当事人中有相同的人",
            },
        }
    ]
    assert alike(file(served, people[2], None)) == [second["id"]]


def test_a_case_with_a_number_is_named_by_it(served: Served, people: list[str]) -> None:
    first = str(file(served, people[0], None)["id"])
    do(served, first, "acceptance", acceptance())
    listed(served)
    number = served.get(SUN, f"/v1/disputes/{first}").json()["number"]
    second = file(served, people[0], None)
    assert alike(second) == [first]
    assert str(second["warnings"]).count(number) == 3, "in the field and in both languages"


@pytest.mark.parametrize(
    "other", [{"unit": "dongguang.c01.y02"}, {"category": "property"}, {"unit": "dongguang.c01"}], ids=str
)
def test_another_unit_or_category_is_none(
    served: Served, people: list[str], other: dict[str, object]
) -> None:
    file(served, people[0], people[1])
    assert "warnings" not in file(served, people[0], people[1], **other)


def test_people_without_an_identity_or_others_are_none(served: Served, people: list[str]) -> None:
    file(served, people[0], None)
    assert "warnings" not in file(served, None, None)
    assert "warnings" not in file(served, people[1], people[2])


def test_a_closed_case_is_one_and_a_duplicate_is_none(served: Served, people: list[str]) -> None:
    first = str(file(served, people[0], None)["id"])
    do(served, first, "withdrawal", {"party": "p1", "occurred_at": on("03-03")})
    listed(served)
    second = file(served, people[0], None)
    assert alike(second) == [first]
    again = {"reason": "duplicate", "duplicate_of": first, "note": "同一纠纷", "occurred_at": on("03-03")}
    do(served, str(second["id"]), "decline", again)
    listed(served)
    assert alike(file(served, people[0], None)) == [first]


@pytest.mark.parametrize(
    ("day", "similar"), [("01-31", True), ("01-30", False), ("04-01", True), ("04-02", False)]
)
def test_only_a_case_of_about_then_is_one(served: Served, people: list[str], day: str, similar: bool) -> None:
    first = file(served, people[0], None, occurred_at=on("03-02"))
    assert alike(file(served, people[0], None, occurred_at=on(day))) == [first["id"]] * similar


def test_the_same_identity_number_is_a_warning_however_it_is_spelt(served: Served) -> None:
    number = f"1101011990{uuid4().int % 10**7:07}X"
    same = {"name": "不同的名", "id_number": f" {number[:6]}-{number[6:].lower()}"}
    first = file_people(served, {"name": "未一", "id_number": number})
    second = file_people(served, same)
    assert alike(second) == [first["id"]]
    assert alike(file_people(served, same, dry=True)) == [second["id"], first["id"]]
    assert "warnings" not in file_people(served, {"name": "未一", "id_number": number[:-1]})


def test_a_case_filed_at_once_after_another_knows_of_it(served: Served, people: list[str]) -> None:
    body = filing(parties=parties(people[0], None))
    first, second = (served.post(SUN, "/v1/disputes", body).json() for _ in range(2))
    assert alike(second) == [first["id"]]


def file_people(served: Served, applicant: dict[str, object], *, dry: bool = False) -> dict[str, object]:
    """File a dispute of one applicant, or only ask what would come of it."""
    respondent = {"role": "respondent", "kind": "person", "name": "乙"}
    body = filing(parties=[{"role": "applicant", "kind": "person", **applicant}, respondent])
    reply = served.post(SUN, f"/v1/disputes?dry_run={str(dry).lower()}", body)
    assert reply.status_code == 201, reply.text
    answered: dict[str, object] = reply.json()
    return answered


def test_a_party_who_joins_or_is_identified_later_counts(served: Served, people: list[str]) -> None:
    first = str(file(served, None, None)["id"])
    do(served, first, "parties/p2", {"person": people[0], "reason": "查明", "occurred_at": on("03-03")})
    new = {"role": "respondent", "kind": "person", "name": "申", "person": people[1]}
    do(served, first, "parties", {**new, "occurred_at": on("03-03")})
    listed(served)
    assert alike(file(served, people[0], None)) == [first]
    assert first in alike(file(served, people[1], None))


def test_a_party_who_joins_or_is_identified_brings_the_warning(served: Served, people: list[str]) -> None:
    number = f"1101011991{uuid4().int % 10**7:07}x"
    first = file_people(served, {"name": "未一", "id_number": number, "person": people[0]})
    second = str(file(served, None, None)["id"])
    asked = {"reason": "查明", "occurred_at": on("03-03")}
    joined = {"role": "respondent", "kind": "person", "name": "戊", "id_number": number.upper(), **asked}
    assert alike(do(served, second, "parties?dry_run=true", joined, SUN)) == [first["id"]]
    assert alike(do(served, second, "parties", joined, SUN)) == [first["id"]]
    assert alike(do(served, second, "parties/p2", {"person": people[0], **asked}, SUN)) == [first["id"]]
    assert alike(do(served, second, "parties/p2", {"phone": "13800000001", **asked}, SUN)) == []
