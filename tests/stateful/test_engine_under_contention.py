"""Whoever asks at the same time as others: the log stays in order, and each command has one effect."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from application.command_handler import CommandHandler
from application.context import Context
from application.deciders.decider import Decision
from application.ports import Reply, StoredOutcome, Write
from application.stream_cache import StreamCache, StreamRef
from domain.aggregates.dispute.notice import SimilarSession
from domain.commands.dispute import AnyDisputeCommand
from domain.errors import DomainError, NotClosed, NothingProposed, OwnProposal
from domain.events.dispute import Accepted, DisputeEvent, SessionRecorded
from domain.events.envelope import Actor, Recorded
from domain.vocabulary import Role
from tests.stateful.asking import (
    QIAN,
    approve_bypass,
    approve_correction,
    close_unperformed,
    correct,
    perform,
    propose_bypass,
    reach,
    reopen,
    sign,
)
from tests.stateful.engine_machine import CONTENTION, EngineMachine
from tests.support.databases import run, services_at
from tests.support.specification import accept, file_dispute, hold, withdraw
from tests.support.world import LI, SUN, ZHAO

Answers = list[Reply | DomainError]


FOR_LONG = settings(CONTENTION, derandomize=True, max_examples=500)
"""For a fault that is there: the hunt ends with the first example that shows it."""


def hunt(url: str, how: settings = CONTENTION) -> None:
    """Run the machine on one database; each example has disputes of its own."""
    run_state_machine_as_test(lambda: EngineMachine(url), settings=how)


@pytest.mark.hypothesis
def test_concurrent_writers_leave_the_log_in_order(street_url: str) -> None:
    hunt(street_url)


@pytest.mark.soak
def test_a_version_that_nobody_checks_is_found(street_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Context, "must_expect", lambda self, version: None)
    with pytest.raises(AssertionError, match="a version that the sender did not see"):
        hunt(street_url, FOR_LONG)


@pytest.mark.soak
def test_a_command_id_that_is_not_kept_is_found(street_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    append = CommandHandler._append

    async def forgetful(
        self: CommandHandler, decision: Decision, writes: tuple[Write, ...], context: Context
    ) -> StoredOutcome:
        return await append(self, decision, writes, replace(context, command_id=uuid4()))

    monkeypatch.setattr(CommandHandler, "_append", forgetful)
    with pytest.raises(AssertionError, match="something was recorded that nobody sent"):
        hunt(street_url, FOR_LONG)


@pytest.mark.soak
def test_a_state_that_is_kept_and_was_not_recorded_is_found(
    street_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = StreamCache.keep_decided

    def ahead(self: StreamCache, ref: StreamRef, version: int, state: object) -> None:
        keep(self, ref, version + 1, state)

    monkeypatch.setattr(StreamCache, "keep_decided", ahead)
    with pytest.raises(
        AssertionError, match=r"an engine keeps another state|left something behind|another version"
    ):
        hunt(street_url, FOR_LONG)


# --- races by themselves -------------------------------------------------------------------------------------


def race(
    url: str,
    asked: Sequence[tuple[AnyDisputeCommand, UUID]],
    *first: AnyDisputeCommand | tuple[AnyDisputeCommand, Actor],
    people: Sequence[Actor] = (ZHAO,),
) -> tuple[Answers, dict[UUID, list[Recorded[DisputeEvent]]]]:
    """Send the first commands one by one, then the others at once from two engines; return answers and histories.

    Of those at once the people take turns.
    """

    async def work() -> tuple[Answers, dict[UUID, list[Recorded[DisputeEvent]]]]:
        async with services_at(url) as one, services_at(url) as other:
            for item in first:
                command, actor = item if isinstance(item, tuple) else (item, ZHAO)
                await one.command_handler.handle(command, Context(actor, uuid4()))
            answers = await asyncio.gather(
                *(
                    (one, other)[place % 2].command_handler.handle(
                        command, Context(people[place % len(people)], command_id)
                    )
                    for place, (command, command_id) in enumerate(asked)
                ),
                return_exceptions=True,
            )
            disputes = {command.dispute for command, _ in asked}
            histories = {dispute: list(await one.case_reader.history(dispute)) for dispute in disputes}
            for answer in answers:
                if not isinstance(answer, (Reply, DomainError)):
                    raise answer
            return [answer for answer in answers if isinstance(answer, (Reply, DomainError))], histories

    return run(work())


def test_of_many_who_record_the_fifth_failure_one_moves_the_case(street_url: str) -> None:
    failures = [(hold(), uuid4()) for _ in range(9)]
    answers, histories = race(street_url, failures, file_dispute(), accept())
    (history,) = histories.values()
    assert [recorded.topic for recorded in history[2:]] == [
        *["dispute.session_recorded.v1"] * 5,
        "dispute.escalated.v1",
        *["dispute.session_recorded.v1"] * 4,
    ]
    late = [recorded.event.stay for recorded in history[8:] if isinstance(recorded.event, SessionRecorded)]
    assert late == [1] * 4, "whoever came later recorded it late: it counts and moves nothing"
    assert not any(isinstance(answer, DomainError) for answer in answers)


def test_of_many_who_accept_at_once_each_gets_a_number_of_its_own(street_url: str) -> None:
    disputes = [uuid4() for _ in range(20)]
    filings = [file_dispute().model_copy(update={"dispute": dispute}) for dispute in disputes]
    asked = [(accept().model_copy(update={"dispute": dispute}), uuid4()) for dispute in disputes]
    _, histories = race(street_url, asked, *filings)
    numbers = {
        recorded.event.number
        for history in histories.values()
        for recorded in history
        if isinstance(recorded.event, Accepted)
    }
    assert numbers == {f"（2026）东光一社民调字第{n}号" for n in range(1, 21)}


def test_of_one_command_sent_many_times_there_is_one_effect(street_url: str) -> None:
    answers, histories = race(street_url, [(hold(), UUID(int=1))] * 12, file_dispute(), accept())
    (history,) = histories.values()
    assert len(history) == 3
    assert all(answer == answers[0] for answer in answers)


def test_a_command_that_overtakes_itself_has_one_answer(
    street_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was decided on before a session like it was recorded, and carried out by another process after that."""
    people = [{"who": party, "as": "party", "present": True} for party in ("p1", "p2")]
    sitting, append, command_id = hold(attendance=people), CommandHandler._append, uuid4()

    async def work() -> list[Reply]:
        async with services_at(street_url) as one, services_at(street_url) as other:
            slow, fast, told = one.command_handler, other.command_handler, list[Reply]()

            async def overtaken(
                self: CommandHandler, decision: Decision, writes: tuple[Write, ...], context: Context
            ) -> StoredOutcome:
                if self is slow:
                    await fast.handle(sitting, Context(ZHAO, uuid4()))
                    told.append(await fast.handle(sitting, Context(ZHAO, command_id)))
                return await append(self, decision, writes, context)

            for command in ACCEPTED:
                await fast.handle(command, Context(ZHAO, uuid4()))
            monkeypatch.setattr(CommandHandler, "_append", overtaken)
            return [await slow.handle(sitting, Context(ZHAO, command_id)), *told]

    answer, told = run(work())
    assert any(isinstance(notice, SimilarSession) for notice in told.notices or ())
    assert answer == told


