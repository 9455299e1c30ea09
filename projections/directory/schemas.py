"""What is answered about units, platforms and mediators."""

from datetime import date

from pydantic import BaseModel


class UnitItem(BaseModel):
    """A unit."""

    unit: str
    title: str
    kind: str
    parent: str | None


class MediatorItem(BaseModel):
    """A mediator's appointment at a platform."""

    id: str
    name: str
    kind: str
    appointed_on: date
    term_ends_on: date


class PlatformItem(BaseModel):
    """A platform and who serves there."""

    unit: str
    tier: str
    title: str
    number_pattern: str | None
    convener: str
    panel: list[str]
    groups: list[str]
    mediators: list[MediatorItem]


class UnitPage(BaseModel):
    """A page of units."""

    items: list[UnitItem]
    next: str | None


class PlatformPage(BaseModel):
    """A page of platforms."""

    items: list[PlatformItem]
    next: str | None
