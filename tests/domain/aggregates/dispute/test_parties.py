"""Who mediates, until when, and who the parties are (rules 4, 8; PIPL 46)."""

from datetime import date
from uuid import UUID, uuid5

import pytest

from domain.commands.dispute import AddParty, AmendParty, ExtendTime, MakeAppointment, ReplaceMediators
from domain.errors import (
    AgreementInEffect,
    AlreadyClosed,
    ConsentMissing,
    DuplicateParty,
    GoesBackwards,
    MediatorElsewhere,
    MediatorNotAssigned,
    MediatorOutOfTerm,
    NotAccepted,
    NothingToCorrect,
    NotLonger,
    TimeInFuture,
    TooManyParties,
    UnknownParty,
)
from domain.events.dispute import (
    AppointmentMade,
    MediatorsReplaced,
    Party,
    PartyAdded,
    PartyAmended,
    TimeExtended,
)
from domain.vocabulary import Method, limits
from tests.support.later import ACCEPTED, BOUND, RISEN, ask
from tests.support.specification import DISPUTE, accept, accepted, closed, filed, given, hold, moment
from tests.support.world import NOW, ZHAO

LI_NOW = MediatorsReplaced(
    mediators=("li",), reason="objection", note="亲属", occurred_at=moment("2026-03-10")
)


def replace(*mediators: str, at: str = "2026-03-10") -> ReplaceMediators:
    """Ask to replace the mediators."""
    return ask(ReplaceMediators, mediators=mediators, reason="objection", note="亲属", occurred_at=at)


def test_an_objection_replaces_the_mediators() -> None:
    when = given(*ACCEPTED).when(replace("li", "li"))
    when.then(LI_NOW)
    assert when.case.mediators == ("li",)
    assert when.case.handlers == {"sun", "li"}


def test_who_mediates_already_replaces_nobody() -> None:
    given(*ACCEPTED).when(replace("sun")).then_refused(NothingToCorrect)
    given(filed(), accepted()).when(replace("li", "sun")).then_refused(NothingToCorrect)


def test_a_new_mediator_serves_at_the_platform_on_that_day() -> None:
    given(*ACCEPTED).when(replace("zhou")).then_refused(MediatorElsewhere)
    given(*ACCEPTED).at(NOW.replace(year=2029)).when(replace("li", at="2028-01-01")).then_refused(
        MediatorOutOfTerm
    )


def test_a_replacement_follows_the_one_before() -> None:
    given(*ACCEPTED).when(replace("li", at="2026-03-02")).then_refused(GoesBackwards)
    assert given(*ACCEPTED).when(replace("li", at="2026-03-03")).events
    given(*ACCEPTED, LI_NOW).when(replace("sun", at="2026-03-09")).then_refused(GoesBackwards)
    assert given(*ACCEPTED, LI_NOW).when(replace("sun", at="2026-03-10")).events


def test_mediators_are_replaced_while_somebody_handles_the_case() -> None:
    for waiting in ((filed(),), RISEN):
        given(*waiting).when(replace("li", at="2026-03-12")).then_refused(NotAccepted)
    assert given(*BOUND).when(replace("li", at="2026-03-21")).case.mediators == ("li",)
    given(*ACCEPTED, closed("withdrawn")).when(replace("li")).then_refused(AlreadyClosed)


@pytest.mark.parametrize(
    ("mediator", "day", "sat"),
    [
        ("sun", "2026-03-09", True),
        ("sun", "2026-03-10", True),
        ("sun", "2026-03-11", False),
        ("li", "2026-03-09", False),
        ("li", "2026-03-10", True),
        ("li", "2026-03-11", True),
    ],
)
def test_a_session_counts_by_whoever_was_assigned_on_its_day(mediator: str, day: str, *, sat: bool) -> None:
    when = given(*ACCEPTED, LI_NOW).when(hold(at=day, mediators=(mediator,)))
    if sat:
        assert when.events
    else:
        when.then_refused(MediatorNotAssigned, saying=mediator)


# --- time ----------------------------------------------------------------------------------------------------


def extend(until: str = "2026-05-15", *consents: str, at: str = "2026-03-10") -> ExtendTime:
    """Ask for more time, with both parties' consent unless others are named."""
    return ask(ExtendTime, until=until, consents=consents or ("p1", "p2"), occurred_at=at)


def extended(until: str = "2026-05-15") -> TimeExtended:
    return TimeExtended(
        tier="community",
        until=date.fromisoformat(until),
        consents=("p1", "p2"),
        occurred_at=moment("2026-03-10"),
    )


def test_all_parties_together_give_more_time() -> None:
    when = given(*ACCEPTED).when(extend())
    when.then(extended())
    assert when.case.stay is not None
    assert when.case.stay.extended_until == date(2026, 5, 15)


def test_one_party_alone_gives_none() -> None:
    given(*ACCEPTED).when(extend("2026-05-15", "p1")).then_refused(ConsentMissing, saying="p2")
    given(*ACCEPTED).when(extend("2026-05-15", "p1", "p2", "p3")).then_refused(
        UnknownParty, field="consents.2"
    )


def test_more_time_is_longer_than_there_is() -> None:
    given(*ACCEPTED).when(extend("2026-04-03")).then_refused(NotLonger, saying="2026-04-03")
    assert given(*ACCEPTED).when(extend("2026-04-04")).events
    given(*ACCEPTED, extended()).when(extend("2026-05-15")).then_refused(NotLonger)
    assert given(*ACCEPTED, extended()).when(extend("2026-05-16")).events


