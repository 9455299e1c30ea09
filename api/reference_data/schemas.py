"""Pages of reference data, the reply to the description of a platform, and the calendar of a year."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.disputes.schemas.command_reply import CommandReply
from api.http.query_params import MinPosition
from application.i18n import BilingualText, bilingual_text
from application.platform_warnings import PlatformWarning
from domain.aggregates.calendar import CalendarYear
from domain.events.platform import MediatorAppointed
from domain.jurisdiction.platform import Platform
from domain.vocabulary import UnitId


class PageQuery(BaseModel):
    """Which page of a collection."""

    model_config = ConfigDict(extra="forbid")

    unit: UnitId | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 200
    cursor: Annotated[UnitId | None, Field(description="`next` of the page before")] = None
    min_position: MinPosition = None


class MediatorItem(BaseModel):
    """A mediator's appointment at a platform."""

    id: str
    name: str
    kind: str
    appointed_on: date
    term_ends_on: date

    @classmethod
    def of(cls, appointment: MediatorAppointed) -> "MediatorItem":
        """Present an appointment; without a name where that was erased."""
        return cls(
            id=appointment.mediator,
            name=appointment.name if isinstance(appointment.name, str) else "",
            kind=appointment.kind,
            appointed_on=appointment.appointed_on,
            term_ends_on=appointment.term_ends_on,
        )


class PlatformItem(BaseModel):
    """A platform and who serves there, as of today."""

    unit: str
    tier: str
    title: str
    number_pattern: str | None
    convener: str
    panel: list[str]
    groups: list[str]
    mediators: list[MediatorItem]

    @classmethod
    def of(cls, platform: Platform, day: date) -> "PlatformItem":
        """Present a platform as it is on a day."""
        about = platform.on(day).about
        appointments = platform.appointments_on(day)
        return cls(
            unit=platform.unit,
            tier=about.tier,
            title=about.title,
            number_pattern=about.number_pattern,
            convener=about.convener,
            panel=list(about.panel),
            groups=list(about.groups),
            mediators=[MediatorItem.of(appointments[mediator]) for mediator in sorted(appointments)],
        )


class PlatformPage(BaseModel):
    """A page of platforms."""

    items: list[PlatformItem]
    next: str | None


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


class CalendarDays(BaseModel):
    """Where a year differs from Monday to Friday, and on what that rests."""

    days_off: tuple[date, ...]
    workdays: tuple[date, ...]
    basis: str
    announced_on: date | None = None
    occurred_at: datetime


class ProposedDays(CalendarDays):
    """Days that somebody proposed, on which a second person decides."""

    proposed_by: str


class CalendarView(BaseModel):
    """A year: its published days, and those that are proposed."""

    year: int
    published: CalendarDays | None = None
    proposed: ProposedDays | None = None

    @classmethod
    def of(cls, year: int, state: CalendarYear) -> "CalendarView":
        """Present a year."""
        return cls(
            year=year,
            published=CalendarDays.model_validate(dict(state.published)) if state.published else None,
            proposed=ProposedDays.model_validate(dict(state.proposal)) if state.proposal else None,
        )
