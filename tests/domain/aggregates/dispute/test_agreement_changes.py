"""An agreement is changed or rescinded by all its parties; a case keeps every one it ever had (rule 9)."""

from datetime import date

import pytest

from domain.aggregates.dispute.expiry import expiring
from domain.aggregates.dispute.pending_moves import pending_moves
from domain.commands.base import DisputeCommand
from domain.commands.dispute import (
    BreachTerm,
    ChangeAgreement,
    DecideConfirmation,
    PerformTerm,
    ReachAgreement,
    RequestConfirmation,
    RescindAgreement,
    SignAgreement,
)
from domain.errors import (
    AgreementInEffect,
    AlreadyClosed,
    ConfirmationPending,
    ConsentMissing,
    GoesBackwards,
    NoAgreementInEffect,
    NotInWriting,
    UnknownParty,
)
from domain.events.dispute import (
    AgreementDrafted,
    AgreementReplaced,
    AgreementRescinded,
    Closed,
    TermPerformed,
)
from domain.vocabulary import Status, start_of
from tests.support.later import (
    ACCEPTED,
    AGREED_ON,
    BOUND,
    DRAFTED,
    SEALING_SUN,
    TERM,
    ask,
    drafted,
    in_effect,
    signed,
)
from tests.support.specification import (
    Given,
    calendar,
    closed,
    given,
    hold,
    ladder,
    moment,
    sat,
    terminate,
)

OTHER = {**TERM, "obligation": "分两次清理", "due_on": date(2026, 5, 10)}
ORAL = (*AGREED_ON, drafted("oral"), in_effect())


def change(form: str = "written", at: str = "2026-04-01 10:00", **more: object) -> ChangeAgreement:
    """Ask to draft a change."""
    record = {"record": "口头变更登记"} if form == "oral" else {}
    return ask(ChangeAgreement, form=form, terms=[OTHER], reached_at=at, **record, **more)


def changing(at: str = "2026-04-01 10:00", changes: int = 1, number: int = 2) -> AgreementDrafted:
    """The parties drafted a change."""
    body = {"form": "written", "terms": (OTHER,), "record": None, "reached_at": moment(at)}
    return AgreementDrafted.model_validate({**body, "number": number, "changes": changes})


def rescind(*consents: str, at: str = "2026-04-02 10:00") -> RescindAgreement:
    """Ask to rescind the agreement, by both parties unless others are named."""
    return ask(RescindAgreement, consents=consents or ("p1", "p2"), reason="另行协商", occurred_at=at)


def rescinded(at: str = "2026-04-02 10:00", number: int = 1) -> AgreementRescinded:
    """All parties rescinded an agreement."""
    return AgreementRescinded(
        agreement=number, consents=("p1", "p2"), reason="另行协商", occurred_at=moment(at)
    )


def sign(by: str, at: str = "2026-04-01 11:00") -> SignAgreement:
    """Ask to record a signature."""
    return ask(SignAgreement, by=by, signed_at=at)


def states(case: Given) -> list[str]:
    """What each agreement of a case is, by number."""
    found = case.case.agreements
    assert [item.number for item in found] == list(range(1, len(found) + 1))
    return [item.status for item in found]


def shown(case: Given) -> int | None:
    """The number of the agreement that stands for the case."""
    agreement = case.case.agreement
    return agreement.number if agreement else None


CHANGING = (*BOUND, changing())
CHANGED = (
    *CHANGING,
    *(signed(item, "2026-04-01 11:00") for item in ("p1", "p2", "sun")),
    signed("dongguang.c01", "2026-04-03"),
    in_effect("2026-04-03"),
    AgreementReplaced(agreement=1, by=2, replaced_on=date(2026, 4, 3)),
)


# --- changing ------------------------------------------------------------------------------------------------


def test_a_change_is_a_draft_beside_the_agreement_in_effect() -> None:
    when = given(*BOUND).when(change())
    when.then(changing())
    assert when.case.status is Status.AGREED
    assert states(when.after) == ["in_effect", "drafted"]
    assert shown(when.after) == 1


def test_it_replaces_once_it_is_signed_as_the_first_was() -> None:
    so_far = given(*CHANGING)
    for by in ("p1", "p2", "mediator"):
        so_far = so_far.when(sign(by)).after
        assert states(so_far) == ["in_effect", "drafted"]
    end = so_far.when(sign("committee", at="2026-04-03"), by=SEALING_SUN)
    assert end.events[1:] == CHANGED[-2:]
    assert states(end.after) == ["replaced", "in_effect"]
    assert (end.case.status, end.case.moved_on) == (Status.AGREED, date(2026, 4, 3))
    assert shown(end.after) == 2


