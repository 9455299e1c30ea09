"""The two clocks of a person and of the system: a little ahead is let pass, more is not."""

from datetime import timedelta

import pytest

from domain.commands.dispute import AnyDisputeCommand
from domain.errors import TimeInFuture
from tests.support.specification import (
    accept,
    accepted,
    advise,
    decline,
    escalated,
    failed,
    file_dispute,
    filed,
    given,
    hold,
    moment,
    refuse,
    send_back,
    terminate,
    withdraw,
)
from tests.support.world import ZHAO

NOON = "2026-03-20 12:00"
WAITING = (filed(),)
ACCEPTED = (filed(), accepted())
ESCALATED = (*ACCEPTED, *failed(5), escalated(at="2026-03-08"))
ASKED = {
    "file": ((), file_dispute(occurred_at=moment(NOON)), "occurred_at"),
    "decline": (WAITING, decline(NOON), "occurred_at"),
    "accept": (WAITING, accept(at=NOON), "occurred_at"),
    "send back": (ESCALATED, send_back(NOON), "occurred_at"),
    "hold": (ACCEPTED, hold(at=NOON), "held_at"),
    "refuse": (ACCEPTED, refuse(at=NOON), "occurred_at"),
    "withdraw": (ACCEPTED, withdraw(at=NOON), "occurred_at"),
    "terminate": (ACCEPTED, terminate(NOON), "occurred_at"),
    "advise": (ACCEPTED, advise(NOON), "occurred_at"),
}


@pytest.mark.parametrize("name", ASKED)
def test_five_minutes_ahead_are_let_pass(name: str) -> None:
    history, command, _ = ASKED[name]
    at = moment(NOON) - timedelta(minutes=5)
    assert given(*history).at(at).when(command, by=ZHAO).events


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("ahead", [timedelta(minutes=5, microseconds=1), timedelta(minutes=6)])
def test_more_is_the_future(name: str, ahead: timedelta) -> None:
    history, command, field = ASKED[name]
    given(*history).at(moment(NOON) - ahead).when(command, by=ZHAO).then_refused(TimeInFuture, field=field)


def test_the_future_is_found_before_anything_else_is_looked_at() -> None:
    stranger: AnyDisputeCommand = refuse("p9", at=NOON)
    given().at(moment("2026-03-19")).when(stranger).then_refused(TimeInFuture, field="occurred_at")


def test_the_past_may_lie_years_back() -> None:
    assert given().when(file_dispute(occurred_at=moment("1999-06-01"))).case.version == 1
