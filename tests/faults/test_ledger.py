"""Can the check fail? Each test takes a ledger in order, plants one fault, and the check has to find it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

import pytest
from pydantic import JsonValue

from domain.aggregates.dispute import replay
from domain.events.envelope import Actor, Event, Recorded
from domain.events.register import NumberIssued
from domain.events.streams import register_stream
from domain.vocabulary import Role
from tests.faults.journal import Answer, History
from tests.faults.ledger import check
from tests.faults.stored import CommandRow, Stored, command_id
from tests.support.specification import accepted, filed, numbered, sat

_SECRET: Final = b"for tests alone"
_ONE, _TWO, _THREE = (UUID(int=number) for number in (1, 2, 3))
_REGISTER: Final = register_stream("dongguang.c01", 2026)
_SUN: Final = Actor(sub="sun", role=Role.MEDIATOR, unit="dongguang.c01")
_ROUTE: Final = "/v1/disputes"
_REFUSED: Final = Answer(409, {"type": "/problems/not-accepted"})
_NOTHING: Final = Answer(None)


def _id(key: str) -> UUID:
    return command_id(_SECRET, "sun", _ROUTE, key)


@dataclass
class Book:
    """Both sides as they grow, command by command."""

    journal: dict[str, History] = field(default_factory=dict)
    events: list[Recorded[Event]] = field(default_factory=list)
    commands: list[CommandRow] = field(default_factory=list)

    def know(self, key: str, *answers: Answer) -> None:
        """Have the clients remember that they sent something, and what they were answered."""
        self.journal[key] = History(key, "sun", _ROUTE, _ROUTE, "", len(answers), answers)

    def record(self, key: str, stream: UUID, *events: Event) -> Answer:
        """Append what a command brings about; return the reply."""
        for event in events:
            self._append(_id(key), _REGISTER if isinstance(event, NumberIssued) else stream, event)
        own = [item for item in self.events if item.stream == stream]
        topics = [item.TOPIC for item in events if not isinstance(item, NumberIssued)]
        reply: dict[str, JsonValue] = {"id": str(stream), "version": len(own), "events": [*topics]}
        self.commands.append(CommandRow(_id(key), self.events[-1].position, {**reply}))
        return Answer(200, {**reply, "position": self.events[-1].position})

    def _append(self, command: UUID, stream: UUID, event: Event) -> None:
        at, version = len(self.events) + 1, sum(item.stream == stream for item in self.events) + 1
        when = datetime(2026, 11, 21, tzinfo=UTC) + timedelta(seconds=at)
        self.events.append(Recorded(stream, version, at, when, _SUN, command, event))

    def stored(self) -> Stored:
        """The server's side, the case list up to date."""
        rows = [_row([e for e in self.events if e.stream == stream]) for stream in (_ONE, _TWO, _THREE)]
        return Stored(tuple(self.events), tuple(self.commands), tuple(rows), len(self.events))


def _row(events: Sequence[Recorded[Event]]) -> dict[str, object]:
    dispute = replay(events)
    assert dispute is not None
    mediators, outcome = list(dispute.mediators), dispute.outcome and dispute.outcome.value
    return {
        "dispute": events[0].stream,
        "number": dispute.number,
        "unit": dispute.filed.unit,
        "platform": dispute.platform,
        "platforms": list(dispute.platforms),
        "tier": dispute.tier,
        "status": dispute.status.value,
        "outcome": outcome,
        "mediators": mediators,
        "category": dispute.filed.category.value,
        "source": dispute.filed.source.value,
        "procedure": dispute.filed.procedure.id,
        "filed_at": dispute.filed.occurred_at,
        "moved_at": events[-1].recorded_at,
        "version": dispute.version,
        "opened": events[0].position,
    }


def _issued(n: int, dispute: UUID) -> tuple[Event, Event]:
    number = f"第{n}号"
    issued = numbered(n, number, "dongguang.c01").model_copy(update={"dispute": dispute})
    return accepted(number=number), issued