def test_the_reason_of_a_change_is_kept() -> None:
    (event,) = given(*BOUND).when(change(reason="搬运公司改期")).events
    assert isinstance(event, AgreementDrafted)
    assert event.reason == "搬运公司改期"


def test_a_written_agreement_is_not_changed_orally() -> None:
    given(*BOUND).when(change("oral")).then_refused(NotInWriting)


def test_an_oral_one_is_changed_either_way() -> None:
    orally = given(*ORAL).when(change("oral"))
    assert orally.events[1:] == (
        in_effect("2026-04-01"),
        AgreementReplaced(agreement=1, by=2, replaced_on=date(2026, 4, 1)),
    )
    assert states(orally.after) == ["replaced", "in_effect"]
    assert states(given(*ORAL).when(change()).after) == ["in_effect", "drafted"]


def test_only_what_is_in_effect_is_changed_and_not_before_its_effect() -> None:
    for history in (ACCEPTED, DRAFTED):
        given(*history).when(change()).then_refused(NoAgreementInEffect)
    given(*BOUND, closed("agreed_unperformed", at="2026-04-20")).when(change()).then_refused(AlreadyClosed)
    given(*BOUND).when(change(at="2026-03-19 23:59")).then_refused(GoesBackwards)
    assert given(*BOUND).when(change(at="2026-03-20 00:00")).events


def test_nothing_but_a_change_is_signed_while_an_agreement_is_in_effect() -> None:
    given(*BOUND).when(sign("p1")).then_refused(AgreementInEffect)
    given(*CHANGED).when(sign("p1", at="2026-04-04")).then_refused(AgreementInEffect)


def test_a_later_change_overtakes_one_that_waits() -> None:
    twice = given(*CHANGING, signed("p1", "2026-04-01 11:00")).when(change(at="2026-04-02")).after
    assert states(twice) == ["in_effect", "replaced", "drafted"]
    assert twice.case.agreements[-1].signatures == ()


def test_a_later_draft_overtakes_the_one_before() -> None:
    again = ask(ReachAgreement, form="written", terms=[OTHER], reached_at="2026-03-21")
    assert states(given(*DRAFTED).when(again).after) == ["replaced", "drafted"]


def test_terms_are_those_of_the_agreement_in_effect() -> None:
    before = given(*CHANGING).when(ask(PerformTerm, term=1, performed_on="2026-04-10"))
    assert before.case.outcome == "performed"
    assert states(before.after)[0] == "performed"
    late = ask(BreachTerm, term=1, found_on="2026-04-11", note="未清理")
    assert given(*CHANGING).when(late).case.agreements[0].obligations[0].state == "breached"
    changed = given(*CHANGED)
    assert changed.when(late).refusal is not None
    after = changed.when(ask(PerformTerm, term=1, performed_on="2026-05-08"))
    after.then(
        TermPerformed(term=1, performed_on=date(2026, 5, 8), note=None, agreement=2),
        Closed.model_validate(
            {"outcome": "performed", "reason": None, "occurred_at": start_of(date(2026, 5, 8))}
        ),
    )
    assert states(after.after) == ["replaced", "performed"]


def test_a_change_binds_its_own_parties_of_the_case() -> None:
    wrong = ask(
        ChangeAgreement, form="written", terms=[{**TERM, "debtor": "p7"}], reached_at="2026-04-01 10:00"
    )
    given(*BOUND).when(wrong).then_refused(UnknownParty, field="terms.0.debtor")


# --- rescinding ----------------------------------------------------------------------------------------------


def test_all_parties_together_rescind_and_mediation_goes_on() -> None:
    when = given(*BOUND).when(rescind())
    when.then(rescinded())
    case = when.case
    assert (case.status, case.moved_on, case.stay_index, len(case.stays)) == (
        Status.ACCEPTED,
        date(2026, 4, 2),
        0,
        1,
    )
    assert states(when.after) == ["rescinded"]
    assert shown(when.after) == 1


def test_no_party_rescinds_alone() -> None:
    given(*BOUND).when(rescind("p1")).then_refused(ConsentMissing, saying="p2")
    given(*BOUND).when(rescind("p1", "p2", "p3")).then_refused(UnknownParty, field="consents.2")


def test_only_what_is_in_effect_is_rescinded_and_not_before_its_effect() -> None:
    for history in (ACCEPTED, DRAFTED, (*BOUND, rescinded())):
        given(*history).when(rescind(at="2026-04-03")).then_refused(NoAgreementInEffect)
    given(*BOUND).when(rescind(at="2026-03-19 23:59")).then_refused(GoesBackwards)


