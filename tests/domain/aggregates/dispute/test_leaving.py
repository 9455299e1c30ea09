"""One party of several leaves for itself; the others go on, sign and settle without it (rule 21)."""

from uuid import UUID

import pytest

from domain.commands.dispute import AddParty, ExtendTime, ReachAgreement, RequestConfirmation, SignAgreement
from domain.errors import (
    AgreementInEffect,
    ConsentMissing,
    GoesBackwards,
    LastOfItsSide,
    MediationRefused,
    NotAnApplicant,
    OneSided,
    PartyHasLeft,
)
from domain.events.dispute import DisputeEvent, PartyLeft, RemediesNotified
from domain.vocabulary import Remedy, Status
from tests.support.later import SEALING_SUN, TERM, ask, drafted, in_effect, signed
from tests.support.specification import (
    accepted,
    escalated,
    failed,
    filed,
    given,
    moment,
    refuse,
    sat,
    withdraw,
)

_SIDES = {"p1": "applicant", "p2": "respondent", "p3": "applicant", "p4": "respondent"}
FOUR = filed(
    parties=[
        {"id": item, "person": UUID(int=place), "role": role, "kind": "person", "name": f"丁{place}"}
        for place, (item, role) in enumerate(_SIDES.items(), start=1)
    ]
)
HANDLED = (FOUR, accepted("community", "sun"))
UP = (*HANDLED, *failed(5), escalated(at="2026-03-08"))
OPEN = pytest.mark.parametrize("history", [(FOUR,), HANDLED, UP], ids=["filed", "accepted", "escalated"])


def left(party: str, how: str = "refused", at: str = "2026-03-20", *, settled: bool = False) -> PartyLeft:
    note = "不再调解" if how == "refused" else None
    body = {"party": party, "how": how, "settled": settled, "note": note, "occurred_at": moment(at)}
    return PartyLeft.model_validate(body)


def told(party: str, at: str = "2026-03-20") -> RemediesNotified:
    return RemediesNotified(remedies=tuple(Remedy), party=party, occurred_at=moment(at))


WITHOUT_P4 = (*HANDLED, left("p4", at="2026-03-05"), told("p4", "2026-03-05"))
AGREED_WITHOUT_P4 = (*WITHOUT_P4, sat(1, "agreed", at="2026-03-20"))


@OPEN
def test_one_of_a_side_leaves_and_the_case_goes_on(history: tuple[DisputeEvent, ...]) -> None:
    before = given(*history).case
    when = given(*history).when(refuse("p4", scope="self"))
    when.then(left("p4"), told("p4"))
    assert (when.case.status, when.case.tier, when.case.refused_by) == (before.status, before.tier, None)
    assert [party.id for party in when.case.present_parties] == ["p1", "p2", "p3"]
    given(*history).when(withdraw("p3", scope="self")).then(left("p3", "withdrawn"), told("p3"))


def test_a_party_may_leave_because_it_has_settled_its_part() -> None:
    settled = withdraw("p3", scope="self", settled=True)
    given(*HANDLED).when(settled).then(left("p3", "withdrawn", settled=True), told("p3"))


@pytest.mark.parametrize("party", ["p2", "p1"])
def test_the_last_of_a_side_does_not_leave_alone(party: str) -> None:
    last = (*HANDLED, left("p3", "withdrawn", at="2026-03-05"), left("p4", at="2026-03-05"))
    given(*last).when(refuse(party, scope="self")).then_refused(LastOfItsSide, saying=party)
    assert given(*last).when(refuse(party)).case.outcome == "refused"


def test_a_party_leaves_once_and_has_no_say_afterwards() -> None:
    for command in (refuse("p4", scope="self"), refuse("p4"), withdraw("p4")):
        given(*WITHOUT_P4).when(command).then_refused(PartyHasLeft, saying="2026-03-05")


def test_a_respondent_cannot_withdraw_even_for_itself() -> None:
    given(*HANDLED).when(withdraw("p4", scope="self")).then_refused(NotAnApplicant, saying="p4")


def test_nobody_leaves_before_the_case_or_after_its_end() -> None:
    given(*HANDLED).when(refuse("p4", "2026-03-01", scope="self")).then_refused(GoesBackwards)
    assert given(*UP).when(refuse("p4", "2026-03-02", scope="self")).events
    bound = (*AGREED_WITHOUT_P4, drafted(), *map(signed, ("p1", "p2", "p3", "sun")), in_effect())
    given(*bound).when(refuse("p2", scope="self")).then_refused(AgreementInEffect)
    ended = given(*HANDLED).when(refuse("p1"))
    ended.when(refuse("p4", scope="self")).then_refused(MediationRefused)


def test_the_others_sign_and_settle_without_it() -> None:
    written = (*AGREED_WITHOUT_P4, drafted(), *map(signed, ("p1", "p2", "sun", "dongguang.c01")))
    last = ask(SignAgreement, by="p3", signed_at="2026-03-20 17:00")
    given(*written).when(last).then(signed("p3", "2026-03-20 17:00"), in_effect())


def test_a_party_that_left_signs_nothing() -> None:
    sign = ask(SignAgreement, by="p4", signed_at="2026-03-20 17:00")
    given(*AGREED_WITHOUT_P4, drafted()).when(sign).then_refused(PartyHasLeft, saying="p4")


def test_a_party_that_left_owes_nothing_and_is_owed_nothing() -> None:
    owing = ask(ReachAgreement, form="written", terms=[{**TERM, "debtor": "p4"}], reached_at="2026-03-20")
    given(*AGREED_WITHOUT_P4).when(owing).then_refused(PartyHasLeft, saying="p4")


def test_a_draft_that_names_a_party_that_left_since_is_not_signed() -> None:
    draft = drafted("written", "2026-03-20 15:00", {**TERM, "creditor": "p3"})
    history = (*HANDLED, sat(1, "agreed", at="2026-03-20"), draft, left("p3", "withdrawn"))
    sign = ask(SignAgreement, by="p1", signed_at="2026-03-20 17:00")
    given(*history).when(sign).then_refused(PartyHasLeft, saying="p3")


def test_the_consent_of_a_party_that_left_is_not_needed() -> None:
    more = ask(ExtendTime, until="2026-05-15", consents=("p1", "p2", "p3"), occurred_at="2026-03-10")
    assert given(*WITHOUT_P4).when(more).events
    given(*HANDLED).when(more).then_refused(ConsentMissing, saying="p4")


def test_a_court_is_asked_by_those_who_stayed() -> None:
    signatures = map(signed, ("p1", "p2", "p3", "sun", "dongguang.c01"))
    bound = given(*AGREED_WITHOUT_P4, drafted(), *signatures, in_effect())
    joint = ask(
        RequestConfirmation, filed_on="2026-03-21", applicants=("p1", "p2", "p3"), court="锦江区人民法院"
    )
    assert bound.when(joint, by=SEALING_SUN).events
    partly = joint.model_copy(update={"applicants": ("p1", "p3")})
    bound.when(partly, by=SEALING_SUN).then_refused(OneSided)


def test_who_joins_later_fills_the_side_again() -> None:
    last = (*HANDLED, left("p4", at="2026-03-05"))
    joined = given(*last).when(ask(AddParty, role="respondent", kind="person", name="戊"))
    assert [party.id for party in joined.case.present_parties] == ["p1", "p2", "p3", "p5"]
    assert joined.when(refuse("p2", scope="self")).case.status is Status.ACCEPTED
