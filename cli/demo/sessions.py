"""Sessions of a generated case: appointed, held or not, corrected afterwards."""

from datetime import date
from typing import Final

from cli.demo import texts
from cli.demo.case_plan import CaseBuilder
from domain.commands.dispute import (
    ApproveCorrection,
    CorrectSession,
    MakeAppointment,
    RecordSession,
    RejectCorrection,
)
from domain.events.envelope import Actor
from domain.vocabulary import Method, SessionOutcome, Status

_APPOINTMENTS_FROM: Final = date(2026, 11, 16)
"""Sessions from this day on have an appointment first, so that some lie ahead when the street is shown.

An appointment is recorded as made when it is recorded; for sessions long past that would look odd.
"""


def hold(case: CaseBuilder, outcome: SessionOutcome, least: int = 2, most: int = 9) -> None:
    """Record a session some days later; the rules may escalate the case or end it."""
    method = case.rng.weighted(texts.METHODS)
    if outcome is SessionOutcome.NO_SHOW and method is Method.BACK_TO_BACK:
        method = Method.PHONE
    _record(case, outcome, method, (least, most))


def correct(case: CaseBuilder, session: int, outcome: SessionOutcome, *, approved: bool) -> None:
    """Have one person propose a correction of a session, and a second one decide on it."""
    proposer = case.handler
    case.wait(1, 3)
    case.do(
        proposer,
        CorrectSession,
        session=session,
        outcome=outcome,
        reason="当日实为改期，误记",
        occurred_at=case.at,
    )
    case.wait(0, 2)
    note = None if approved else "有签到记录为证"
    verdict = ApproveCorrection if approved else RejectCorrection
    case.do(second_person(case, proposer), verdict, session=session, note=note, occurred_at=case.at)


def correct_wording(case: CaseBuilder) -> None:
    """Correct the wording of the last minutes, for which one person is enough."""
    case.linger()
    last = case.state.sessions[-1].counted
    case.do(
        case.handler,
        CorrectSession,
        session=last.number,
        minutes=f"{case.rng.one_of(texts.MINUTES[last.outcome])}（更正错字）",
        reason="错字",
        occurred_at=case.at,
    )


def second_person(case: CaseBuilder, first: Actor) -> Actor:
    """Return who decides on what the first person proposed: the convener, or else another of the platform's people."""
    if case.convener.sub != first.sub:
        return case.convener
    other = next(mediator for mediator in case.street.mediators(case.state.platform) if mediator != first.sub)
    return case.street.mediator(case.state.platform, other)


def _record(case: CaseBuilder, outcome: SessionOutcome, method: Method, days: tuple[int, int]) -> None:
    appointed = case.at
    case.wait(*days)
    if case.today >= _APPOINTMENTS_FROM and case.is_in(Status.ACCEPTED):
        held, case.at = case.at, appointed
        case.do(case.handler, MakeAppointment, at=held, place=_place(case), method=method)
        case.at = held
    case.do(
        case.handler,
        RecordSession,
        held_at=case.at,
        place=_place(case) if method not in {Method.PHONE, Method.ONLINE} else None,
        method=method,
        attendance=_attendance(case, outcome),
        outcome=outcome,
        minutes=case.rng.one_of(texts.MINUTES[outcome]),
    )


def _place(case: CaseBuilder) -> str:
    return f"{case.platform.about.title}调解室"


def _attendance(case: CaseBuilder, outcome: SessionOutcome) -> list[dict[str, object]]:
    """Parties, mediators, and above the compound some of the seats that the platform expects."""
    absent = case.state.parties[-1].id if outcome is SessionOutcome.NO_SHOW else None
    parties = [
        {"who": party.id, "as": "party", "present": party.id != absent} for party in case.state.parties
    ]
    mediators = [{"who": mediator, "as": "mediator", "present": True} for mediator in case.state.mediators]
    seats = case.rng.some_of(case.platform.about.panel, case.rng.between(0, 3))
    panel = [
        {"who": texts.SEATS[seat], "as": "panel", "seat": seat, "present": case.rng.likely(0.85)}
        for seat in seats
    ]
    return [*parties, *mediators, *panel]