def test_time_is_given_to_a_case_in_mediation() -> None:
    given(filed()).when(extend()).then_refused(NotAccepted)
    given(*BOUND).when(extend(at="2026-03-21")).then_refused(AgreementInEffect)
    given(*ACCEPTED).when(extend(at="2026-03-02")).then_refused(GoesBackwards)
    assert given(*ACCEPTED).when(extend(at="2026-03-03")).events


def test_more_time_at_one_tier_is_none_at_the_next() -> None:
    above = given(*RISEN[:2], extended(), *RISEN[2:]).when(accept("zhao", at="2026-03-12"), by=ZHAO)
    assert above.case.stay is not None
    assert above.case.stay.extended_until is None


# --- appointments --------------------------------------------------------------------------------------------


def call(at: str = "2026-12-24 14:00") -> MakeAppointment:
    """Ask to call a session."""
    return ask(MakeAppointment, at=at, place="调解室", method="on_site")


def test_a_session_is_called_for_a_day_to_come() -> None:
    called = AppointmentMade(
        number=1, at=moment("2026-12-24 14:00"), place="调解室", method=Method.ON_SITE, occurred_at=NOW
    )
    given(*ACCEPTED).when(call()).then(called)


def test_a_session_is_called_in_a_case_in_mediation() -> None:
    given(filed()).when(call()).then_refused(NotAccepted)
    given(*BOUND).when(call()).then_refused(AgreementInEffect)
    given(*ACCEPTED).when(call("2026-03-02 23:59")).then_refused(GoesBackwards)
    assert given(*ACCEPTED).when(call("2026-03-03 00:00")).events


# --- parties -------------------------------------------------------------------------------------------------

THIRD = {"role": "respondent", "kind": "person", "name": "丙"}


def party(party_id: str = "p3", **changes: object) -> Party:
    return Party.model_validate({**THIRD, "id": party_id, "person": uuid5(DISPUTE, party_id)} | changes)


def add(**changes: object) -> AddParty:
    """Ask to add a party."""
    return ask(AddParty, **THIRD | changes)


def test_a_party_joins_with_the_next_id_and_an_identity_of_its_own() -> None:
    given(*ACCEPTED).when(add()).then(PartyAdded(party=party(), reason=None, occurred_at=NOW))
    named = add(id="shop", person=UUID(int=9), reason="共同经营", occurred_at="2026-03-10")
    given(*ACCEPTED).when(named).then(
        PartyAdded(
            party=party("shop", person=UUID(int=9)), reason="共同经营", occurred_at=moment("2026-03-10")
        )
    )


def test_two_parties_do_not_share_an_id() -> None:
    given(*ACCEPTED).when(add(id="p1")).then_refused(DuplicateParty, field="id")


def test_a_case_has_so_many_parties_at_most_whoever_adds_them() -> None:
    many = filed(parties=[party(f"p{n}", name=f"户{n}") for n in range(1, limits.CASE_PARTIES)])
    full = given(many).when(add()).after
    assert len(full.case.parties) == limits.CASE_PARTIES
    full.when(add()).then_refused(TooManyParties)


def test_nobody_joins_tomorrow() -> None:
    given(*ACCEPTED).when(add(occurred_at="2026-12-01")).then_refused(TimeInFuture, field="occurred_at")


def test_nobody_joins_what_has_ended() -> None:
    given(*BOUND).when(add()).then_refused(AgreementInEffect)
    given(*ACCEPTED, closed("withdrawn")).when(add()).then_refused(AlreadyClosed)
    assert given(filed()).when(add()).case.parties[2].id == "p3"


@pytest.mark.parametrize("name", ["mediator", "committee"])
def test_words_of_the_signatures_name_no_party(name: str) -> None:
    with pytest.raises(ValueError, match="names of parties"):
        add(id=name)


def amend(**changes: object) -> AmendParty:
    """Ask to put a party right."""
    return ask(AmendParty, **{"party": "p2", "reason": "登记时写错", "occurred_at": "2026-03-10"} | changes)


def test_what_is_known_of_a_party_is_put_right_whatever_the_state() -> None:
    right = filed().parties[1].model_copy(update={"name": "乙二", "phone": "1"})
    told = PartyAmended(party=right, reason="登记时写错", occurred_at=moment("2026-03-10"))
    for history in (ACCEPTED, BOUND, (*ACCEPTED, closed("withdrawn"))):
        when = given(*history).when(amend(name="乙二", phone="1"))
        when.then(told)
        assert when.case.parties == (filed().parties[0], right)


def test_null_removes_what_may_be_missing_and_what_is_left_out_stays() -> None:
    with_phone = given(*ACCEPTED).when(amend(phone="1", agent={"name": "丁", "relation": "配偶"}))
    without = with_phone.when(amend(phone=None)).case.parties[1]
    assert (without.phone, without.agent is None, without.name) == (None, False, "乙")


def test_an_amendment_changes_something() -> None:
    given(*ACCEPTED).when(amend(name="乙")).then_refused(NothingToCorrect)
    with pytest.raises(ValueError, match="to be changed"):
        amend()


@pytest.mark.parametrize("field", ["name", "role", "kind", "person"])
def test_a_party_keeps_what_it_cannot_be_without(field: str) -> None:
    with pytest.raises(ValueError, match="cannot be removed"):
        amend(**{field: None})


def test_only_a_party_of_the_case_is_put_right() -> None:
    given(*ACCEPTED).when(amend(party="p3", name="丙")).then_refused(UnknownParty, field="party")
