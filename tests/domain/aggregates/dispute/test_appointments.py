"""A session is called, for another time or place, or off."""

from datetime import date

import pytest

from domain.aggregates.dispute.as_of import as_of
from domain.commands.dispute import CancelAppointment, MakeAppointment, MoveAppointment
from domain.errors import (
    AgreementInEffect,
    AlreadyCancelled,
    AlreadyClosed,
    GoesBackwards,
    NotAccepted,
    NothingToCorrect,
    UnknownAppointment,
)
from domain.events.dispute import AppointmentCancelled, AppointmentMade, AppointmentMoved, DisputeEvent
from tests.domain.aggregates.dispute.test_as_of import history
from tests.support.later import ACCEPTED, BOUND, RISEN, ask
from tests.support.specification import (
    NOW,
    When,
    accepted,
    closed,
    escalated,
    given,
    moment,
    returned,
)

AT = "2026-04-01 14:00"


def called(number: int | None = 1, at: str = AT, **changes: object) -> AppointmentMade:
    body = {"number": number, "at": moment(at), "place": "调解室", "method": "on_site", "occurred_at": NOW}
    return AppointmentMade.model_validate(body | changes)


def moved(at: str = "2026-04-02 09:00", **changes: object) -> AppointmentMoved:
    body = {"number": 1, "at": moment(at), "place": "调解室", "method": "on_site", "reason": None}
    return AppointmentMoved.model_validate({**body, "occurred_at": NOW, **changes})


def off(number: int = 1) -> AppointmentCancelled:
    return AppointmentCancelled(number=number, reason="一方住院", occurred_at=NOW)


def move(at: str = "2026-04-02 09:00", appointment: int = 1, **changes: object) -> MoveAppointment:
    return ask(MoveAppointment, appointment=appointment, at=at, **changes)


def cancel(appointment: int = 1, **changes: object) -> CancelAppointment:
    return ask(CancelAppointment, appointment=appointment, reason="一方住院", **changes)


CALLED = (*ACCEPTED, called())


def states(when: When) -> list[str]:
    case = when.case
    return [item.standing(case.status, case.stay_index, case.moved_on) for item in case.appointments]


def test_appointments_are_numbered_in_order() -> None:
    again = ask(MakeAppointment, at=AT, place="调解室", method="on_site")
    given(*CALLED).when(again).then(called(2))
    unnumbered = (*ACCEPTED, called(None), called(None))
    assert [item.number for item in given(*unnumbered).case.appointments] == [1, 2]
    given(*unnumbered).when(again).then(called(3))


def test_it_is_called_on_the_day_that_is_stated() -> None:
    past = ask(MakeAppointment, at=AT, place="调解室", method="on_site", occurred_at="2026-03-30")
    given(*ACCEPTED).when(past).then(called(occurred_at=moment("2026-03-30")))


def test_a_session_is_called_for_another_time_and_stays_where_nothing_else_is_said() -> None:
    when = given(*CALLED).when(move())
    when.then(moved())
    assert [(item.at, item.place, item.state) for item in when.case.appointments] == [
        (moment("2026-04-02 09:00"), "调解室", "moved")
    ]
    elsewhere = move(AT, place="社区活动室", method="online", reason="场地占用", occurred_at="2026-03-31")
    told = {"place": "社区活动室", "method": "online", "reason": "场地占用"}
    given(*CALLED).when(elsewhere).then(moved(AT, **told, occurred_at=moment("2026-03-31")))


def test_a_session_is_called_off_once() -> None:
    when = given(*CALLED).when(cancel())
    when.then(off())
    assert states(when) == ["cancelled"]
    when.when(cancel()).then_refused(AlreadyCancelled)
    when.when(move()).then_refused(AlreadyCancelled)


def test_what_was_not_called_is_neither_moved_nor_cancelled() -> None:
    given(*CALLED).when(move(appointment=2)).then_refused(UnknownAppointment)
    given(*CALLED).when(cancel(2)).then_refused(UnknownAppointment)
    given(*CALLED).when(move(AT)).then_refused(NothingToCorrect)
    given(*CALLED).when(move("2026-03-02 23:59")).then_refused(GoesBackwards)


def test_a_session_is_moved_in_mediation_and_called_off_in_an_open_case() -> None:
    waiting = (*CALLED, escalated(at="2026-03-20"))
    given(*waiting).when(move()).then_refused(NotAccepted)
    assert given(*waiting).when(cancel()).events
    bound = (*BOUND[:2], called(), *BOUND[2:])
    given(*bound).when(move()).then_refused(AgreementInEffect)
    given(*CALLED, closed("withdrawn")).when(cancel()).then_refused(AlreadyClosed)


LAPSING: list[tuple[tuple[DisputeEvent, ...], str]] = [
    ((), "made"),
    ((closed("withdrawn", at="2026-03-31"),), "lapsed"),
    ((closed("withdrawn", at="2026-04-01"),), "made"),
    ((escalated(at="2026-03-31"),), "lapsed"),
    ((escalated(at="2026-03-30"), returned(at="2026-03-31")), "made"),
    ((escalated(at="2026-03-30"), accepted("street", "zhao", at="2026-03-31", number=None)), "lapsed"),
    ((moved(AT, place="别处"), closed("withdrawn", at="2026-03-31")), "lapsed"),
    ((off(), closed("withdrawn", at="2026-03-31")), "cancelled"),
]


@pytest.mark.parametrize(("since", "state"), LAPSING, ids=range(len(LAPSING)))
def test_it_lapses_where_mediation_ends_or_moves_on_before_its_day(
    since: tuple[DisputeEvent, ...], state: str
) -> None:
    case = given(*CALLED, *since).case
    assert [item.standing(case.status, case.stay_index, case.moved_on) for item in case.appointments] == [
        state
    ]


def test_it_lapses_when_an_agreement_takes_effect_before_its_day() -> None:
    bound = given(*BOUND[:2], called(), *BOUND[2:]).case
    assert [item.standing(bound.status, bound.stay_index, bound.moved_on) for item in bound.appointments] == [
        "lapsed"
    ]


def test_an_appointment_of_a_past_day_is_as_it_was_then() -> None:
    early = called(occurred_at=moment("2026-03-10"))
    later = moved(occurred_at=moment("2026-03-20"))
    before = as_of(history(*ACCEPTED, early, later), date(2026, 3, 19))
    assert before is not None
    assert [item.state for item in before.appointments] == ["made"]


def test_a_case_that_rose_has_room_for_a_new_appointment_only_where_it_is_accepted() -> None:
    given(*RISEN).when(ask(MakeAppointment, at=AT, method="on_site")).then_refused(NotAccepted)
