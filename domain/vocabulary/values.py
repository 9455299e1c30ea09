"""The small values that commands and events share."""

from typing import Annotated, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from domain.vocabulary import limits


class Value(BaseModel):
    """A frozen value that refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)


class PersonalData:
    """Marks a field of an event as personal data, so that the store can treat it apart."""


class Identifying:
    """Marks a field that identifies a person. It is used inside the system; an export without names leaves it out."""


PartyRole = Literal["applicant", "respondent"]
PartyKind = Literal["person", "organisation"]
MediatorKind = Literal["full_time", "part_time", "lawyer", "invited"]
RiskLevel = Literal["low", "medium", "high"]
"""How dangerous a dispute is, from the least on."""
AttendedAs = Literal["party", "mediator", "convener", "panel", "invitee"]


def _trimmed(least: int, most: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=least, max_length=most)


ShortText = Annotated[str, _trimmed(1, limits.SHORT_TEXT)]
LongText = Annotated[str, _trimmed(1, limits.LONG_TEXT)]
PhoneNumber = Annotated[str, _trimmed(1, limits.PHONE_NUMBER)]
UnitId = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)*$", max_length=limits.UNIT_ID),
]
"""A dotted path, `street.community.compound`; a unit covers its whole subtree."""
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
"""A name that a person chose for a thing: a tier, a seat, a group, a procedure."""
PersonKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}$"), Identifying()]
"""The id of a mediator or another official, equal to the subject of their token."""
PersonId = Annotated[UUID, Identifying()]
"""An identity that parties of several disputes may share."""
Subject = Annotated[str, Identifying()]
"""The actor, as the subject of their token."""
NamedFreely = Annotated[ShortText, Identifying()]
"""A person or a body by name, where no id was given."""
PartyId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
Fen = Annotated[int, Field(strict=True, ge=0, le=limits.AMOUNT_FEN)]
"""An amount of money in fen, a hundredth of a yuan."""
PositiveInt = Annotated[int, Field(strict=True, ge=1, le=limits.WHOLE_NUMBER)]


class Erased(Value):
    """What stands where personal data stood before its owner had it deleted (PIPL 47)."""

    erased: Literal[True] = True


_T = TypeVar("_T")
Personal = Annotated[_T | Erased, PersonalData()]
"""`Personal[str]`: a text about a person, or the sign that it was erased."""


def _is_absent(value: object) -> bool:
    return value is None


Added = Annotated[_T | None, Field(exclude_if=_is_absent)]
"""`Added[int] = None`: a field that was added to a released event; an event without it is stored as it was before."""