@pytest.fixture
def book() -> Book:
    """Three disputes: acknowledged, repeated, rejected, and unknown in both ways."""
    made = Book()
    for n, dispute in enumerate((_ONE, _TWO), start=1):
        made.know(f"file-{n}", made.record(f"file-{n}", dispute, filed()))
        made.know(f"accept-{n}", made.record(f"accept-{n}", dispute, *_issued(n, dispute)))
    said = made.record("session", _ONE, sat(1))
    made.know("session", _NOTHING, said, said)
    made.know("rejected", _NOTHING, _REFUSED)
    made.know("never-arrived", _NOTHING)
    made.record("unheard", _THREE, filed())
    made.know("unheard", _NOTHING)
    return made


def _found(book: Book, stored: Stored | None = None) -> set[tuple[str, str]]:
    findings = check(book.journal.values(), stored or book.stored(), lambda item: _id(item.key))
    return {(finding.check, finding.kind) for finding in findings}


def _without(stored: Stored, key: str) -> Stored:
    """As if the command had never been."""
    return replace(
        stored,
        events=tuple(event for event in stored.events if event.command_id != _id(key)),
        commands=tuple(command for command in stored.commands if command.command_id != _id(key)),
    )


def _changed(stored: Stored, place: int, **changes: object) -> Stored:
    """One event otherwise than it was."""
    events = list(stored.events)
    events[place] = replace(events[place], **changes)  # type: ignore[arg-type]
    return replace(stored, events=tuple(events))


def _listed(stored: Stored, **changes: object) -> Stored:
    """The first row of the case list otherwise than it was."""
    first, *others = stored.caseload
    return replace(stored, caseload=({**first, **changes}, *others))


def test_a_ledger_in_order_is_found_in_order(book: Book) -> None:
    assert _found(book) == set()


def test_a_an_acknowledged_command_that_is_gone(book: Book) -> None:
    assert ("a", "lost") in _found(book, _without(book.stored(), "session"))


def test_a_an_acknowledged_command_without_its_events(book: Book) -> None:
    stored = book.stored()
    kept = _without(stored, "session").events
    assert ("a", "lost") in _found(book, replace(stored, events=kept))


def test_a_an_acknowledged_command_recorded_with_one_event_too_many(book: Book) -> None:
    book._append(_id("session"), _ONE, sat(2))
    assert ("a", "doubled") in _found(book)


@pytest.mark.parametrize("said", ["id", "version", "position", "events"])
def test_a_a_stored_reply_that_is_not_the_one_given(book: Book, said: str) -> None:
    given = book.journal["file-1"].answers[0].body
    assert isinstance(given, dict)
    book.know("file-1", Answer(201, {**given, said: "another"}))
    assert _found(book) == {("a", "wrong")}


def test_a_a_repeat_that_was_answered_otherwise(book: Book) -> None:
    given = book.journal["session"].answers[1]
    assert isinstance(given.body, dict)
    book.know("session", given, Answer(200, {**given.body, "version": 9}))
    assert _found(book) == {("a", "wrong")}


def test_a_a_repeat_that_was_refused_after_it_had_been_acknowledged(book: Book) -> None:
    book.know("session", *book.journal["session"].answers, _REFUSED)
    assert _found(book) == {("a", "wrong")}


def test_b_a_command_id_recorded_twice(book: Book) -> None:
    book.commands.append(book.commands[-1])
    assert ("b", "doubled") in _found(book)


def test_b_a_command_that_was_appended_in_two_goes(book: Book) -> None:
    book._append(_id("file-1"), _TWO, sat(1))
    assert ("b", "doubled") in _found(book)


def test_b_a_second_effect_under_an_id_that_nobody_sent(book: Book) -> None:
    book.record("somebody-elses", _TWO, sat(1))
    assert _found(book) == {("b", "doubled")}


