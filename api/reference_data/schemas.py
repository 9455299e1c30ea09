"""Which page of a collection of reference data; the reply to the description of a platform."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.disputes.schemas.command_reply import CommandReply
from api.http.query_params import MinPosition
from application.i18n import BilingualText, bilingual_text
from application.platform_warnings import PlatformWarning
from domain.vocabulary import UnitId


class PageQuery(BaseModel):
    """Which page of a collection."""

    model_config = ConfigDict(extra="forbid")

    unit: UnitId | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 200
    cursor: Annotated[UnitId | None, Field(description="`next` of the page before")] = None
    min_position: MinPosition = None


class PlatformWarningView(BaseModel):
    """What a description of a platform changes for others; `ids` are the open cases of `mediator`."""

    kind: str
    text: BilingualText
    mediator: str | None = None
    ids: list[UUID] | None = None


class PlatformReply(CommandReply):
    """What came of the description of a platform, and what it changes for others."""

    warnings: list[PlatformWarningView] | None = None


def warning_view(warning: PlatformWarning) -> PlatformWarningView:
    """Present a warning."""
    return PlatformWarningView(
        kind=warning.kind,
        text=bilingual_text(warning.text),
        mediator=warning.mediator,
        ids=list(warning.ids) or None,
    )