ACCEPTED = (file_dispute(), accept())
STAMP = Actor(sub="sun", role=Role.CONVENER, unit="dongguang.c01")


def names(histories: dict[UUID, list[Recorded[DisputeEvent]]]) -> list[str]:
    (history,) = histories.values()
    return [recorded.topic.split(".")[1] for recorded in history]


def at_once(*commands: AnyDisputeCommand) -> list[tuple[AnyDisputeCommand, UUID]]:
    return [(command, uuid4()) for command in commands]


def test_of_many_who_approve_a_correction_at_once_one_wins_and_never_its_proposer(street_url: str) -> None:
    asked = at_once(*[approve_correction(1)] * 8)
    first = (*ACCEPTED, hold(), (correct(1), ZHAO))
    answers, histories = race(street_url, asked, *first, people=(ZHAO, LI, QIAN))
    assert names(histories)[3:] == ["correction_proposed", "session_corrected"]
    assert [isinstance(answer, Reply) for answer in answers].count(True) == 1
    assert not any(isinstance(answer, Reply) for answer in answers[::3]), "the proposer approved"
    assert {type(answer) for answer in answers} == {Reply, OwnProposal, NothingProposed}


def test_of_many_who_approve_a_bypass_at_once_one_moves_the_case(street_url: str) -> None:
    asked = at_once(*[approve_bypass()] * 8)
    answers, histories = race(street_url, asked, *ACCEPTED, (propose_bypass(), SUN), people=(QIAN, SUN, ZHAO))
    assert names(histories)[2:] == ["escalation_proposed", "escalated"]
    assert [isinstance(answer, Reply) for answer in answers].count(True) == 1


def test_of_all_who_sign_at_once_each_signs_once_and_the_agreement_takes_effect_once(street_url: str) -> None:
    signing = [sign("p1"), sign("mediator"), sign("p2"), sign("committee", unit="dongguang.c01")]
    asked = at_once(*[item for item in signing for _ in range(2)])
    people = [item for item in (SUN, SUN, SUN, STAMP) for _ in range(2)]
    _, histories = race(street_url, asked, *ACCEPTED, hold("agreed"), reach(), people=people)
    assert names(histories)[4:] == [*["agreement_signed"] * 4, "agreement_took_effect"]


def test_of_all_who_end_a_case_at_once_one_closes_it(street_url: str) -> None:
    asked = at_once(perform(), close_unperformed(), perform(), close_unperformed(), perform())
    _, histories = race(street_url, asked, *ACCEPTED, hold("agreed"), reach("oral"))
    assert names(histories).count("closed") == 1
    assert names(histories)[-1] == "closed"


def test_of_many_who_take_a_case_up_again_at_once_one_does(street_url: str) -> None:
    answers, histories = race(street_url, at_once(*[reopen()] * 6), *ACCEPTED, withdraw())
    assert names(histories)[-1] == "reopened"
    assert names(histories).count("reopened") == 1
    assert [type(answer) for answer in answers].count(NotClosed) == 5
