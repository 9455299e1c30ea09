"""The check of the ledger: what the clients know against what the server knows. Data in, findings out.

(a) what was acknowledged is in the log, once and as the reply said; (b) no command took effect twice, under its own
id or another; (c) what was rejected is absent; (d) what stayed unknown is there whole, once, or not at all;
(e) versions and positions are contiguous and in order; (f) the case list equals the fold, registers have no gap;
(h) each follower was told the log's own sequence.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, cast
from uuid import UUID

from pydantic import JsonValue

from domain.aggregates.dispute import Dispute, replay
from domain.events.dispute import DisputeEvent
from domain.events.envelope import Event, Recorded
from domain.events.register import NumberIssued
from tests.faults.journal import History, Verdict
from tests.faults.stored import CommandRow, Row, Stored

Kind = Literal["lost", "doubled", "wrong"]
_SAID: Final = ("id", "version", "position", "status", "tier", "events")
Events = Sequence[Recorded[Event]]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that must not be: which check found it, of what kind it is, about what, in words."""

    check: str
    kind: Kind
    about: str
    says: str


@dataclass(frozen=True, slots=True)
class _Book:
    """Both sides, looked up by command id and by stream."""

    stored: Stored
    histories: Mapping[UUID, History]
    commands: Mapping[UUID, Sequence[CommandRow]]
    events: Mapping[UUID, Events]
    streams: Mapping[UUID, Events]

    def with_verdict(self, verdict: Verdict) -> Iterator[tuple[UUID, History]]:
        return ((key, item) for key, item in self.histories.items() if item.verdict is verdict)


def check(journal: Iterable[History], stored: Stored, command_of: Callable[[History], UUID]) -> list[Finding]:
    """Return everything that is not as it must be; `command_of` tells under which id a key is recorded."""
    book = _opened(journal, stored, command_of)
    checks = (_acknowledged, _once, _rejected, _unknown, _in_order, _caseload, _registers)
    return [finding for item in checks for finding in item(book)]


def followed(name: str, seen: Sequence[int], log: Sequence[int]) -> list[Finding]:
    """(h): compare the positions that a follower was told, in its order, with those of the log."""
    missing, twice = sorted(set(log) - set(seen)), [at for at, n in Counter(seen).items() if n > 1]
    found = [Finding("h", "lost", name, f"was never told {at}") for at in missing]
    found += [Finding("h", "doubled", name, f"was told {at} several times") for at in twice]
    found += [
        Finding("h", "wrong", name, f"was told {at}, which is not there")
        for at in sorted(set(seen) - set(log))
    ]
    if not found and list(seen) != list(log):
        found.append(Finding("h", "wrong", name, "was told the log in another order"))
    return found


def _opened(journal: Iterable[History], stored: Stored, command_of: Callable[[History], UUID]) -> _Book:
    commands: dict[UUID, list[CommandRow]] = defaultdict(list)
    events: dict[UUID, list[Recorded[Event]]] = defaultdict(list)
    streams: dict[UUID, list[Recorded[Event]]] = defaultdict(list)
    for row in stored.commands:
        commands[row.command_id].append(row)
    for event in stored.events:
        events[event.command_id].append(event)
        streams[event.stream].append(event)
    return _Book(stored, {command_of(item): item for item in journal}, commands, events, streams)


def _acknowledged(book: _Book) -> Iterator[Finding]:
    """(a)."""
    for command, history in book.with_verdict(Verdict.OK):
        if any(answer.verdict is Verdict.REJECTED for answer in history.answers):
            yield Finding("a", "wrong", history.key, "was rejected after or before it was acknowledged")
        replies = [_said(answer.body) for answer in history.answers if answer.verdict is Verdict.OK]
        if any(reply != replies[0] for reply in replies):
            yield Finding("a", "wrong", history.key, "was answered in two ways")
        rows = book.commands.get(command, ())
        if not rows:
            yield Finding("a", "lost", history.key, "was acknowledged and is not in the log")
            continue
        if replies[0] != _said({**rows[0].reply, "position": rows[0].position}):
            yield Finding("a", "wrong", history.key, "is in the log with another reply")
        yield from _whole("a", history.key, rows[0], book.events.get(command, ()))


def _said(reply: object) -> dict[str, JsonValue]:
    """The parts of a reply that must never change."""
    found = cast("Mapping[str, JsonValue]", reply) if isinstance(reply, dict) else {}
    return {name: found.get(name) for name in _SAID}


def _whole(name: str, about: str, row: CommandRow, events: Events) -> Iterator[Finding]:
    """Compare the events of a command with what its reply says of them."""
    topics, version = cast("list[str]", row.reply["events"]), cast("int", row.reply["version"])
    own = [event for event in events if str(event.stream) == row.reply["id"]]
    if len(own) < len(topics):
        yield Finding(name, "lost", about, f"{len(topics) - len(own)} of its events are missing")
    elif len(own) > len(topics):
        yield Finding(name, "doubled", about, f"has {len(own)} events instead of {len(topics)}")
    else:
        reached = range(version - len(topics) + 1, version + 1)
        if [(item.version, item.topic) for item in own] != list(zip(reached, topics, strict=True)):
            yield Finding(name, "wrong", about, "its events are not those of its reply")
        if max(event.position for event in events) != row.position:
            yield Finding(name, "wrong", about, "its last event is not where its reply says")


