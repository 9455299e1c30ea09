"""What is to be simulated: which cases, under which ladders.

A ladder to be tried is a whole one, a published version, or changes to the one in force.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from pydantic import JsonValue

from access.scope import ALL_CASES, Scope
from application.ladder_validation import checked_ladder
from application.simulation.context import LadderVersion
from application.structured_text.document import Document
from domain.aggregates.procedure import Procedure
from domain.errors import Flaw, Flawed, LadderFlawed
from domain.errors.documents import Path
from domain.events.dispute import Filed
from domain.jurisdiction.units import covers
from domain.messages import message
from domain.procedures.ladder import Ladder, ProcedureRef
from domain.vocabulary import day_of


@dataclass(frozen=True, slots=True)
class CaseSelection:
    """Cases of one procedure in a reader's scope: all of them, or those of a unit with all below it, by day of filing."""

    procedure: str
    unit: str | None = None
    since: date | None = None
    until: date | None = None
    reader: Scope = ALL_CASES

    def holds(self, filed: Filed) -> bool:
        """Say whether a case is among them."""
        if filed.procedure.id != self.procedure:
            return False
        if not self.reader.includes_filed(filed):
            return False
        if self.unit is not None and not covers(self.unit, filed.unit):
            return False
        day = day_of(filed.occurred_at)
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ladder to be tried; `version` where it is a published one; `label` is the caller's name for it."""

    ladder_version: LadderVersion
    version: int | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class SimulationRequest:
    """Candidates to be tried on the same cases, in the log up to a position.

    They are compared with what was recorded, or, where `base` is given, with what would have come of that version.
    """

    scope: CaseSelection
    candidates: tuple[Candidate, ...]
    position: int
    base: Candidate | None = None


Object = Mapping[str, JsonValue]
_WHOLE: Final = frozenset({"accept_within", "mediate_within", "follow_up_within"})
"""Objects of which only one key is given at a time: a change replaces the whole object."""
_NOTHING: Final = message("is required")
_ONE: Final = message("tell one of ladder, changes and version, and no more")
_OBJECT: Final = message("must be an object")


_NO_TIER: Final = message("the procedure has no such tier")


_NO_VERSION: Final = message("the procedure has no such version")


class CandidateFlawed(Flawed):
    """What is to be tried is no ladder."""


@dataclass(frozen=True, slots=True)
class CandidateRequest:
    """A ladder to be tried, as the caller gives it: exactly one of `ladder`, `changes` and `version`."""

    ladder: Document | None = None
    changes: Object | None = None
    version: int | None = None
    label: str = ""


def candidate(request: CandidateRequest, procedure: Procedure) -> Candidate:
    """Return the ladder to be tried; raises CandidateFlawed with everything that is wrong with it."""
    given = [name for name in ("ladder", "changes", "version") if getattr(request, name) is not None]
    if not given:
        raise CandidateFlawed([Flaw(("changes",), _NOTHING)])
    if len(given) > 1:
        raise CandidateFlawed([Flaw((given[1],), _ONE)])
    if request.version is not None:
        return published(request.version, procedure, "version")
    if request.ladder is not None:
        ladder = _checked(request.ladder, "ladder")
    else:
        ladder = _changed(request.changes or {}, procedure.versions[procedure.in_force.version])
    ref = ProcedureRef(id=ladder.id, version=procedure.in_force.version + 1)
    return Candidate(LadderVersion(ref, ladder), None, request.label)


def published(version: int, procedure: Procedure, field: str) -> Candidate:
    """Return a published version as a candidate; raises CandidateFlawed, naming the field that asked for it."""
    if version not in procedure.versions:
        raise CandidateFlawed([Flaw((field,), _NO_VERSION)])
    ladder = procedure.versions[version]
    return Candidate(
        LadderVersion(ProcedureRef(id=ladder.id, version=version), ladder), version, f"v{version}"
    )


def _checked(document: Document, field: str, tiers: Sequence[str] = ()) -> Ladder:
    """Return the ladder of a document; flaws are named as parts of a field, tiers by the names given."""
    try:
        return checked_ladder(document)
    except LadderFlawed as error:
        found = [Flaw((field, *_by_name(flaw.path, tiers)), flaw.detail, flaw.line) for flaw in error.flaws]
        raise CandidateFlawed(found) from None


def _changed(changes: Object, ladder: Ladder) -> Ladder:
    """Return the ladder in force with some of it changed; tiers may be given by name, and the others stay."""
    present = cast("dict[str, JsonValue]", ladder.model_dump(mode="json", exclude_none=True))
    tiers = changes.get("tiers")
    others = {name: value for name, value in changes.items() if name != "tiers"}
    merged = _merged(present, others)
    if isinstance(tiers, Mapping):
        merged["tiers"] = _tiers(cast("list[Object]", present["tiers"]), tiers)
    elif "tiers" in changes:
        merged["tiers"] = tiers
    names = [tier.name for tier in ladder.tiers] if isinstance(tiers, Mapping) else []
    return _checked(Document(merged), "changes", names)


def _tiers(present: Sequence[Object], changes: Object) -> list[JsonValue]:
    names = [item["name"] for item in present]
    unknown = [name for name in changes if name not in names]
    if unknown:
        raise CandidateFlawed([Flaw(("changes", "tiers", item), _NO_TIER) for item in unknown])
    return [_changed_tier(item, changes.get(str(item["name"]), {})) for item in present]


def _changed_tier(tier: Object, change: JsonValue) -> JsonValue:
    if not isinstance(change, Mapping):
        raise CandidateFlawed([Flaw(("changes", "tiers", str(tier["name"])), _OBJECT)])
    return _merged(tier, change)


def _merged(present: Object, change: Object) -> dict[str, JsonValue]:
    """Merge objects deeply; replace everything else, and the fields of `_WHOLE`."""
    merged = dict(present)
    for name, value in change.items():
        before = merged.get(name)
        deep = isinstance(before, Mapping) and isinstance(value, Mapping) and name not in _WHOLE
        merged[name] = _merged(cast("Object", before), cast("Object", value)) if deep else value
    return merged


def _by_name(path: Path, tiers: Sequence[str]) -> Path:
    """A path with its tier by name, as it was sent, instead of by place."""
    if len(path) > 1 and path[0] == "tiers" and isinstance(path[1], int) and path[1] < len(tiers):
        return (path[0], tiers[path[1]], *path[2:])
    return path
