"""Many people at once, in two processes' worth of engines, over one PostgreSQL."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from itertools import cycle
from typing import Final, cast
from uuid import UUID, uuid4

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from psycopg import AsyncConnection

from api.http.services import Services
from application.context import Context, Expected
from application.deciders.dispute import DISPUTES
from application.ports import Reply
from application.stream_cache import StreamCache
from domain.aggregates.dispute import Dispute, replay
from domain.aggregates.dispute.evolve import Explained
from domain.commands.dispute import AnyDisputeCommand
from domain.errors import DomainError, KeyReused
from domain.events.dispute import Accepted, DisputeEvent
from domain.events.envelope import Actor, Event, Recorded
from domain.events.register import NumberIssued
from domain.vocabulary import Role
from store.event_log.log_reader import read_batch
from tests.stateful.asking import (
    QIAN,
    approve_bypass,
    approve_correction,
    approve_retraction,
    close_unperformed,
    correct,
    perform,
    propose_bypass,
    reach,
    reject_bypass,
    reject_correction,
    reject_retraction,
    reopen,
    sign,
    take_back,
    visit,
)
from tests.stateful.ledger import Around, Ledger
from tests.stateful.striking import may_be_taken_back
from tests.support.databases import services_at
from tests.support.examples import SOAK, steadily
from tests.support.specification import (
    accept,
    advise,
    file_dispute,
    hold,
    moment,
    refuse,
    send_back,
    terminate,
    withdraw,
)
from tests.support.world import ZHAO

UNITS: Final = {
    "dongguang.c01.y01": {
        "compound": "dongguang.c01.y01",
        "community": "dongguang.c01",
        "street": "dongguang",
    },
    "dongguang.c02.y01": {
        "compound": "dongguang.c02.y01",
        "community": "dongguang.c02",
        "street": "dongguang",
    },
}
MEDIATOR: Final = {
    "dongguang": "zhao",
    "dongguang.c01": "sun",
    "dongguang.c02": "zhou",
    "dongguang.c01.y01": "wu",
    "dongguang.c02.y01": "wang",
}
SEAL: Final = {"dongguang": "东光", "dongguang.c01": "东光一社", "dongguang.c02": "东光二社"}
SEALERS: Final = {"dongguang.c01.y01": "dongguang.c01", "dongguang.c02.y01": "dongguang.c02"}
CONVENERS: Final = {platform: MEDIATOR[platform] for platform in MEDIATOR}
AROUND: Final = Around(conveners=CONVENERS, sealers=SEALERS)
FILED_ON, STEPS_ON = "2025-12-20", "2026-03-20"

CONTENTION: Final = settings(
    steadily,
    max_examples=40 if SOAK else 6,
    stateful_step_count=10,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)


@dataclass
class Sent:
    """A command as it was sent, and every answer it got."""

    command: AnyDisputeCommand
    expected: Expected
    actor: Actor = ZHAO
    replies: list[Reply] = field(default_factory=list)
    errors: list[DomainError] = field(default_factory=list)


@dataclass(frozen=True)
class Wish:
    """One line of a bundle: what is asked of which case, on which version seen, how often under one id."""

    ask: Callable[..., AnyDisputeCommand]
    place: int
    seen: str
    copies: int


ASKS = st.sampled_from([hold, hold, hold, accept, send_back, advise])
DAYS = st.sampled_from(["2025-12-31", "2026-01-01", STEPS_ON, STEPS_ON])
OUTCOMES = st.sampled_from(["failed", "no_show", "agreed"])
TWO_OR_ONE = st.sampled_from([[ZHAO, QIAN], [QIAN, ZHAO, ZHAO], [ZHAO]])
ENDS = st.sampled_from([refuse, withdraw, terminate])
WISHES = st.lists(
    st.builds(
        Wish, ASKS, st.integers(0, 3), st.sampled_from(["any", "any", "now", "before"]), st.integers(1, 2)
    ),
    min_size=2,
    max_size=8,
)


class EngineMachine(RuleBasedStateMachine):
    """Sends bundles of commands at once, then reads the log and audits it."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.runner = asyncio.Runner()
        self.open = AsyncExitStack()
        self.engines: list[Services] = [
            self.runner.run(self.open.enter_async_context(services_at(url))) for _ in range(2)
        ]
        self.sent: dict[UUID, Sent] = {}
        self.units: dict[UUID, str] = {}
        self.ledgers: dict[UUID, Ledger] = {}
        self.start = max((item.position for item in self._log(0)), default=0)

    def teardown(self) -> None:
        self.runner.run(self.open.aclose())
        self.runner.close()

    # --- rules -----------------------------------------------------------------------------------------------

    @initialize(
        units=st.lists(st.sampled_from(list(UNITS)), min_size=1, max_size=4),
        difficulty=st.sampled_from(["simple", "general"]),
        accepted=st.booleans(),
    )
    def several_are_filed_at_once(self, units: list[str], difficulty: str, *, accepted: bool) -> None:
        commands = []
        for unit in units:
            dispute = uuid4()
            self.units[dispute] = unit
            command = file_dispute(unit=unit, difficulty=difficulty, occurred_at=moment(FILED_ON))
            commands.append(command.model_copy(update={"dispute": dispute}))
        self._send([self._new(item) for item in [*commands, *commands[:1]]])
        if accepted:
            self.all_that_wait_are_accepted_at_once(STEPS_ON, copies=2)

    @rule(day=DAYS, copies=st.integers(1, 2))
    def all_that_wait_are_accepted_at_once(self, day: str, copies: int) -> None:
        self._send([self._new(self._acceptance(dispute, day)) for dispute in self.units] * copies)

    @rule(place=st.integers(0, 3), count=st.integers(3, 7), day=DAYS)
    def one_is_accepted_and_many_record_failures_at_once(self, place: int, count: int, day: str) -> None:
        dispute = self._dispute(place)
        self._send([self._new(self._acceptance(dispute, day))])
        self._send([self._new(_to(dispute, hold(at=STEPS_ON))) for _ in range(count)])

    @precondition(lambda self: len(self.units) > 1)
    @rule(place=st.integers(0, 3), end=ENDS, count=st.integers(1, 3))
    def one_ends_while_others_go_on(
        self, place: int, end: Callable[..., AnyDisputeCommand], count: int
    ) -> None:
        dispute = self._dispute(place)
        asked = [end(at=STEPS_ON), *[hold(at=STEPS_ON)] * count, send_back(at=STEPS_ON)]
        self._send([self._new(_to(dispute, item)) for item in asked])

    @rule(place=st.integers(0, 3), session=st.integers(1, 6), outcome=OUTCOMES, people=TWO_OR_ONE)
    def a_correction_is_proposed_and_decided_by_many_at_once(
        self, place: int, session: int, outcome: str, people: list[Actor]
    ) -> None:
        dispute = self._dispute(place)
        session = min(session, len(self.ledgers[dispute].sat))
        if session:
            self._race(dispute, [correct(session, outcome)] * 2, people)
            decided = [approve_correction(session), approve_correction(session), reject_correction(session)]
            self._race(dispute, decided * 2, people)

    @rule(place=st.integers(0, 3), back=st.integers(0, 4), people=TWO_OR_ONE)
    def a_fact_is_taken_back_by_many_at_once(self, place: int, back: int, people: list[Actor]) -> None:
        dispute = self._dispute(place)
        ledger = self.ledgers[dispute]
        versions = [
            version
            for version in range(ledger.version, 0, -1)
            if version not in ledger.retracted and may_be_taken_back(ledger.book, version)
        ]
        if versions:
            version = versions[back % len(versions)]
            self._race(dispute, [take_back(version)] * 2, people)
            decided = [approve_retraction(version), approve_retraction(version), reject_retraction(version)]
            self._race(dispute, decided * 2, people)

    @rule(place=st.integers(0, 3), people=TWO_OR_ONE, failing=st.booleans())
    def it_is_lifted_by_many_at_once(self, place: int, people: list[Actor], *, failing: bool) -> None:
        dispute = self._dispute(place)
        self._send([self._new(self._acceptance(dispute, STEPS_ON))])
        self._race(dispute, [propose_bypass()] * 2, people)
        others = [hold(at=STEPS_ON)] * 2 if failing else [reject_bypass()]
        self._race(dispute, [approve_bypass(), *others, approve_bypass(), approve_bypass()], people)

    @rule(
        place=st.integers(0, 3), form=st.sampled_from(["written", "written", "oral"]), terms=st.integers(1, 2)
    )
    def all_sign_at_once_and_perform_at_once(self, place: int, form: str, terms: int) -> None:
        dispute = self._dispute(place)
        self._send([self._new(self._acceptance(dispute, STEPS_ON))])
        self._race(dispute, [hold("agreed", at=f"{STEPS_ON} 23:00")], [ZHAO])
        self._race(dispute, [reach(form, terms=terms, at=f"{STEPS_ON} 23:00")] * 2, [ZHAO])
        platform = self.ledgers[dispute].platforms[self.ledgers[dispute].tier]
        sealer = SEALERS.get(platform, platform)
        hand = Actor(sub=MEDIATOR[platform], role=Role.MEDIATOR, unit=platform)
        stamp = Actor(sub=MEDIATOR[sealer], role=Role.CONVENER, unit=sealer)
        signing = [
            ("p1", None, hand),
            ("committee", sealer, stamp),
            ("p2", None, hand),
            ("mediator", None, hand),
        ]
        self._send(
            [
                self._new(_to(dispute, sign(by, f"{STEPS_ON} 23:30", unit)), actor=actor)
                for by, unit, actor in [*signing, *reversed(signing)]
            ]
        )
        ends = [perform(1), hold(at=STEPS_ON), perform(terms), close_unperformed(), perform(1), visit()]
        self._race(dispute, ends, [ZHAO, QIAN])

    @rule(place=st.integers(0, 3), people=TWO_OR_ONE)
    def it_is_taken_up_again_by_many_at_once(self, place: int, people: list[Actor]) -> None:
        dispute = self._dispute(place)
        self._race(dispute, [withdraw(at=STEPS_ON)] * 2, people)
        self._race(dispute, [reopen(), hold(at=STEPS_ON), reopen(), withdraw(at=STEPS_ON)], people)

    @rule(wishes=WISHES)
    def all_sorts_of_things_are_asked_at_once(self, wishes: list[Wish]) -> None:
        ids: list[UUID] = []
        for wish in wishes:
            dispute = self._dispute(wish.place)
            command = (
                self._acceptance(dispute, STEPS_ON)
                if wish.ask is accept
                else _to(dispute, wish.ask(at=STEPS_ON))
            )
            ids += [self._new(command, self._version(dispute, wish.seen))] * wish.copies
        self._send(ids)

    @precondition(lambda self: any(item.replies for item in self.sent.values()))
    @rule(place=st.integers(0, 50), other=st.booleans())
    def a_command_is_sent_again(self, place: int, *, other: bool) -> None:
        done = [item for item, sent in self.sent.items() if sent.replies]
        command_id = done[place % len(done)]
        if not other:
            self._send([command_id, command_id])
            return
        refusal = self.runner.run(self._handle(self.engines[0], command_id, b"another request"))
        assert isinstance(refusal, KeyReused), "a key was taken for another request"

    def _race(self, dispute: UUID, asked: Sequence[AnyDisputeCommand], people: Sequence[Actor]) -> None:
        """Send all at once, the people taking turns."""
        turns = zip(asked, cycle(people))
        self._send([self._new(_to(dispute, item), actor=actor) for item, actor in turns])

    # --- sending ---------------------------------------------------------------------------------------------

    def _dispute(self, place: int) -> UUID:
        return list(self.units)[place % len(self.units)]

    def _acceptance(self, dispute: UUID, day: str) -> AnyDisputeCommand:
        ledger = self.ledgers[dispute]
        return _to(dispute, accept(MEDIATOR[ledger.platforms[ledger.tier]], at=day))

    def _version(self, dispute: UUID, seen: str) -> Expected:
        version = max(item.version for item in self._log(self.start) if item.stream == dispute)
        return "any" if seen == "any" else frozenset({version - (seen == "before")})

    def _new(self, command: AnyDisputeCommand, expected: Expected = "any", actor: Actor = ZHAO) -> UUID:
        command_id = uuid4()
        self.sent[command_id] = Sent(command, expected, actor)
        return command_id

    def _send(self, ids: Sequence[UUID]) -> None:
        answers = self.runner.run(self._at_once(ids))
        for command_id, answer in zip(ids, answers, strict=True):
            sent = self.sent[command_id]
            if isinstance(answer, Reply):
                sent.replies.append(answer)
            else:
                sent.errors.append(answer)
        self._audit()

    async def _at_once(self, ids: Sequence[UUID]) -> list[Reply | DomainError]:
        work = (
            self._handle(self.engines[place % len(self.engines)], command_id)
            for place, command_id in enumerate(ids)
        )
        return await asyncio.gather(*work)

    async def _handle(
        self, services: Services, command_id: UUID, fingerprint: bytes = b"request"
    ) -> Reply | DomainError:
        sent = self.sent[command_id]
        context = Context(sent.actor, command_id, fingerprint, sent.expected)
        try:
            return await services.command_handler.handle(sent.command, context)
        except DomainError as error:
            return error

    # --- auditing --------------------------------------------------------------------------------------------

    def _log(self, position: int) -> list[Recorded[Event]]:
        async def read() -> list[Recorded[Event]]:
            async with await AsyncConnection.connect(self.url) as connection:
                batch = await read_batch(connection, position, 100_000)
                assert not batch.undecodable
                return list(batch.events)

        return self.runner.run(read())

    def _audit(self) -> None:
        log = self._log(self.start)
        streams: dict[UUID, list[Recorded[Event]]] = defaultdict(list)
        commands: dict[UUID, list[Recorded[Event]]] = defaultdict(list)
        for item in log:
            streams[item.stream].append(item)
            commands[item.command_id].append(item)
        _must_be_in_order(log, streams)
        assert set(commands) <= set(self.sent), "something was recorded that nobody sent"
        for dispute, unit in self.units.items():
            self.ledgers[dispute] = _pencilled(unit, streams[dispute])
            for engine in self.engines:
                _must_keep_what_is_recorded(engine.command_handler._cache, dispute, streams[dispute])
        for command_id, sent in self.sent.items():
            _must_have_one_effect(sent, commands[command_id], streams[sent.command.dispute])
        _must_number_without_gap(log, streams)


