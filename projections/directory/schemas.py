"""The pages of units."""

from pydantic import BaseModel


class UnitItem(BaseModel):
    """A unit."""

    unit: str
    title: str
    kind: str
    parent: str | None


class UnitPage(BaseModel):
    """A page of units."""

    items: list[UnitItem]
    next: str | None