def test_what_is_rescinded_is_no_longer_performed_broken_or_changed() -> None:
    commands: tuple[DisputeCommand, ...] = (
        ask(PerformTerm, term=1, performed_on="2026-04-10"),
        ask(BreachTerm, term=1, found_on="2026-04-11", note="未清理"),
        change(at="2026-04-11"),
    )
    for command in commands:
        given(*BOUND, rescinded()).when(command).then_refused(NoAgreementInEffect)  # type: ignore[arg-type]


def test_a_change_that_waits_ends_with_the_agreement() -> None:
    assert states(given(*CHANGING).when(rescind()).after) == ["rescinded", "replaced"]


def test_the_parties_may_agree_anew_or_end_mediation() -> None:
    so_far = given(*BOUND, rescinded()).when(hold("agreed", at="2026-04-03")).after
    anew = so_far.when(ask(ReachAgreement, form="written", terms=[OTHER], reached_at="2026-04-03 15:00"))
    assert states(anew.after) == ["rescinded", "drafted"]
    assert given(*BOUND, rescinded()).when(terminate(at="2026-04-05")).case.outcome == "failed"


def test_the_time_limit_goes_on_from_where_it_was() -> None:
    tier = ladder().tier("community").model_copy(update={"on_expiry": "escalate"})
    acting = ladder().model_copy(
        update={"tiers": tuple(tier if item.name == "community" else item for item in ladder().tiers)}
    )
    due = {}
    for name, history in {"agreed": AGREED_ON, "rescinded": (*BOUND, rescinded())}.items():
        due[name] = expiring(given(*history).case, acting, calendar())
    assert due["agreed"] is None
    assert due["rescinded"] is not None
    assert due["rescinded"].deadline.due_on == date(2026, 4, 3)
    again = (*BOUND, rescinded(), sat(2, "agreed", at="2026-04-03"))
    assert expiring(given(*again).case, acting, calendar()) is None


# --- the court -----------------------------------------------------------------------------------------------


def apply(on: str = "2026-04-01") -> RequestConfirmation:
    """Ask to record the application of both."""
    return ask(RequestConfirmation, filed_on=on, applicants=("p1", "p2"), court="锦江区人民法院")


def rule_on_it(outcome: str = "confirmed", on: str = "2026-04-20") -> DecideConfirmation:
    """Ask to record what the court decided."""
    return ask(DecideConfirmation, outcome=outcome, decided_on=on)


@pytest.mark.parametrize("outcome", ["confirmed", "refused"])
def test_a_court_decides_whatever_became_of_the_case_meanwhile(outcome: str) -> None:
    asked = given(*BOUND).when(apply()).after
    fates = {
        "rescinded": (rescinded(),),
        "ended": (rescinded(), closed("failed", at="2026-04-05")),
        "changed": CHANGED[len(BOUND) :],
        "closed": (closed("agreed_unperformed", at="2026-04-15"),),
    }
    for fate in fates.values():
        so_far = Given((*asked.history, *fate))
        decided = so_far.when(rule_on_it(outcome)).case.agreements[0].confirmation
        assert decided is not None
        assert decided.outcome == outcome


def test_one_application_at_a_time_whichever_agreement_it_is_about() -> None:
    asked = given(*BOUND).when(apply()).after
    changed = Given((*asked.history, *CHANGED[len(BOUND) :]))
    changed.when(apply("2026-04-10")).then_refused(ConfirmationPending)
    decided = changed.when(rule_on_it(on="2026-04-12")).after
    again = decided.when(apply("2026-04-15")).case
    assert [len(item.confirmations) for item in again.agreements] == [1, 1]


# --- what is missing -----------------------------------------------------------------------------------------


def test_a_standing_term_is_not_missing_before_the_case_is_closed() -> None:
    promise = {"debtor": "p2", "creditor": "p1", "obligation": "十点后不练琴"}
    bound = (*AGREED_ON, drafted("oral", "2026-03-20 15:00", TERM, promise), in_effect())
    (move,) = pending_moves(given(*bound).case, ladder(), calendar(), last_tier=False)
    assert (move.have, move.need, move.by) == (0, 1, date(2026, 4, 10))
    only = (*AGREED_ON, drafted("oral", "2026-03-20 15:00", promise), in_effect())
    assert pending_moves(given(*only).case, ladder(), calendar(), last_tier=False) == ()
