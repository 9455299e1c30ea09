"""A second pair of eyes is not the first one spelt otherwise (rules 4, 7, 24)."""

import pytest

from domain.commands.dispute import (
    ApproveCorrection,
    ApproveEscalation,
    FollowUp,
    RejectCorrection,
    SignAgreement,
)
from domain.errors import AlreadyEndorsed, HandlerMayNotVerify, MediatorNotAssigned, OwnProposal
from domain.events.dispute import EscalationEndorsed
from domain.events.envelope import Actor
from domain.vocabulary import Role
from tests.support.later import ACCEPTED, DRAFTED, ask, lift_proposed, signed, wrongly_recorded
from tests.support.specification import accept, closed, filed, given, moment, sat
from tests.support.stories_told import with_rules
from tests.support.world import LI, SUN

SPELLINGS = pytest.mark.parametrize("sub", ["sun", "SUN", "Ｓｕｎ", "sun ", "s\u200bun", "sun\u00b7"])


@SPELLINGS
def test_nobody_decides_on_their_own_proposal_under_another_spelling(sub: str) -> None:
    actor = SUN.model_copy(update={"sub": sub})
    wrong = given(*ACCEPTED, sat(1), wrongly_recorded(1))
    for command in (ApproveCorrection, RejectCorrection):
        decided = ask(command, session=1, occurred_at="2026-03-21")
        wrong.when(decided, by=actor).then_refused(OwnProposal)
        assert wrong.when(decided, by=LI).events
    lifted = given(*ACCEPTED, lift_proposed())
    lifted.when(ask(ApproveEscalation, occurred_at="2026-03-21"), by=actor).then_refused(OwnProposal)


@SPELLINGS
def test_who_handled_a_case_does_not_verify_it_under_another_spelling(sub: str) -> None:
    visit = ask(FollowUp, visited_on="2026-03-21", performed="yes")
    after = given(*ACCEPTED, closed("withdrawn"))
    after.when(visit, by=SUN.model_copy(update={"sub": sub})).then_refused(HandlerMayNotVerify)
    assert after.when(visit, by=LI).events


def test_nobody_endorses_twice_under_another_spelling() -> None:
    three = with_rules(bypass={"grounds": ["risk"], "approvals": 3})
    endorsed = EscalationEndorsed(endorsed_by="li", note=None, occurred_at=moment("2026-03-20"))
    waiting = given(*ACCEPTED, lift_proposed(), endorsed).under(three)
    again = LI.model_copy(update={"sub": "ＬＩ"})
    waiting.when(ask(ApproveEscalation, occurred_at="2026-03-21"), by=again).then_refused(AlreadyEndorsed)


def test_a_platform_knows_its_people_under_another_spelling() -> None:
    stranger, known = (Actor(sub=sub, role=Role.MEDIATOR) for sub in ("nobody", "Sun"))
    assert given(filed()).when(accept("sun"), by=known).events
    assert given(filed()).when(accept("sun"), by=stranger).refusal is not None


@SPELLINGS
def test_a_mediator_signs_under_another_spelling_as_who_was_assigned(sub: str) -> None:
    sign = ask(SignAgreement, by="mediator", signed_at="2026-03-20 16:00")
    given(*DRAFTED).when(sign, by=SUN.model_copy(update={"sub": sub})).then(signed("sun"))
    given(*DRAFTED).when(sign, by=SUN.model_copy(update={"sub": "sun1"})).then_refused(MediatorNotAssigned)