def _once(book: _Book) -> Iterator[Finding]:
    """(b); the last part sees a second effect that the unique index on ids cannot see."""
    for command, rows in book.commands.items():
        if len(rows) > 1:
            yield Finding("b", "doubled", str(command), f"is recorded {len(rows)} times")
    for command, events in book.events.items():
        if any(after.position != before.position + 1 for before, after in pairwise(events)):
            yield Finding("b", "doubled", str(command), "wrote in several appends")
    clients = {history.sub for history in book.histories.values()}
    for command, events in book.events.items():
        if command not in book.histories and events[0].actor.sub in clients:
            yield Finding("b", "doubled", str(command), "took effect and nobody sent it")


def _rejected(book: _Book) -> Iterator[Finding]:
    """(c)."""
    for command, history in book.with_verdict(Verdict.REJECTED):
        if command in book.commands or command in book.events:
            yield Finding("c", "wrong", history.key, "was rejected and is in the log")


def _unknown(book: _Book) -> Iterator[Finding]:
    """(d)."""
    for command, history in book.with_verdict(Verdict.UNKNOWN):
        rows, events = book.commands.get(command, ()), book.events.get(command, ())
        if len(rows) > 1:
            yield Finding("d", "doubled", history.key, f"is recorded {len(rows)} times")
        elif rows:
            yield from _whole("d", history.key, rows[0], events)
        elif events:
            yield Finding("d", "wrong", history.key, "left events and no reply")


def _in_order(book: _Book) -> Iterator[Finding]:
    """(e)."""
    for stream, events in book.streams.items():
        if [event.version for event in events] != list(range(1, len(events) + 1)):
            yield Finding("e", "wrong", str(stream), "its versions are not 1, 2, 3 … in the order of the log")
    twice = [at for at, count in Counter(e.position for e in book.stored.events).items() if count > 1]
    for position in twice:
        yield Finding("e", "doubled", str(position), "is the position of several events")
    for before, after in pairwise(book.stored.events):
        if after.recorded_at < before.recorded_at:
            yield Finding("e", "wrong", str(after.position), "was recorded before the event that precedes it")


def _caseload(book: _Book) -> Iterator[Finding]:
    """(f), the list."""
    last = max((*(event.position for event in book.stored.events), *book.stored.unreadable), default=0)
    if book.stored.reached != last:
        yield Finding("f", "wrong", "caseload", f"says {book.stored.reached}, but the log ends at {last}")
    rows = {str(row["dispute"]): row for row in book.stored.caseload}
    if len(rows) != len(book.stored.caseload):
        yield Finding("f", "doubled", "caseload", "lists a dispute twice")
    for stream, events in book.streams.items():
        if not events[0].topic.startswith("dispute."):
            continue
        row = rows.pop(str(stream), None)
        if row is None:
            yield Finding("f", "lost", str(stream), "is not in the case list")
            continue
        dispute = replay(cast("list[Recorded[DisputeEvent]]", events))
        wanted = _listed(cast("Dispute", dispute), events)
        for column in sorted(name for name, value in wanted.items() if row[name] != value):
            yield Finding("f", "wrong", str(stream), f"{column}: {row[column]}, folded {wanted[column]}")
    for stranger in rows:
        yield Finding("f", "wrong", stranger, "is in the case list and not in the log")


def _listed(dispute: Dispute, events: Events) -> Row:
    """What the case list must say of a dispute, but for what people wrote."""
    return {
        "number": dispute.number,
        "unit": dispute.filed.unit,
        "platform": dispute.platform,
        "platforms": list(dispute.platforms),
        "tier": dispute.tier,
        "status": str(dispute.status),
        "outcome": dispute.outcome and str(dispute.outcome),
        "category": str(dispute.filed.category),
        "source": str(dispute.filed.source),
        "mediators": list(dispute.mediators),
        "procedure": dispute.filed.procedure.id,
        "filed_at": dispute.filed.occurred_at,
        "moved_at": events[-1].recorded_at,
        "version": dispute.version,
        "opened": events[0].position,
    }


def _registers(book: _Book) -> Iterator[Finding]:
    """(f), the registers: 1, 2, 3 … without gap, and each number with the dispute that carries it."""
    issued: dict[tuple[str, int], list[NumberIssued]] = defaultdict(list)
    numbers: dict[str, list[str]] = defaultdict(list)
    for event in book.stored.events:
        if isinstance(event.event, NumberIssued):
            issued[event.event.register_of, event.event.year].append(event.event)
            numbers[str(event.event.dispute)].append(event.event.number)
    for (unit, year), events in issued.items():
        if [event.n for event in events] != list(range(1, len(events) + 1)):
            yield Finding("f", "wrong", f"{unit} {year}", "its register is not 1, 2, 3 …")
    for row in book.stored.caseload:
        given = numbers.pop(str(row["dispute"]), [])
        if given != ([row["number"]] if row["number"] else []):
            yield Finding("f", "wrong", str(row["dispute"]), f"carries {row['number']}, was issued {given}")
    for dispute in numbers:
        yield Finding("f", "wrong", dispute, "was issued a number and is not in the case list")
