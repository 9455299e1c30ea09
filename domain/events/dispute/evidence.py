"""What was put into the case file."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field, StringConstraints

from domain.events.envelope import Event
from domain.vocabulary import Key, Moment, Personal

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 in hexadecimal."""


class AttachmentAdded(Event):
    """A file was put into the case; `sha256` is over its bytes as they are stored beside the events."""

    TOPIC: ClassVar[str] = "dispute.attachment_added.v1"

    attachment: UUID
    kind: Key
    title: Personal[str]
    filename: Personal[str]
    media_type: str
    size: Annotated[int, Field(ge=1)]
    sha256: Sha256
    occurred_at: Moment
