"""Sameness is told, not decided: what whoever records a fact should notice (rule 23)."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from domain.aggregates.dispute.changed import changed
from domain.aggregates.dispute.notice import AbsentSide, Notice, SimilarParty, SimilarSession
from domain.aggregates.dispute.notices import notices
from domain.commands.dispute import AddParty, AmendParty, ApproveCorrection, FileDispute
from domain.vocabulary import limits
from tests.domain.aggregates.dispute.test_leaving import HANDLED, left
from tests.support.later import ACCEPTED, ask, wrongly_recorded
from tests.support.specification import When, file_dispute, filed, given, hold, moment, sat
from tests.support.world import LI

AT = "2026-03-20 14:00"


def noticed(when: When, *kinds: str) -> list[Notice]:
    """The notices of what followed, but for the empty seats of the panel; only of some kinds where these are named."""
    assert when.events
    found = notices(when.facts, when.case, when.after.world())
    return [item for item in found if item.kind != "seats_missing" and (not kinds or item.kind in kinds)]


def came(*names: str, absent: Iterable[str] = (), **agents: str) -> list[dict[str, object]]:
    """An attendance of parties by id, of mediators by name, and of agents, each for a party."""
    people = [
        {"who": name, "as": "party" if name[1:].isdigit() else "mediator", "present": name not in set(absent)}
        for name in (*names, *absent)
    ]
    return [
        *people,
        *({"who": who, "as": "agent", "for": party, "present": True} for who, party in agents.items()),
    ]


# --- the same session --------------------------------------------------------------------------------------


def held(attendance: list[dict[str, object]], at: str = AT, outcome: str = "failed") -> When:
    before = sat(1, at=AT, attendance=came("p1", "p2", "sun"))
    return given(*ACCEPTED, before).when(hold(outcome, at, attendance=attendance))


@pytest.mark.parametrize("attendance", [came("p1", "p2", "sun"), came("sun", "p2", absent=["p1"])])
@pytest.mark.parametrize("outcome", ["failed", "adjourned"])
def test_a_session_entered_twice_resembles_the_first(
    attendance: list[dict[str, object]], outcome: str
) -> None:
    found = noticed(held(attendance, outcome=outcome), "similar_session")
    assert found == [SimilarSession(session=2, resembles=1)]
    assert "session 2" in str(found[0].text)


def test_a_session_entered_thrice_resembles_the_first_alone_and_none_that_was_taken_back() -> None:
    people = came("p1", "p2", "sun")
    before = [sat(number, at=AT, attendance=people) for number in (1, 2)]
    when = given(*ACCEPTED, *before).when(hold(at=AT, attendance=people))
    assert noticed(when, "similar_session") == [SimilarSession(session=3, resembles=1)]
    first, *others = when.case.sessions
    case = changed(when.case, sessions=(replace(first, retracted=True), *others))
    found = notices(when.facts, case, when.after.world())
    assert SimilarSession(session=3, resembles=2) in found
    assert SimilarSession(session=3, resembles=1) not in found


def test_another_hour_or_other_people_make_another_session() -> None:
    same = came("p1", "p2", "sun")
    assert noticed(held(same, at="2026-03-20 14:01")) == []
    assert noticed(held(came("p1", "sun"))) == []
    assert noticed(held([])) == []
    unstated = given(*ACCEPTED, sat(1, at=AT)).when(hold(at=AT))
    assert noticed(unstated) == []


def test_the_same_people_are_the_same_spelt_otherwise() -> None:
    lawyer = {"as": "invitee", "present": True}
    first = sat(1, at=AT, attendance=[{**lawyer, "who": "艾力·买买提"}])
    again = given(*ACCEPTED, first).when(hold(at=AT, attendance=[{**lawyer, "who": "艾力•买买提 "}]))
    assert noticed(again) == [SimilarSession(session=2, resembles=1)]


def test_a_session_corrected_to_the_hour_of_another_resembles_it() -> None:
    people = came("p1", "p2", "sun")
    two = (*ACCEPTED, sat(1, at=AT, attendance=people), sat(2, at="2026-03-20 15:00", attendance=people))
    wrong = given(*two, wrongly_recorded(2, None, held_at=moment(AT)))
    approved = wrong.when(ask(ApproveCorrection, session=2, occurred_at="2026-03-21"), by=LI)
    assert noticed(approved) == [SimilarSession(session=2, resembles=1)]


# --- a side that was not there -----------------------------------------------------------------------------


def test_an_agreement_without_a_side_is_noticed() -> None:
    without = given(*ACCEPTED).when(hold("agreed", AT, attendance=came("p1", "sun", absent=["p2"])))
    assert noticed(without) == [AbsentSide(session=1, side="respondent")]
    nobody = given(*ACCEPTED).when(hold("agreed", AT, attendance=came("sun")))
    assert [item.side for item in noticed(nobody) if isinstance(item, AbsentSide)] == [
        "applicant",
        "respondent",
    ]


@pytest.mark.parametrize(
    "attendance", [came("p1", "p2"), came("p1", 王律师="p2"), came(张="p1", 王="p2"), []], ids=str
)
def test_a_side_is_there_by_a_party_or_its_agent_and_nothing_stated_says_nothing(
    attendance: list[dict[str, object]],
) -> None:
    assert noticed(given(*ACCEPTED).when(hold("agreed", AT, attendance=attendance))) == []


@pytest.mark.parametrize("outcome", ["failed", "adjourned", "no_show"])
def test_only_an_agreement_wants_both_sides(outcome: str) -> None:
    assert noticed(given(*ACCEPTED).when(hold(outcome, AT, attendance=came("p1", "sun")))) == []


def test_who_has_left_is_no_side_any_more_but_was_one_before() -> None:
    gone = given(*HANDLED, left("p4", at="2026-03-10"))
    assert noticed(gone.when(hold("agreed", AT, attendance=came("p1", "p4")))) == [
        AbsentSide(session=1, side="respondent")
    ]
    on_the_day = noticed(gone.when(hold("agreed", "2026-03-10", attendance=came("p1", "p4"))))
    assert on_the_day == [AbsentSide(session=1, side="respondent")]
    assert noticed(gone.when(hold("agreed", "2026-03-09", attendance=came("p1", "p4")))) == []


@pytest.mark.parametrize(
    "entry", [{"who": "王", "as": "agent"}, {"who": "p1", "as": "party", "for": "p1"}], ids=str
)
def test_an_agent_and_nobody_else_comes_for_a_party(entry: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="comes for a party"):
        hold(attendance=[{**entry, "present": True}])


def test_an_agent_comes_for_a_party_of_the_case_and_is_listed_once_for_it() -> None:
    strange = given(*ACCEPTED).when(hold(attendance=came(王="p9")))
    assert strange.refusal is not None
    assert strange.refusal.field == "attendance.0.for"
    agent = {"who": "王", "as": "agent", "present": True}
    assert hold(attendance=[{**agent, "for": "p1"}, {**agent, "for": "p2"}])
    with pytest.raises(ValueError, match="listed already"):
        hold(attendance=[{**agent, "for": "p1"}, {**agent, "for": "p1"}])


# --- the same party ----------------------------------------------------------------------------------------

PEOPLE = [
    {
        "role": "applicant",
        "kind": "person",
        "name": "买买提·艾力",
        "phone": "010–8888 1234",
        "id_number": "11010119900101123X",
    },
    {"role": "respondent", "kind": "person", "name": "乙"},
]


def filing(*parties: dict[str, object]) -> FileDispute:
    return file_dispute(parties=[*PEOPLE, *parties])


@pytest.mark.parametrize(
    ("like", "similar"),
    [
        ({"name": "丙", "id_number": "１１０１０１１９９００１０１１２３x"}, True),
        ({"name": "买买提•艾力", "phone": "010-88881234"}, True),
        ({"name": "买买提艾力", "phone": "01088881234"}, True),
        ({"name": "买买提艾力", "phone": "（010）8888-1234"}, True),
        ({"name": "丙", "id_number": "110101-19900101-123x"}, True),
        ({"name": "买买提艾力", "phone": "010-88881235"}, False),
        ({"name": "买买提艾力"}, False),
        ({"name": "丙", "phone": "010-88881234"}, False),
        ({"name": "丙"}, False),
    ],
    ids=str,
)
def test_the_same_number_or_name_with_telephone_is_a_similar_party(
    like: dict[str, object], similar: bool
) -> None:
    third = {"role": "respondent", "kind": "person", **like}
    expected = [SimilarParty(party="p3", resembles="p1")] if similar else []
    assert noticed(given().when(filing(third))) == expected
    before = given(*given().when(filing()).events)
    assert noticed(before.when(ask(AddParty, **third))) == expected
    nameless = given(*given().when(filing({**third, "name": "丁", "phone": "1", "id_number": "2"})).events)
    amended = ask(AmendParty, party="p3", reason="登记时写错", occurred_at="2026-03-20", **like)
    assert noticed(nameless.when(amended)) == expected


def test_each_party_is_told_with_the_first_that_it_resembles() -> None:
    three = [{**PEOPLE[0], "role": "respondent"}] * 2
    found = noticed(given().when(filing(*three)))
    assert [(item.party, item.resembles) for item in found if isinstance(item, SimilarParty)] == [
        ("p3", "p1"),
        ("p4", "p1"),
    ]


def test_as_many_parties_as_a_filing_names_are_told_once_each_where_all_are_alike() -> None:
    alike = [{**PEOPLE[0], "role": "respondent"}] * (limits.PARTIES - len(PEOPLE))
    assert len(noticed(given().when(filing(*alike)))) == len(alike)


def test_a_filing_of_different_people_is_told_nothing() -> None:
    assert noticed(given().when(file_dispute())) == []
    assert noticed(given(filed()).when(ask(AddParty, role="respondent", kind="person", name="丙"))) == []
