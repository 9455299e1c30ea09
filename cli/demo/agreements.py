"""Agreements of generated cases: reached, signed and sealed, confirmed, performed or breached, followed up."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

from cli.demo import texts
from cli.demo.case_plan import CaseBuilder
from cli.demo.texts import Matter
from domain.aggregates.dispute.decide.seals import seals_needed
from domain.aggregates.dispute.obligation import Obligation
from domain.commands.dispute import (
    BreachTerm,
    CloseUnperformed,
    DecideConfirmation,
    FollowUp,
    PerformTerm,
    ReachAgreement,
    RequestConfirmation,
    SignAgreement,
    SuperviseTerm,
)
from domain.events.dispute import Party
from domain.events.envelope import Actor
from domain.vocabulary import Outcome

Form = Literal["written", "oral"]
Performance = Literal["kept", "late", "broken", "unknown"]
"""How a term ends: performed in time; late, after a breach; never; or not known."""


def agree(case: CaseBuilder, matter: Matter, form: Form, terms: int = 1, soon: int = 60) -> None:
    """Record an agreement of so many terms, the last one due within `soon` days; written ones are signed and sealed."""
    _reach(case, matter, form, terms, soon)
    if form == "written":
        _sign(case, case.state.parties)
        _seal(case)


def leave_unsigned(case: CaseBuilder, matter: Matter) -> None:
    """Record an agreement that the last of the parties has yet to sign."""
    _reach(case, matter, "written", terms=1, soon=60)
    _sign(case, case.state.parties[:-1])


def confirm(case: CaseBuilder) -> None:
    """Have all parties apply to the court together, and the court decide."""
    case.wait(3, 18)
    everybody = [party.id for party in case.state.parties]
    case.do(case.handler, RequestConfirmation, filed_on=case.today, applicants=everybody, court=texts.COURT)
    case.wait(7, 20)
    case.do(
        case.handler,
        DecideConfirmation,
        outcome="refused" if case.rng.likely(0.1) else "confirmed",
        decided_on=case.today,
        reference=f"示例调确{case.rng.between(1, 9999):04}号",
    )


def perform(case: CaseBuilder, fate: Performance) -> None:
    """Record how each outstanding term ends, in the order of their due dates."""
    settlement = case.state.agreement
    owed = enumerate(settlement.obligations if settlement else (), start=1)
    dated = [(item.term.due_on, number, item) for number, item in owed if item.term.due_on is not None]
    for due_on, number, obligation in sorted(dated, key=lambda item: item[0]):
        if obligation.state != "performed":
            _settle_term(case, number, obligation, due_on, fate)
    if fate == "broken" and case.rng.likely(0.6):
        case.wait(15, 30)
        reason = "经督促仍未履行，已告知可向法院起诉"
        case.do(case.handler, CloseUnperformed, reason=reason, occurred_at=case.at)


def follow_up(case: CaseBuilder) -> None:
    """Have a mediator who was never assigned to the case follow it up."""
    visitor = _other_mediator(case)
    if visitor is None:
        return
    case.wait(5, 25)
    kept = case.state.outcome is Outcome.PERFORMED
    case.do(
        visitor,
        FollowUp,
        visited_on=case.today,
        performed="yes" if kept else case.rng.one_of(("partly", "no")),
        satisfied=case.rng.weighted({5: 0.5, 4: 0.35, 3: 0.15} if kept else {3: 0.4, 2: 0.4, 1: 0.2}),
    )


def _reach(case: CaseBuilder, matter: Matter, form: Form, terms: int, soon: int) -> None:
    case.linger(2)
    case.do(
        case.handler,
        ReachAgreement,
        form=form,
        record="口头协议登记" if form == "oral" else None,
        terms=_terms(case, matter, terms, soon),
        reached_at=case.at,
    )


def _sign(case: CaseBuilder, parties: Iterable[Party]) -> None:
    for party in parties:
        case.linger()
        case.do(case.handler, SignAgreement, by=party.id, signed_at=case.at)
    case.linger()
    case.do(case.handler, SignAgreement, by="mediator", signed_at=case.at)


def _seal(case: CaseBuilder) -> None:
    """Every committee seals; with the last seal the agreement takes effect."""
    case.wait(0, 2)
    for unit in seals_needed(case.state, case.street.world(case.convener, case.at)):
        case.do(case.street.convener(unit), SignAgreement, by="committee", unit=unit, signed_at=case.at)
        case.linger()


def _terms(case: CaseBuilder, matter: Matter, count: int, soon: int) -> list[dict[str, object]]:
    applicant, debtor = case.state.parties[0].id, case.state.parties[1].id
    total = case.rng.between(2, 300) * 10_000
    days = case.rng.between(7, soon)
    return [
        {
            "debtor": debtor,
            "creditor": applicant,
            "obligation": matter.settlement if count == 1 else f"{matter.settlement}（第{number}期）",
            "amount_fen": total // count if matter.paid else None,
            "due_on": case.today + timedelta(days=days * number // count + number),
        }
        for number in range(1, count + 1)
    ]


def _settle_term(
    case: CaseBuilder, number: int, obligation: Obligation, due_on: date, fate: Performance
) -> None:
    days_left = (due_on - case.today).days
    if fate == "unknown":
        return
    if fate == "kept":
        case.wait(0, max(days_left - 3, 0))
        kept_on = min(case.today, due_on)  # recorded on a later working day
        case.do(case.handler, PerformTerm, term=number, performed_on=kept_on)
        return
    if obligation.state == "due":
        _break(case, number, days_left)
    if fate == "late":
        case.wait(3, 15)
        case.do(case.handler, PerformTerm, term=number, performed_on=case.today, note="迟延履行")


def _break(case: CaseBuilder, number: int, days_left: int) -> None:
    case.wait(max(days_left, 0) + 1, max(days_left, 0) + 5)
    case.do(case.handler, BreachTerm, term=number, found_on=case.today, note="到期未履行")
    case.wait(0, 3)
    case.do(case.handler, SuperviseTerm, term=number, occurred_at=case.at, note="上门督促履行")


def _other_mediator(case: CaseBuilder) -> Actor | None:
    """A mediator of the platform, or of one above it, who never mediated the case."""
    for unit in reversed(case.state.platforms):
        others = [mediator for mediator in case.street.mediators(unit) if mediator not in case.state.handlers]
        if others:
            return case.street.mediator(unit, case.rng.one_of(others))
    return None
