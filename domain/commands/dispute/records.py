"""Records that move nothing: risk, police reports, opinions, files."""

from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.commands.base import Command, DisputeCommand
from domain.events.dispute.records import Sha256
from domain.vocabulary import Key, LongText, Moment, RiskLevel, ShortText


class Assessment(Command):
    """How dangerous the dispute is, and what shows it."""

    level: RiskLevel
    grounds: LongText
    occurred_at: Moment


class AssessRisk(DisputeCommand, Assessment):
    """Record how dangerous the dispute is."""


class PoliceReport(Command):
    """Whom the police report went to, and of what."""

    reported_to: ShortText
    facts: LongText
    occurred_at: Moment


class ReportToPolice(DisputeCommand, PoliceReport):
    """Record a report to the police; no count or status prevents it (PML 25)."""


class Opinion(Command):
    """An opinion of a working group of the platform, or of an expert."""

    group: Key | None = None
    by: ShortText
    opinion: LongText
    occurred_at: Moment

    def groups_named(self) -> Iterator[tuple[str, Key]]:
        """Yield the group whose opinion it is."""
        if self.group is not None:
            yield "group", self.group


class GiveOpinion(DisputeCommand, Opinion):
    """Record an opinion."""


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
