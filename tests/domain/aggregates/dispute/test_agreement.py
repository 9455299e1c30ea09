"""Agreements: reached at a session, signed by everybody needed, binding from the day of the latest signature (rule 9)."""

import pytest

from domain.commands.dispute import AcceptDispute, ReachAgreement, SignAgreement
from domain.errors import (
    AgreementInEffect,
    AlreadySigned,
    GoesBackwards,
    MediatorNotAssigned,
    MediatorOutOfTerm,
    NoAgreementReached,
    NotAccepted,
    NotTheConvener,
    NotTheOffice,
    SealNotNeeded,
    UnknownParty,
)
from domain.events.dispute import AgreementSigned, MediatorsReplaced
from domain.events.envelope import Actor
from domain.vocabulary import Role, Status
from tests.support.later import (
    ACCEPTED,
    AGREED_ON,
    BOUND,
    DRAFTED,
    RISEN,
    SEALING_SUN,
    SEALING_ZHOU,
    TERM,
    ask,
    drafted,
    in_effect,
    signed,
)
from tests.support.specification import (
    accept,
    accepted,
    decline,
    escalated,
    filed,
    filed_at,
    given,
    hold,
    moment,
    refuse,
    returned,
    sat,
    send_back,
    street_without,
    terminate,
    withdraw,
)
from tests.support.world import LI, SUN, WU, ZHAO


def reach(form: str = "written", at: str = "2026-03-20 15:00", **changes: object) -> ReachAgreement:
    """Ask to record an agreement of one term."""
    record = {"record": "口头协议登记"} if form == "oral" else {}
    return ask(ReachAgreement, form=form, terms=[TERM], reached_at=at, **record, **changes)


def sign(by: str, at: str = "2026-03-20 16:00", **more: object) -> SignAgreement:
    """Ask to record a signature."""
    return ask(SignAgreement, by=by, signed_at=at, **more)


# --- reaching ------------------------------------------------------------------------------------------------


def test_a_written_agreement_waits_for_signatures() -> None:
    when = given(*AGREED_ON).when(reach())
    when.then(drafted())
    assert when.case.status is Status.ACCEPTED


def test_an_oral_agreement_binds_on_the_day_on_which_it_was_reached() -> None:
    when = given(*AGREED_ON).when(reach("oral", at="2026-03-21 00:30"))
    record = drafted("oral", "2026-03-21 00:30").model_copy(update={"record": "口头协议登记"})
    when.then(record, in_effect("2026-03-21"))
    assert when.case.status is Status.AGREED


@pytest.mark.parametrize("outcome", ["failed", "adjourned", "no_show"])
def test_there_is_no_agreement_unless_the_latest_session_ended_in_one(outcome: str) -> None:
    given(*ACCEPTED).when(reach()).then_refused(NoAgreementReached)
    given(*ACCEPTED, sat(1, outcome)).when(reach()).then_refused(NoAgreementReached)
    given(*AGREED_ON, sat(2, outcome, at="2026-03-20 15:00")).when(reach()).then_refused(NoAgreementReached)


def test_the_latest_session_is_the_one_held_last_whenever_it_was_recorded() -> None:
    late = (*AGREED_ON, sat(2, "failed", at="2026-03-10"))
    assert given(*late).when(reach()).events
    same_hour = (*AGREED_ON, sat(2, "failed", at="2026-03-20"))
    given(*same_hour).when(reach()).then_refused(NoAgreementReached)


def test_an_agreement_is_not_reached_before_its_session() -> None:
    given(*AGREED_ON).when(reach(at="2026-03-19 23:59")).then_refused(GoesBackwards)
    assert given(*AGREED_ON).when(reach(at="2026-03-20 00:00")).events


def test_a_session_of_an_earlier_stay_gives_no_agreement() -> None:
    above = (*AGREED_ON, escalated(at="2026-03-21"), accepted("street", "zhao", at="2026-03-22", number=None))
    given(*above).when(reach(at="2026-03-23")).then_refused(NoAgreementReached)


def test_only_an_accepted_case_comes_to_an_agreement() -> None:
    given(filed()).when(reach()).then_refused(NotAccepted)
    given(*RISEN).when(reach()).then_refused(NotAccepted)
    given(*BOUND).when(reach()).then_refused(AgreementInEffect)


