"""Parameters and replies of the procedures."""

from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import BaseModel, Field, JsonValue

from api.http.query_params import Freshness
from domain.procedures.differences import LadderDifference
from domain.procedures.ladder import Ladder
from domain.procedures.tier import Titles
from projections.procedures.schemas import VersionItem, VersionSummary


class ProcedureView(BaseModel):
    """A procedure: the version in force, where there is one, and all of them, the newest first."""

    id: str
    title: Titles
    in_force: int | None
    versions: list[VersionSummary]

    @classmethod
    def of(cls, found: Sequence[VersionItem]) -> Self:
        """Present the procedure of these versions, of which there is one at least; its title is that of what is in force."""
        current = next((item for item in found if item.in_force), None)
        return cls(
            id=found[0].id,
            title=(current or found[0]).ladder.title,
            in_force=current.version if current else None,
            versions=[
                VersionSummary.model_validate(item.model_dump(include=set(VersionSummary.model_fields)))
                for item in found
            ],
        )


class LadderChange(BaseModel):
    """A field by its path, such as `tiers.community.failed_sessions`, before and after; null where there was none."""

    path: str
    before: JsonValue
    after: JsonValue

    @classmethod
    def of(cls, difference: LadderDifference) -> Self:
        """Present a difference."""
        return cls(path=difference.path, before=difference.before, after=difference.after)


class VersionDifference(BaseModel):
    """What a later version says otherwise than an earlier one."""

    id: str
    from_version: int
    to_version: int
    changes: list[LadderChange]


class ShippedLadder(BaseModel):
    """A ladder that ships with the product, ready to be proposed as it is."""

    id: str
    title: Titles
    ladder: Ladder


class ShippedPage(BaseModel):
    """The ladders that ship."""

    items: list[ShippedLadder]
    next: str | None = None


class VersionRange(Freshness):
    """From which version to which: to the one in force and from that before it, where they are left out."""

    from_: Annotated[int | None, Field(alias="from", ge=1, le=2**31 - 1)] = None
    to: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None
