"""The course of a generated case: accepted or declined, mediated, escalated, settled or not, followed up."""

from collections.abc import Callable
from typing import Final, NamedTuple
from uuid import UUID, uuid5

from cli.demo import agreements, distributions, incidents, intake, sessions, texts
from cli.demo.case_plan import CaseBuilder, CasePlan
from cli.demo.seeded_random import SeededRandom
from cli.demo.street import Street
from cli.demo.texts import Matter
from domain.commands.dispute import ReopenDispute
from domain.vocabulary import Difficulty, Outcome, SessionOutcome, Status

_DISPUTES: Final = UUID("7b0d8e7c-52a4-5c8f-9a58-0d4b5c6e2f10")
_MOST_SESSIONS: Final = 16
_REOPENABLE: Final = frozenset({Outcome.PERFORMED, Outcome.WITHDRAWN, Outcome.REFUSED, Outcome.FAILED})


class Incident(NamedTuple):
    """What may happen between two sessions, how often in a thousand times, and in which cases."""

    take: Callable[[CaseBuilder], None]
    weight: float
    possible: Callable[[CaseBuilder], bool]


def _always(_: CaseBuilder) -> bool:
    return True


def _has_session(case: CaseBuilder) -> bool:
    return bool(case.state.sessions)


def _has_two_sessions(case: CaseBuilder) -> bool:
    return len(case.state.sessions) > 1


def _below_the_top(case: CaseBuilder) -> bool:
    return bool(case.street.ladder.above(case.state.tier))


def _at_the_top(case: CaseBuilder) -> bool:
    return not _below_the_top(case)


def _bypass(case: CaseBuilder) -> None:
    incidents.propose_bypass(case, "complexity", approved=case.rng.likely(0.7))


_INCIDENTS: Final = (
    Incident(incidents.withdraw, 12, _always),
    Incident(incidents.refuse, 14, _always),
    Incident(incidents.terminate, 25, _has_two_sessions),
    Incident(incidents.transfer, 8, _always),
    Incident(incidents.report_threat, 6, _always),
    Incident(incidents.assess_low_risk, 12, _always),
    Incident(_bypass, 14, _below_the_top),
    Incident(incidents.replace_mediators, 22, _always),
    Incident(incidents.extend_time, 400, _has_session),
    Incident(incidents.add_party, 10, _always),
    Incident(incidents.give_opinion, 15, _below_the_top),
    Incident(incidents.give_opinion, 300, _at_the_top),
    Incident(incidents.dispute_record, 25, _has_session),
    Incident(sessions.correct_wording, 15, _has_session),
)


def generate_case(street: Street, seed: int, number: int) -> CasePlan:
    """Return the plan of the generated case of that number; it does not depend on how many there are."""
    rng = SeededRandom(f"{seed}/{number}")
    case = CaseBuilder(uuid5(_DISPUTES, f"{seed}/{number}"), street, rng, distributions.filed_at(street, rng))
    matter, attitude = _file(case, number), rng.weighted(distributions.ATTITUDES)
    if _is_accepted(case):
        _mediate(case, matter, attitude)
    if case.is_in(Status.CLOSED):
        _after_the_end(case, matter)
    return case.plan()


def _file(case: CaseBuilder, number: int) -> Matter:
    rng = case.rng
    category = rng.weighted(distributions.CATEGORIES)
    matter = rng.one_of(texts.MATTERS[category])
    unit = distributions.random_unit(rng)
    joint = rng.likely(0.03)
    difficulty = Difficulty.GENERAL if joint else rng.weighted(distributions.DIFFICULTIES)
    intake.file(
        case,
        number,
        matter,
        unit,
        difficulty,
        category=category,
        source=rng.weighted(distributions.SOURCES),
        co_units=(distributions.unit_elsewhere(unit, rng),) if joint else (),
    )
    return matter


def _is_accepted(case: CaseBuilder) -> bool:
    """Say whether the platform accepts the case; some are declined, withdrawn, refused, or left unaccepted."""
    fate = case.rng.weighted({"taken": 920, "declined": 28, "withdrawn": 12, "refused": 15, "lying": 14})
    if fate == "taken":
        intake.accept(case)
    elif fate == "declined":
        intake.decline(case)
    elif fate == "withdrawn":
        incidents.withdraw(case)
    elif fate == "refused":
        incidents.refuse(case)
    return case.is_in(Status.ACCEPTED)


def _mediate(case: CaseBuilder, matter: Matter, attitude: distributions.Attitude) -> None:
    """Hold session after session until the case ends or is abandoned."""
    while case.is_in(Status.ACCEPTED) and len(case.state.sessions) < _MOST_SESSIONS:
        if case.rng.likely(0.013):
            return
        _maybe_incident(case)
        if case.is_in(Status.ACCEPTED):
            outcome = case.rng.weighted(distributions.SESSION_OUTCOMES[attitude])
            sessions.hold(case, outcome)
            if outcome is SessionOutcome.AGREED and case.rng.likely(0.96):
                _settle(case, matter)
                return
        if case.is_in(Status.ESCALATED):
            _escalated(case)


def _maybe_incident(case: CaseBuilder) -> None:
    draw = case.rng.random() * 1000
    for incident in _INCIDENTS:
        if incident.possible(case):
            draw -= incident.weight
            if draw < 0:
                incident.take(case)
                return


def _escalated(case: CaseBuilder) -> None:
    """The tier above accepts the case or returns it, or the escalation is voided."""
    by_count = bool(case.state.escalations[-1].because and case.state.escalations[-1].because.counted)
    fate = case.rng.weighted({"taken": 84, "void": 6 * by_count, "returned": 7, "refused": 2, "lying": 2})
    if fate == "taken":
        intake.accept(case)
    elif fate == "void":
        incidents.void_escalation(case)
    elif fate == "returned":
        incidents.return_case(case)
    elif fate == "refused":
        incidents.refuse(case)


def _settle(case: CaseBuilder, matter: Matter) -> None:
    rng = case.rng
    form: agreements.Form = rng.weighted({"written": 55, "oral": 45})
    if form == "written" and rng.likely(0.03):
        agreements.leave_unsigned(case, matter)
        return
    agreements.agree(case, matter, form, terms=1 + rng.likely(0.25))
    if form == "written" and rng.likely(0.12):
        agreements.confirm(case)
    agreements.perform(case, rng.weighted(_FATES))


def _after_the_end(case: CaseBuilder, matter: Matter) -> None:
    """After the end: a follow-up, and now and then the case is reopened."""
    settled = case.state.outcome in {Outcome.PERFORMED, Outcome.AGREED_UNPERFORMED}
    if case.rng.likely(0.93 if settled else 0.1):
        agreements.follow_up(case)
    if case.state.outcome in _REOPENABLE and case.rng.likely(0.03):
        case.wait(10, 40)
        case.do(case.convener, ReopenDispute, reason="争议再起，当事人申请继续调解", occurred_at=case.at)
        if case.state.awaits_acceptance:
            intake.accept(case)
        _mediate(case, matter, "yielding")


_FATES: Final[dict[agreements.Performance, float]] = {"kept": 79, "late": 9, "broken": 6, "unknown": 3}
