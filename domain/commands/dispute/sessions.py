"""Recording sessions."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, model_validator

from domain.commands.base import Command, DisputeCommand
from domain.errors.documents import FieldFlaws, Flaw
from domain.messages import message
from domain.vocabulary import (
    AttendedAs,
    Key,
    LongText,
    Method,
    Moment,
    PartyId,
    PersonKey,
    SessionOutcome,
    ShortText,
    Value,
    limits,
)


class Attendance(Value):
    """Who was called and whether they came: a party's id, an assigned mediator's id, or anybody else's name.

    An agent comes for a party; who is there for it counts as its presence.
    """

    who: ShortText
    as_: Annotated[AttendedAs, Field(alias="as")]
    for_: Annotated[PartyId | None, Field(alias="for", description="the party for which an agent comes")] = (
        None
    )
    seat: Key | None = None
    present: bool

    @model_validator(mode="after")
    def _an_agent_comes_for_a_party(self) -> Self:
        if (self.as_ == "agent") != (self.for_ is not None):
            raise FieldFlaws(Flaw(("for",), message("an agent, and nobody else, comes for a party")))
        return self


def unique_attendance(attendance: tuple[Attendance, ...]) -> tuple[Attendance, ...]:
    """Refuse a party, a mediator, or an agent of one party, who is listed twice; raises FieldFlaws."""
    named = [
        (item.as_, item.who, item.for_) if item.as_ in {"party", "agent", "mediator"} else None
        for item in attendance
    ]
    if len(set(named)) == len(named):
        return attendance
    twice = [
        Flaw((place, "who"), message("is listed already, as number {place}", place=named.index(person) + 1))
        for place, person in enumerate(named)
        if person is not None and person in named[:place]
    ]
    if twice:
        raise FieldFlaws(*twice)
    return attendance


AttendanceList = Annotated[
    tuple[Attendance, ...], Field(max_length=limits.ATTENDANCE), AfterValidator(unique_attendance)
]
"""Everybody who was called to a session."""


def mediators_in(attendance: tuple[Attendance, ...]) -> tuple[PersonKey, ...]:
    """Return those who attended as mediators."""
    return tuple([item.who for item in attendance if item.as_ == "mediator"])


def path_of_mediator(attendance: tuple[Attendance, ...], mediator: str) -> str:
    """Return the path of somebody who attended as a mediator."""
    places = [
        place for place, item in enumerate(attendance) if (item.as_, item.who) == ("mediator", mediator)
    ]
    return f"attendance.{places[0]}.who" if places else "attendance"


def parties_in(attendance: tuple[Attendance, ...]) -> Iterator[tuple[str, str]]:
    """Yield those who attended as parties, and those for whom an agent did, each with its field."""
    for place, item in enumerate(attendance):
        if item.as_ == "party":
            yield f"attendance.{place}.who", item.who
        elif item.for_ is not None:
            yield f"attendance.{place}.for", item.for_


def seats_in(attendance: tuple[Attendance, ...]) -> Iterator[tuple[str, Key]]:
    """Yield the seats for which somebody was called, each with its field."""
    yield from ((f"attendance.{place}.seat", item.seat) for place, item in enumerate(attendance) if item.seat)


class SessionDetails(Command):
    """One session, held or not. Recording an invitee says that the parties consented (PML 20)."""

    WHEN: ClassVar[tuple[str, ...]] = ("held_at",)

    held_at: Moment
    place: ShortText | None = None
    method: Method
    attendance: AttendanceList
    outcome: SessionOutcome
    minutes: LongText

    def mediators_named(self) -> tuple[PersonKey, ...]:
        """Return those who attended as mediators."""
        return mediators_in(self.attendance)

    def path_of_mediator(self, mediator: str) -> str:
        """Return where a mediator stands."""
        return path_of_mediator(self.attendance, mediator)

    def parties_named(self) -> Iterator[tuple[str, PartyId]]:
        """Yield the parties who were called."""
        return parties_in(self.attendance)

    def seats_named(self) -> Iterator[tuple[str, Key]]:
        """Yield the seats for which somebody was called."""
        return seats_in(self.attendance)


class RecordSession(DisputeCommand, SessionDetails):
    """Record a session; the one that completes a count moves the dispute in the same append (rule 5)."""
