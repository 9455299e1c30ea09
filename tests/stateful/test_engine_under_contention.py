"""Whoever asks at the same time as others: the log stays in order, and each command has one effect."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis.stateful import run_state_machine_as_test

from application import engine
from application.context import Context
from application.ports import EventLog, Reply
from domain.commands.dispute import AnyDisputeCommand
from domain.errors import DomainError, NotAccepted
from domain.events.dispute import Accepted, DisputeEvent
from domain.events.envelope import Recorded
from tests.conftest import run, services_at
from tests.stateful.engine_machine import CONTENTION, EngineMachine
from tests.support.specification import accept, file_dispute, hold
from tests.support.world import ZHAO

Answers = list[Reply | DomainError]


def hunt(url: str) -> None:
    """Run the machine on one database; each example has disputes of its own."""
    run_state_machine_as_test(lambda: EngineMachine(url), settings=CONTENTION)


def test_concurrent_writers_leave_the_log_in_order(street_url: str) -> None:
    hunt(street_url)


def test_a_version_that_nobody_checks_is_found(street_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Context, "must_expect", lambda self, version: None)
    with pytest.raises(AssertionError, match="a version that the sender did not see"):
        hunt(street_url)


def test_a_command_id_that_is_not_kept_is_found(street_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    append = engine.append

    async def forgetful(log: EventLog, *about: object, **more: object) -> Reply:
        *facts, context = about
        return await append(log, *facts, replace(context, command_id=uuid4()), **more)

    monkeypatch.setattr(engine, "append", forgetful)
    with pytest.raises(AssertionError, match="something was recorded that nobody sent"):
        hunt(street_url)


# --- three races by themselves -------------------------------------------------------------------------------


def race(
    url: str, asked: Sequence[tuple[AnyDisputeCommand, UUID]], *first: AnyDisputeCommand
) -> tuple[Answers, dict[UUID, list[Recorded[DisputeEvent]]]]:
    """Send the first commands one by one, then the others at once from two engines; return answers and histories."""

    async def work() -> tuple[Answers, dict[UUID, list[Recorded[DisputeEvent]]]]:
        async with services_at(url) as one, services_at(url) as other:
            for each in first:
                await one.engine.handle(each, Context(ZHAO, uuid4()))
            answers = await asyncio.gather(
                *(
                    (one, other)[place % 2].engine.handle(command, Context(ZHAO, command_id))
                    for place, (command, command_id) in enumerate(asked)
                ),
                return_exceptions=True,
            )
            disputes = {command.dispute for command, _ in asked}
            histories = {each: list(await one.case_files.history(each)) for each in disputes}
            for each in answers:
                if not isinstance(each, (Reply, DomainError)):
                    raise each
            return [each for each in answers if isinstance(each, (Reply, DomainError))], histories

    return run(work())


def test_of_many_who_record_the_fifth_failure_one_moves_the_case(street_url: str) -> None:
    failures = [(hold(), uuid4()) for _ in range(9)]
    answers, histories = race(street_url, failures, file_dispute(), accept())
    (history,) = histories.values()
    assert [each.topic for each in history[2:]] == [
        *["dispute.session_recorded.v1"] * 5,
        "dispute.escalated.v1",
    ]
    assert [type(each) for each in answers].count(NotAccepted) == 4


def test_of_many_who_accept_at_once_each_gets_a_number_of_its_own(street_url: str) -> None:
    disputes = [uuid4() for _ in range(20)]
    filings = [file_dispute().model_copy(update={"dispute": each}) for each in disputes]
    asked = [(accept().model_copy(update={"dispute": each}), uuid4()) for each in disputes]
    _, histories = race(street_url, asked, *filings)
    numbers = {
        each.event.number
        for history in histories.values()
        for each in history
        if isinstance(each.event, Accepted)
    }
    assert numbers == {f"（2026）东光一社民调字第{n}号" for n in range(1, 21)}


def test_of_one_command_sent_many_times_there_is_one_effect(street_url: str) -> None:
    answers, histories = race(street_url, [(hold(), UUID(int=1))] * 12, file_dispute(), accept())
    (history,) = histories.values()
    assert len(history) == 3
    assert all(each == answers[0] for each in answers)
