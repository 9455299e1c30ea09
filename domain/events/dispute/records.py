"""Records that move nothing: risk, police reports, opinions, files."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field, StringConstraints

from domain.events.envelope import Event
from domain.vocabulary import Key, Personal, RecordedMoment, RiskLevel

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 in hexadecimal."""


class RiskAssessed(Event):
    """Somebody assessed how dangerous the dispute is; the latest assessment holds."""

    TOPIC: ClassVar[str] = "dispute.risk_assessed.v1"

    level: RiskLevel
    grounds: Personal[str]
    occurred_at: RecordedMoment


class PoliceReported(Event):
    """A danger to public order was reported to the police (PML 25)."""

    TOPIC: ClassVar[str] = "dispute.police_reported.v1"

    reported_to: Personal[str]
    facts: Personal[str]
    occurred_at: RecordedMoment


class OpinionGiven(Event):
    """A working group or an expert gave an opinion (S0: the street's four groups)."""

    TOPIC: ClassVar[str] = "dispute.opinion_given.v1"

    group: Key | None
    by: Personal[str]
    opinion: Personal[str]
    occurred_at: RecordedMoment


class AttachmentAdded(Event):
    """A file was put into the case; `sha256` is over its bytes, which are stored outside the event."""

    TOPIC: ClassVar[str] = "dispute.attachment_added.v1"

    attachment: UUID
    kind: Key
    title: Personal[str]
    filename: Personal[str]
    media_type: str
    size: Annotated[int, Field(ge=1)]
    sha256: Sha256
    occurred_at: RecordedMoment