def test_b_what_others_than_the_clients_record_is_not_theirs(book: Book) -> None:
    book.record("of-the-system", _TWO, sat(1))
    system = Actor(sub="system", role=Role.SYSTEM)
    assert _found(book, _changed(book.stored(), -1, actor=system)) == set()


def test_c_a_rejected_command_that_is_recorded(book: Book) -> None:
    book.record("rejected", _TWO, sat(1))
    assert _found(book) == {("c", "wrong")}


def test_c_a_rejected_command_that_left_events_alone(book: Book) -> None:
    book._append(_id("rejected"), _TWO, sat(1))
    assert _found(book) == {("c", "wrong")}


def test_d_an_unknown_command_recorded_twice(book: Book) -> None:
    book.commands.append(next(command for command in book.commands if command.command_id == _id("unheard")))
    assert ("d", "doubled") in _found(book)


def test_d_an_unknown_command_of_which_only_the_events_remain(book: Book) -> None:
    book._append(_id("never-arrived"), _TWO, sat(1))
    assert _found(book) == {("d", "wrong")}


def test_d_an_unknown_command_of_which_only_the_reply_remains(book: Book) -> None:
    stored = book.stored()
    kept = _without(stored, "unheard").events
    assert ("d", "lost") in _found(book, replace(stored, events=kept))


def test_e_a_stream_that_skips_a_version(book: Book) -> None:
    place = next(i for i, item in enumerate(book.events) if item.command_id == _id("session"))
    assert ("e", "wrong") in _found(book, _changed(book.stored(), place, version=4))


def test_e_two_events_at_one_position(book: Book) -> None:
    last = len(book.events)
    assert ("e", "doubled") in _found(book, _changed(book.stored(), -1, position=last - 1))


def test_e_an_event_recorded_before_its_predecessor(book: Book) -> None:
    earlier = book.events[0].recorded_at - timedelta(seconds=1)
    assert ("e", "wrong") in _found(book, _changed(book.stored(), 3, recorded_at=earlier))


def test_f_a_case_list_that_has_not_followed(book: Book) -> None:
    assert _found(book, replace(book.stored(), reached=1)) == {("f", "wrong")}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("version", 1),
        ("status", "closed"),
        ("tier", "street"),
        ("mediators", []),
        ("opened", 99),
        ("platform", "dongguang"),
        ("outcome", "failed"),
        ("moved_at", datetime(2026, 1, 1, tzinfo=UTC)),
    ],
)
def test_f_a_row_that_is_not_the_fold(book: Book, column: str, value: object) -> None:
    assert _found(book, _listed(book.stored(), **{column: value})) == {("f", "wrong")}


def test_f_a_dispute_that_is_not_listed(book: Book) -> None:
    stored = book.stored()
    assert ("f", "lost") in _found(book, replace(stored, caseload=stored.caseload[:-1]))


def test_f_a_dispute_that_is_listed_twice(book: Book) -> None:
    stored = book.stored()
    assert ("f", "doubled") in _found(book, replace(stored, caseload=(*stored.caseload, stored.caseload[0])))


def test_f_a_listed_dispute_that_the_log_does_not_have(book: Book) -> None:
    stored = book.stored()
    ghost = {**stored.caseload[-1], "dispute": uuid5(_ONE, "ghost")}
    assert _found(book, replace(stored, caseload=(*stored.caseload, ghost))) == {("f", "wrong")}


@pytest.mark.parametrize("n", [1, 3])
def test_f_a_register_with_a_repeat_or_a_gap(book: Book, n: int) -> None:
    place = max(i for i, item in enumerate(book.events) if isinstance(item.event, NumberIssued))
    event = book.events[place].event.model_copy(update={"n": n})
    assert _found(book, _changed(book.stored(), place, event=event)) == {("f", "wrong")}


def test_f_a_number_that_another_dispute_carries(book: Book) -> None:
    assert _found(book, _listed(book.stored(), number="第7号")) == {("f", "wrong")}