def _to(dispute: UUID, command: AnyDisputeCommand) -> AnyDisputeCommand:
    return command.model_copy(update={"dispute": dispute})


def _explained(recorded: Sequence[Recorded[Event]]) -> Sequence[Explained]:
    return cast("Sequence[Explained]", recorded)


def _must_be_in_order(log: list[Recorded[Event]], streams: dict[UUID, list[Recorded[Event]]]) -> None:
    times: list[datetime] = [item.recorded_at for item in log]
    assert times == sorted(times), "recorded_at decreases along the log"
    for recorded in streams.values():
        versions = [item.version for item in recorded]
        assert versions == list(range(versions[0], versions[0] + len(versions))), "versions have a gap"


def _pencilled(unit: str, recorded: list[Recorded[Event]]) -> Ledger:
    """Enter a history in a ledger of its own, and compare what the domain folds it to."""
    ledger = Ledger(UNITS[unit], AROUND)
    for item in recorded:
        ledger.enter(cast("DisputeEvent", item.event), item.because, item.actor, item.command_id)
    ledger.must_be_complete()
    case = replay(_explained(recorded))
    assert case is not None
    assert recorded[0].version == 1, "the history does not begin at its beginning"
    folded, entered = ((item.status, item.tier, item.number) for item in (case, ledger))
    assert folded == entered, "the fold does not agree with the pencil"
    for tier, failed_on in ledger.failed_on.items():
        assert case.failures_at(tier) == len(failed_on), "a count drifted"
    return ledger