def test_an_oral_agreement_does_not_bind_before_the_last_step_of_the_case() -> None:
    back = (
        *ACCEPTED,
        sat(1, "agreed", at="2026-03-05"),
        escalated(at="2026-03-06"),
        returned(at="2026-03-10"),
    )
    given(*back).when(reach("oral", at="2026-03-09")).then_refused(GoesBackwards)
    assert given(*back).when(reach("oral", at="2026-03-10")).case.status is Status.AGREED


def test_a_later_draft_takes_the_place_of_the_one_before() -> None:
    case = given(*DRAFTED, signed("p1")).when(reach(at="2026-03-21")).case
    assert case.agreement is not None
    assert case.agreement.parties_signed == frozenset()


@pytest.mark.parametrize("who", ["debtor", "creditor"])
def test_terms_bind_parties_of_the_case(who: str) -> None:
    wrong = ask(
        ReachAgreement, form="written", terms=[TERM, {**TERM, who: "p7"}], reached_at="2026-03-20 15:00"
    )
    given(*AGREED_ON).when(wrong).then_refused(UnknownParty, field=f"terms.1.{who}")


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"terms": [{**TERM, "creditor": "p2"}]}, "themselves"),
        ({"terms": [{**TERM, "due_on": "2026-03-19"}]}, "lies before 2026-03-20"),
        ({"terms": []}, "at least 1"),
        ({"form": "oral"}, "record"),
    ],
)
def test_an_agreement_makes_sense(changes: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        ask(
            ReachAgreement, **{"form": "written", "terms": [TERM], "reached_at": "2026-03-20 15:00"} | changes
        )


def test_a_term_may_be_due_on_the_very_day() -> None:
    at_once = {**TERM, "due_on": "2026-03-20"}
    assert ask(ReachAgreement, form="written", terms=[at_once], reached_at="2026-03-20 15:00")


# --- signing -------------------------------------------------------------------------------------------------

WHO = [("p1", SUN), ("p2", SUN), ("mediator", SUN), ("committee", SEALING_SUN)]


@pytest.mark.parametrize("last", range(4))
def test_the_last_signature_needed_puts_it_into_effect(last: int) -> None:
    asked = given(*DRAFTED)
    order = [item for place, item in enumerate(WHO) if place != last]
    for by, actor in order:
        step = asked.when(sign(by), by=actor)
        assert step.case.status is Status.ACCEPTED
        asked = step.after
    by, actor = WHO[last]
    end = asked.when(sign(by, at="2026-03-25"), by=actor)
    assert end.case.status is Status.AGREED
    assert [event.TOPIC for event in end.events] == [
        "dispute.agreement_signed.v1",
        "dispute.agreement_took_effect.v1",
    ]
    assert end.events[-1] == in_effect("2026-03-25")


def test_it_binds_from_the_latest_signature_in_whatever_order_they_are_recorded() -> None:
    history = (
        *DRAFTED,
        signed("p1", "2026-03-23"),
        signed("sun"),
        signed("dongguang.c01", "2026-03-28 00:10"),
    )
    assert given(*history).when(sign("p2", at="2026-03-21")).events[-1] == in_effect("2026-03-28")


def test_it_does_not_bind_before_the_last_step_of_the_case() -> None:
    back = (
        *(
            *ACCEPTED,
            sat(1, "agreed", at="2026-03-05"),
            escalated(at="2026-03-06"),
            returned(at="2026-03-10"),
        ),
        *(drafted(at="2026-03-05"), *(signed(item, "2026-03-05") for item in ("p1", "sun", "dongguang.c01"))),
    )
    given(*back).when(sign("p2", at="2026-03-09")).then_refused(GoesBackwards)
    assert given(*back).when(sign("p2", at="2026-03-10")).case.status is Status.AGREED


def test_each_signs_once() -> None:
    given(*DRAFTED, signed("p1")).when(sign("p1")).then_refused(AlreadySigned, saying="p1")
    given(*DRAFTED, signed("sun")).when(sign("mediator")).then_refused(AlreadySigned)
    sealed = given(*DRAFTED, signed("dongguang.c01"))
    sealed.when(sign("committee"), by=SEALING_SUN).then_refused(AlreadySigned)


def test_nobody_signs_before_it_was_reached() -> None:
    given(*DRAFTED).when(sign("p1", at="2026-03-19 23:59")).then_refused(GoesBackwards)
    assert given(*DRAFTED).when(sign("p1", at="2026-03-20 00:00")).events


def test_only_parties_of_the_case_sign() -> None:
    given(*DRAFTED).when(sign("p9")).then_refused(UnknownParty, field="by")


def test_a_mediator_signs_who_is_assigned_and_in_term() -> None:
    given(*DRAFTED).when(sign("mediator")).then(signed("sun"))
    given(*DRAFTED).when(sign("mediator"), by=LI).then_refused(MediatorNotAssigned)
    given(*DRAFTED).at(given().now.replace(year=2029)).when(sign("mediator", at="2028-01-01")).then_refused(
        MediatorOutOfTerm
    )


CLERK = Actor(sub="wenshu", role=Role.CLERK, unit="dongguang.c01")
SHARED = (filed(), accepted(), *DRAFTED[2:])
"""Drafted by sun and li together."""


def test_the_office_records_what_an_assigned_mediator_signed_on_paper() -> None:
    for office in (SEALING_SUN, CLERK, Actor(sub="sun", role=Role.CONVENER)):
        given(*SHARED).when(sign("mediator", who="li"), by=office).then(signed("li"))
    given(*SHARED).when(sign("mediator", who="sun"), by=SUN).then(signed("sun"))


@pytest.mark.parametrize(
    "actor",
    [
        SUN,
        ZHAO,
        SEALING_ZHOU,
        Actor(sub="wenshu", role=Role.CLERK, unit="dongguang.c02"),
        Actor(sub="wenshu", role=Role.CLERK),
    ],
)
def test_nobody_else_records_it(actor: Actor) -> None:
    given(*SHARED).when(sign("mediator", who="li"), by=actor).then_refused(NotTheOffice)


def test_in_joint_mediation_the_office_of_a_co_platform_records_it_too() -> None:
    joint = (filed(co_units=("dongguang.c02.y01",)), *SHARED[1:])
    given(*joint).when(sign("mediator", who="li"), by=SEALING_ZHOU).then(signed("li"))
    clerk = Actor(sub="wenshu", role=Role.CLERK, unit="dongguang.c02")
    given(*joint).when(sign("mediator", who="li"), by=clerk).then(signed("li"))


def test_it_is_the_signature_of_somebody_assigned_on_the_day() -> None:
    given(*DRAFTED).when(sign("mediator", who="zhou"), by=CLERK).then_refused(MediatorNotAssigned)
    given(*DRAFTED).when(sign("mediator"), by=CLERK).then_refused(MediatorNotAssigned)
    change = MediatorsReplaced(mediators=("li",), reason="other", note=None, occurred_at=moment("2026-03-22"))
    replaced = given(*DRAFTED, change)
    assert replaced.when(sign("mediator", at="2026-03-21", who="sun"), by=CLERK).events
    replaced.when(sign("mediator", at="2026-03-23", who="sun"), by=CLERK).then_refused(MediatorNotAssigned)
    given(*DRAFTED, signed("li")).when(sign("mediator", who="sun"), by=CLERK).then_refused(AlreadySigned)


def test_only_a_mediator_s_signature_names_who_signed() -> None:
    with pytest.raises(ValueError, match="only a mediator"):
        sign("p1", who="sun")


def test_without_a_draft_there_is_nothing_to_sign() -> None:
    given(*AGREED_ON).when(sign("p1")).then_refused(NoAgreementReached)
    given(*BOUND).when(sign("p1")).then_refused(AgreementInEffect)
    moved = (*DRAFTED, escalated(at="2026-03-21"), accepted("street", "zhao", at="2026-03-22", number=None))
    given(*moved).when(sign("p1", at="2026-03-23")).then_refused(NoAgreementReached)


def test_a_draft_is_overtaken_by_a_session_that_failed_and_by_no_other() -> None:
    given(*DRAFTED, sat(2, "failed", at="2026-03-21")).when(sign("p1", at="2026-03-22")).then_refused(
        NoAgreementReached
    )
    for outcome in ("no_show", "adjourned", "agreed"):
        assert given(*DRAFTED, sat(2, outcome, at="2026-03-21")).when(sign("p1", at="2026-03-22")).events
    assert given(*DRAFTED, sat(2, "failed", at="2026-03-19")).when(sign("p1")).events


# --- seals ---------------------------------------------------------------------------------------------------


def test_the_committee_of_the_platform_seals_by_its_convener() -> None:
    sealed = AgreementSigned(unit="dongguang.c01", signed_at=signed("p1").signed_at)
    given(*DRAFTED).when(sign("committee"), by=SEALING_SUN).then(sealed)
    given(*DRAFTED).when(sign("committee", unit="dongguang.c01"), by=SEALING_SUN).then(sealed)
    nameless = Actor(sub="sun", role=Role.CONVENER)
    given(*DRAFTED).when(sign("committee", unit="dongguang.c01"), by=nameless).then(sealed)


def test_nobody_else_seals() -> None:
    given(*DRAFTED).when(sign("committee"), by=SUN).then_refused(NotTheConvener)
    given(*DRAFTED).when(sign("committee", unit="dongguang.c01"), by=ZHAO).then_refused(NotTheConvener)
    compound = Actor(sub="wu", role=Role.CONVENER, unit="dongguang.c01.y01")
    given(*DRAFTED).when(sign("committee"), by=compound).then_refused(NotTheConvener)


def test_another_committee_s_seal_is_not_needed() -> None:
    given(*DRAFTED).when(sign("committee"), by=ZHAO).then_refused(SealNotNeeded, saying="dongguang.c01")
    given(*DRAFTED).when(sign("committee"), by=SEALING_ZHOU).then_refused(SealNotNeeded)
    homeless = Actor(sub="sun", role=Role.CONVENER)
    given(*DRAFTED).when(sign("committee"), by=homeless).then_refused(SealNotNeeded)


def compound_case() -> tuple[object, ...]:
    return (
        filed_at("compound"),
        accepted("compound", "wu"),
        sat(1, "agreed", "compound", at="2026-03-20"),
        drafted(),
        *map(signed, ("p1", "p2", "wu")),
    )


def test_a_compound_s_agreement_is_sealed_by_its_community() -> None:
    case = given(*compound_case())
    case.when(sign("committee", unit="dongguang.c01.y01"), by=WU).then_refused(SealNotNeeded)
    assert case.when(sign("committee"), by=SEALING_SUN).case.status is Status.AGREED


def test_without_a_community_the_street_seals_and_without_any_the_platform_itself() -> None:
    case = given(*compound_case()).on(street_without("dongguang.c01"))
    assert case.when(sign("committee"), by=ZHAO).case.status is Status.AGREED
    alone = given(*compound_case()).on(street_without("dongguang.c01", "dongguang"))
    convener = Actor(sub="wu", role=Role.CONVENER, unit="dongguang.c01.y01")
    assert alone.when(sign("committee"), by=convener).case.status is Status.AGREED


def test_in_joint_mediation_every_committee_seals() -> None:
    joint = (filed(co_units=("dongguang.c02.y01",)), *DRAFTED[1:], *map(signed, ("p1", "p2", "sun")))
    first = given(*joint).when(sign("committee"), by=SEALING_SUN)
    assert first.case.status is Status.ACCEPTED
    second = first.when(sign("committee", at="2026-03-24"), by=SEALING_ZHOU)
    assert (second.case.status, second.events[-1]) == (Status.AGREED, in_effect("2026-03-24"))


def test_a_co_unit_without_a_platform_of_the_tier_takes_part_by_one_above_it() -> None:
    """Or else, where none lies above it either, by one below: it never drops out."""
    joint = (filed(co_units=("dongguang.c02.y01",)), *DRAFTED[1:], *map(signed, ("p1", "p2", "sun")))
    above = given(*joint).on(street_without("dongguang.c02"))
    first = above.when(sign("committee"), by=SEALING_SUN)
    assert first.case.status is Status.ACCEPTED
    assert first.when(sign("committee"), by=ZHAO).case.status is Status.AGREED
    below = given(*joint).on(street_without("dongguang.c02", "dongguang"))
    assert below.when(sign("committee"), by=SEALING_SUN).case.status is Status.ACCEPTED


def test_only_a_committee_s_seal_names_a_unit() -> None:
    with pytest.raises(ValueError, match="only a committee"):
        sign("p1", unit="dongguang.c01")


# --- once it binds -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [hold(at="2026-03-28"), hold("agreed", at="2026-03-28"), refuse(), withdraw(), terminate()],
    ids=lambda item: type(item).__name__,
)
def test_mediation_has_ended(command: AcceptDispute) -> None:
    given(*BOUND).when(command).then_refused(AgreementInEffect)


def test_it_does_not_wait_for_acceptance() -> None:
    for command in (accept(at="2026-03-21"), send_back(), decline("2026-03-21")):
        when = given(*BOUND).when(command, by=ZHAO)
        assert when.refusal is not None
