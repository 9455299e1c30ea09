"""The small values that commands and events share."""

import re
from typing import Annotated, Final, Literal, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from domain.vocabulary import limits
from domain.vocabulary.folding import is_invisible


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
Authority = Literal["general", "special", "guardian"]
"""What an agent may do for a party: act, also settle, or act for a minor as its guardian."""
RiskLevel = Literal["low", "medium", "high"]
"""How dangerous a dispute is, from the least on."""
AttendedAs = Literal["party", "agent", "mediator", "convener", "panel", "invitee"]


_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CONTROL_BUT_LAYOUT: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Control characters other than tab and line breaks."""


_PLAIN: Final = re.compile(
    "[!-~\u3001-\u303f\u4e00-\u9fff\uff01-\uff5e][ -~\u3001-\u303f\u4e00-\u9fff\uff01-\uff5e]*"
)
"""What most texts are made of: ASCII and Chinese characters and their punctuation, the first of them one that is seen."""


def _trimmed(most: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=most)


def _visible(text: str) -> str:
    if is_invisible(text):
        raise ValueError("must not be empty")
    return text


def has_control_character(text: str) -> bool:
    """Say whether a text holds a control character; tab and line breaks are some, too."""
    return _CONTROL.search(text) is not None


def _on_one_line(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    if has_control_character(text):
        raise ValueError("holds a control character or a line break")
    return _visible(text)


def _without_control_characters(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    if _CONTROL_BUT_LAYOUT.search(text):
        raise ValueError("holds a control character")
    return _visible(text)


ShortText = Annotated[str, _trimmed(limits.SHORT_TEXT), AfterValidator(_on_one_line)]
LongText = Annotated[str, _trimmed(limits.LONG_TEXT), AfterValidator(_without_control_characters)]
PhoneNumber = Annotated[str, _trimmed(limits.PHONE_NUMBER), AfterValidator(_on_one_line)]
RecordedText = Annotated[str, _trimmed(limits.SHORT_TEXT)]
"""A short text in an event: also one that was accepted before commands refused it (rule 24)."""
UNIT_ID: Final = r"^[a-z0-9][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)*$"
KEY: Final = r"^[a-z][a-z0-9_-]{0,63}$"
PERSON_KEY: Final = r"^[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}$"
PARTY_ID: Final = r"^[a-z][a-z0-9_-]{0,31}$"
UnitId = Annotated[str, StringConstraints(pattern=UNIT_ID, max_length=limits.UNIT_ID)]
"""A dotted path, `street.community.compound`; a unit covers its whole subtree."""
Key = Annotated[str, StringConstraints(pattern=KEY)]
"""A name that a person chose for a thing: a tier, a seat, a group, a procedure."""
PersonKey = Annotated[str, StringConstraints(pattern=PERSON_KEY), Identifying()]
"""The id of a mediator or another official, equal to the subject of their token."""
PersonId = Annotated[UUID, Identifying()]
"""An identity that parties of several disputes may share."""
Subject = Annotated[str, Identifying()]
"""The actor, as the subject of their token."""
NamedFreely = Annotated[RecordedText, Identifying()]
"""A person or a body by name, where no id was given."""
PartyId = Annotated[str, StringConstraints(pattern=PARTY_ID)]


def _whole(value: object) -> object:
    """Read 1.0 as 1: JSON has one sort of number, and clients write it either way."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Fen = Annotated[int, Field(strict=True, ge=0, le=limits.AMOUNT_FEN), BeforeValidator(_whole)]
"""An amount of money in fen, a hundredth of a yuan."""
FenPaid = Annotated[int, Field(strict=True, ge=1, le=limits.AMOUNT_FEN), BeforeValidator(_whole)]
"""An amount of money that was paid, in fen."""
PositiveInt = Annotated[int, Field(strict=True, ge=1, le=limits.WHOLE_NUMBER)]
CountGiven = Annotated[PositiveInt, BeforeValidator(_whole)]
"""A count as somebody sent it."""


class Erased(Value):
    """What stands where personal data stood before its owner had it deleted (PIPL 47)."""

    erased: Literal[True] = True


def _is_absent(value: object) -> bool:
    return value is None or value is False


_T = TypeVar("_T")


Personal = Annotated[_T | Erased, PersonalData()]
"""`Personal[str]`: a text about a person, or the sign that it was erased."""
Added = Annotated[_T, Field(exclude_if=_is_absent)]
"""`Added[str | None]`, `Added[bool]`: a field that a released payload got later, None or False by default. It is not
stored with its default, so that events without it stay what they were."""
