"""What the command handler knows of an aggregate: its decider."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from application.context import Permit
from application.ports import Reply
from application.stream_cache import StreamRef, StreamStates, stream_id
from domain.commands.base import Command
from domain.events.envelope import Actor, Event, Fact, Recorded
from domain.events.streams import stream_of

CommandT = TypeVar("CommandT", bound=Command)


@dataclass(frozen=True, slots=True)
class DecisionInputs:
    """What a decision rests on: the states that it needs to know, who acts, and the time."""

    states: StreamStates
    actor: Actor
    now: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """The facts that a command brings about, and the reply to its sender.

    `state_recorded_at` makes the aggregate's state with these facts from the time of their recording; None where the next reading
    of the stream folds them.
    """

    facts: tuple[Fact, ...]
    reply: Reply
    state_recorded_at: Callable[[datetime], object] | None = None


def needs_nothing(_: object, __: StreamStates) -> Iterable[StreamRef]:
    """Need no stream but the aggregate's own."""
    return ()


def check_permission(_: object, __: DecisionInputs, permit: Permit) -> None:
    """Check nothing but whether the actor may do this."""
    permit(None)


@dataclass(frozen=True, slots=True)
class Decider(Generic[CommandT]):
    """How one aggregate handles its commands.

    `events` are the classes of the facts that it decides on, whichever stream they go to. `stream` names the stream that a command is for, `needs` the further streams that the decision rests on (asked
    again as more becomes known). `check` refuses in the order of INTERFACE.md: unknown names (422), a missing subject
    (404), no permission (403). `decide` returns what comes of the command, or raises the `DomainError` that says why
    not. `expected_version` is the version that a caller names in If-Match; None where there is nothing yet to name.
    `repeat` completes the stored reply of a command that was carried out before, from the stream's history; None where
    the stored reply says everything.
    """

    commands: tuple[type[Command], ...]
    events: tuple[type[Event], ...]
    stream: Callable[[CommandT], StreamRef]
    decide: Callable[[CommandT, DecisionInputs], Decision]
    expected_version: Callable[[CommandT, DecisionInputs], int | None]
    needs: Callable[[CommandT, StreamStates], Iterable[StreamRef]] = needs_nothing
    check: Callable[[CommandT, DecisionInputs, Permit], None] = check_permission
    repeat: Callable[[CommandT, DecisionInputs, Reply, Sequence[Recorded[Event]]], Reply] | None = None


def version_of(stream: Callable[[CommandT], StreamRef]) -> Callable[[CommandT, DecisionInputs], int | None]:
    """Make the `expected_version` of an aggregate whose version is that of its stream."""
    return lambda command, inputs: inputs.states.version(stream(command))


def decided(name: str, ref: StreamRef, facts: tuple[Fact, ...], inputs: DecisionInputs) -> Decision:
    """Return a decision whose reply names the stream's own facts and the version they lead to."""
    own = own_facts(facts, ref)
    version = inputs.states.version(ref) + len(own)
    return Decision(facts, Reply(id=name, version=version, events=tuple(fact.event.TOPIC for fact in own)))


def own_facts(facts: Iterable[Fact], ref: StreamRef) -> tuple[Fact, ...]:
    """Return the facts that belong to a stream itself, and not to another one."""
    own = stream_id(ref)
    return tuple(fact for fact in facts if stream_of(fact.event, own) == own)
