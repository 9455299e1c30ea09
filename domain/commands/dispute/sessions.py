"""Recording sittings."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from domain.commands.base import Command, DisputeCommand
from domain.vocabulary import (
    AttendedAs,
    Key,
    LongText,
    Method,
    Moment,
    PersonKey,
    SessionOutcome,
    ShortText,
    Value,
)


class Attendance(Value):
    """Who was called and whether they came: a party's id, an assigned mediator's id, or anybody else's name."""

    who: ShortText
    as_: Annotated[AttendedAs, Field(alias="as")]
    seat: Key | None = None
    present: bool


class Sitting(Command):
    """One session, held or not. Recording an invitee says that the parties consented (PML 20)."""

    WHEN: ClassVar[tuple[str, ...]] = ("held_at",)

    held_at: Moment
    place: ShortText | None = None
    method: Method
    attendance: Annotated[tuple[Attendance, ...], Field(max_length=200)]
    outcome: SessionOutcome
    minutes: LongText

    @model_validator(mode="after")
    def _each_party_and_mediator_once(self) -> Self:
        named = [(each.as_, each.who) for each in self.attendance if each.as_ in {"party", "mediator"}]
        if len(set(named)) != len(named):
            raise ValueError("someone is listed twice")
        return self

    def mediators_named(self) -> tuple[PersonKey, ...]:
        """Return those who attended as mediators."""
        return tuple(each.who for each in self.attendance if each.as_ == "mediator")


class RecordSession(DisputeCommand, Sitting):
    """Record a session; the one that completes a count moves the dispute in the same append (rule 5)."""