def _must_keep_what_is_recorded(cache: StreamCache, dispute: UUID, recorded: list[Recorded[Event]]) -> None:
    """Compare the state that an engine keeps, folded or decided, with its history read back from the log."""
    kept = cache.entry(DISPUTES.ref(dispute))
    folded = replay(_explained(recorded[: kept.version]))
    assert kept.state == folded, "an engine keeps another state than the one recorded"
    if folded is not None:
        assert cast("Dispute", kept.state).last_recorded_at == folded.last_recorded_at, "a time was not kept"


def _must_have_one_effect(sent: Sent, effects: list[Recorded[Event]], history: list[Recorded[Event]]) -> None:
    own = [effect for effect in effects if effect.stream == sent.command.dispute]
    if not sent.replies:
        assert not effects, "a command that was refused left something behind"
        return
    reply = sent.replies[0]
    assert all(item == reply for item in sent.replies), "one command got two answers"
    assert tuple(item.topic for item in own) == reply.events, "a command had another effect than it said"
    assert own[-1].version == reply.version, "a reply names another version"
    assert max(effect.position for effect in effects) == reply.position, "a reply names another position"
    then = replay(_explained([recorded for recorded in history if recorded.version <= reply.version]))
    assert then is not None
    assert (then.status, then.tier) == (reply.status, reply.tier), "a reply names another state"
    if isinstance(sent.expected, frozenset):
        assert own[0].version - 1 in sent.expected, "a version that the sender did not see was changed"


def _must_number_without_gap(log: list[Recorded[Event]], streams: dict[UUID, list[Recorded[Event]]]) -> None:
    for item in log:
        if isinstance(item.event, NumberIssued):
            issued = item.event
            assert issued.n == item.version, "a register has a gap or a repeat"
            assert issued.number == f"（{issued.year}）{SEAL[issued.register_of]}民调字第{issued.n}号"
            taken = [
                other.event.number
                for other in streams[issued.dispute]
                if isinstance(other.event, Accepted) and other.command_id == item.command_id
            ]
            assert taken == [issued.number], "a number went to another case"
