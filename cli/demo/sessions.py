"""Sittings of a made-up case: called, held or not, put right afterwards."""

from datetime import date
from typing import Final

from cli.demo import texts as words
from cli.demo.case_plan import Case
from domain.commands.dispute import (
    ApproveCorrection,
    CorrectSession,
    MakeAppointment,
    RecordSession,
    RejectCorrection,
)
from domain.events.envelope import Actor
from domain.vocabulary import Method, SessionOutcome, Status

_CALLED_FROM: Final = date(2026, 11, 16)
"""Sittings from this day on are called before they are held, so that some are to come when the street is shown.

An appointment is recorded as made when it is recorded; for sittings long past that would look odd.
"""


def hold(case: Case, outcome: SessionOutcome, least: int = 2, most: int = 9) -> None:
    """Record a sitting some days on; the rules may move the case or end it."""
    method = case.chance.weighted(words.METHODS)
    if outcome is SessionOutcome.NO_SHOW and method is Method.BACK_TO_BACK:
        method = Method.PHONE
    _sit(case, outcome, method, (least, most))


def correct(case: Case, session: int, outcome: SessionOutcome, *, approved: bool) -> None:
    """Have one person say that a sitting was otherwise, and a second one decide on it."""
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


def reword(case: Case) -> None:
    """Put the wording of the last minutes right, for which one person is enough."""
    case.linger()
    last = case.state.sessions[-1].counted
    case.do(
        case.handler,
        CorrectSession,
        session=last.number,
        minutes=f"{case.chance.one_of(words.MINUTES[last.outcome])}（更正错字）",
        reason="错字",
        occurred_at=case.at,
    )


def second_person(case: Case, first: Actor) -> Actor:
    """Return who decides on what the first person proposed: the convener, or else another of the platform's people."""
    if case.convener.sub != first.sub:
        return case.convener
    other = next(mediator for mediator in case.street.mediators(case.state.platform) if mediator != first.sub)
    return case.street.mediator(case.state.platform, other)


def _sit(case: Case, outcome: SessionOutcome, method: Method, days: tuple[int, int]) -> None:
    called = case.at
    case.wait(*days)
    if case.today >= _CALLED_FROM and case.is_in(Status.ACCEPTED):
        held, case.at = case.at, called
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
        minutes=case.chance.one_of(words.MINUTES[outcome]),
    )


def _place(case: Case) -> str:
    return f"{case.platform.about.title}调解室"


def _attendance(case: Case, outcome: SessionOutcome) -> list[dict[str, object]]:
    """Parties, mediators, and above the compound some of the seats that the platform expects."""
    absent = case.state.parties[-1].id if outcome is SessionOutcome.NO_SHOW else None
    parties = [
        {"who": party.id, "as": "party", "present": party.id != absent} for party in case.state.parties
    ]
    mediators = [{"who": mediator, "as": "mediator", "present": True} for mediator in case.state.mediators]
    seats = case.chance.some_of(case.platform.about.panel, case.chance.between(0, 3))
    panel = [
        {"who": words.SEATS[seat], "as": "panel", "seat": seat, "present": case.chance.likely(0.85)}
        for seat in seats
    ]
    return [*parties, *mediators, *panel]
