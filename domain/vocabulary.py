"""The field's words as types: the closed lists, and the small values that commands and events share."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
"""Days are counted on this clock (rule 8)."""


class Value(BaseModel):
    """A frozen value that refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)


class Category(StrEnum):
    """What a dispute is about, as the official 2016 release list names it."""

    MARRIAGE_FAMILY = "marriage_family"
    NEIGHBOUR = "neighbour"
    HOUSING_SITE = "housing_site"
    CONTRACT = "contract"
    BUSINESS = "business"
    DAMAGES = "damages"
    FOREST_LAND = "forest_land"
    LAND_TAKING = "land_taking"
    ENVIRONMENT = "environment"
    LABOUR = "labour"
    CONSUMER = "consumer"
    MEDICAL = "medical"
    TRAFFIC = "traffic"
    PROPERTY = "property"
    OTHER = "other"


class Difficulty(StrEnum):
    """How hard a dispute is; the procedure's entry rules turn it into a tier (S0, S3)."""

    SIMPLE = "simple"
    GENERAL = "general"
    COMPLEX = "complex"
    MAJOR = "major"


class Source(StrEnum):
    """How the dispute came to the platform."""

    APPLICATION = "application"
    INITIATIVE = "initiative"
    REFERRAL = "referral"


class Status(StrEnum):
    """Where a dispute stands in its life."""

    FILED = "filed"
    ACCEPTED = "accepted"
    ESCALATED = "escalated"
    AGREED = "agreed"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a closed dispute ended."""

    PERFORMED = "performed"
    AGREED_UNPERFORMED = "agreed_unperformed"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    FAILED = "failed"
    DECLINED = "declined"
    TRANSFERRED = "transferred"


class SessionOutcome(StrEnum):
    """What came of one sitting."""

    AGREED = "agreed"
    FAILED = "failed"
    ADJOURNED = "adjourned"
    NO_SHOW = "no_show"


class Method(StrEnum):
    """How a session was held."""

    FACE_TO_FACE = "face_to_face"
    BACK_TO_BACK = "back_to_back"
    JOINT = "joint"
    ON_SITE = "on_site"
    ONLINE = "online"
    PHONE = "phone"


class DeclineReason(StrEnum):
    """Why a platform may not take a dispute (Rules 22)."""

    FORBIDDEN = "forbidden"
    ELSEWHERE = "elsewhere"
    NOT_A_DISPUTE = "not_a_dispute"


class Remedy(StrEnum):
    """The ways that stay open to the parties when mediation ends without an agreement (PML 26)."""

    ARBITRATION = "arbitration"
    ADMINISTRATIVE = "administrative"
    JUDICIAL = "judicial"


class Rule(StrEnum):
    """The keys of the rules that move a dispute, as explanations name them."""

    FAILED_SESSIONS = "failed_sessions"
    BYPASS_RISK = "bypass_risk"
    BYPASS_COMPLEXITY = "bypass_complexity"
    ACCEPT_LIMIT = "accept_limit"
    MEDIATE_LIMIT = "mediate_limit"
    EXHAUSTED = "exhausted"


class Role(StrEnum):
    """What someone is to the system."""

    MEDIATOR = "mediator"
    CONVENER = "convener"
    AUDITOR = "auditor"
    ANALYST = "analyst"
    ADMIN = "admin"
    SYSTEM = "system"


PartyRole = Literal["applicant", "respondent"]
PartyKind = Literal["person", "organisation"]
MediatorKind = Literal["full_time", "part_time", "lawyer", "invited"]
AttendedAs = Literal["party", "mediator", "convener", "panel", "invitee"]


def _within_the_calendar(moment: datetime) -> datetime:
    if not 1900 <= moment.year <= 9000:
        raise ValueError("year out of range")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_within_the_calendar)]
"""A point in time with its offset, as a person gave it."""


def _trimmed(least: int, most: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=least, max_length=most)


ShortText = Annotated[str, _trimmed(1, 200)]
LongText = Annotated[str, _trimmed(1, 20_000)]
PhoneNumber = Annotated[str, _trimmed(1, 40)]
UnitId = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)*$", max_length=200)
]
"""A dotted path, `street.community.compound`; a unit covers its whole subtree."""
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
"""A name that a person chose for a thing: a tier, a seat, a group, a procedure."""
PersonKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}$")]
"""The id of a mediator or another official, equal to the subject of their token."""
PartyId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
Fen = Annotated[int, Field(strict=True, ge=0, le=10**15)]
"""An amount of money in fen, a hundredth of a yuan."""
PositiveInt = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]


class Erased(Value):
    """What stands where personal data stood before its owner had it deleted (PIPL 47)."""

    erased: Literal[True] = True


class PersonalData:
    """Marks a field of an event as personal data, so that the store can treat it apart."""


_T = TypeVar("_T")
Personal = Annotated[_T | Erased, PersonalData()]
"""`Personal[str]`: a text about a person, or the sign that it was erased."""
