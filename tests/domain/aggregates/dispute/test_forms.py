"""What the official forms ask of a natural person, who acts for a party, and minors (DOMAIN 5, 6)."""

from datetime import date

import pytest

from domain.commands.dispute import AddParty, AmendParty
from domain.errors import GuardianMissing, TimeInFuture
from domain.events.dispute import Agent, Party
from store.privacy.redaction import impersonal
from tests.support.later import ACCEPTED, ask
from tests.support.specification import file_dispute, given

STATED = {
    "sex": "女",
    "ethnicity": "维吾尔族",
    "born_on": date(1931, 2, 3),
    "occupation": "退休教师",
}
GUARDIAN = {"name": "艾力", "relation": "父亲", "phone": "13800000001", "authority": "guardian"}
CHILD = {"role": "respondent", "kind": "person", "name": "小艾", "minor": True}
OTHER = {"role": "applicant", "kind": "person", "name": "甲"}


def joined(**fields: object) -> Party:
    """The party of a case that somebody added."""
    return given(*ACCEPTED).when(ask(AddParty, **{**CHILD, "minor": False, **fields})).case.parties[-1]


def test_what_the_forms_ask_is_kept_as_stated() -> None:
    party = joined(**STATED, agent={**GUARDIAN, "authority": "special"})
    assert {name: getattr(party, name) for name in STATED} == STATED
    assert party.agent == Agent(name="艾力", relation="父亲", phone="13800000001", authority="special")
    filed = (
        given().when(file_dispute(parties=[{**OTHER, **STATED}, CHILD | {"minor": False}])).case.parties[0]
    )
    assert {name: getattr(filed, name) for name in STATED} == STATED


def test_it_is_amended_and_removed_like_everything_else() -> None:
    before = given(*ACCEPTED).when(ask(AddParty, **CHILD, **STATED, agent=GUARDIAN))
    grown = {"minor": None, "sex": None, "born_on": "1932-02-03", "agent": None}
    after = before.when(ask(AmendParty, party="p3", reason="更正", occurred_at="2026-03-20", **grown))
    party = after.case.parties[-1]
    assert (party.minor, party.sex, party.born_on, party.agent) == (False, None, date(1932, 2, 3), None)
    assert party.ethnicity == STATED["ethnicity"]


def test_what_was_not_stated_is_not_stored() -> None:
    assert set(joined().model_dump()) == {
        *("id", "person", "role", "kind", "name", "phone", "id_number", "address", "agent")
    }


@pytest.mark.parametrize(
    "agent", [None, {"name": "艾力", "relation": "父亲"}, {**GUARDIAN, "authority": "general"}]
)
def test_a_minor_has_a_guardian_as_agent(agent: dict[str, object] | None) -> None:
    for command in (
        lambda: file_dispute(parties=[OTHER, {**CHILD, "agent": agent}]),
        lambda: ask(AddParty, **CHILD, agent=agent),
    ):
        with pytest.raises(ValueError, match="a minor has a guardian"):
            command()
    amended = ask(AmendParty, party="p2", minor=True, agent=agent, reason="更正", occurred_at="2026-03-20")
    given(*ACCEPTED).when(amended).then_refused(GuardianMissing, field="agent")


def test_a_guardian_does_not_go_while_the_party_is_a_minor() -> None:
    child = given(*ACCEPTED).when(ask(AddParty, **CHILD, agent=GUARDIAN))
    gone = ask(AmendParty, party="p3", agent=None, reason="更正", occurred_at="2026-03-20")
    child.when(gone).then_refused(GuardianMissing, field="agent")


@pytest.mark.parametrize("born_on", ["2027-01-01", "1879-12-31", 19310203, "19310203"])
def test_nobody_is_born_tomorrow_or_too_long_ago(born_on: object) -> None:
    if born_on != "2027-01-01":
        with pytest.raises(ValueError, match="born_on"):
            ask(AddParty, **CHILD, agent=GUARDIAN, born_on=born_on)
        return
    tomorrow = ask(AddParty, **CHILD, agent=GUARDIAN, born_on=born_on)
    given(*ACCEPTED).when(tomorrow).then_refused(TimeInFuture, field="born_on")
    filing = file_dispute(parties=[OTHER, {**OTHER, "role": "respondent", "born_on": born_on}])
    given().when(filing).then_refused(TimeInFuture, field="parties.1.born_on")


def test_an_export_without_people_holds_nothing_of_it() -> None:
    added = given(*ACCEPTED).when(ask(AddParty, **CHILD, **STATED, agent=GUARDIAN)).events[0]
    party = impersonal(added)["party"]
    assert isinstance(party, dict)
    assert {name: party[name] for name in (*STATED, "minor")} == dict.fromkeys((*STATED, "minor"))
    assert party["agent"] == {"name": None, "relation": None, "phone": None, "authority": "guardian"}
