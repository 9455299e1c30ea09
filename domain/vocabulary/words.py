"""The closed lists of the field's words."""

from enum import StrEnum
from typing import Final


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
    DUPLICATE = "duplicate"


class SessionOutcome(StrEnum):
    """The outcome of one session."""

    AGREED = "agreed"
    FAILED = "failed"
    ADJOURNED = "adjourned"
    NO_SHOW = "no_show"


HELD: Final = frozenset({SessionOutcome.AGREED, SessionOutcome.FAILED})
"""The outcomes of a session that was held, whoever attended (rule 5)."""


class Method(StrEnum):
    """How a session was held."""

    FACE_TO_FACE = "face_to_face"
    BACK_TO_BACK = "back_to_back"
    JOINT = "joint"
    ON_SITE = "on_site"
    ONLINE = "online"
    PHONE = "phone"


class DeclineReason(StrEnum):
    """Why a platform may not take a dispute (Rules 22), or need not: it has a case already (rule 22)."""

    FORBIDDEN = "forbidden"
    ELSEWHERE = "elsewhere"
    NOT_A_DISPUTE = "not_a_dispute"
    DUPLICATE = "duplicate"


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
    PERFORMED = "performed"


class Role(StrEnum):
    """What someone is to the system."""

    MEDIATOR = "mediator"
    CONVENER = "convener"
    CLERK = "clerk"
    AUDITOR = "auditor"
    ANALYST = "analyst"
    ADMIN = "admin"
    SYSTEM = "system"
