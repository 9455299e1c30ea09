"""Putting files into the case."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.commands.base import Command, DisputeCommand
from domain.events.dispute.evidence import Sha256
from domain.vocabulary import Key, Moment, ShortText


class Exhibit(Command):
    """What a file is."""

    kind: Annotated[Key, Field(description="what sort of document, such as evidence or signed_agreement")]
    title: ShortText
    occurred_at: Moment


class AddAttachment(DisputeCommand, Exhibit):
    """Put a file that is stored already into the case file."""

    attachment: UUID
    filename: ShortText
    media_type: ShortText
    size: Annotated[int, Field(ge=1)]
    sha256: Sha256
